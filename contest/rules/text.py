"""The rules people read, made from the rules the software follows. Nothing is written twice.

`rule_text` renders every field (a test changes each one and demands a changed text); `highlights` says on one
screen what a participant wants to know before starting.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils import translation
from django.utils.translation import gettext as _

from contest.rules import text_deciding as deciding
from contest.rules import text_taking as taking
from contest.rules.enums import CollectiveMetric, PredictionTarget
from contest.rules.schema import RuleSet
from contest.rules.text_taking import RoundDates as RoundDates
from contest.rules.text_taking import prediction_question as prediction_question
from contest.rules.words import say_minutes

NO_NAMES: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One heading of the rule text. `code` is stable (anchors, icons)."""

    code: str
    title: str
    paragraphs: tuple[str, ...] = ()
    bullets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Highlight:
    """One short line for the contest page. `code`: questions, time, attempts, prediction, tie."""

    code: str
    text: str


def rule_text(
    rules: RuleSet,
    *,
    rounds: Iterable[RoundDates] = (),
    language: str = "vi",
    category_names: Mapping[str, str] = NO_NAMES,
    unit_names: Mapping[str, str] = NO_NAMES,
) -> list[Section]:
    """The whole rules in plain language ("vi" or "en"), empty sections left out.

    The names say categories of residents and unit paths as people know them; without them codes are printed.
    """
    with translation.override(language):
        group_names = {group.code: group.name for group in rules.groups}
        sections = [
            *_before_the_paper(rules, tuple(rounds), group_names, category_names, unit_names),
            *_after_the_paper(rules, group_names),
        ]
    return [section for section in sections if section.paragraphs or section.bullets]


def _before_the_paper(
    rules: RuleSet,
    rounds: Sequence[RoundDates],
    group_names: Mapping[str, str],
    category_names: Mapping[str, str],
    unit_names: Mapping[str, str],
) -> list[Section]:
    return [
        Section(
            code="calendar",
            title=_("Thời gian tổ chức"),
            paragraphs=tuple(taking.calendar_lines(rules.calendar)),
            bullets=tuple(taking.round_lines(rounds)),
        ),
        Section(
            code="people",
            title=_("Ai được dự thi"),
            paragraphs=tuple(taking.eligibility_lines(rules.eligibility, unit_names)),
            bullets=tuple(taking.exclusion_lines(rules.exclusions)),
        ),
        Section(
            code="groups",
            title=_("Bảng thi"),
            bullets=tuple(taking.group_lines(rules.groups, category_names)),
        ),
        Section(
            code="paper",
            title=_("Đề thi và thời gian làm bài"),
            paragraphs=tuple(taking.paper_lines(rules.paper, group_names)),
            bullets=(*taking.time_lines(rules.time), *taking.points_lines(rules.points)),
        ),
        Section(
            code="attempts",
            title=_("Lượt thi"),
            paragraphs=tuple(taking.attempts_lines(rules.attempts, rules.counting, rules.calendar)),
        ),
        Section(
            code="prediction",
            title=_("Câu dự đoán"),
            paragraphs=tuple(taking.prediction_lines(rules.prediction)),
        ),
    ]


def _after_the_paper(rules: RuleSet, group_names: Mapping[str, str]) -> list[Section]:
    bloc_names = {bloc.code: bloc.name for bloc in rules.collective.blocs}
    units = () if rules.collective.metric is CollectiveMetric.NONE else deciding.collective_lines(rules.collective)
    return [
        Section(
            code="ranking",
            title=_("Xếp hạng cá nhân"),
            paragraphs=(
                _(
                    "Người dự thi được so lần lượt theo các tiêu chí sau; tiêu chí đầu tiên khác nhau quyết định thứ hạng:"
                ),
                _(
                    "Những người bằng nhau ở mọi tiêu chí được xếp đồng hạng. Thời gian tính theo máy chủ, đến phần nghìn giây."
                ),
            ),
            bullets=tuple(deciding.ranking_lines(rules.ranking)),
        ),
        Section(code="collective", title=_("Xếp hạng tập thể"), paragraphs=tuple(units)),
        Section(
            code="prizes",
            title=_("Giải thưởng"),
            bullets=tuple(deciding.prize_lines(rules.prizes, group_names, bloc_names)),
        ),
        Section(
            code="results",
            title=_("Công bố kết quả"),
            paragraphs=tuple(deciding.reveal_lines(rules.reveal)),
            bullets=tuple(deciding.masking_lines(rules.masking)),
        ),
    ]


def highlights(rules: RuleSet) -> list[Highlight]:
    """Short lines for the contest page, in the language in force: questions, time, attempts, prediction, tie."""
    time = (
        _("Không giới hạn thời gian làm bài.")
        if rules.time.minutes is None
        else _("Làm bài trong {minutes}.").format(minutes=say_minutes(rules.time.minutes))
    )
    lines = [
        Highlight(code="questions", text=taking.question_count_line(rules.paper)),
        Highlight(code="time", text=time),
        Highlight(
            code="attempts",
            text=f"{taking.attempts_line(rules.attempts)} {taking.counting_line(rules.counting)}",
        ),
    ]
    if rules.prediction.target is not PredictionTarget.NONE:
        question = prediction_question(rules.prediction)
        lines.append(Highlight(code="prediction", text=_("Một câu dự đoán: “{question}”").format(question=question)))
    lines.append(Highlight(code="tie", text=deciding.tie_line(rules.ranking)))
    return lines
