"""GIFT, the text format of Moodle that teachers write by hand."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import ClassVar

from quizbank.drafts import Draft
from quizbank.formats.assemble import RemoteNotes, head_of, limited, notes_of, text_of
from quizbank.formats.base import Defaults, Format, Found, Parsed
from quizbank.formats.gift_read import BlockReader
from quizbank.formats.gift_syntax import blocks, reveal
from quizbank.formats.gift_write import NO_CATEGORY, write_all
from quizbank.formats.texts import one_line, topic_in, topic_name
from quizbank.kinds import KINDS

_TITLE = re.compile(r"^\s*::.+?::", re.MULTILINE)
_BRACES = re.compile(r"(?<!\\)\{\s*(?:[=~#>]|TRUE|FALSE|[TF]\b)")


class Gift(Format):
    code: ClassVar[str] = "gift"
    name: ClassVar[str] = "GIFT"
    extension: ClassVar[str] = "gift"
    accepts: ClassVar[tuple[str, ...]] = ("gift", "txt")
    media_type: ClassVar[str] = "text/plain"
    reads: ClassVar[bool] = True
    writes: ClassVar[bool] = True
    kinds: ClassVar[frozenset[str]] = frozenset(KINDS)

    def likely(self, data: bytes, filename: str) -> int:
        text = head_of(data)
        named = filename.lower().endswith(".gift") and not data.startswith(b"PK")
        if not _BRACES.search(text) or text.lstrip().startswith("<"):
            return 30 * named
        sure = 60 + 20 * bool(_TITLE.search(text)) + 10 * ("$CATEGORY:" in text)
        return min(95, sure + 10 * named)

    def read(self, data: bytes, *, defaults: Defaults) -> Parsed:
        text, note = text_of(data)
        remote = RemoteNotes()
        found = limited(self._found(text, defaults, remote))
        return Parsed(found=tuple(found), notes=notes_of(found, note, *remote.told()))

    def _found(self, text: str, defaults: Defaults, remote: RemoteNotes) -> Iterator[Found]:
        category = topic = ""
        for block in blocks(text):
            first = block.lines[0].strip()
            if first.startswith("$CATEGORY:"):
                category = one_line(reveal(first.removeprefix("$CATEGORY:")))
                topic = topic_in(category)
                # A category that only names its topic is written anew from the topic.
                if category in (NO_CATEGORY, topic_name(topic)):
                    category = ""
                continue
            yield BlockReader(block, category=category, topic=topic, defaults=defaults, remote=remote).read()

    def write(self, drafts: Sequence[Draft], *, title: str) -> bytes:
        return write_all([draft for draft in drafts if draft.kind in self.kinds]).encode()
