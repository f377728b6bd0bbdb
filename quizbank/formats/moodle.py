"""Moodle XML: what the most used learning platform of Vietnamese schools exports and imports."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Sequence
from typing import ClassVar

from django.utils.translation import gettext as _

from quizbank.drafts import Draft
from quizbank.errors import BadFile
from quizbank.formats import xml
from quizbank.formats.assemble import RemoteNotes, limited, notes_of
from quizbank.formats.base import Defaults, Format, Found, Parsed
from quizbank.formats.moodle_read import QuestionReader
from quizbank.formats.moodle_write import category_path, write_all
from quizbank.formats.texts import one_line, topic_in
from quizbank.kinds import KINDS

_NO_CATEGORY = frozenset({"", "top", "$course$/top", "$module$/top", "$system$/top"})


class MoodleXml(Format):
    code: ClassVar[str] = "moodle"
    name: ClassVar[str] = "Moodle XML"
    extension: ClassVar[str] = "xml"
    accepts: ClassVar[tuple[str, ...]] = ("xml",)
    media_type: ClassVar[str] = "application/xml"
    reads: ClassVar[bool] = True
    writes: ClassVar[bool] = True
    kinds: ClassVar[frozenset[str]] = frozenset(KINDS)

    def likely(self, data: bytes, filename: str) -> int:
        head = data[:20_000].replace(b"\0", b"")
        if not re.search(rb"<quiz[\s>]", head):
            return 0
        return 98 if re.search(rb"<question\s[^>]*type=", head) else 70

    def read(self, data: bytes, *, defaults: Defaults) -> Parsed:
        root = xml.parse(data)
        if root.tag != "quiz":
            raise BadFile(_("Đây không phải tệp Moodle XML: thiếu phần tử <quiz>."))
        remote = RemoteNotes()
        found = limited(_found(root, defaults, remote))
        return Parsed(found=tuple(found), notes=notes_of(found, *remote.told()))

    def write(self, drafts: Sequence[Draft], *, title: str) -> bytes:
        return write_all([draft for draft in drafts if draft.kind in self.kinds])


def _found(root: ET.Element, defaults: Defaults, remote: RemoteNotes) -> Iterator[Found]:
    category = topic = ""
    number = 0
    for element in root.iter("question"):
        if element.get("type") == "category":
            category = one_line(xml.child_text(element, "category/text"))
            topic = topic_in(category)
            if category in _NO_CATEGORY or category == category_path(topic):
                category = ""
            continue
        number += 1
        place = _("Câu %(number)d") % {"number": number}
        yield QuestionReader(element, place=place, topic=topic, category=category, remote=remote).read(defaults)
