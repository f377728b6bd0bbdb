"""`python -m bench.live_client < plan.json`: a hall full of phones in one cheap process; prints what they saw (JSON).

WebSockets spoken by hand on asyncio protocols: a frame costs a slice and a search, so that the server is what is measured.
A plan has houses (bare, socketio or ours); all are joined first, then they take turns question by question, so that the
machine's drift falls out of their ratios.
"""

from __future__ import annotations

import asyncio
import base64
import json
import os
import resource
import sys
import time
from functools import partial
from typing import Any

from bench.live_gauges import cpu, rss
from realtime.pins import Ticket, write_ticket

HOST = "127.0.0.1"
PATIENCE_S = 60.0
PING_S = 10.0
SETTLE_S = 0.15  # between two measurements


def frame(text: bytes) -> bytes:
    """A masked text frame whose mask is zero: what a client must send, without the work."""
    size = len(text)
    head = bytes((0x81, 0x80 | size)) if size < 126 else bytes((0x81, 0xFE)) + size.to_bytes(2, "big")
    return head + b"\0\0\0\0" + text


class Phone(asyncio.Protocol):
    """One WebSocket. ``house.read`` gets each text."""

    def __init__(self, house: House, number: int, path: str, port: int) -> None:
        self.house, self.number, self.path, self.port = house, number, path, port
        self.transport: Any = None
        self.buffer = b""
        self.open = False
        self.gone = False

    def connection_made(self, transport: Any) -> None:
        self.transport = transport
        key = base64.b64encode(os.urandom(16)).decode()
        host = f"{HOST}:{self.port}"
        transport.write(
            f"GET {self.path} HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\nUpgrade: websocket\r\n"
            f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
        )

    def data_received(self, data: bytes) -> None:
        data = self.buffer + data if self.buffer else data
        at = 0
        if not self.open:
            end = data.find(b"\r\n\r\n")
            if end < 0:
                self.buffer = data
                return
            if b" 101 " not in data[:16]:
                self.house.lose(self, data[:40])
                return
            self.open, at = True, end + 4
            self.house.opened(self)
        self.buffer = data[self.frames(data, at) :]

    def frames(self, data: bytes, at: int) -> int:
        """Read whole frames from ``at`` on; where the rest begins."""
        while len(data) - at >= 2:
            size, head = data[at + 1] & 127, 2
            if size == 126:
                size, head = int.from_bytes(data[at + 2 : at + 4], "big"), 4
            elif size == 127:
                size, head = int.from_bytes(data[at + 2 : at + 10], "big"), 10
            end = at + head + size
            if end > len(data):
                break
            opcode = data[at] & 15
            if opcode == 1:
                self.house.read(self, data[at + head : end])
            elif opcode == 9:
                # The very payload comes back, or the server takes the line for dead.
                pong = data[at + head : end]
                self.transport.write(bytes((0x8A, 0x80 | len(pong))) + b"\0\0\0\0" + pong)
            elif opcode == 8:
                self.house.lose(self, data[at + head : end])
            at = end
        return at

    def say(self, text: bytes) -> None:
        self.transport.write(frame(text))

    def connection_lost(self, exc: Exception | None) -> None:
        self.house.lose(self, b"connection lost")


class Tally:
    """Who has seen something; tells when all have."""

    def __init__(self, expected: int) -> None:
        self.expected = expected
        self.seen: dict[int, float] = {}
        self.done = asyncio.Event()

    def see(self, number: int) -> None:
        self.seen.setdefault(number, time.perf_counter())
        if len(self.seen) >= self.expected:
            self.done.set()

    def miss(self, number: int) -> None:
        """Somebody will not see it."""
        if number >= 0 and number not in self.seen:
            self.expected -= 1
            if len(self.seen) >= self.expected:
                self.done.set()

    async def all(self, begun: float) -> list[float]:
        """Milliseconds after ``begun`` at which each was reached, in order; fewer when somebody was not."""
        try:
            async with asyncio.timeout(PATIENCE_S):
                await self.done.wait()
        except TimeoutError:
            pass
        return sorted((at - begun) * 1000 for at in self.seen.values())


class House:
    """The phones at one room, and its host."""

    path = "/"

    def __init__(self, plan: dict[str, Any]) -> None:
        self.plan = plan
        self.players: int = plan["players"]
        self.ports: list[int] = plan["ports"]
        self.phones: list[Phone] = []
        self.joined = self.asked = self.acked = self.revealed = Tally(self.players)
        self.lost: list[str] = []
        self.host: Phone | None = None
        self.ending = False
        self.found: dict[str, Any] = {"joined_ms": [], "question_ms": [], "ack_ms": [], "acks_ms": [], "reveal_ms": []}
        self.found |= {"cpu_join": 0.0, "cpu_question": 0.0, "cpu_answers": 0.0}

    # ---- what a kind of room says differently

    def opened(self, phone: Phone) -> None:
        if phone.number >= 0:
            phone.say(b"join")

    def read(self, phone: Phone, text: bytes) -> None:
        if text.startswith(b'{"q"'):
            self.asked.see(phone.number)
        elif text.startswith(b'{"a"'):
            self.acked.see(phone.number)
        else:
            self.joined.see(phone.number)

    def trigger(self) -> None:
        assert self.host is not None
        self.host.say(b"q")

    def reply(self, phone: Phone) -> None:
        phone.say(b'{"v":1,"type":"answer","instance":1,"response":"0123abcd"}')

    async def ready(self) -> None:
        """Until the host may ask again."""
        await asyncio.sleep(SETTLE_S)

    def ping(self, phone: Phone) -> None:
        """Keep the line alive, where the room wants to hear from us."""

    # ---- the same for all

    def cpu(self) -> float:
        return cpu(self.plan["pids"])

    def lose(self, phone: Phone, why: bytes) -> None:
        if self.ending:
            return
        self.lost.append(f"{phone.number}: {why!r}")
        if not phone.gone:  # nobody waits for a phone that is gone; that it is gone is counted
            phone.gone = True
            for tally in {self.joined, self.asked, self.acked, self.revealed}:
                tally.miss(phone.number)

    async def connect(self, number: int, path: str) -> Phone:
        port = self.ports[number % len(self.ports)]
        make = partial(Phone, self, number, path, port)
        _, phone = await asyncio.get_running_loop().create_connection(make, HOST, port)
        return phone

    async def enter(self) -> None:
        """Everybody comes at once."""
        self.host = await self.connect(-1, self.plan.get("host_path", self.path))
        await asyncio.sleep(0.5)
        before, used = rss(self.plan["pids"]), self.cpu()
        begun = time.perf_counter()
        self.phones = list(await asyncio.gather(*(self.connect(number, self.path) for number in range(self.players))))
        self.found["joined_ms"] = await self.joined.all(begun)
        await asyncio.sleep(1)
        self.found["cpu_join"] = self.cpu() - used
        self.found["kb_each"] = (rss(self.plan["pids"]) - before) / self.players

    async def question(self) -> None:
        """Ask; then all answer at once; where there is a reveal, wait for it."""
        here = sum(not phone.gone for phone in self.phones)
        self.asked, self.acked, self.revealed = (Tally(here) for _ in range(3))
        used, begun = self.cpu(), time.perf_counter()
        self.trigger()
        seen = await self.asked.all(begun)
        self.found["question_ms"].append(seen[-1] if len(seen) == here else None)
        await asyncio.sleep(SETTLE_S)
        self.found["cpu_question"] += self.cpu() - used
        used, begun = self.cpu(), time.perf_counter()
        for phone in self.phones:
            if not phone.gone:
                self.reply(phone)
        acks = await self.acked.all(begun)
        self.found["acks_ms"].append(acks[-1] if len(acks) == here else None)
        self.found["ack_ms"] += acks
        self.found["cpu_answers"] += self.cpu() - used
        await self.after(begun)
        await self.ready()

    async def after(self, begun: float) -> None:
        """What follows the answers."""

    def leave(self) -> None:
        self.ending = True
        for phone in [*self.phones, *([self.host] if self.host else [])]:
            phone.transport.abort()
        self.found["lost"] = self.lost


class SocketIo(House):
    """Engine.IO 4 over a WebSocket: 0 open, 2 ping, 3 pong, 40 connect, 42 event, 43 ack."""

    path = "/socket.io/?EIO=4&transport=websocket"

    def opened(self, phone: Phone) -> None:
        """The server speaks first."""

    def read(self, phone: Phone, text: bytes) -> None:
        if text == b"2":
            phone.say(b"3")
        elif text.startswith(b"0"):
            phone.say(b"40")
        elif text.startswith(b"40"):
            if phone.number >= 0:
                phone.say(b'420["join","An"]')
        elif text.startswith(b"430"):
            self.joined.see(phone.number)
        elif text.startswith(b"431"):
            self.acked.see(phone.number)
        elif text.startswith(b"42"):
            self.asked.see(phone.number)

    def trigger(self) -> None:
        assert self.host is not None
        self.host.say(b'42["q"]')

    def reply(self, phone: Phone) -> None:
        phone.say(b'421["answer",{"instance":1,"response":"0123abcd"}]')


class Ours(House):
    """A live event."""

    def __init__(self, plan: dict[str, Any]) -> None:
        super().__init__(plan)
        event = plan["event"]
        self.path = f"/ws/live/{event['event']}/play"
        plan["host_path"] = f"/ws/live/{event['event']}/desk?key={event['key']}"
        self.event = event
        self.desk: dict[str, Any] = {}
        self.moved = asyncio.Event()
        self.answer = b""
        self.codes: dict[bytes, int] = {}
        self.number = 0

    def opened(self, phone: Phone) -> None:
        if phone.number < 0:
            return
        nonce = base64.urlsafe_b64encode(os.urandom(12)).decode()
        ticket = write_ticket(self.event["secret"], Ticket(self.event["id"], nonce, int(time.time() * 1000)))
        name = f"Lan {phone.number}"
        phone.say(json.dumps({"v": 1, "type": "join", "ticket": ticket, "name": name}).encode())

    def read(self, phone: Phone, text: bytes) -> None:
        kind = text[15 : text.find(b'"', 15)]
        if phone.number < 0:
            if kind == b"desk":
                self.desk = json.loads(text)
                self.moved.set()
            elif kind == b"refused":
                self.lost.append(text.decode())
        elif kind == b"stage":
            self.stage(phone, text)
        elif kind == b"ack":
            if b'"code":"saved"' in text or b'"code":"duplicate"' in text:
                self.acked.see(phone.number)
            else:
                self.lost.append(text.decode())
        elif kind == b"denied":
            self.lost.append(text.decode())

    def stage(self, phone: Phone, text: bytes) -> None:
        at = text.find(b'"phase":"') + 9
        phase = text[at : text.find(b'"', at)]
        if phase == b"lobby":
            self.joined.see(phone.number)
        elif phase == b"open":
            if not self.asked.seen:
                stage = json.loads(text)
                wire = stage["question"]["options"][0]["id"]
                self.answer = json.dumps(
                    {"v": 1, "type": "answer", "instance": stage["instance"], "response": wire}
                ).encode()
            self.asked.see(phone.number)
        elif phase == b"reveal":
            self.revealed.see(phone.number)

    def trigger(self) -> None:
        assert self.host is not None
        self.number += 1
        action = "start" if self.desk["phase"] == "lobby" else "next"
        order = {"v": 1, "type": "command", "id": str(self.number), "action": action, "at": self.desk["at"], "data": {}}
        self.host.say(json.dumps(order).encode())

    def reply(self, phone: Phone) -> None:
        phone.say(self.answer)

    async def after(self, begun: float) -> None:
        seen = await self.revealed.all(begun)
        self.found["reveal_ms"].append(seen[-1] if len(seen) == self.revealed.expected else None)

    async def ready(self) -> None:
        async with asyncio.timeout(PATIENCE_S):
            while self.desk["phase"] not in ("lobby", "reveal"):
                self.moved.clear()
                await self.moved.wait()
        await asyncio.sleep(SETTLE_S)

    def ping(self, phone: Phone) -> None:
        phone.say(b'{"v":1,"type":"ping"}')


KINDS = {"bare": House, "socketio": SocketIo, "ours": Ours}


async def keep_alive(houses: list[House]) -> None:
    """Every phone says a word every ten seconds, one after the other."""
    while True:
        for house in houses:
            for number, phone in enumerate([*house.phones, *([house.host] if house.host else [])]):
                if phone.open and not phone.gone:
                    house.ping(phone)
                if number % 50 == 0:
                    await asyncio.sleep(PING_S / (1 + house.players / 50) / len(houses))
        await asyncio.sleep(0.2)


async def main(plan: dict[str, Any]) -> list[dict[str, Any]]:
    houses = [KINDS[one["kind"]](one) for one in plan["houses"]]
    for house in houses:
        await house.enter()
    pinging = asyncio.create_task(keep_alive(houses))
    for _ in range(plan["questions"]):
        for house in houses:
            await house.question()
    pinging.cancel()
    for house in houses:
        house.leave()
    return [house.found | {"name": house.plan["name"]} for house in houses]


if __name__ == "__main__":
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    print(json.dumps(asyncio.run(main(json.load(sys.stdin)))))
