"""Static files under names that carry their content's hash, with the imports between ES modules rewritten."""

from __future__ import annotations

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStaticFiles(CompressedManifestStaticFilesStorage):
    """Hashed, gzip-compressed, cached for ever by browsers."""

    support_js_module_import_aggregation = True
    manifest_strict = False
