"""Word files (.docx) as Vietnamese teachers write them, and our own that come back without loss."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import chain
from typing import ClassVar

from django.utils.translation import gettext as _

from people.text import tidy
from quizbank.drafts import Draft
from quizbank.errors import BadFile
from quizbank.formats.base import Defaults, Format, Found, Parsed
from quizbank.formats.docx_lines import Document, Grid, Line, read_docx
from quizbank.formats.guard import open_zip
from quizbank.formats.sheet_columns import ALIASES, COLUMNS, NEED
from quizbank.formats.sheet_read import Reading
from quizbank.formats.table import Header, Row, Table, find_header
from quizbank.formats.word_answers import Answers, detailed, in_line, in_table, is_heading
from quizbank.formats.word_marks import shown_right, star
from quizbank.formats.word_parse import PROTECTED, Asked, begun, cut, optioned, understand
from quizbank.formats.word_split import UNNUMBERED, is_section, layout
from quizbank.formats.word_write import docx_of
from quizbank.kinds import KINDS

LONGEST_TITLE = 200


class Word(Format):
    """Questions of a Word file."""

    code: ClassVar[str] = "word"
    name: ClassVar[str] = "Word (.docx)"
    extension: ClassVar[str] = "docx"
    accepts: ClassVar[tuple[str, ...]] = ("docx", "docm")
    media_type: ClassVar[str] = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    reads: ClassVar[bool] = True
    writes: ClassVar[bool] = True
    kinds: ClassVar[frozenset[str]] = frozenset(KINDS)

    def likely(self, data: bytes, filename: str) -> int:
        if not data.startswith(b"PK"):
            return 0
        try:
            with open_zip(data) as archive:
                return 95 if "word/document.xml" in archive.namelist() else 0
        except BadFile:
            return 0

    def read(self, data: bytes, *, defaults: Defaults) -> Parsed:
        document = read_docx(data)
        seen = _Collector(document)
        found = [_found(one, document, seen, defaults) for one in seen.asked]
        found += chain.from_iterable(_of_table(table, defaults) for table in seen.tables)
        return Parsed(found=tuple(found), title=seen.title, notes=tuple(document.notes))

    def write(self, drafts: Sequence[Draft], *, title: str) -> bytes:
        return docx_of(drafts, title=title)


class _Collector:
    """Goes through a file once: title, questions, answers that stand apart, tables with a question a row."""

    def __init__(self, document: Document) -> None:
        self.layout = layout(document.blocks)
        self.how = self.layout.how
        self.title = ""
        self.listed = 0
        self.asked: list[Asked] = []
        self.answers: Answers = {}
        self.tables: list[Header] = []
        self.below = self.between = False
        self.left: list[str] = []
        self.explained: dict[int, list[str]] = {}
        self.heading = self._heading(document.blocks)
        for place, block in enumerate(document.blocks):
            self.below = self.heading is not None and place > self.heading
            if place == self.heading:
                continue
            if isinstance(block, Grid):
                self._grid(block)
            elif self.below:
                self._answer(block)
            else:
                self._line(block, place)
        for one in self.asked:
            understand(one)
        if self.left:
            said = "; ".join(f"“{text[:60]}”" for text in self.left[:3]) + ("…" if len(self.left) > 3 else "")
            document.notes.append(_("Dòng đứng giữa các câu không được nhập: %(lines)s.") % {"lines": said})
        numbers = Counter(one.number for one in self.asked)
        self.twice = {number for number, count in numbers.items() if count > 1 or self.how == UNNUMBERED}
        if self.how == UNNUMBERED and self.asked:
            document.notes.append(
                _("Tệp không đánh số câu: mỗi câu được hiểu là phần ngay trên phương án A. Mời bạn xem lại từng câu.")
            )

    def _heading(self, blocks: list[Line | Grid]) -> int | None:
        """Return the place of the heading of the answers: below it stand answers and no question any more."""
        for place in range(len(blocks) - 1, -1, -1):
            block = blocks[place]
            if isinstance(block, Grid):
                continue
            if is_heading(block.text):
                rest = blocks[place + 1 :]
                some = any(
                    in_table(_texts(one))
                    if isinstance(one, Grid)
                    else in_line(one.text, section=True) or detailed(one.text)
                    for one in rest
                )
                return place if some else None
            begins = place in self.layout.begins or begun(block, self.how)
            if begins and not (in_line(block.text, section=True) or detailed(block.text)):
                return None
        return None

    def _grid(self, grid: Grid) -> None:
        texts = _texts(grid)
        if apart := in_table(texts):
            self._add(apart)
        elif header := _header(texts):
            self.tables.append(header)
        elif not self.below:
            # A table that only arranges questions or options: its cells are lines.
            lines = [line for row in grid.rows for cell in row for line in cell]
            if self.how == "named" and any(begun(line, self.how) for line in lines):
                for line in lines:
                    self._line(line)
            elif self.asked:
                self.asked[-1].lines += lines

    def _line(self, line: Line, place: int = -1) -> None:
        if not self.asked:
            self._begin(line, place)
            if not self.asked and not self.title:
                self.title = tidy(line.text)[:LONGEST_TITLE]
            return
        if not line.text.startswith(PROTECTED) and (apart := in_line(line.text, section=False)):
            self._add(apart)
        elif self._begin(line, place):
            self.between = False
        elif self.between or (is_section(line.text) and optioned(self.asked[-1].lines)):
            self.between = True
            self.left += [tidy(line.text)] if line.text.strip() else []
        elif place in self.layout.ends:
            self.between = True
        else:
            self.asked[-1].lines.append(line)

    def _answer(self, line: Line) -> None:
        """Take a line below the heading of the answers."""
        if apart := in_line(line.text, section=True):
            self._add(apart)
        elif one := detailed(line.text):
            number, letter, why = one
            self._add({number: [letter]})
            self.explained[number] = [why]
        elif self.explained and line.text.strip():
            self.explained[next(reversed(self.explained))].append(tidy(line.text))

    def _begin(self, line: Line, place: int) -> bool:
        """Take a line that begins a question."""
        start = begun(line, self.how)
        if self.how == UNNUMBERED:
            start = (len(self.asked) + 1, self.layout.begins[place]) if place in self.layout.begins else None
        if start is None or (self.how == "numbered" and not self._follows(start[0])):
            return False
        first = cut(line, start[1])
        first.pictures = line.pictures
        self.asked.append(Asked(start[0], lines=[first], grouped=place in self.layout.grouped))
        self.listed = 0
        return True

    def _follows(self, number: int) -> bool:
        """Whether a bare number begins the next question, and is no item of a list within the one before.

        Such a list begins with 1 before any option has come, and is counted on.
        """
        if not self.asked:
            return True
        if not optioned(self.asked[-1].lines) and number == self.listed + 1:
            self.listed = number
            return False
        return number in (1, self.asked[-1].number + 1)

    def _add(self, more: Answers) -> None:
        for number, said in more.items():
            self.answers.setdefault(number, []).extend(said)


def _found(asked: Asked, document: Document, seen: _Collector, defaults: Defaults) -> Found:
    """Return a question; whatever leaves its key in doubt is a problem, and then there is no key."""
    problems, warnings = [], []
    apart = [] if asked.number in seen.twice else seen.answers.get(asked.number, [])
    said = list(dict.fromkeys(asked.answers + apart))
    if asked.number in seen.answers and asked.number in seen.twice:
        problems.append(
            _("Tệp không đánh số câu nên không rõ đáp án ở bảng là của câu nào.")
            if seen.how == UNNUMBERED
            else _("Có nhiều câu số %(number)d nên không rõ đáp án ở bảng là của câu nào.") % {"number": asked.number}
        )
    said, doubts, told = _key_shown(asked, said)
    problems += doubts
    warnings += told
    if asked.order_broken:
        letters = ", ".join(option.letter for option in asked.options)
        problems.append(_("Các phương án không liền thứ tự: %(letters)s.") % {"letters": letters})
    if asked.drawn_options:
        problems.append(_("Phương án có hình; mới dùng được hình ở phần câu hỏi."))
    if asked.grouped:
        problems.append(_("Câu thuộc một nhóm dùng chung đoạn dẫn. Mời bạn chép đoạn dẫn vào từng câu."))
    if asked.after:
        warnings.append(
            _(
                "Dưới phương án cuối, cách một dòng trống, còn “%(text)s”; mời bạn xem có phải phần của phương án đó không."
            )
            % {"text": asked.after[:60]}
        )
    if asked.math:
        warnings.append(_("Công thức được đọc như chữ thường. Mời bạn xem lại."))
    cells = asked.cells | {option.letter: option.text for option in asked.options}
    cells["answer"] = said[0] if said and not problems else ""
    if why := "\n".join(filter(None, seen.explained.get(asked.number, []))):
        cells.setdefault("explanation", why)
    reading = _reading(cells, asked.number, defaults)
    found = reading.found()
    own = [] if problems else list(found.problems)
    found = replace(
        found,
        place=_("Câu %(number)d") % {"number": asked.number},
        problems=(*problems, *own),
        warnings=(*warnings, *found.warnings),
    )
    return _with_picture(found, asked, document)


def _key_shown(asked: Asked, said: list[str]) -> tuple[list[str], list[str], list[str]]:
    """Return the answer in words or in looks, what contradicts it, and where it was taken from."""
    problems, warnings = [], []
    if not said:
        for option in asked.options:
            option.text, starred = star(option.text)
            option.starred = option.starred or starred
    shown, agree = shown_right(asked.options)
    if len(said) > 1:
        problems.append(_("Câu có hai đáp án khác nhau: %(answers)s.") % {"answers": " / ".join(said)[:80]})
    elif (
        said and len(shown) == 1 and agree and said[0].strip().upper() in {o.letter for o in asked.options} - set(shown)
    ):
        problems.append(
            _("Đáp án ghi là %(said)s nhưng phương án được đánh dấu là %(shown)s.")
            % {"said": said[0], "shown": shown[0]}
        )
    elif not said and (not agree or len(shown) > 1):
        problems.append(
            _("Có nhiều phương án được đánh dấu (%(letters)s); mời bạn ghi rõ “Đáp án: …”.")
            % {"letters": ", ".join(shown)}
        )
    elif not said and shown:
        said = shown
        warnings.append(
            _("Đáp án %(letter)s lấy theo cách trình bày (đậm, gạch chân, màu hoặc dấu sao).") % {"letter": shown[0]}
        )
    return said, problems, warnings


def _reading(cells: dict[str, str], number: int, defaults: Defaults) -> Reading:
    """Return the reading of a question as if it stood in our own template."""
    columns = {name: place for place, name in enumerate(COLUMNS)}
    row = Row(number, tuple(cells.get(name, "") for name in COLUMNS))
    return Reading(row, Header(columns, 0, ()), defaults)


def _with_picture(found: Found, asked: Asked, document: Document) -> Found:
    names = list(dict.fromkeys(asked.pictures))
    if not names:
        return found
    warnings = found.warnings
    if len(names) > 1:
        warnings = (*warnings, _("Câu có %(count)d hình; chỉ hình đầu tiên được nhận.") % {"count": len(names)})
    name = names[0]
    extra = {**found.draft.extra, "picture": {"name": name, "alt": tidy(document.alts.get(name, ""))}}
    return replace(
        found,
        draft=replace(found.draft, extra=extra),
        warnings=warnings,
        pictures={name: document.pictures[name]},
    )


def _texts(grid: Grid) -> list[list[str]]:
    return [["\n".join(line.text for line in cell) for cell in row] for row in grid.rows]


def _header(texts: list[list[str]]) -> Header | None:
    """Return a table as one with a question a row, None for any other."""
    rows = tuple(Row(number, tuple(tidy(cell) for cell in row)) for number, row in enumerate(texts, 1))
    return find_header(Table("", tuple(row for row in rows if any(row.cells))), ALIASES, need=NEED)


def _of_table(header: Header, defaults: Defaults) -> list[Found]:
    return [Reading(row, header, defaults).found() for row in header.rows if header.cell(row, "stem")]
