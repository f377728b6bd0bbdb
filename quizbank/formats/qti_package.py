"""QTI content packages: a zip with imsmanifest.xml, the items and their pictures."""

from __future__ import annotations

import io
import posixpath
import re
import struct
import xml.etree.ElementTree as ET
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from urllib.parse import unquote

from django.utils.translation import gettext as _

from quizbank.drafts import Draft
from quizbank.errors import BadFile
from quizbank.formats import answers, xml
from quizbank.formats.assemble import Question, RemoteNotes
from quizbank.formats.base import Defaults, Found
from quizbank.formats.guard import open_zip
from quizbank.formats.pictures import attached
from quizbank.formats.qti_names import Edition, to_camel
from quizbank.formats.qti_read import FMT, ItemReader
from quizbank.formats.qti_write import ItemWriter, identifier_of
from quizbank.formats.texts import one_line

MANIFEST = "imsmanifest.xml"
_SAFE_NAME = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,60}")
_EARLIEST = (1980, 1, 1, 0, 0, 0)
_ELDER = re.compile(r"imsqti_(?:item_)?xmlv1p|x-bb-qti")
"""Resources of QTI 1.2, as Canvas, Blackboard and Common Cartridge write them."""


class Package:
    """An opened package. ``title`` is what its manifest calls it."""

    def __init__(self, data: bytes) -> None:
        self._archive = open_zip(data)
        self._names = {name: name for name in self._archive.namelist() if not name.endswith("/")}
        manifests = sorted((name for name in self._names if posixpath.basename(name) == MANIFEST), key=len)
        self.title = ""
        self.hrefs: list[str] = []
        self._asked = True
        if manifests:
            self._read_manifest(manifests[0])
        else:
            self.hrefs, self._asked = self._all_xml(), False

    def _all_xml(self) -> list[str]:
        return sorted(
            name for name in self._names if name.lower().endswith(".xml") and not name.startswith("__MACOSX/")
        )

    def _read_manifest(self, name: str) -> None:
        root, folder = xml.parse(member(self._archive, name)), posixpath.dirname(name)
        title = root.find("metadata//title")
        self.title = one_line("".join(title.itertext()))[:200] if title is not None else ""
        for resource in root.iter("resource"):
            href = resource.get("href") or next((file.get("href", "") for file in resource.findall("file")), "")
            if href and "item" in resource.get("type", "") and "test" not in resource.get("type", ""):
                self.hrefs.append(_joined(folder, href))
        if not self.hrefs and any(_ELDER.search(resource.get("type", "")) for resource in root.iter("resource")):
            raise _elder()
        if not self.hrefs:
            # Some list the paper alone, and its questions only as files of it.
            listed = (_joined(folder, file.get("href", "")) for file in root.iter("file"))
            self.hrefs = [href for href in dict.fromkeys(listed) if href.lower().endswith(".xml")] or self._all_xml()
            self._asked = False

    def read(self, defaults: Defaults, remote: RemoteNotes) -> Iterator[Found]:
        """Yield the items in the order of the manifest."""
        for href in self.hrefs:
            place = one_line(href)[-80:]
            if href not in self._names:
                yield _absent(place, _("Gói thiếu tệp %(name)s.") % {"name": place}, defaults)
                continue
            try:
                root = to_camel(xml.parse(member(self._archive, href)))
            except BadFile as error:
                yield _absent(place, str(error), defaults)
                continue
            if root.tag == "assessmentItem":
                folder = posixpath.dirname(href)
                yield ItemReader(root, place=place, load=self._loader(folder), remote=remote).read(defaults)
            elif self._asked:
                yield _absent(place, _("Tệp %(name)s không phải là câu hỏi QTI.") % {"name": place}, defaults)

    def _loader(self, folder: str) -> Loader:
        return Loader(self._archive, self._names, folder)


def member(archive: zipfile.ZipFile, name: str) -> bytes:
    """Return a file of the archive.

    Raises:
        BadFile: when its bytes are not what the archive says of them.
    """
    try:
        return archive.read(name)
    except (zipfile.BadZipFile, zlib.error, struct.error, EOFError, NotImplementedError, ValueError, OSError) as error:
        raise BadFile(_("Tệp %(name)s trong gói bị hỏng.") % {"name": one_line(name)[-80:]}) from error


class Loader:
    """Finds pictures by their address relative to an item; never leaves the package."""

    def __init__(self, archive: zipfile.ZipFile, names: dict[str, str], folder: str) -> None:
        self._archive, self._names, self._folder = archive, names, folder

    def __call__(self, source: str) -> bytes | None:
        name = _joined(self._folder, source)
        try:
            return member(self._archive, name) or None if name in self._names else None
        except BadFile:
            return None


def _joined(folder: str, href: str) -> str:
    return posixpath.normpath(posixpath.join(folder, unquote(href.split("?", maxsplit=1)[0].split("#", maxsplit=1)[0])))


def _elder() -> BadFile:
    return BadFile(_("Đây là QTI 1.2, chưa đọc được. Mời bạn xuất lại thành QTI 2.1 hoặc 3.0."))


def _absent(place: str, problem: str, defaults: Defaults) -> Found:
    return Question(fmt=FMT, place=place).finish(answers.unknown(problem), defaults=defaults)


def read_item(data: bytes, defaults: Defaults, remote: RemoteNotes) -> Iterator[Found]:
    """Yield the one item of a single file.

    Raises:
        BadFile: when it holds something else.
    """
    root = to_camel(xml.parse(data))
    if root.tag == "questestinterop":
        raise _elder()
    if root.tag == "assessmentTest":
        raise BadFile(_("Đây là tệp đề thi QTI. Mời bạn gửi cả gói .zip có các câu hỏi."))
    if root.tag != "assessmentItem":
        raise BadFile(_("Đây không phải tệp câu hỏi QTI."))
    yield ItemReader(root, place=_("Câu %(number)d") % {"number": 1}, load=lambda _source: None, remote=remote).read(
        defaults
    )


def write_package(drafts: Sequence[Draft], *, title: str, edition: Edition) -> bytes:
    """Return a package of the items in the given order; the same drafts give the same bytes."""
    out = io.BytesIO()
    manifest = ET.Element("manifest", {"xmlns": edition.package, "identifier": "THISO"})
    metadata = ET.SubElement(manifest, "metadata")
    ET.SubElement(metadata, "schema").text = "QTI Package" if edition.kebab else "QTIv2.1 Package"
    ET.SubElement(metadata, "schemaversion").text = edition.schema_version
    general = ET.SubElement(ET.SubElement(metadata, "lom", {"xmlns": "http://ltsc.ieee.org/xsd/LOM"}), "general")
    ET.SubElement(ET.SubElement(general, "title"), "string", {"language": "vi"}).text = one_line(title)
    ET.SubElement(manifest, "organizations")
    resources = ET.SubElement(manifest, "resources")
    taken: set[str] = set()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for place, draft in enumerate(drafts, 1):
            identifier = _free(draft.code if identifier_of(draft.code) else f"Q{place:04d}", taken)
            href = f"items/{identifier}.xml"
            resource = ET.SubElement(
                resources, "resource", {"identifier": f"RES-{place}", "type": edition.item_type, "href": href}
            )
            ET.SubElement(resource, "file", {"href": href})
            address = ""
            if picture := attached(draft):
                name = picture.name if _SAFE_NAME.fullmatch(picture.name) else f"{identifier}.webp"
                address = f"../images/{identifier}/{name}"
                ET.SubElement(resource, "file", {"href": f"images/{identifier}/{name}"})
                archive.writestr(zipfile.ZipInfo(f"images/{identifier}/{name}", _EARLIEST), picture.data)
            item = ItemWriter(draft, identifier=identifier, edition=edition, picture=address)
            archive.writestr(_entry(href), item.written())
        archive.writestr(_entry(MANIFEST), xml.to_bytes(manifest))
    return out.getvalue()


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _EARLIEST)
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


def _free(wanted: str, taken: set[str]) -> str:
    """Return ``wanted``, with a number behind it when it is taken already, whatever the case of its letters."""
    name, count = wanted, 1
    while name.casefold() in taken:
        count += 1
        name = f"{wanted}-{count}"
    taken.add(name.casefold())
    return name
