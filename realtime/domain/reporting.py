"""The report of an event as a workbook. Names and answers are written as text, so nothing in them is ever a formula."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from realtime.enums import Mode, Play, PlayerStatus
from realtime.models import Event
from realtime.queries.groups import Group
from realtime.queries.report import EventReport, QuestionReport, report_of

WIDEST = 48
# A table of answers wider or longer than this is no use on paper and slow to open.
MOST_CELLS = 200_000


def event_workbook(event: Event) -> bytes:
    """Return an .xlsx with people, questions, units, teams and every answer, in the language in force."""
    report = report_of(event)
    out = io.BytesIO()
    book = Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": event.title})
    sheets = _Sheets(book)
    sheets.add(_("Sự kiện"), [_("Mục"), _("Giá trị")], _summary(event, report))
    sheets.add(_("Người chơi"), _people_head(event), _people(event, report))
    sheets.add(_("Câu hỏi"), _question_head(), map(_question, report.questions))
    if report.units:
        sheets.add(_("Đơn vị"), _group_head(), map(_group, report.units))
    if report.teams:
        sheets.add(_("Đội"), _group_head(), map(_group, report.teams))
    if len(report.lines) * len(report.questions) <= MOST_CELLS:
        sheets.add(_("Từng câu trả lời"), *_answers(report))
    book.close()
    return out.getvalue()


class _Sheets:
    """Writes tables with a bold, frozen head and columns as wide as what is in them."""

    def __init__(self, book: Workbook) -> None:
        self.book = book
        self.bold: Format = book.add_format({"bold": True, "bottom": 1})

    def add(self, name: str, head: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        sheet: Worksheet = self.book.add_worksheet(name[:31])
        sheet.freeze_panes(1, 0)
        widths = [len(text) for text in head]
        for column, text in enumerate(head):
            sheet.write_string(0, column, text, self.bold)
        for line, row in enumerate(rows, start=1):
            for column, value in enumerate(row):
                if isinstance(value, int | float):
                    sheet.write_number(line, column, value)
                elif value is not None:
                    sheet.write_string(line, column, str(value))
                widths[column] = max(widths[column], len(str(value or "")))
        for column, width in enumerate(widths):
            sheet.set_column(column, column, min(width + 2, WIDEST))


def _summary(event: Event, report: EventReport) -> list[tuple[str, Any]]:
    began = localtime(event.started_at).strftime("%d/%m/%Y %H:%M") if event.started_at else ""
    ended = localtime(event.ended_at).strftime("%d/%m/%Y %H:%M") if event.ended_at else ""
    names = ", ".join(line.name for line in report.lines if line.id in report.winners)
    return [
        (_("Tên sự kiện"), event.title),
        (_("Đơn vị"), event.unit.name),
        (_("Hình thức"), str(Mode(event.mode).label)),
        (_("Bắt đầu"), began),
        (_("Kết thúc"), ended),
        (_("Số người chơi"), len(report.lines)),
        (_("Số khán giả"), report.spectators),
        (_("Số câu đã hỏi"), len(report.questions)),
        (_("Người thắng"), names),
    ]


def _people_head(event: Event) -> list[str]:
    head = [_("Hạng"), _("Tên"), _("Đơn vị"), _("Đội"), _("Điểm"), _("Số câu đúng"), _("Thời gian (giây)")]
    if event.mode == Mode.BELL:
        head += [_("Số báo danh"), _("Trạng thái"), _("Rời sàn ở câu"), _("Điểm sau khi rời sàn")]
    return head


def _people(event: Event, report: EventReport) -> Iterable[list[Any]]:
    teams = {team.id: team.name for team in report.teams}
    for line in report.lines:
        team = teams.get(line.team_id, "") if line.team_id else ""
        row: list[Any] = [
            line.rank or None, line.name, line.unit, team, line.score, line.correct, round(line.time_ms / 1000, 1),
        ]  # fmt: skip
        if event.mode == Mode.BELL:
            fell = None if line.out_at is None else line.out_at + 1
            row += [line.seat, str(PlayerStatus(line.status).label), fell, line.ghost_score]
        yield row


def _question_head() -> list[str]:
    return [
        _("Câu"), _("Nội dung"), _("Cách dùng"), _("Đáp án"), _("Đã trả lời"), _("Trả lời đúng"), _("Tỷ lệ đúng (%)"),
        _("Không trả lời"), _("Thời gian giữa (giây)"), _("Được tính"), _("Số người rời sàn"),
    ]  # fmt: skip


def _question(one: QuestionReport) -> list[Any]:
    return [
        one.index + 1,
        one.stem,
        str(Play(one.play).label),
        one.key,
        one.answered,
        one.right if one.right_permille is not None else None,
        round(one.right_permille / 10, 1) if one.right_permille is not None else None,
        one.silent,
        round(one.median_ms / 1000, 1) if one.median_ms is not None else None,
        _("Có") if one.counted else _("Không"),
        one.fell,
    ]


def _group_head() -> list[str]:
    return [_("Hạng"), _("Tên"), _("Điểm"), _("Số người"), _("Còn trên sàn")]


def _group(one: Group) -> list[Any]:
    return [one.rank, one.name, one.points, one.people, one.standing]


def _answers(report: EventReport) -> tuple[list[str], Iterable[list[Any]]]:
    head = [_("Hạng"), _("Tên")]
    for question in report.questions:
        head += [_("Câu %(n)d") % {"n": question.index + 1}, _("Điểm câu %(n)d") % {"n": question.index + 1}]
    return head, (_answer_row(report, line.id, line.rank, line.name) for line in report.lines)


def _answer_row(report: EventReport, player: int, rank: int, name: str) -> list[Any]:
    row: list[Any] = [rank or None, name]
    for question in report.questions:
        cell = report.cells.get((player, question.index))
        row += [cell.text, cell.points] if cell else [None, None]
    return row
