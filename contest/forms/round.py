"""A round: its window in Vietnamese time and its paper as a table of topics and difficulties."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from contest.domain.contests import RoundFacts
from contest.forms.contest import KEY_PATTERN
from quizbank.enums import Difficulty
from quizbank.models import Topic

ANY = ""
COLUMNS: tuple[str, ...] = (*Difficulty.values, ANY)
MOST_IN_CELL = 200
_CELL = re.compile(r"^o_(?P<group>\d+)_(?P<topic>\d+)_(?P<column>\d)$")

Place = tuple[str, str, str]
"""(group, topic, difficulty); "" stands for any."""


class MomentInput(forms.DateTimeInput):
    """The browser's own date and time picker; Vietnamese time, to the minute."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(attrs={"step": "60"}, format="%Y-%m-%dT%H:%M")


class RoundForm(forms.Form):
    """Title and window. The cells of the paper are read by ``CellTable``."""

    key = forms.RegexField(KEY_PATTERN, widget=forms.HiddenInput, required=False)
    title = forms.CharField(
        label=_("Tên vòng thi"), max_length=200, error_messages={"required": _("Mời bạn đặt tên cho vòng thi.")}
    )
    opens_at = forms.DateTimeField(
        label=_("Mở lúc"),
        widget=MomentInput(),
        error_messages={"required": _("Mời bạn chọn giờ mở."), "invalid": _("Giờ mở chưa đúng dạng.")},
    )
    closes_at = forms.DateTimeField(
        label=_("Đóng lúc"),
        help_text=_("Đúng giờ này là hết. 00:00 thứ Hai nghĩa là thi được đến 24:00 Chủ nhật."),
        widget=MomentInput(),
        error_messages={"required": _("Mời bạn chọn giờ đóng."), "invalid": _("Giờ đóng chưa đúng dạng.")},
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        opens, closes = cleaned.get("opens_at"), cleaned.get("closes_at")
        if opens and closes and closes <= opens:
            self.add_error("closes_at", _("Giờ đóng phải sau giờ mở."))
        return cleaned

    def facts(self, blueprint: Sequence[dict[str, Any]]) -> RoundFacts:
        """The cleaned entries as the domain takes them."""
        data = self.cleaned_data
        return RoundFacts(
            title=data["title"], opens_at=data["opens_at"], closes_at=data["closes_at"], blueprint=blueprint
        )


@dataclass(slots=True)
class TableCell:
    """One input of the table. ``need`` is what was typed, ``have`` what the bank holds for it."""

    name: str
    place: Place
    label: str
    row: str
    column: str
    need: int = 0
    have: int = 0
    short: int = 0
    bad: bool = False


@dataclass(frozen=True, slots=True)
class TableRow:
    label: str
    cells: tuple[TableCell, ...]


@dataclass(frozen=True, slots=True)
class TableSection:
    """One table: everybody's paper, or the extra questions of one group."""

    group: str
    title: str
    rows: tuple[TableRow, ...]


class CellTable:
    """The paper as topics × difficulties. ``groups`` names groups that have lines of their own besides everybody's."""

    def __init__(self, topics: Iterable[Topic], groups: Sequence[tuple[str, str]] = ()) -> None:
        self.problem = ""
        rows = [(topic.slug, topic.name) for topic in topics]
        rows.append((ANY, str(_("Mọi chủ đề"))))
        heads = [str(Difficulty(column).label) if column else str(_("Mọi độ khó")) for column in COLUMNS]
        self.columns = heads
        self.sections = tuple(
            TableSection(
                code,
                title,
                tuple(
                    TableRow(
                        label,
                        tuple(
                            TableCell(
                                f"o_{section}_{row}_{column}",
                                (code, slug, COLUMNS[column]),
                                f"{label}, {head}",
                                label,
                                head,
                            )
                            for column, head in enumerate(heads)
                        ),
                    )
                    for row, (slug, label) in enumerate(rows)
                ),
            )
            for section, (code, title) in enumerate([(ANY, ""), *groups])
        )
        self.by_name = {cell.name: cell for cell in self.cells()}
        self.by_place = {cell.place: cell for cell in self.cells()}

    def cells(self) -> list[TableCell]:
        return [cell for section in self.sections for row in section.rows for cell in row.cells]

    def fill(self, blueprint: Iterable[Mapping[str, Any]]) -> CellTable:
        """Show a stored blueprint."""
        for line in blueprint:
            cell = self.by_place.get((line.get("group", ""), line.get("topic", ""), line.get("difficulty", "")))
            if cell is not None:
                cell.need += int(line["count"])
        return self

    def read(self, filled: Mapping[str, Any]) -> CellTable:
        """Take what was typed; what is no number is marked and said in ``problem``."""
        for name, raw in filled.items():
            cell = self.by_name.get(name) if _CELL.match(name) else None
            text = str(raw).strip()
            if cell is None or not text:
                continue
            if text.isascii() and text.isdecimal() and int(text) <= MOST_IN_CELL:
                cell.need = int(text)
            else:
                cell.bad = True
                self.problem = str(_("Số câu phải là số nguyên từ 0 đến 200."))
        return self

    def stock(self, counts: Counter[tuple[str, str]]) -> CellTable:
        """Say how many questions the bank holds for each cell."""
        for cell in self.cells():
            _group, topic, difficulty = cell.place
            cell.have = sum(
                number for (slug, level), number in counts.items() if topic in ("", slug) and difficulty in ("", level)
            )
        return self

    @property
    def total(self) -> int:
        return sum(cell.need for cell in self.cells())

    def blueprint(self) -> list[dict[str, Any]]:
        """The lines with a count, in the order of the table."""
        return [
            {"topic": cell.place[1], "difficulty": cell.place[2], "count": cell.need, "group": cell.place[0]}
            for cell in self.cells()
            if cell.need
        ]


def spread(counts: Counter[tuple[str, str]], topics: Sequence[str], wanted: int) -> list[dict[str, Any]]:
    """A first proposal: ``wanted`` questions dealt out over the topics, easy and medium before hard, as far as the
    bank goes. Leaves room for choice: a cell takes at most half of what it holds while others can give."""
    chosen: Counter[tuple[str, str]] = Counter()
    order = (Difficulty.EASY, Difficulty.MEDIUM, Difficulty.EASY, Difficulty.MEDIUM, Difficulty.HARD)
    for share in (2, 1):
        given = True
        while given:
            given = False
            for place in ((topic, difficulty.value) for difficulty in order for topic in topics):
                if chosen.total() < wanted and (chosen[place] + 1) * share <= counts[place]:
                    chosen[place] += 1
                    given = True
    return [
        {"topic": topic, "difficulty": difficulty, "count": number, "group": ""}
        for (topic, difficulty), number in chosen.items()
        if number
    ]
