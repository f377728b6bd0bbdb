"""The question on stage and its resolution, as they may be shown. Pure.

Option ids are opaque and made anew each time a question is opened: they tell nothing in another opening, and nothing about
which option is right.
"""

from __future__ import annotations

import hmac
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache

from quizbank.kinds import get_kind
from quizbank.kinds.base import Kind, ShownOption
from realtime.enums import Phase, Play, PlayerStatus
from realtime.live_parts import CloudWord, LiveOption, LivePicture, LiveQuestion, LiveReveal
from realtime.nicknames import NameRefused, clean
from realtime.protocol import Response
from realtime.queries.snapshot import Question, Snapshot
from realtime.shown_people import nearest

ASKED = frozenset({Phase.INTRO, Phase.OPEN, Phase.LOCKED, Phase.REVEAL, Phase.BOARD, Phase.RESCUE})
REVEALED = frozenset({Phase.REVEAL, Phase.BOARD, Phase.RESCUE})
CLOUD_WORDS = 40
# Kinds whose options must be dealt in another order than written: as written they may be in the order of the key.
DEALT = frozenset({"ordering", "matching"})


@lru_cache(maxsize=256)
def option_seed(secret: str, instance: int) -> int:
    """64 secret bits of one opening of a question: option ids made with them tell nothing in another opening."""
    return int.from_bytes(hmac.digest(secret.encode(), f"options/{instance}".encode(), "sha256")[:8], "big")


def seed_of(snap: Snapshot) -> int:
    """The seed of the question on stage."""
    return option_seed(snap.secret, snap.game.instance)


def canonical(snap: Snapshot, question: Question, wire: Response) -> str:
    """What is stored for a wire response ("" for a blank); raises quizbank.errors.BadResponse."""
    sent: object = list(wire) if isinstance(wire, tuple) else wire
    return get_kind(question.kind).read(question.content, sent, seed=seed_of(snap))


def wire_of(snap: Snapshot, question: Question, response: str) -> Response:
    """The wire form of a stored response."""
    wire = get_kind(question.kind).write(question.content, response, seed=seed_of(snap))
    return tuple(wire) if isinstance(wire, list) else wire


def is_revealed(snap: Snapshot) -> bool:
    """Whether the question on stage has been resolved for everybody."""
    return snap.question is not None and snap.game.phase in REVEALED and snap.game.is_counted


def live_question(snap: Snapshot, *, letters: bool) -> LiveQuestion | None:
    """The question on stage. ``letters``: for phones that show only letters; the words stay on the wall."""
    question = snap.question
    if question is None or snap.game.phase not in ASKED:
        return None
    shown = get_kind(question.kind).present(question.content, seed=seed_of(snap), shuffle=question.kind in DEALT)
    reading = snap.game.phase == Phase.INTRO
    item = question.item
    return LiveQuestion(
        kind=question.kind,
        play=item.play,
        stem="" if letters else question.stem,
        options=() if reading else _options(shown.options, letters=letters),
        targets=() if reading else _options(shown.targets, letters=letters),
        unit=shown.unit,
        points=item.points if item.scores else 0,
        stakes=item.stakes,
        seconds=item.seconds,
        practice=item.practice,
        picture=None if letters else _picture(question),
    )


def _picture(question: Question) -> LivePicture | None:
    shown = question.picture
    if shown is None:
        return None
    return LivePicture(url=shown.url, alt=shown.alt, width=shown.width, height=shown.height)


def _options(options: Iterable[ShownOption], *, letters: bool) -> tuple[LiveOption, ...]:
    return tuple(LiveOption(id=option.id, text="" if letters else option.text) for option in options)


def live_reveal(snap: Snapshot) -> LiveReveal | None:
    """The key and the distribution, once the question is resolved."""
    question = snap.question
    if question is None or not is_revealed(snap):
        return None
    kind, keyed = get_kind(question.kind), has_key(question)
    explain = snap.rules.explain and keyed
    return LiveReveal(
        right=right_ids(snap, question) if keyed else (),
        text=kind.tell_key(question.content, question.key) if keyed else "",
        counts=counts_of(snap, question),
        none=max(0, expected(snap) - sum(snap.responses.values())),
        explanation=question.explanation if explain else "",
        citation=question.citation if explain else "",
        url=question.citation_url if explain else "",
        cloud=_cloud(snap, question, kind),
        nearest=nearest(snap),
    )


def has_key(question: Question) -> bool:
    """Whether there is a right answer."""
    return question.item.play in (Play.QUIZ, Play.CLOSEST)


def right_ids(snap: Snapshot, question: Question) -> tuple[str, ...]:
    """Option ids of the key, in its order (ordering) or one a left item (matching); () for written kinds."""
    key = question.key
    match question.kind:
        case "single":
            right = str(key["right"])
        case "multiple":
            right = "".join(sorted(key["right"]))
        case "boolean":
            right = "T" if key["right"] else "F"
        case "ordering":
            right = "".join(key["order"])
        case "matching":
            right = "".join(key["pairs"][left] for left in sorted(key["pairs"]))
        case _:
            return ()
    wire = wire_of(snap, question, right)
    return (wire,) if isinstance(wire, str) else wire


def counts_of(snap: Snapshot, question: Question) -> dict[str, int]:
    """{option id: who chose it} for kinds one chooses from."""
    if question.kind not in ("single", "multiple", "boolean"):
        return {}
    chosen: Counter[str] = Counter()
    for response, people in snap.responses.items():
        for label in response:
            chosen[label] += people
    kind, seed = get_kind(question.kind), seed_of(snap)
    labels = "TF" if question.kind == "boolean" else "ABCDEFGH"[: len(question.content["options"])]
    ids = {label: kind.write(question.content, label, seed=seed) for label in labels}
    return {one if isinstance(one, str) else one[0]: chosen[label] for label, one in ids.items()}


def _cloud(snap: Snapshot, question: Question, kind: Kind) -> tuple[CloudWord, ...]:
    """What was written, the most frequent first."""
    if question.kind not in ("short", "numeric"):
        return ()
    words: Counter[str] = Counter()
    spelled: dict[str, str] = {}
    for response, people in snap.responses.items():
        text = kind.tell_response(question.content, response)
        folded = text.casefold()
        spelled.setdefault(folded, text)
        words[folded] += people
    frequent = ((spelled[word], n) for word, n in words.most_common(4 * CLOUD_WORDS))
    shown = (CloudWord(text=text, n=n) for text, n in frequent if question.kind == "numeric" or presentable(text))
    return tuple(word for word, _place in zip(shown, range(CLOUD_WORDS), strict=False))


def presentable(text: str) -> bool:
    """Whether a text may stand on the wall unread: it would be let in as a name."""
    try:
        clean(text[:24])
    except NameRefused:
        return False
    return True


def expected(snap: Snapshot) -> int:
    """How many may answer the question on stage, also after some of them fell on it."""
    index, ghosts = snap.game.index, snap.rules.bell is not None and snap.rules.bell.ghosts
    return sum(
        line.status == PlayerStatus.IN
        or (line.status == PlayerStatus.OUT and (ghosts or line.out_at == index))
        or (line.status == PlayerStatus.RESERVE and ghosts)
        for line in snap.lines.values()
    )
