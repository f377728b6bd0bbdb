"""Small named makers: each builds a believable thing through the domain's own functions where there is one."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

from contest.models import Contest, Entry, PoolItem, Round, RuleSetVersion
from contest.rules import RuleSet
from contest.rules.templates import template_rules
from people.domain.residents import give_consent
from people.enums import Category, Purpose, Role, UnitKind
from people.models import ConsentRecord, Resident, RoleAssignment, Unit, User
from quizbank.domain.questions import approve_question, write_question
from quizbank.drafts import Draft
from quizbank.enums import TOPICS
from quizbank.models import Question, Topic

NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
"""09:00 on Sunday 22 November 2026 in Viet Nam: the present of most tests."""

_number = count(1)


def make_user(full_name: str = "Nguyễn Thị Lan", **fields: Any) -> User:
    """An account; give ``password=`` for one that signs in with a password, ``phone=`` for a verified phone."""
    if fields.get("phone"):
        fields.setdefault("phone_verified", True)
    return User.objects.create_user(fields.pop("username", f"user{next(_number)}"), full_name=full_name, **fields)


def make_role(user: User, role: Role | str, *, unit: Unit | None = None, contest_ref: str = "") -> RoleAssignment:
    """A grant in one scope; the nation where none is named."""
    return RoleAssignment.objects.create(
        user=user, role=role, unit=unit if (unit or contest_ref) else make_nation(), contest_ref=contest_ref
    )


def make_nation() -> Unit:
    """The root of the tree, once."""
    return Unit.objects.filter(code="VN", valid_to__isnull=True).first() or Unit.objects.create(
        code="VN", name="Việt Nam", kind=UnitKind.NATION, path="VN", valid_from=date(2025, 7, 1)
    )


def make_place(name: str = "", *, parent: Unit | None = None, kind: str = "", code: str = "", **fields: Any) -> Unit:
    """A unit where law puts it: a province below the nation, a commune below that, else an organisation."""
    above = parent or make_nation()
    below = {UnitKind.NATION: UnitKind.PROVINCE, UnitKind.PROVINCE: UnitKind.COMMUNE}
    number = next(_number)
    return make_unit(
        name or f"Xã Thử Nghiệm {number}",
        code=code or f"T{number}",
        parent=above,
        kind=kind or below.get(UnitKind(above.kind), UnitKind.ORGANISATION),
        **fields,
    )


def make_unit(
    name: str = "Phường Mỹ Tho", *, code: str = "", parent: Unit | None = None, kind: str = UnitKind.WARD, **fields: Any
) -> Unit:
    """A unit in force since 1/7/2025 below ``parent`` (or at the root)."""
    code = code or f"U{next(_number)}"
    path = f"{parent.path}.{code}" if parent else code
    fields.setdefault("valid_from", date(2025, 7, 1))
    return Unit.objects.create(code=code, name=name, kind=kind, parent=parent, path=path, **fields)


def make_resident(full_name: str = "Trần Văn An", *, unit: Unit | None = None, **fields: Any) -> Resident:
    """A participant with an account of the same name."""
    fields.setdefault("birth_year", 1990)
    fields.setdefault("category", Category.CITIZEN)
    user = fields.pop("user", None) or make_user(full_name)
    return Resident.objects.create(user=user, full_name=full_name, unit=unit or make_unit(), **fields)


def make_participant(
    full_name: str = "Nguyễn Thị Lan", *, user: User | None = None, unit: Unit | None = None, **fields: Any
) -> Resident:
    """A participant whose account has a verified phone and who agrees to take part."""
    fields.setdefault("birth_year", 1980)
    user = user or make_user(full_name=full_name, phone=f"+8491{next(_number):07d}")
    unit = unit or make_place(parent=make_place("Tỉnh Thử Nghiệm"))
    resident = make_resident(full_name, user=user, unit=unit, **fields)
    make_consent(resident)
    return resident


def make_consent(resident: Resident, purpose: Purpose | str = Purpose.TAKE_PART) -> ConsentRecord:
    """The proof of a consent given yesterday."""
    return give_consent(resident=resident, purpose=purpose, now=NOW - timedelta(days=1))


def make_topics() -> list[Topic]:
    """The ten topics."""
    for place, (slug, names) in enumerate(TOPICS.items()):
        Topic.objects.get_or_create(slug=slug, defaults={"name_vi": names[0], "name_en": names[1], "position": place})
    return list(Topic.objects.all())


def single_draft(stem: str = "Ngày Chuyển đổi số quốc gia là ngày nào?", **fields: Any) -> Draft:
    """A sound single-choice draft whose key is B."""
    return Draft(
        **{
            "kind": "single",
            "stem": stem,
            "content": {"options": ["Ngày 22/4", "Ngày 10/10", "Ngày 21/10", "Ngày 3/6"]},
            "key": {"right": "B"},
            "difficulty": "easy",
            "topic": "nhan-thuc",
            "explanation": "Quyết định 505/QĐ-TTg chọn ngày 10/10.",
            "citation": "Quyết định 505/QĐ-TTg",
        }
        | fields
    )


def make_question(draft: Draft | None = None, *, approved: bool = True) -> Question:
    """A stored question, approved unless told otherwise."""
    make_topics()
    question = write_question(draft=draft or single_draft(f"Câu hỏi số {next(_number)}?"), author=None, now=NOW)
    return approve_question(question=question, reviewer=None, now=NOW) if approved else question


def make_questions(number: int, **fields: Any) -> list[Question]:
    """Several approved single-choice questions with different stems."""
    return [make_question(single_draft(f"Câu hỏi số {next(_number)}?", **fields)) for _ in range(number)]


def make_rules(name: str = "weekly-dx", **sections: Any) -> RuleSet:
    """A template's rules, with whole sections replaced: make_rules(attempts={"limit": 2, "per": "round"})."""
    data = template_rules(name).to_json()
    for section, value in sections.items():
        data[section] = data[section] | value if isinstance(value, dict) else value
    return RuleSet.from_json(data)


def make_contest(title: str = "Tìm hiểu về chuyển đổi số", *, rules: RuleSet | None = None, **fields: Any) -> Contest:
    """A listed contest with one version of rules."""
    rules = rules or make_rules()
    contest = Contest.objects.create(
        slug=fields.pop("slug", f"cuoc-thi-{next(_number)}"),
        title=title,
        organizer=fields.pop("organizer", "Sở Khoa học và Công nghệ"),
        unit=fields.pop("unit", None) or make_unit("Tỉnh Đồng Tháp", kind=UnitKind.PROVINCE),
        listed_at=fields.pop("listed_at", NOW - timedelta(days=2)),
        **fields,
    )
    RuleSetVersion.objects.create(contest=contest, number=1, data=rules.to_json(), digest=rules.digest())
    return contest


def make_round(
    contest: Contest | None = None, *, questions: int | list[Question] = 5, frozen: bool = True, **fields: Any
) -> Round:
    """A round open at NOW for a week, its pool frozen from ``questions`` (made when a number is given)."""
    contest = contest or make_contest()
    stock = make_questions(questions) if isinstance(questions, int) else questions
    round_ = Round.objects.create(
        contest=contest,
        number=fields.pop("number", contest.rounds.count() + 1),
        title=fields.pop("title", "Tuần 1"),
        opens_at=fields.pop("opens_at", NOW - timedelta(days=1)),
        closes_at=fields.pop("closes_at", NOW + timedelta(days=6)),
        blueprint=fields.pop("blueprint", [{"topic": "", "difficulty": "", "count": len(stock), "group": ""}]),
        rule_set=contest.rule_sets.get(number=1),
        frozen_at=NOW - timedelta(days=1) if frozen else None,
        **fields,
    )
    if frozen:
        PoolItem.objects.bulk_create(
            [
                PoolItem(round=round_, position=place, version=question.current, cell=0)
                for place, question in enumerate(stock)
            ]
        )
    return round_


def make_entry(contest: Contest, resident: Resident | None = None, **fields: Any) -> Entry:
    """A resident entered in a contest since yesterday."""
    resident = resident or make_resident()
    return Entry.objects.create(
        contest=contest,
        resident=resident,
        full_name=resident.full_name,
        unit=resident.unit,
        registered_at=fields.pop("registered_at", NOW - timedelta(days=1)),
        **fields,
    )
