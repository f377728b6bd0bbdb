"""A live room: question to the last phone, a burst of answers, and what a player costs, against the least a room can be.

The limit is a bare ASGI broadcast under the same server, the peer a python-socketio room; all have the same phones, which take
turns question by question. What ours does besides: the host's command is a committed transaction, every answer is judged
and committed before it is acknowledged, the reveal is graded and ranked, and each phone gets a line of its own.
"""

from __future__ import annotations

import json
import resource
from collections.abc import Iterator
from contextlib import ExitStack
from statistics import median
from typing import Any

from bench.harness import Options, Report, Server, Target, call, data_dir, environment, serving
from bench.services import redis_in

SERVERS = ("daphne", "uvicorn")
PLAYERS, MANY = 1_000, 3_000
QUESTIONS, QUICK_QUESTIONS = 12, 5
APPS = {"bare": "bench.live_apps:bare", "socketio": "bench.live_apps:socketio_room", "ours": "config.asgi:application"}

BROADCAST_TIMES = 1.5
JOINED_MS, ACKED_MS = 2_000.0, 1_000.0


def run(options: Options) -> Report:
    """Measure under both servers, then many players, then two processes."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    players = options.players or (300 if options.quick else PLAYERS)
    many = players * MANY // PLAYERS
    questions = QUICK_QUESTIONS if options.quick else QUESTIONS
    columns = (
        "server", "room", "players", "joined ms", "question p50", "question p95", "ack p50", "all acked", "to reveal",
        "CPU µs/join", "CPU ms/question", "CPU µs/answer", "KB each", "lost",
    )  # fmt: skip
    report = Report("live", columns)
    with data_dir("live") as data, redis_in(data):
        env = environment(data)
        events = json.loads(call(["-m", "bench.live_cast", "make", "5", str(questions)], env))
        mine: list[dict[str, Any]] = []
        for server in SERVERS:
            options.write(f"{server}: {players:,} players …")
            found = measure(server, ("bare", "socketio", "ours"), players, questions, events.pop(), env)
            report.rows += rows(server, players, found)
            report.targets += same_server(server, players, found)
            mine.append(found["ours"])
        found_many = {}
        for server, processes in (("uvicorn", 1), ("daphne", 1), ("daphne", 2)):
            options.write(f"{server}, {processes} process(es): {many:,} players …")
            one = measure(server, ("ours",), many, max(3, questions // 3), events.pop(), env, processes=processes)
            found_many[server, processes] = one["ours"]
            mine.append(one["ours"])
            report.rows += rows(f"{server} × {processes}", many, one)
            report.targets.append(nobody_lost(f"{server} × {processes}, {many:,} players", one["ours"]))
        report.targets += two_carry_more(many, found_many["daphne", 1], found_many["daphne", 2])
        stored = json.loads(call(["-m", "bench.live_cast", "count"], env))
        report.targets.append(committed(stored, mine))
    return report


def measure(
    server: str,
    rooms: tuple[str, ...],
    players: int,
    questions: int,
    event: Any,
    env: dict[str, str],
    *,
    processes: int = 1,
) -> dict[str, Any]:
    """Let the same phones play in each of these rooms, in turns. {room: what was found}."""
    with ExitStack() as stack:
        houses = []
        for room in rooms:
            count = processes if room == "ours" else 1
            running: list[Server] = [stack.enter_context(serving(server, APPS[room], env)) for _ in range(count)]
            houses.append(
                {
                    "name": room,
                    "kind": room,
                    "players": players,
                    "ports": [one.port for one in running],
                    "pids": [one.process.pid for one in running],
                    "event": event,
                }
            )
        plan = json.dumps({"houses": houses, "questions": questions})
        return {one["name"]: one for one in json.loads(call(["-m", "bench.live_client"], env, stdin=plan))}


def rows(server: str, players: int, found: dict[str, Any]) -> Iterator[list[object]]:
    """Table rows."""
    for name, one in found.items():
        questions = reached(one["question_ms"])
        yield [
            server, name, players, whole(one["joined_ms"], players), median(questions), p95(questions),
            median(one["ack_ms"] or [0.0]), median(reached(one["acks_ms"])), median(reached(one["reveal_ms"]) if one["reveal_ms"] else [0.0]),
            one["cpu_join"] * 1000 / players, one["cpu_question"] / len(one["question_ms"]),
            one["cpu_answers"] * 1000 / players / len(one["acks_ms"]), one["kb_each"], missed(one),
        ]  # fmt: skip


def same_server(server: str, players: int, found: dict[str, Any]) -> Iterator[Target]:
    """What ours must reach against the bare room of this run."""
    ours, bare = found["ours"], found["bare"]
    ratio = p95(reached(ours["question_ms"])) / p95(reached(bare["question_ms"]))
    yield Target(
        f"{server}: question to the last phone p95 / bare broadcast", ratio, BROADCAST_TIMES, " ×", at_most=True
    )
    yield Target(f"{server}: {players:,} joined", whole(ours["joined_ms"], players), JOINED_MS, " ms", at_most=True)
    worst = median(reached(ours["acks_ms"]))
    yield Target(f"{server}: {players:,} answers at once, all acknowledged", worst, ACKED_MS, " ms", at_most=True)
    yield nobody_lost(f"{server}, {players:,} players", ours)


def nobody_lost(name: str, ours: dict[str, Any]) -> Target:
    return Target(f"{name}: players or frames lost", missed(ours), 0, at_most=True)


def two_carry_more(players: int, one: dict[str, Any], two: dict[str, Any]) -> Iterator[Target]:
    """Two processes against one, same phones."""
    for what, key in (("question to the last phone", "question_ms"), ("answers acknowledged", "acks_ms")):
        ratio = median(reached(one[key])) / median(reached(two[key]))
        yield Target(f"daphne, {players:,} players: {what}, one process / two", ratio, 1.0, " ×")


def committed(stored: dict[str, dict[str, int]], mine: list[dict[str, Any]]) -> Target:
    """Every seat that was given and every answer that was acknowledged is in the database."""
    given = sum(len(one["joined_ms"]) + len(one["ack_ms"]) for one in mine)
    kept = sum(one["players"] + one["answers"] for one in stored.values())
    return Target("seats and acknowledged answers that are not stored", max(0, given - kept), 0, at_most=True)


def reached(values: list[float | None]) -> list[float]:
    """The figures of rounds in which everybody was reached; a minute where none was."""
    return [value for value in values if value is not None] or [60_000.0]


def whole(values: list[float], players: int) -> float:
    """When the last one was there; a minute when not all came."""
    return values[-1] if len(values) == players else 60_000.0


def missed(one: dict[str, Any]) -> int:
    """Rounds in which not all were reached, and sockets lost."""
    return len(one["lost"]) + sum(
        value is None for key in ("question_ms", "acks_ms", "reveal_ms") for value in one[key]
    )


def p95(values: list[float]) -> float:
    """95th percentile."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]


if __name__ == "__main__":
    raise SystemExit("python manage.py bench live")
