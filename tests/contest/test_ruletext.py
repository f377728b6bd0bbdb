"""The rule text says what the rules do: every field changes it, and no code word is left in it."""

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, datetime
from enum import Enum
from typing import Any

import pytest

from contest.rules import RuleSet
from contest.rules.enums import (
    AttemptPer,
    BoardPolicy,
    CalendarKind,
    CollectiveMetric,
    CountingPolicy,
    Nationality,
    PredictionRole,
    PredictionTarget,
    PrizeScope,
    RankKey,
    Residence,
)
from contest.rules.labels import LABELS, choices, label
from contest.rules.parts import (
    Attempts,
    Bloc,
    Calendar,
    Collective,
    DifficultyPoints,
    Eligibility,
    Exclusions,
    Group,
    GroupBank,
    MandatoryQuota,
    MetricWeight,
    Paper,
    Points,
    Prediction,
    Prize,
    Prizes,
    Ranking,
    Reveal,
    SizeTier,
)
from contest.rules.templates import TEMPLATES, template_rules
from contest.rules.text import RoundDates, highlights, prediction_question, rule_text

# Every part switched on, so that no field is silent.
RICH = RuleSet(
    calendar=Calendar(kind=CalendarKind.BURSTS, note="Nghỉ lễ 2/9."),
    paper=Paper(
        options_per_question=4,
        by_topic=True,
        separate_banks=(GroupBank(group="cb", bank="agency"), GroupBank(group="nd", bank="resident")),
    ),
    attempts=Attempts(limit=3, per=AttemptPer.WEEK),
    counting=CountingPolicy.BEST,
    points=Points(by_difficulty=DifficultyPoints(easy_milli=500, medium_milli=1500, hard_milli=2500)),
    prediction=Prediction(
        target=PredictionTarget.PERCENT_ALL_CORRECT, decimals=2, role=PredictionRole.TIE_BREAK_FULL_SCORES
    ),
    ranking=Ranking(keys=(RankKey.POINTS, RankKey.PREDICTION_DISTANCE, RankKey.SUBMITTED_AT)),
    groups=(
        Group(code="cb", name="Bảng cán bộ", categories=("official",)),
        Group(code="nd", name="Bảng người dân", categories=("citizen", "student")),
    ),
    collective=Collective(
        metric=CollectiveMetric.COMBINED,
        weights=(
            MetricWeight(metric=CollectiveMetric.RATIO, weight=60),
            MetricWeight(metric=CollectiveMetric.AVERAGE_SCORE, weight=40),
        ),
        size_tiers=(SizeTier(max_size=49, min_ratio_percent=30), SizeTier(min_size=50, min_ratio_percent=25)),
        mandatory=(MandatoryQuota(code="mc", name="Cán bộ một cửa", min_percent=100, min_count=2),),
        min_participants=10,
        target_percent=80,
        blocs=(Bloc(code="xa", name="Khối xã, phường"),),
    ),
    eligibility=Eligibility(
        min_age=12,
        max_age=99,
        unit_paths=("VN.75",),
        residence=Residence.LIVES,
        nationality=Nationality.VIETNAMESE,
        note="Có tài khoản định danh.",
    ),
    exclusions=Exclusions(note="Danh sách kèm theo."),
    reveal=Reveal(board=BoardPolicy.FROZEN, board_frozen_minutes=30),
    prizes=Prizes(
        items=(
            Prize(name="Giải Nhất", group="cb", value_vnd=800_000),
            Prize(scope=PrizeScope.COLLECTIVE, name="Tập thể", bloc="xa", rank_to=2, value_vnd=1_000_000),
        ),
        cap_percent=50,
    ),
)

# Identifiers that only link parts to each other; people read the names.
LINKS = {"groups[0].code", "groups[1].code", "collective.blocs[0].code", "collective.mandatory[0].code"}


def shown(rules: RuleSet, language: str = "vi", **names: Any) -> str:
    sections = rule_text(rules, language=language, **names)
    return "\n".join(line for part in sections for line in (part.title, *part.paragraphs, *part.bullets))


def other_values(value: Any) -> Iterator[Any]:
    """Neighbouring values of a leaf: every other member of an enum, another number, another text."""
    if isinstance(value, Enum):
        yield from (member for member in type(value) if member is not value)
    elif isinstance(value, bool):
        yield not value
    elif isinstance(value, int):
        yield value + 1
    elif isinstance(value, str):
        yield f"{value}x"


def changed(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """(path, copy of `value` with one leaf changed), for every leaf."""
    if is_dataclass(value) and not isinstance(value, type):
        for item in fields(value):
            here = f"{path}.{item.name}" if path else item.name
            part = getattr(value, item.name)
            for where, copy in changed(part, here):
                yield where, replace(value, **{item.name: copy})
            if part is not None and "None" in str(item.type):
                yield here, replace(value, **{item.name: None})
    elif isinstance(value, tuple):
        yield path, value[1:]
        for index, member in enumerate(value):
            for where, copy in changed(member, f"{path}[{index}]"):
                yield where, (*value[:index], copy, *value[index + 1 :])
    else:
        for other in other_values(value):
            yield path, other


CHANGES = [(where, copy) for where, copy in changed(RICH) if where not in LINKS]


def test_rich_rules_are_valid():
    RICH.validated()


def test_changes_cover_every_leaf_of_the_schema():
    leaves = {re.sub(r"\[\d+\]", "", where) for where, _copy in CHANGES}

    for part in fields(RICH):
        value = getattr(RICH, part.name)
        if is_dataclass(value):
            for item in fields(value):
                assert any(
                    leaf == f"{part.name}.{item.name}" or leaf.startswith(f"{part.name}.{item.name}.")
                    for leaf in leaves
                ), f"{part.name}.{item.name}"
        else:
            assert any(leaf == part.name or leaf.startswith(f"{part.name}.") for leaf in leaves)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_changed_field_changes_the_text(language):
    before = shown(RICH, language)

    silent = [(where, copy) for where, copy in CHANGES if shown(copy, language) == before]

    assert [where for where, _copy in silent] == []


@pytest.mark.parametrize("code", sorted(TEMPLATES))
def test_templates_read_as_sentences_without_code_words(code):
    categories = {"official": "cán bộ", "forces": "lực lượng vũ trang", "citizen": "người dân"}
    categories |= {"student": "học sinh", "enterprise": "doanh nghiệp"}

    text = shown(template_rules(code), category_names=categories)

    assert not re.search(r"[{}]|_|None|True|False", text)
    for line in text.splitlines():
        assert line == line.strip()
        assert ".." not in line


def test_round_dates_are_said_with_weekday_and_an_end_people_expect():
    rounds = [
        RoundDates(
            title="Tuần 1",
            opens_at=datetime(2026, 11, 23, 1, 0, tzinfo=UTC),
            closes_at=datetime(2026, 11, 29, 17, 0, tzinfo=UTC),
        )
    ]

    (calendar,) = [part for part in rule_text(RuleSet(), rounds=rounds) if part.code == "calendar"]

    assert calendar.bullets == ("Tuần 1: từ 8:00 thứ Hai, 23/11/2026 đến 24:00 Chủ nhật, 29/11/2026.",)


def test_text_says_the_limits_of_a_week():
    rules = RuleSet(attempts=Attempts(limit=3, per=AttemptPer.WEEK), counting=CountingPolicy.BEST)

    (attempts,) = [part for part in rule_text(rules) if part.code == "attempts"]

    assert attempts.paragraphs == (
        "Mỗi người có 3 lượt thi trong mỗi tuần.",
        "Tuần bắt đầu từ 0:00 thứ Hai, giờ Việt Nam.",
        "Lượt cao điểm nhất được tính; nếu bằng điểm, lấy lượt làm nhanh hơn.",
    )


def test_highlights_say_what_decides_a_tie_in_one_sentence():
    lines = {line.code: line.text for line in highlights(template_rules("weekly-dx"))}

    assert lines == {
        "questions": "Mỗi đề có 15 câu hỏi.",
        "time": "Làm bài trong 15 phút.",
        "attempts": "Mỗi người có 1 lượt thi trong mỗi tuần. Lượt duy nhất đó là kết quả của bạn.",
        "prediction": "Một câu dự đoán: “Có bao nhiêu người trả lời đúng tất cả các câu hỏi của vòng thi này?”",
        "tie": (
            "Xếp hạng theo: nhiều điểm hơn; nếu bằng nhau, xét dự đoán gần đúng hơn, rồi làm bài nhanh hơn, "
            "rồi nộp bài sớm hơn."
        ),
    }


def test_highlights_are_silent_about_a_prediction_nobody_asks():
    assert [line.code for line in highlights(template_rules("practice"))] == ["questions", "time", "attempts", "tie"]


def test_prediction_question_exists_for_each_target():
    questions = [prediction_question(Prediction(target=target)) for target in PredictionTarget]

    assert questions[0] == ""
    assert len(set(questions)) == len(PredictionTarget)


def test_every_value_has_a_name():
    for kind, names in LABELS.items():
        assert set(names) == set(kind)
        assert [value for value, _name in choices(kind)] == [member.value for member in kind]
    # Equal values of different lists keep their own names.
    assert label(CollectiveMetric.NONE) != label(PredictionTarget.NONE)
    assert label(AttemptPer.ROUND) != label(PrizeScope.ROUND)


def test_english_text_is_english():
    accents = re.compile("[ăâđêôơưạảãàáặẳẵằắậẩẫầấẹẻẽèéệểễềếịỉĩìíọỏõòóộổỗồốợởỡờớụủũùúựửữừứỵỷỹỳý]", re.IGNORECASE)
    rules = replace(template_rules("practice"), exclusions=Exclusions())

    foreign = [line for line in shown(rules, "en").splitlines() if accents.search(line.replace("Nguyễn", ""))]

    assert foreign == []
