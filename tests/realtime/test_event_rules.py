"""Rules of events: presets are sound, stored rules read back, contradictions are told, every value is explained."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest
from django.utils import translation

from realtime.enums import (
    AllOut,
    Finish,
    JoinWith,
    LateJoin,
    Mode,
    Names,
    OptionOrder,
    PhoneShows,
    Scoring,
    TeamBy,
    TeamScore,
)
from realtime.game_commands import COMMANDS
from realtime.rule_words import explain, refusal
from realtime.rules import BellRules, EventRules, RulesError, TeamRules, checked, from_json, preset, to_json, with_mode


@pytest.mark.parametrize("mode", list(Mode))
def test_presets_are_sound_and_survive_storing(mode):
    rules = checked(preset(mode))

    assert rules.mode == mode
    assert from_json(to_json(rules)) == rules


def test_what_is_left_out_takes_its_first_value():
    assert from_json({}) == EventRules()


@pytest.mark.parametrize(
    ("data", "path"),
    [
        ({"seconds": 2}, "seconds"),
        ({"seconds": "20"}, "seconds"),
        ({"streak": 1}, "streak"),
        ({"mode": "war"}, "mode"),
        ({"colour": "red"}, "colour"),
        ({"board_rows": 51}, "board_rows"),
        ({"mode": "team"}, "team"),
        ({"mode": "bell"}, "bell"),
        ({"team": {}}, "team"),
        ({"bell": {}}, "bell"),
        ({"bets": True}, "bets"),
        ({"phone_shows": "letters", "option_order": "player"}, "option_order"),
        ({"names": "real"}, "guests"),
        ({"counts_into": "abc"}, "guests"),
        ({"mode": "bell", "bell": {}, "late_join": "open"}, "late_join"),
        ({"mode": "bell", "bell": {}, "late_join": "closed", "bets": True, "scoring": "kahoot"}, "bets"),
        ({"mode": "bell", "bell": {"seats": 50}, "late_join": "closed", "capacity": 49}, "capacity"),
        ({"mode": "bell", "bell": {"reserves": 5}, "late_join": "closed"}, "bell.rescue_from"),
        ({"mode": "bell", "bell": {"rescue_from": 5}, "late_join": "closed"}, "bell.rescue_from"),
        ({"mode": "bell", "bell": {"finish": "last_standing"}, "late_join": "closed"}, "bell.lifeline"),
    ],
)
def test_contradictions_are_told(data, path):
    with pytest.raises(RulesError) as error:
        from_json(data)

    assert [problem.path for problem in error.value.problems] == [path]
    assert all(sentence.endswith(".") or "Hãy chọn" in sentence for sentence in error.value.sentences)


def test_all_problems_are_told_at_once():
    with pytest.raises(RulesError) as error:
        from_json({"seconds": 0, "points": -1})

    assert len(error.value.sentences) == 2


@pytest.mark.parametrize("one", list(Mode))
@pytest.mark.parametrize("other", list(Mode))
def test_another_mode_gives_sound_rules(one, other):
    rules = with_mode(replace(preset(one), seconds=33), other)

    assert checked(rules).mode == other
    assert rules.seconds == 33


BELL = replace(preset(Mode.BELL), bell=BellRules(reserves=9, rescue_from=5))
TEAM = preset(Mode.TEAM)

CHANGES = [
    *[(EventRules(), {"scoring": scoring}) for scoring in (Scoring.ACCURACY, Scoring.KAHOOT)],
    *[
        (EventRules(scoring=Scoring.KAHOOT), change)
        for change in (
            {"points": 500}, {"streak": True}, {"tie_by_time": False}, {"option_order": OptionOrder.PLAYER},
            {"phone_shows": PhoneShows.LETTERS}, {"read_seconds": 0}, {"read_seconds": 7}, {"seconds": 45},
            {"auto_reveal": False}, {"auto_next_seconds": 6}, {"board_every": 0}, {"board_every": 5}, {"board_rows": 25},
            {"explain": False}, {"late_join": LateJoin.ZERO}, {"late_join": LateJoin.CLOSED}, {"guests": False},
            {"names": Names.FREE}, {"names": Names.SYSTEM}, {"names": Names.REAL}, {"capacity": 80},
            {"join": JoinWith.PATTERN}, {"spectators": False}, {"bets": True}, {"counts_into": "abc"},
        )
    ],
    *[
        (TEAM, {"team": TeamRules(**change)})
        for change in (
            {"by": TeamBy.HOST}, {"by": TeamBy.SHUFFLE}, {"by": TeamBy.CAPTAIN}, {"score": TeamScore.SUM},
            {"score": TeamScore.BEST},
        )
    ],
    (replace(TEAM, team=TeamRules(by=TeamBy.SHUFFLE)), {"team": TeamRules(by=TeamBy.SHUFFLE, size=8)}),
    (replace(TEAM, team=TeamRules(score=TeamScore.BEST)), {"team": TeamRules(score=TeamScore.BEST, best_k=8)}),
    *[
        (BELL, {"bell": replace(BELL.bell, **change)})
        for change in (
            {"seats": 60}, {"reserves": 30}, {"rescue_from": 20}, {"quota_k": 1}, {"quota_by_unit": False},
            {"teacher_rescues": 0}, {"teacher_rescues": 3}, {"lifeline": False}, {"lifeline_seconds": 60},
            {"finish": Finish.LAST_STANDING}, {"all_out": AllOut.END}, {"extra": 0}, {"extra": 5}, {"ghosts": False},
            {"marshal": True},
        )
    ],
    (EventRules(), {"mode": Mode.TEAM, "team": TeamRules()}),
]  # fmt: skip


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize(("rules", "change"), CHANGES, ids=lambda value: str(value)[:60])
def test_every_value_changes_what_is_read_aloud(rules, change, language):
    with translation.override(language):
        assert explain(rules, host=True) != explain(replace(rules, **change), host=True)


def test_every_field_is_among_the_changes():
    def changed(name):
        return any(name in change for _rules, change in CHANGES)

    assert [item.name for item in fields(EventRules) if not changed(item.name)] == []
    for part, parts in (("bell", BellRules), ("team", TeamRules)):
        seen = {
            item.name
            for rules, change in CHANGES
            if part in change and getattr(rules, part) is not None
            for item in fields(parts)
            if getattr(change[part], item.name) != getattr(getattr(rules, part), item.name)
        }
        assert seen == {item.name for item in fields(parts)}


@pytest.mark.parametrize("mode", list(Mode))
def test_sentences_are_short_and_whole(mode):
    for line in explain(preset(mode), host=True):
        assert line[0].isupper()
        assert line.endswith(".")
        assert "{" not in line
        assert len(line) <= 150


def test_refusals_have_sentences():
    assert (
        len({refusal(code) for code in ("bad_phase", "bad_value", "too_late", "no_lifeline", "marshals_pending")}) == 5
    )
    assert refusal("never heard of") == refusal("bad_phase")
    assert COMMANDS
