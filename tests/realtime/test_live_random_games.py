"""Any order of commands, looks at the clock, joins and answers: what is stored is what the answers say.

After every step: a recount changes nothing, the floor is what ``realtime.bell.floor`` computes from the start, nobody
answered twice, and the position only rises.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from random import Random
from typing import Any

import pytest

from realtime.bell import Person, floor
from realtime.domain.answering import AnswerCode
from realtime.domain.counting import recount
from realtime.domain.places import status_at
from realtime.enums import Action, Mode, Phase, PlayerStatus, Stakes
from realtime.errors import BadCommand, CommandRefused, EventOver
from realtime.game_state import Game
from realtime.models import Event, LiveAnswer, Player
from realtime.queries.plan import running_of
from realtime.queries.snapshot import snapshot
from realtime.rules import from_json, preset
from tests.realtime.live_factories import Show, join, make_live_rules, make_show

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

STEPS = 50
PLAYING = (PlayerStatus.IN, PlayerStatus.OUT, PlayerStatus.RESERVE)


def new_show(mode: Mode) -> Show:
    rules = make_live_rules(mode, streak=True)
    if mode == Mode.BELL:
        bell = preset(mode).bell
        assert bell is not None
        rules = replace(rules, bell=replace(bell, seats=6, reserves=2, rescue_from=2, quota_k=3, quota_by_unit=False))
    settings: list[dict[str, Any]] = [{}, {"stakes": Stakes.SAFE}, {}, {"practice": True}, {"stakes": Stakes.CUTOFF}]
    return make_show(mode, rules=rules, questions=9, settings=settings)


def people(show: Show, *statuses: str) -> list[Player]:
    found = Player.objects.filter(event=show.event)
    return list(found.filter(status__in=statuses) if statuses else found)


def one_step(show: Show, random: Random, number: int) -> None:
    """Do something; what the rules refuse changes nothing."""
    keys = [player.public_id for player in people(show, *PLAYING)]
    key = random.choice(keys)
    match random.choice(("next", "next", "clock", "clock", "answer", "answer", "answer", "join", "command", "command")):
        case "next":
            show.command(Action.NEXT)
        case "clock":
            show.later(random.choice((0.5, 3, 12, 25)))
            show.tick()
        case "answer" if show.event.phase == Phase.OPEN:
            for player in people(show, *PLAYING):
                if random.random() < 0.6:
                    code = show.answer(player, random.choice("BBBAC"), after=random.uniform(0, 8))
                    assert code in {AnswerCode.SAVED, AnswerCode.DUPLICATE, AnswerCode.LATE, AnswerCode.BUSY}, code
        case "join" if show.event.phase not in {Phase.PODIUM, Phase.ENDED} and number % 5 == 0:
            join(show.event, f"Thêm {number}", now=show.now)
        case "command":
            action, data = random.choice(
                (
                    ("reveal", {}),
                    ("undo", {}),
                    ("undo", {}),
                    ("skip", {}),
                    ("replay", {}),
                    ("extend", {"seconds": 5}),
                    ("pause", {}),
                    ("resume", {}),
                    ("end_now", {}),
                    ("to_board", {}),
                    ("rescue", {"by": "teacher", "count": 1}),
                    ("rescue", {"by": "reserves"}),
                    ("judge", {"accept": ["C"]}),
                    ("judge", {"void": True}),
                    ("judge", {"in": [key]}),
                    ("judge", {"out": [key]}),
                    ("kick", {"player": key}) if len(keys) > 4 else ("lock", {}),
                    ("unlock", {}),
                )
            )
            show.command(action, **data)
        case _:
            pass


def check(show: Show, seq: int) -> int:
    show.event = Event.objects.get(pk=show.event.pk)
    assert show.event.seq >= seq
    assert recount(event_id=show.event.pk) == 0
    rules, game = from_json(show.event.rules), Game.from_json(show.event.state)
    assert len(set(game.counted)) == len(game.counted)
    if rules.bell is not None:
        expected = floor(
            [
                Person(id=p.pk, seat=p.seat or 0, status=status_at(p.seat or 0, rules.bell))
                for p in people(show, *PLAYING)
            ],
            game=game,
            plan=running_of(show.event.pk, rules).plan,
            grades=grades(show),
        )
        assert {p.pk: (p.status, p.out_at) for p in people(show, *PLAYING)} == {
            pk: (person.status, person.out_at) for pk, person in expected.items()
        }
    snap = snapshot(show.event.pk)
    assert snap is not None
    assert snap.game == game
    return show.event.seq


def grades(show: Show) -> dict[int, dict[int, int]]:
    found: defaultdict[int, dict[int, int]] = defaultdict(dict)
    last = dict(show.event.questions.values_list("pk", "instance"))
    rows = LiveAnswer.objects.filter(question__event=show.event, points__isnull=False)
    for question, index, instance, player, permille in rows.values_list(
        "question_id", "question__position", "instance", "player_id", "permille"
    ):
        assert last[question] == instance
        assert player not in found[index]
        found[index][player] = permille or 0
    return found


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("mode", list(Mode))
def test_any_game_is_what_its_answers_say(mode, seed):
    random = Random(f"{mode}:{seed}")
    show = new_show(mode)
    join(show.event, *(f"Người {n}" for n in range(7)))
    seq = 0
    for number in range(STEPS):
        try:
            one_step(show, random, number)
        except (CommandRefused, BadCommand):
            pass
        except EventOver:
            break
        seq = check(show, seq)
    counted = Game.from_json(show.event.state).counted
    assert counted or show.event.log.filter(action="skip").exists()
