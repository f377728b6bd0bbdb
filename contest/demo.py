"""Believable data through the domain functions, with the clock passed in: nothing here writes a row by itself.

Stages: "scheduled" (a round that opens in an hour), "open" (a published round and an open one, some papers handed
in), "closed" (the open one closed and waiting for review), "published".
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any, Literal

from contest.demo_data import (
    BLUEPRINT,
    DESCRIPTION,
    ORGANIZER,
    PROVINCE,
    SUMMARY,
    TITLE,
    person_name,
)
from contest.domain.attempts import record_answers, start_attempt, submit_attempt
from contest.domain.certificates import issue_certificates
from contest.domain.closing import close_round
from contest.domain.contests import ContestFacts, RoundFacts, create_contest, list_contest, schedule_round
from contest.domain.entries import enter_contest
from contest.domain.item_figures import count_round
from contest.domain.publishing import publish_round
from contest.domain.rounds_admin import freeze_paper
from contest.domain.scoring import score_round
from contest.enums import CertificateKind
from contest.models import Contest, PoolItem, Round
from contest.queries.papers import paper_of
from contest.rules.templates import template_rules
from contest.wire import SentAnswer
from people.demo import staff_account
from people.domain.residents import Profile, register_resident
from people.enums import COMMUNE_KINDS, Category, Purpose, Role
from people.models import Resident, Unit, User
from quizbank.kinds import FULL, get_kind

Stage = Literal["scheduled", "open", "closed", "published"]
STAGES: tuple[Stage, ...] = ("scheduled", "open", "closed", "published")
ORGANIZER_LOGIN = "bantochuc"
FIRST_PHONE = 84_900_000_000


@dataclass(frozen=True, slots=True)
class Demo:
    """What was made, and how to sign in to it."""

    contest: Contest
    organizer: User
    password: str
    resident: Resident

    def sign_ins(self) -> list[dict[str, str]]:
        """Rows for the terminal: role, login, how."""
        return [
            {
                "role": "Ban tổ chức / organizer",
                "login": ORGANIZER_LOGIN,
                "how": f"mật khẩu / password: {self.password}",
            },
            {
                "role": "Người dự thi / resident",
                "login": local_phone(self.resident.user.phone or ""),
                "how": "mã ở trang /hop-thu/ / code on that page",
            },
        ]


def make_demo(*, stage: Stage, residents: int, now: datetime, seed: int = 2026) -> Demo:
    """Make the demonstration, or find it and give its organizer a fresh password.

    When the last round of the known one is over, a new contest follows, with the same people: nothing that happened
    is moved or rewritten, and there is again something to try.
    """
    known = Contest.objects.filter(title=TITLE).order_by("-pk").first()
    if known is not None and ends_at(known) > now:
        return _again(known, now)
    random = Random(seed)
    province = Unit.objects.get(code=PROVINCE, valid_to__isnull=True)
    people = residents_at(random, province, range(residents), now - timedelta(days=9))
    organizer, password = _organizer(province, now)
    facts = ContestFacts(title=TITLE, organizer=ORGANIZER, unit=province, summary=SUMMARY, description=DESCRIPTION)
    contest = create_contest(
        facts=facts, rules=template_rules("weekly-dx"), actor=organizer, now=now - timedelta(days=9)
    )
    first_day = now - timedelta(days=8)
    if stage != "scheduled":
        first = _round(contest, organizer, "Tuần 1", first_day, first_day + timedelta(days=6), first_day)
        list_contest(contest=contest, actor=organizer, now=first_day)
        take_papers(random, first, people, first_day + timedelta(hours=1), spread=timedelta(days=5))
        closed = first.closes_at + timedelta(minutes=5)
        close_round(round_id=first.pk, actor=organizer, now=closed)
        first.refresh_from_db()
        publish_round(contest_round=first, actor=organizer, now=closed + timedelta(hours=2))
        count_round(round_id=first.pk, now=closed + timedelta(hours=2))
        issue_certificates(
            contest_round=first, kind=CertificateKind.PARTICIPANT, actor=organizer, now=closed + timedelta(hours=3)
        )
    _second_round(random, stage, contest, organizer, people, now)
    return Demo(contest, organizer, password, people[0])


def ends_at(contest: Contest) -> datetime:
    """When the last round of the demonstration is over, and the next `up` should make a new one."""
    return contest.rounds.order_by("-closes_at").values_list("closes_at", flat=True)[0]


def _second_round(
    random: Random, stage: Stage, contest: Contest, organizer: User, people: list[Resident], now: datetime
) -> None:
    opens = now + timedelta(hours=1) if stage == "scheduled" else now - timedelta(days=1)
    second = _round(contest, organizer, "Tuần 2", opens, opens + timedelta(days=7), now - timedelta(days=1, hours=1))
    list_contest(contest=contest, actor=organizer, now=now)
    if stage == "scheduled":
        return
    # The first resident keeps the paper for the person who tries the site.
    take_papers(
        random, second, people[1 : 2 * len(people) // 3], opens + timedelta(minutes=10), spread=timedelta(hours=22)
    )
    score_round(round_id=second.pk, now=now)
    if stage in ("closed", "published"):
        close_round(round_id=second.pk, actor=organizer, now=second.closes_at + timedelta(minutes=1))
        second.refresh_from_db()
    if stage == "published":
        publish_round(contest_round=second, actor=organizer, now=second.closes_at + timedelta(hours=1))


def _again(contest: Contest, now: datetime) -> Demo:
    organizer, password = _organizer(contest.unit, now)
    (first,) = residents_at(Random(), contest.unit, range(1), now)
    return Demo(contest, organizer, password, first)


def _organizer(province: Unit, now: datetime) -> tuple[User, str]:
    """The demonstration's organizer with a fresh password."""
    return staff_account(login=ORGANIZER_LOGIN, full_name="Lê Thị Thu Hà", role=Role.ORGANIZER, unit=province, now=now)


def residents_at(random: Random, province: Unit, places: Iterable[int], now: datetime) -> list[Resident]:
    """People of the demonstration by their places; those who are there stay as they are."""
    communes = list(
        Unit.objects.filter(parent=province, kind__in=COMMUNE_KINDS, valid_to__isnull=True).order_by("code")[:8]
    )
    made = []
    for place in places:
        phone = phone_number(place)
        known = Resident.objects.select_related("user").filter(user__phone=phone, erased_at__isnull=True).first()
        if known is not None:
            made.append(known)
            continue
        user = User.objects.filter(phone=phone).first() or User.objects.create_user(phone=phone, phone_verified=True)
        profile = Profile(
            full_name=person_name(random),
            birth_year=random.randint(1958, 2008),
            category=random.choice([Category.CITIZEN, Category.CITIZEN, Category.OFFICIAL, Category.STUDENT]),
            unit=random.choice(communes),
        )
        made.append(register_resident(user=user, profile=profile, consents=list(Purpose), now=now))
    return made


def known_people(number: int) -> list[Resident]:
    """The first people of the demonstration that are there, in their order."""
    phones = [phone_number(place) for place in range(number)]
    known = Resident.objects.select_related("user", "unit").filter(user__phone__in=phones, erased_at__isnull=True)
    return sorted(known, key=lambda one: phones.index(one.user.phone or ""))


def phone_number(place: int) -> str:
    """The demonstration's n-th phone, E.164."""
    return f"+{FIRST_PHONE + place}"


def local_phone(phone: str) -> str:
    """+84912345678 as people dial it: 0912345678."""
    return f"0{phone.removeprefix('+84')}"


def _round(contest: Contest, actor: User, title: str, opens: datetime, closes: datetime, frozen: datetime) -> Round:
    blueprint: list[dict[str, Any]] = [
        {"topic": topic, "difficulty": difficulty, "count": count, "group": ""}
        for topic, difficulty, count in BLUEPRINT
    ]
    facts = RoundFacts(title=title, opens_at=opens, closes_at=closes, blueprint=blueprint)
    round_ = schedule_round(contest=contest, facts=facts, actor=actor, now=frozen)
    return freeze_paper(round_=round_, actor=actor, now=frozen)


def take_papers(
    random: Random,
    round_: Round,
    people: list[Resident],
    start: datetime,
    *,
    spread: timedelta,
    finish: bool = False,
) -> None:
    """Let people take their papers at moments within ``spread``; a few do not finish in time unless all ``finish``."""
    versions = {item.position: item.version for item in PoolItem.objects.filter(round=round_).select_related("version")}
    for resident in people:
        begun = start + spread * random.random()
        skill = random.uniform(0.45, 1.0)
        entry = enter_contest(resident=resident, contest=round_.contest, now=begun)
        attempt = start_attempt(entry=entry, round_=round_, now=begun)
        facts = paper_of(attempt)
        answers = []
        for shown, position in enumerate(facts.dealt):
            version = versions[position]
            _item, seed = facts.at(shown)
            kind = get_kind(version.kind)
            canonical = _response(random, version, right=random.random() < skill)
            answers.append(SentAnswer(shown, 1, kind.write(version.content, canonical, seed=seed)))
        ended = begun + timedelta(seconds=random.randint(95, 840), milliseconds=random.randint(0, 999))
        if not finish and random.random() < 0.05:
            record_answers(attempt=attempt, lease=attempt.lease, answers=answers[:-2], received_at=ended)
            continue
        submit_attempt(
            attempt=attempt,
            lease=attempt.lease,
            answers=answers,
            prediction=str(random.randint(0, max(3, len(people) // 3))),
            received_at=ended,
            now=ended,
        )


def _response(random: Random, version: Any, *, right: bool) -> str:
    """A canonical response that is right, or a believable wrong one."""
    kind, content, key = get_kind(version.kind), version.content, version.key
    match version.kind:
        case "single":
            options = ["A", "B", "C", "D"][: len(content["options"])]
        case "multiple":
            options = ["AB", "AC", "BC", "BD", "AD", "ABC", "ACD", "BCD"]
            options = [o for o in options if max(o) <= "ABCDEFGH"[len(content["options"]) - 1]]
            options.append("".join(sorted(key["right"])))
        case "boolean":
            options = ["T", "F"]
        case "numeric":
            options = [str(key["value"]), "10", "12", "63"]
        case "short":
            options = [key["accept"][0], "không nhớ"]
        case "ordering":
            options = ["".join(key["order"]), "".join(sorted(key["order"]))]
        case _:
            lefts = sorted(key["pairs"])
            options = ["".join(key["pairs"][left] for left in lefts), "".join(sorted(key["pairs"].values()))]
    good = [o for o in options if kind.grade(content, key, o) == FULL]
    bad = [o for o in options if o not in good]
    return random.choice(good if right or not bad else bad)
