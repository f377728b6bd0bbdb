"""A whole hall in memory: any order of commands, ticks, joins, answers, lost phones. The promises of the game hold after each step.

The hall applies effects one by one, as the database does; a second computation starts from nothing each time. The same
machine is then run against broken builds and must find each fault: a gate that cannot fail is no gate.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace

from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from realtime.bell import Person, fall, fell_on, floor, moved, rescue_candidates, reserves_for_units, stood, survivors
from realtime.enums import Action, AllOut, Finish, LateJoin, Mode, PlayerStatus, Scoring, Stakes
from realtime.enums import Phase as Stage
from realtime.game import (
    Count,
    Discard,
    Facts,
    Finished,
    Game,
    GameError,
    Moved,
    PlanItem,
    Restore,
    Step,
    Uncount,
    Unmoved,
    accepts,
    due,
    may,
    steer,
    tick,
)
from realtime.podium import Row, leaders, rank_lines, winners_of
from realtime.rules import BellRules, EventRules, checked
from realtime.scoring import award, course_of

T0 = 1_790_000_000_000
PLAN = (
    PlanItem(seconds=5, read_seconds=1, practice=True),
    PlanItem(seconds=5, read_seconds=1),
    PlanItem(seconds=5, read_seconds=0, points=500, stakes=Stakes.CUTOFF),
    PlanItem(seconds=5, read_seconds=1, stakes=Stakes.SAFE),
    PlanItem(seconds=5, read_seconds=1, points=2000),
    PlanItem(seconds=5, read_seconds=0, extra=True),
    PlanItem(seconds=5, read_seconds=0, extra=True),
)
COURSE = course_of(PLAN)


def bell(**values) -> EventRules:
    return checked(
        EventRules(
            mode=Mode.BELL, scoring=Scoring.ACCURACY, late_join=LateJoin.CLOSED, bell=BellRules(seats=4, **values)
        )
    )


RULES = [
    EventRules(scoring=Scoring.ACCURACY_FIRST, streak=True, board_every=2),
    EventRules(scoring=Scoring.KAHOOT, bets=True, auto_reveal=False, auto_next_seconds=3),
    bell(),
    bell(reserves=3, rescue_from=2, quota_k=1, teacher_rescues=2, extra=2),
    bell(
        finish=Finish.LAST_STANDING, lifeline=False, all_out=AllOut.END, reserves=2, rescue_from=1, quota_by_unit=False
    ),
    bell(marshal=True, all_out=AllOut.RESTORE, finish=Finish.LAST_STANDING, lifeline=False),
]


@dataclass(slots=True)
class Answer:
    instance: int
    permille: int
    elapsed_ms: int
    bet: int


class HallMachine(RuleBasedStateMachine):
    """One hall. ``people`` changes by effects; ``seats`` is how they sat down."""

    @initialize(rules=st.sampled_from(RULES), players=st.integers(1, 6))
    def open_the_doors(self, rules, players):
        self.rules, self.now, self.game = rules, T0, Game(phase=Stage.LOBBY)
        self.seats: dict[int, Person] = {}
        self.people: dict[int, Person] = {}
        self.offline: set[int] = set()
        self.answers: dict[tuple[int, int], Answer] = {}
        self.ledger: dict[int, dict[int, int]] = {}
        self.streaks: dict[int, int] = {}
        self.finished = 0
        self.opened_at = T0
        self.down: set[int] = set()
        for _ in range(players):
            self.join()

    # -- the hall

    def facts(self) -> Facts:
        people, answering = list(self.people.values()), [p for p in self.people if p not in self.offline]
        given = {player for index, player in self.answers if index == self.game.index}
        is_bell = self.rules.bell is not None
        return Facts(
            players=len(people),
            standing=len(survivors(people)),
            fell=len(fell_on(people, self.game.index, game=self.game)) if is_bell and self.game.is_counted else 0,
            answered=len(given & set(answering)),
            expected=len(answering),
            marshals_done=self.now % 2 == 0,
            leaders=leaders(self.lines()),
            reserves=reserves_for_units(people, self.rules.bell, game=self.game) if self.rules.bell else (),
            fallen=rescue_candidates(people, game=self.game, plan=PLAN, lot="secret") if is_bell else (),
        )

    def lines(self):
        totals = self.totals()
        rows = [Row(key=p.id, points=totals.get(p.id, 0), stood=stood(p, game=self.game)) for p in self.people.values()]
        return rank_lines(rows, rules=self.rules)

    def totals(self) -> dict[int, int]:
        totals: dict[int, int] = {}
        for points in self.ledger.values():
            for player, gained in points.items():
                totals[player] = totals.get(player, 0) + gained
        return totals

    def grades(self, index: int) -> dict[int, int]:
        return {player: answer.permille for (place, player), answer in self.answers.items() if place == index}

    def count(self, index: int, streaks: dict[int, int]) -> dict[int, int]:
        """The points of one question; moves the streaks on."""
        points, item = {}, PLAN[index]
        for player in self.people:
            answer = self.answers.get((index, player))
            earned = award(
                self.rules,
                item,
                right_permille=answer.permille if answer else None,
                elapsed_ms=answer.elapsed_ms if answer else 0,
                limit_ms=item.limit_ms,
                streak=streaks.get(player, 0),
                bet=answer.bet if answer else 0,
                course=COURSE,
            )
            points[player], streaks[player] = earned.points, earned.streak
        return points

    def apply(self, step: Step) -> None:
        before, self.game = self.game, step.game
        if step.game.phase == Stage.OPEN and (before.phase, before.instance) != (Stage.OPEN, step.game.instance):
            self.opened_at = self.now
        for effect in step.effects:
            self.apply_effect(effect)
        assert step.game.instance >= before.instance

    def apply_effect(self, effect) -> None:
        match effect:
            case Count(index, instance):
                self.apply_count(index, instance)
            case Uncount(index):
                del self.ledger[index]
                self.streaks = {}
                for counted in self.game.counted:
                    self.count(counted, self.streaks)
            case Restore(index):
                for player in fell_on(self.people.values(), index, game=self.game):
                    self.people[player] = replace(self.people[player], status=PlayerStatus.IN, out_at=None)
                    self.down.discard(player)
            case Moved(move):
                self.people = {p.id: p for p in moved(self.people.values(), move)}
                self.down = self.down - set(move.players) if move.inward else self.down | set(move.players)
            case Unmoved(move):
                self.take_back(move)
            case Discard(index):
                self.answers = {place: answer for place, answer in self.answers.items() if place[0] != index}
            case _:
                self.finished += isinstance(effect, Finished)

    def apply_count(self, index: int, instance: int) -> None:
        assert all(a.instance == instance for (place, _), a in self.answers.items() if place == index)
        assert index not in self.ledger, "counted twice"
        self.ledger[index] = self.count(index, self.streaks)
        if self.rules.bell and PLAN[index].eliminates:
            falling = fall(self.people.values(), self.grades(index), PLAN[index].stakes)
            self.down |= falling
            for player in falling:
                self.people[player] = replace(self.people[player], status=PlayerStatus.OUT, out_at=index)

    def take_back(self, move) -> None:
        """Put people where they were before a rescue; a fall on the question itself is being taken back with it."""
        known = floor(self.seats.values(), game=self.game, plan=PLAN, grades=self.all_grades())
        for player in set(move.players) & set(self.people):
            self.people[player] = known[player]
            (self.down.add if known[player].status == PlayerStatus.OUT else self.down.discard)(player)

    def all_grades(self) -> dict[int, dict[int, int]]:
        return {index: self.grades(index) for index in range(len(PLAN))}

    # -- what happens

    @rule()
    def join(self):
        """People come before the start; in a race at any time."""
        player = len(self.seats) + 1
        if (self.rules.bell and self.game.phase != Stage.LOBBY) or player > 8:
            return
        waits = self.rules.bell is not None and player > self.rules.bell.seats
        status = PlayerStatus.RESERVE if waits else PlayerStatus.IN
        self.seats[player] = self.people[player] = Person(id=player, seat=player, unit=player % 2, status=status)
        self.streaks.setdefault(player, 0)

    @rule(player=st.integers(1, 8))
    def lose_or_find_network(self, player):
        self.offline ^= {player}

    @rule(ms=st.sampled_from([1, 400, 1_000, 1_999, 5_000, 5_400, 60_000]))
    def time_passes(self, ms):
        self.now += ms

    @rule()
    def clock_ticks(self):
        game, waits = self.game, due(self.game)
        step = tick(game, PLAN, self.rules, now=self.now, facts=self.facts())
        if step is None:
            assert waits is None or waits > self.now
            return
        self.apply(step)
        later = due(self.game)
        assert later is None or later > self.now
        if self.game.phase == Stage.OPEN and self.game.instance == game.instance == 0:
            assert self.game.closes_at > self.now
        assert tick(self.game, PLAN, self.rules, now=self.now, facts=self.facts()) is None or self.facts().expected

    @rule()
    def clock_catches_up(self):
        """The process was dead for an hour."""
        self.now += 3_600_000
        self.clock_ticks()
        if self.game.phase == Stage.OPEN and not self.game.paused_at and due(self.game) > self.now:
            assert self.game.closes_at - self.now in {0, PLAN[self.game.index].limit_ms}

    @precondition(lambda self: self.game.index >= 0)
    @rule(
        player=st.integers(1, 8),
        back=st.integers(0, 1),
        early=st.sampled_from([0, 1, 700]),
        permille=st.sampled_from([1000, 1000, 0, 500]),
        bet=st.integers(0, 2),
    )
    def answer(self, player, back, early, permille, bet):
        """An answer arrives, sometimes received a moment before the state moved, sometimes of the opening before."""
        instance, received = self.game.instance - back, self.now - early
        fits = accepts(self.game, instance, received)
        wanted = (
            self.game.phase == Stage.OPEN
            and back == 0
            and self.game.opens_at <= received <= self.game.closes_at
            and (self.game.paused_at == 0 or received <= self.game.paused_at)
        )
        assert fits == wanted
        place = (self.game.index, player)
        if fits and player in self.people and place not in self.answers:
            self.answers[place] = Answer(instance, permille, received - self.game.opens_at, bet)

    @rule(
        action=st.sampled_from([a for a in Action if a not in {Action.ABORT, Action.FINISH}] + [Action.NEXT] * 12),
        data=st.sampled_from([
            {}, {}, {"force": True}, {"seconds": 7}, {"by": "teacher", "count": 1}, {"by": "audience", "players": [1, 2]},
            {"by": "reserves"}, {"in": [2]}, {"out": [1]}, {"in": [1, 3]}, {"winners": [2]},
        ]),
    )  # fmt: skip
    def command(self, action, data):
        self.steer(action, data)

    @precondition(lambda self: not self.game.is_over and self.game.phase != Stage.PODIUM)
    @rule(wrong=st.sets(st.integers(1, 8), max_size=5))
    def play_a_question(self, wrong):
        """The usual evening: on to the next reveal, everybody answers."""
        for _ in range(8):
            if self.game.phase == Stage.OPEN and self.game.closes_at > self.now and not self.game.paused_at:
                for player in self.people:
                    self.answer(player, 0, 0, 0 if player in wrong else 1000, 0)
            self.steer(Action.NEXT, {"force": True})
            self.now += 400
            self.clock_ticks()
            if self.game.phase in {Stage.REVEAL, Stage.PODIUM}:
                return

    @precondition(lambda self: self.game.is_counted)
    @rule(data=st.sampled_from([{"by": "teacher", "count": 1}, {"by": "reserves"}, {"out": [1]}, {"in": [2]}]))
    def call_people_in(self, data):
        self.steer(Action.RESCUE if "by" in data else Action.JUDGE, data)

    @precondition(lambda self: self.game.is_counted)
    @rule(action=st.sampled_from([Action.UNDO, Action.UNDO, Action.REPLAY, Action.SKIP]))
    def think_again(self, action):
        self.steer(action, {})

    @precondition(lambda self: len(self.game.counted) > 1)
    @rule()
    def finish(self):
        self.steer(Action.FINISH, {})

    def steer(self, action, data):
        allowed = action in may(self.game, PLAN, self.rules)
        refusal, step = "", Step(self.game)
        try:
            step = steer(self.game, PLAN, self.rules, action, data, now=self.now, facts=self.facts())
        except GameError as error:
            refusal = error.code
        assert allowed or refusal == "bad_phase"
        assert refusal != "bad_phase" or not allowed or "winners" in data
        self.apply(step)

    # -- what always holds

    @invariant()
    def state_survives_storing(self):
        assert Game.from_json(json.loads(json.dumps(self.game.to_json()))) == self.game

    @invariant()
    def a_question_is_counted_or_skipped_once(self):
        game = self.game
        assert len(set(game.counted)) == len(game.counted)
        assert not set(game.counted) & set(game.skipped)
        assert set(self.ledger) == set(game.counted)
        assert set(game.restored) <= set(game.counted)

    @invariant()
    def points_equal_a_recount(self):
        """After any number of undone reveals the totals are those of counting everything once."""
        streaks: dict[int, int] = {}
        again = {index: self.count(index, streaks) for index in self.game.counted}
        known = {index: {p: n for p, n in points.items() if n} for index, points in self.ledger.items()}
        assert known == {index: {p: n for p, n in points.items() if n} for index, points in again.items()}

    @invariant()
    def floor_equals_a_recount(self):
        if self.rules.bell:
            again = floor(self.seats.values(), game=self.game, plan=PLAN, grades=self.all_grades())
            assert again == self.people

    @invariant()
    def nobody_who_lies_on_the_floor_wins(self):
        if self.game.phase not in {Stage.PODIUM, Stage.ENDED}:
            return
        winners = winners_of(self.lines(), rules=self.rules, game=self.game, standing=survivors(self.people.values()))
        if self.rules.bell and not self.game.winners:
            assert not set(winners) & self.down
            assert set(winners) == set(survivors(self.people.values()))
        assert self.finished == 1

    @invariant()
    def an_open_question_had_its_full_time(self):
        game = self.game
        if game.phase == Stage.OPEN and not game.paused_at and game.extended_ms == 0 and game.closes_at > self.now:
            assert game.closes_at - game.opens_at == PLAN[game.index].limit_ms

    @invariant()
    def the_clock_stands_only_before_the_key(self):
        if self.game.paused_at:
            assert self.game.phase in {Stage.INTRO, Stage.OPEN}
        assert self.game.phase != Stage.INTRO or self.game.index >= 0
