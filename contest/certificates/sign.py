"""Signing certificates: a small port. Nobody signs by default; a PKCS#12 key or a class of your own does.

``CERTIFICATE_SIGNER`` is "" (none), the path of a .p12/.pfx file whose passphrase stands in a file of the same name
with ``.pass`` added, or the dotted path of a callable that returns a ``Signer`` (a token, a signing service).
"""

from __future__ import annotations

import io
import threading
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import import_string

FIELD = "ThiSo"
# Enough for a signature with a short chain; guessing it (pyhanko signs twice) costs 150 ms a certificate.
RESERVED = 16_384


class Signer(Protocol):
    """Signs a finished PDF."""

    def sign(self, pdf: bytes) -> bytes:
        """Return the signed PDF; the original bytes stay its beginning (incremental update)."""


class Pkcs12Signer:
    """PAdES signature with a key from a PKCS#12 file; key and certificate are read once."""

    def __init__(self, path: Path) -> None:
        try:
            from pyhanko.sign import signers  # noqa: PLC0415  only with the extra `sign`
        except ImportError as error:
            raise ImproperlyConfigured(
                "CERTIFICATE_SIGNER cần gói pyhanko: cài thêm phần “sign”. / needs pyhanko: install the extra `sign`."
            ) from error
        phrase = path.with_name(path.name + ".pass")
        passphrase = phrase.read_bytes().strip() if phrase.exists() else None
        key = signers.SimpleSigner.load_pkcs12(str(path), passphrase=passphrase)  # type: ignore[no-untyped-call]
        if key is None:
            raise ImproperlyConfigured(f"CERTIFICATE_SIGNER: {path} không mở được. / cannot be opened.")
        self._signers = signers
        self._key: Any = key
        self._lock = threading.Lock()

    def sign(self, pdf: bytes) -> bytes:
        """Return the PDF with a certifying signature."""
        from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter  # noqa: PLC0415
        from pyhanko.sign.fields import SigSeedSubFilter  # noqa: PLC0415

        metadata = self._signers.PdfSignatureMetadata(
            field_name=FIELD, certify=True, md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES
        )
        with self._lock:
            out = self._signers.PdfSigner(metadata, signer=self._key).sign_pdf(
                IncrementalPdfFileWriter(io.BytesIO(pdf)), bytes_reserved=RESERVED
            )
        return bytes(out.getbuffer())


@lru_cache(maxsize=4)
def load_signer(setting: str) -> Signer | None:
    """Return the signer a setting names, loaded once per process. Raises ImproperlyConfigured."""
    if not setting:
        return None
    if setting.endswith((".p12", ".pfx")):
        path = Path(setting)
        if not path.is_file():
            raise ImproperlyConfigured(f"CERTIFICATE_SIGNER: không có tệp {path}. / no such file.")
        return Pkcs12Signer(path)
    signer: Signer = import_string(setting)()
    return signer
