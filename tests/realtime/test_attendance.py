"""Who is connected, and whom a question waits for."""

from __future__ import annotations

from realtime.attendance import BACK_WITHIN_S, ELSEWHERE_S, Attendance


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_player_with_two_sockets_goes_with_the_last_and_is_awaited_a_while():
    clock = Clock()
    hall: Attendance[str] = Attendance(clock)
    hall.come(1, "phone")
    hall.come(1, "tablet")
    hall.come(2, "other")
    clock.now += BACK_WITHIN_S
    hall.go(1, "phone")
    assert hall.online == {1, 2}
    hall.go(1, "tablet")
    assert (hall.online, hall.awaited) == ({2}, {1, 2})
    clock.now += BACK_WITHIN_S + 0.1
    assert hall.awaited == {2}


def test_players_of_other_processes_count_until_their_process_is_silent():
    clock = Clock()
    hall: Attendance[str] = Attendance(clock)
    hall.come(1, "phone")
    assert hall.told("b", [1, 7]) is True
    assert hall.told("b", [7, 1]) is False
    assert hall.online == {1, 7}
    hall.told("c", [8])
    clock.now += ELSEWHERE_S - 0.1
    hall.told("c", [8])
    clock.now += 0.2
    assert hall.online == {1, 8}


def test_who_polls_without_a_socket_is_awaited_but_not_online():
    clock = Clock()
    hall: Attendance[str] = Attendance(clock)
    clock.now += BACK_WITHIN_S
    hall.seen(5)
    assert (hall.online, hall.awaited) == (set(), {5})


def test_a_new_hall_waits_for_everybody():
    """After a restart nobody is connected yet, and nobody's question must end for that."""
    clock = Clock()
    hall: Attendance[str] = Attendance(clock)
    hall.come(1, "phone")
    assert hall.awaited is None
    clock.now += BACK_WITHIN_S
    assert hall.awaited == {1}


def test_the_end_of_a_wait_is_known_beforehand():
    clock = Clock()
    hall: Attendance[str] = Attendance(clock)
    assert hall.waits_until == clock.now + BACK_WITHIN_S
    clock.now += BACK_WITHIN_S
    hall.come(1, "phone")
    assert hall.waits_until is None
    hall.go(1, "phone")
    hall.told("b", [7])
    assert hall.waits_until == clock.now + BACK_WITHIN_S
    clock.now += BACK_WITHIN_S
    assert hall.waits_until == clock.now + ELSEWHERE_S - BACK_WITHIN_S
    clock.now += ELSEWHERE_S
    assert (hall.waits_until, hall.awaited) == (None, set())
