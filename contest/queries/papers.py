"""What reading a response needs of an attempt and its round, remembered per process: both never change.

A frozen pool is immutable and so are an attempt's seed and the questions dealt to it, so the steady state of saving
answers reads nothing. What does change (state, lease, deadline) is never taken from here for a decision: the
statement that writes an answer asks the database.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from contest.arrivals import to_ms
from contest.dealing import PoolSlot, item_seed, read_dealt
from contest.errors import NotYet
from contest.lru import Lru
from contest.models import Attempt, PoolItem, Round
from contest.rules import RuleSet
from contest.sheet import Item
from contest.tokens import check_of
from quizbank.kinds import get_kind
from quizbank.models import QuestionVersion
from quizbank.translated import Words, words_in

# About 400 bytes each: 20 MB for everybody who sits at a paper in one process.
KNOWN_ATTEMPTS = 50_000
KNOWN_ROUNDS = 64


@dataclass(frozen=True, slots=True)
class Asked:
    """What is read of one pool item: the stem, the other languages' stem and content, picture and Markdown. Nothing of
    what explains it."""

    language: str
    stem: str
    content: dict[str, Any]
    translations: dict[str, dict[str, Any]]
    extra: dict[str, Any]

    def words(self, language: str) -> Words:
        """The stem and content in ``language``, the original's where there is no translation."""
        own = Words(self.stem, self.content)
        return own if language.startswith(self.language) else words_in(language, own, self.translations)


@dataclass(frozen=True, slots=True)
class Pool:
    """A round's frozen pool without its keys; index = pool position."""

    round_id: int
    slots: tuple[PoolSlot, ...]
    items: tuple[Item, ...]
    words: tuple[Asked, ...]
    versions: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class PaperFacts:
    """What never changes about one attempt. ``deadline_ms`` is for display only."""

    attempt: int
    check: bytes
    seed: int
    dealt: tuple[int, ...]
    deadline_ms: int
    pool: Pool

    def at(self, shown: int) -> tuple[Item, int]:
        """Return the item shown at ``shown`` and its seed within this attempt."""
        position = self.dealt[shown]
        return self.pool.items[position], item_seed(self.seed, position)


# By public id and seed: a round that was thawed and frozen again has another seed and so another pool.
_pools: Lru[tuple[str, str], Pool] = Lru(KNOWN_ROUNDS)
_papers: Lru[int, PaperFacts] = Lru(KNOWN_ATTEMPTS)
_rules: Lru[str, RuleSet] = Lru(KNOWN_ROUNDS)


def pools_of(rounds: Iterable[Round]) -> dict[int, Pool]:
    """Return {round id: pool} of frozen rounds; one query for those not yet known."""
    wanted = {(round_.public_id, round_.seed): round_.pk for round_ in rounds}
    known = _pools.get_many(wanted)
    missing = {pk: name for name, pk in wanted.items() if name not in known}
    if missing:
        rows: dict[int, list[PoolItem]] = {pk: [] for pk in missing}
        items = PoolItem.objects.filter(round_id__in=missing).select_related("version").order_by("round_id", "position")
        # The key is not even fetched: what is not in memory cannot leak.
        for item in items.only(
            "round_id", "position", "cell", "group", "near", "version_id", "version__kind", "version__content", "version__stem",
            "version__language", "version__translations", "version__extra",
        ):  # fmt: skip
            rows[item.round_id].append(item)
        loaded = {missing[pk]: _pool(pk, found) for pk, found in rows.items() if found}
        _pools.put_many(loaded)
        known |= loaded
    return {pk: known[name] for name, pk in wanted.items() if name in known}


def pool_of(round_: Round) -> Pool:
    """Return the pool of one round.

    Raises:
        NotYet: when the round is not frozen.
    """
    try:
        return pools_of([round_])[round_.pk]
    except KeyError as error:
        raise NotYet from error


def _pool(round_id: int, rows: list[PoolItem]) -> Pool:
    return Pool(
        round_id=round_id,
        slots=tuple(PoolSlot(row.position, row.cell, row.group, frozenset(row.near)) for row in rows),
        items=tuple(Item(get_kind(row.version.kind), row.version.content) for row in rows),
        words=tuple(_asked(row.version) for row in rows),
        versions=tuple(row.version_id for row in rows),
    )


def _asked(version: QuestionVersion) -> Asked:
    """What may stay in memory: explanations and feedback of the version are left behind."""
    return Asked(
        language=version.language,
        stem=version.stem,
        content=version.content,
        translations={
            language: {name: words[name] for name in ("stem", "content") if name in words}
            for language, words in version.translations.items()
        },
        extra={name: version.extra[name] for name in ("markdown", "picture") if name in version.extra},
    )


def papers_of(wanted: dict[int, bytes]) -> dict[int, PaperFacts]:
    """Return {attempt id: facts} for {attempt id: check}; attempts that do not exist or do not match are absent."""
    known = {pk: facts for pk, facts in _papers.get_many(wanted).items() if facts.check == wanted[pk]}
    missing = [pk for pk in wanted if pk not in known]
    if missing:
        attempts = list(
            Attempt.objects.filter(pk__in=missing)
            .select_related("round")
            .only("public_id", "seed", "dealt", "deadline", "round__public_id", "round__seed")
        )
        pools = pools_of({attempt.round_id: attempt.round for attempt in attempts}.values())
        loaded = {a.pk: facts_of(a, pools[a.round_id]) for a in attempts if a.round_id in pools}
        _papers.put_many(loaded)
        known |= {pk: facts for pk, facts in loaded.items() if facts.check == wanted[pk]}
    return known


def paper_of(attempt: Attempt) -> PaperFacts:
    """Return the facts of one attempt at hand."""
    return facts_of(attempt, pool_of(attempt.round))


def facts_of(attempt: Attempt, pool: Pool) -> PaperFacts:
    """Put together what is known about an attempt."""
    return PaperFacts(
        attempt=attempt.pk,
        check=check_of(attempt.public_id),
        seed=attempt.seed,
        dealt=read_dealt(attempt.dealt),
        deadline_ms=to_ms(attempt.deadline),
        pool=pool,
    )


def rules_of(round_: Round) -> RuleSet:
    """Return the rule set a round is played by (parsed once per process and digest)."""
    version = round_.rule_set
    known = _rules.get_many([version.digest]) if version.digest else {}
    if version.digest in known:
        return known[version.digest]
    rules = RuleSet.from_json(version.data)
    # An unlocked version may still be edited in place; only what its digest vouches for is remembered.
    if rules.digest() == version.digest:
        _rules.put_many({version.digest: rules})
    return rules


def forget_papers() -> None:
    """Empty the memory (tests that reuse row numbers)."""
    for cache in (_pools, _papers, _rules):
        cache.clear()
