"""QTI 3.0 and 2.x, the exchange standard of testing platforms: single items and content packages."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import ClassVar

from quizbank.drafts import Draft
from quizbank.errors import BadFile
from quizbank.formats.assemble import RemoteNotes, limited, notes_of
from quizbank.formats.base import Defaults, Format, Parsed
from quizbank.formats.guard import check_size, open_zip
from quizbank.formats.qti_names import V2, V3, Edition
from quizbank.formats.qti_package import MANIFEST, Package, member, read_item, write_package
from quizbank.kinds import KINDS

_ITEM = {True: re.compile(rb"<qti-assessment-item[\s>]"), False: re.compile(rb"<(?:\w+:)?assessmentItem[\s>]")}
_KIN = re.compile(rb"<(?:\w+:)?(?:questestinterop|assessmentTest|qti-assessment-test)[\s>]")
"""What is QTI and no question; reading it says which."""


class _Qti(Format):
    """Reads either edition, whatever it is called; writes its own."""

    edition: ClassVar[Edition]
    extension: ClassVar[str] = "zip"
    accepts: ClassVar[tuple[str, ...]] = ("zip", "xml")
    media_type: ClassVar[str] = "application/zip"
    reads: ClassVar[bool] = True
    writes: ClassVar[bool] = True
    kinds: ClassVar[frozenset[str]] = frozenset(KINDS)

    def likely(self, data: bytes, filename: str) -> int:
        if not data.startswith(b"PK"):
            head = data[:20_000].replace(b"\0", b"")
            return 97 if _ITEM[self.edition.kebab].search(head) else 20 if _KIN.search(head) else 0
        if MANIFEST.encode() not in data:
            return 0
        try:
            with open_zip(data) as archive:
                name = next((name for name in archive.namelist() if name.endswith(MANIFEST)), "")
                manifest = member(archive, name) if name else b""
        except BadFile:
            return 20  # reading it says what is wrong
        third = b"xmlv3p0" in manifest or b"qtiv3p0" in manifest
        return 95 if b"imsqti" in manifest and third == self.edition.kebab else 20

    def read(self, data: bytes, *, defaults: Defaults) -> Parsed:
        check_size(data)
        remote = RemoteNotes()
        if data.startswith(b"PK"):
            package = Package(data)
            title, found = package.title, limited(package.read(defaults, remote))
        else:
            title, found = "", limited(read_item(data, defaults, remote))
        return Parsed(found=tuple(found), title=title, notes=notes_of(found, *remote.told()))

    def write(self, drafts: Sequence[Draft], *, title: str) -> bytes:
        return write_package([one for one in drafts if one.kind in self.kinds], title=title, edition=self.edition)


class Qti3(_Qti):
    code: ClassVar[str] = "qti3"
    name: ClassVar[str] = "QTI 3.0"
    edition: ClassVar[Edition] = V3


class Qti2(_Qti):
    code: ClassVar[str] = "qti2"
    name: ClassVar[str] = "QTI 2.1, 2.2"
    edition: ClassVar[Edition] = V2
