"""XML of other software, read without trust and written without surprises.

No document type, no entity, no external reference; bounded depth and number of elements. Names come out without their
namespaces, because exporters disagree about them. A comment of ours (see carry.py) hangs at its element.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser
from django.utils.translation import gettext as _

from quizbank.errors import BadFile
from quizbank.formats.carry import MARK, Carried, load
from quizbank.formats.encoding import decode
from quizbank.formats.guard import check_size

DEEPEST = 100
MOST_ELEMENTS = 400_000
_COMMENT = "thiso_comment"
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")


class _Target:
    """Builds the tree element by element and stops when it grows beyond measure."""

    def __init__(self) -> None:
        self._builder = ET.TreeBuilder()
        self._open: list[ET.Element] = []
        self._count = 0

    def start(self, tag: str, attrs: dict[str, str]) -> ET.Element:
        self._count += 1
        if len(self._open) >= DEEPEST or self._count > MOST_ELEMENTS:
            raise BadFile(_("Tệp XML lồng quá sâu hoặc có quá nhiều phần tử nên không được nhận."))
        names = {_local(name): value for name, value in attrs.items() if not name.endswith("}schemaLocation")}
        element = self._builder.start(_local(tag), names)
        self._open.append(element)
        return element

    def end(self, tag: str) -> None:
        self._open.pop()
        self._builder.end(_local(tag))

    def data(self, text: str) -> None:
        self._builder.data(text)

    def comment(self, text: str) -> None:
        if self._open and text.strip().startswith(MARK):
            self._open[-1].set(_COMMENT, text.strip())

    def close(self) -> ET.Element:
        return self._builder.close()


def _local(name: str) -> str:
    return name.rpartition("}")[2]


def parse(data: bytes) -> ET.Element:
    """Return the root element.

    Raises:
        BadFile: for anything but well-formed XML of ordinary size without a document type.
    """
    check_size(data)
    try:
        return _parsed(data)
    except (ET.ParseError, LookupError) as error:
        # Old exporters declare one encoding and write another.
        text = _DECLARATION.sub("", decode(data)[0]).encode()
        if text == data:
            raise _broken(error) from error
    try:
        return _parsed(text)
    except (ET.ParseError, LookupError) as error:
        raise _broken(error) from error


def _parsed(data: bytes) -> ET.Element:
    parser = DefusedXMLParser(target=_Target(), forbid_dtd=True, forbid_entities=True, forbid_external=True)
    try:
        parser.feed(data)
        root: ET.Element = parser.close()
    except DefusedXmlException as error:
        raise BadFile(_("Tệp XML có khai báo DOCTYPE hoặc ENTITY nên không được nhận, để giữ an toàn.")) from error
    except (ValueError, AssertionError, IndexError) as error:  # encodings expat does not know, nothing inside
        raise ET.ParseError(str(error)) from error
    return root


def _broken(error: Exception) -> BadFile:
    line = getattr(error, "position", (0, 0))[0]
    if line:
        return BadFile(_("Tệp XML bị hỏng ở dòng %(line)d. Mời bạn xuất lại tệp từ phần mềm gốc.") % {"line": line})
    return BadFile(_("Tệp XML bị hỏng. Mời bạn xuất lại tệp từ phần mềm gốc."))


def carried(element: ET.Element) -> Carried:
    """Return what our comment inside ``element`` carries."""
    return load(element.get(_COMMENT, ""))


def add_comment(element: ET.Element, text: str) -> None:
    """Put one of our comments into ``element``."""
    element.append(ET.Comment(text))


def child_text(element: ET.Element, path: str, default: str = "") -> str:
    """Return the text below ``path``, markup included as text, trimmed."""
    child = element.find(path)
    return default if child is None else "".join(child.itertext()).strip()


def fragment(source: str) -> ET.Element:
    """Return well-formed markup of our own making as an element; signs XML cannot hold are dropped."""
    return _parsed(_ILLEGAL.sub("", source).encode())


def to_bytes(root: ET.Element) -> bytes:
    """Return the document with its declaration; signs XML cannot hold are dropped."""
    words = ET.tostring(root, encoding="unicode")
    return b"<?xml version='1.0' encoding='utf-8'?>\n" + _ILLEGAL.sub("", words).encode()
