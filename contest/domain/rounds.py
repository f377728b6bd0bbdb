"""A round's questions: can the bank fill its blueprint, freezing the pool, looking at a paper before anybody takes it."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from contest.blueprint import Filling, fill
from contest.dealing import Cell, PoolSlot, deal, item_seed, place
from contest.errors import NotYet, PaperTooSmall, RulesLocked
from contest.models import PoolItem, Round, RuleSetVersion
from contest.queries.papers import rules_of
from contest.rules import RuleSet
from contest.rules.enums import PaperMode
from contest.signals import round_frozen, tell_after_commit
from quizbank.enums import NEAR, Difficulty, KindCode
from quizbank.kinds import Shown, get_kind
from quizbank.models import QuestionVersion
from quizbank.queries.questions import approved_versions, topics

_WITH_OPTIONS = (KindCode.SINGLE, KindCode.MULTIPLE)


@dataclass(frozen=True, slots=True)
class Demand:
    """One blueprint line for one group of participants ("" = everybody): what must be found in the bank."""

    line: int
    cell: Cell
    group: str
    tag: str


@dataclass(frozen=True, slots=True)
class LineCheck:
    """What the bank has for one demand. ``have`` counts every question that fits; ``short`` is what is missing after
    lines that compete for the same questions have been served as well as possible."""

    line: int
    topic: str
    difficulty: str
    group: str
    need: int
    have: int
    short: int


@dataclass(frozen=True, slots=True)
class BlueprintCheck:
    """Whether a round's paper can be built; ``problems`` are sentences for the organizer."""

    lines: tuple[LineCheck, ...]
    problems: tuple[str, ...]

    @property
    def ok(self) -> bool:
        return not self.problems


@dataclass(frozen=True, slots=True)
class _Plan:
    demands: tuple[Demand, ...]
    versions: dict[int, QuestionVersion]
    have: tuple[int, ...]
    filling: Filling
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PreviewQuestion:
    """One question of a preview paper as a participant would see it; nothing of the key."""

    number: int
    code: str
    kind: str
    stem: str
    topic: str
    difficulty: str
    shown: Shown
    version: int = 0
    question: int = 0
    extra: Mapping[str, Any] = field(default_factory=dict)
    sealed: bool = False


def check_blueprint(*, round_: Round) -> BlueprintCheck:
    """Say line by line whether the bank can fill the round's blueprint. One query for the bank."""
    plan = _plan(round_)
    lines = tuple(
        LineCheck(
            line=demand.line,
            topic=demand.cell.topic,
            difficulty=demand.cell.difficulty,
            group=demand.group,
            need=demand.cell.count,
            have=plan.have[index],
            short=plan.filling.short.get(index, 0),
        )
        for index, demand in enumerate(plan.demands)
    )
    return BlueprintCheck(lines, plan.problems)


def freeze_round(*, round_: Round, now: datetime) -> Round:
    """Choose the approved versions the round's papers are dealt from, and lock its rules; both never change after.

    The choice follows the round's stored seed. Freezing twice gives the first pool.

    Raises:
        PaperTooSmall: with what the bank lacks.
        NotYet: when the round was cancelled or is over.
    """
    if round_.cancelled_at or round_.closed_at or now >= round_.closes_at:
        raise NotYet
    with transaction.atomic():
        if not Round.objects.filter(pk=round_.pk, frozen_at__isnull=True).update(frozen_at=now):
            round_.refresh_from_db()
            return round_
        RuleSetVersion.objects.filter(pk=round_.rule_set_id, locked_at__isnull=True).update(locked_at=now)
        round_.refresh_from_db()
        plan = _plan(round_)
        if plan.problems:
            raise PaperTooSmall(" ".join(plan.problems))
        PoolItem.objects.bulk_create(_pool_items(round_, plan))
        tell_after_commit(round_frozen, Round, round_id=round_.pk)
    return round_


def thaw_round(*, round_: Round, now: datetime) -> Round:
    """Undo freezing before the round opens, so that its blueprint can be changed.

    Raises:
        RulesLocked: when it has opened or somebody has a paper.
    """
    with transaction.atomic():
        thawed = Round.objects.filter(
            pk=round_.pk, frozen_at__isnull=False, opens_at__gt=now, attempts__isnull=True
        ).values_list("pk", flat=True)
        # A fresh seed: whoever saw the old pool knows nothing of the next one. It is also the name of cached pools.
        if not Round.objects.filter(pk__in=list(thawed)).update(frozen_at=None, seed=secrets.token_urlsafe(16)):
            raise RulesLocked
        PoolItem.objects.filter(round=round_).delete()
    round_.refresh_from_db()
    return round_


def require_unlocked(version: RuleSetVersion) -> None:
    """Raise RulesLocked when these rules are in force for a frozen round."""
    if version.locked_at is not None:
        raise RulesLocked


def preview_paper(*, round_: Round, group: str = "", seed: int | None = None) -> list[PreviewQuestion]:
    """Deal a paper as a participant of ``group`` would get it, from the frozen pool or from what would be frozen now.

    Raises:
        PaperTooSmall: when the blueprint cannot be filled yet.
    """
    rules = rules_of(round_)
    seed = secrets.randbits(63) if seed is None else seed
    pool = list(round_.pool.select_related("version__question__topic")) if round_.frozen_at else None
    if pool is None:
        plan = _plan(round_)
        if plan.problems:
            raise PaperTooSmall(" ".join(plan.problems))
        pool = _pool_items(round_, plan)
    positions = deal(
        [PoolSlot(item.position, item.cell, item.group, frozenset(item.near)) for item in pool],
        [Cell.from_json(line) for line in round_.blueprint],
        choice_seed=round_.seed if rules.paper.mode is PaperMode.FIXED else seed,
        order_seed=seed,
        group=group,
        shuffle=rules.paper.shuffle_questions,
    )
    return [
        _preview(number, pool[position], seed, shuffle=rules.paper.shuffle_options)
        for number, position in enumerate(positions, start=1)
    ]


def _preview(number: int, item: PoolItem, seed: int, *, shuffle: bool) -> PreviewQuestion:
    version = item.version
    shown = get_kind(version.kind).present(version.content, seed=item_seed(seed, item.position), shuffle=shuffle)
    return PreviewQuestion(
        number=number,
        code=version.question.code,
        kind=version.kind,
        stem=version.stem,
        topic=version.question.topic.name,
        difficulty=version.difficulty,
        shown=shown,
        version=version.pk,
        question=version.question_id,
        extra={name: version.extra[name] for name in ("markdown", "picture") if name in version.extra},
    )


def demands_of(blueprint: Sequence[Cell], rules: RuleSet) -> tuple[Demand, ...]:
    """Return what must be found: each line once, or once for each group that has a bank of its own."""
    banks = {row.group: row.bank for row in rules.paper.separate_banks}
    demands: list[Demand] = []
    for index, cell in enumerate(blueprint):
        groups = [cell.group] if cell.group or not banks else list(banks)
        demands.extend(Demand(index, cell, group, banks.get(group, "")) for group in groups)
    return tuple(demands)


def _plan(round_: Round) -> _Plan:
    rules = rules_of(round_)
    try:
        blueprint = [Cell.from_json(line) for line in round_.blueprint]
    except ValueError:
        blueprint = []
    demands = demands_of(blueprint, rules)
    stock = {version.pk: version for version in approved_versions() if _allowed(version, rules)}
    if rules.paper.new_bank_each_round:
        earlier = PoolItem.objects.filter(round__contest_id=round_.contest_id).exclude(round_id=round_.pk)
        for pk in earlier.values_list("version_id", flat=True):
            stock.pop(pk, None)
    order = sorted(stock, key=lambda pk: place(round_.seed, "pool", pk))
    fits = {pk: frozenset(i for i, demand in enumerate(demands) if _fits(stock[pk], demand)) for pk in order}
    have = tuple(sum(index in served for served in fits.values()) for index in range(len(demands)))
    needs, random = [demand.cell.count for demand in demands], rules.paper.mode is PaperMode.RANDOM
    filling = fill(needs, fits if random else _apart(fits, stock), spare=random)
    if not filling.complete and not random:  # better two questions that know each other than no paper
        filling = fill(needs, fits, spare=False)
    problems = (*_count_problems(blueprint, rules), *_stock_problems(demands, have, filling, rules))
    return _Plan(demands, stock, have, filling, problems)


def _apart(fits: dict[int, frozenset[int]], stock: dict[int, QuestionVersion]) -> dict[int, frozenset[int]]:
    """Of each neighbourhood only the first: where everybody gets one paper, the pool is that paper."""
    told: set[str] = set()
    kept = {}
    for pk, demands in fits.items():
        near = {tag for tag in stock[pk].question.tags if tag.startswith(NEAR)}
        if demands and not near & told:
            told |= near
            kept[pk] = demands
    return kept


def _allowed(version: QuestionVersion, rules: RuleSet) -> bool:
    wanted = rules.paper.options_per_question
    return wanted is None or version.kind not in _WITH_OPTIONS or len(version.content["options"]) == wanted


def _fits(version: QuestionVersion, demand: Demand) -> bool:
    cell, question = demand.cell, version.question
    return (
        cell.topic in ("", question.topic.slug)
        and cell.difficulty in ("", version.difficulty)
        and (not demand.tag or demand.tag in question.tags or demand.tag in version.audience)
    )


def _count_problems(blueprint: Sequence[Cell], rules: RuleSet) -> list[str]:
    if not blueprint:
        return [_("Đề thi chưa có cơ cấu câu hỏi.")]
    groups = [group.code for group in rules.groups] or [""]
    problems: list[str] = []
    for group in groups:
        total = sum(cell.count for cell in blueprint if cell.group in ("", group))
        if total != rules.paper.question_count:
            problems.append(
                _("Thể lệ ghi đề có %(rules)d câu, cơ cấu đề lại có %(paper)d câu.")
                % {"rules": rules.paper.question_count, "paper": total}
            )
    return list(dict.fromkeys(problems))


def _stock_problems(demands: Sequence[Demand], have: Sequence[int], filling: Filling, rules: RuleSet) -> list[str]:
    if not filling.short:
        return []
    names = {topic.slug: topic.name for topic in topics()} | {group.code: group.name for group in rules.groups}
    return [
        _("%(what)s: cần %(need)d câu, ngân hàng có %(have)d, còn thiếu %(short)d.")
        % {
            "what": _describe(demand, names),
            "need": demand.cell.count,
            "have": have[index],
            "short": filling.short[index],
        }
        for index, demand in enumerate(demands)
        if index in filling.short
    ]


def _describe(demand: Demand, names: Mapping[str, str]) -> str:
    topic, difficulty, group = demand.cell.topic, demand.cell.difficulty, demand.group
    words = [
        names.get(topic, topic) or _("Mọi chủ đề"),
        str(Difficulty(difficulty).label) if difficulty in Difficulty.values else difficulty or _("mọi độ khó"),
        names.get(group, group),
    ]
    return ", ".join(word for word in words if word)


def _pool_items(round_: Round, plan: _Plan) -> list[PoolItem]:
    rules = rules_of(round_)
    chosen = [
        (demand, plan.versions[pk]) for index, demand in enumerate(plan.demands) for pk in plan.filling.chosen[index]
    ]
    return [
        PoolItem(
            round=round_,
            position=position,
            version=version,
            cell=demand.line,
            points_milli=rules.points.of(version.difficulty),
            near=[tag for tag in version.question.tags if tag.startswith(NEAR)],
            group=demand.group,
        )
        for position, (demand, version) in enumerate(chosen)
    ]
