"""The doors of a live event, for sockets and for HTTP alike: a ticket becomes a seat, a token opens it again.

A ticket is signed for one event by the page that knew its PIN; a seat token is signed for one player. Both are signed with
the event's own secret, so those of another event open nothing here, and both are checked without the database.
"""

from __future__ import annotations

import base64
import binascii
import secrets

from django.utils.translation import gettext as _
from django.utils.translation import override

from realtime.domain.joining import Denied, Joining, Seat
from realtime.enums import JoinWith
from realtime.hall import SENT_AWAY, Hall
from realtime.live_frames import Join
from realtime.pins import (
    BadToken,
    SeatToken,
    Ticket,
    check_of,
    new_nonce,
    pattern_fits,
    read_seat,
    read_ticket,
    write_seat,
    write_ticket,
)
from realtime.queries.lines import Line
from realtime.room import now_ms
from realtime.threads import in_thread
from realtime.visitors import Headers, has_session, resident_id_of

WRONG_PATTERN = "wrong_pattern"
TICKET_MS = 12 * 3_600_000  # a ticket may be used so long: longer than an event, shorter than its PIN's next life
LONGEST_NAME = 200  # characters of a name that are looked at at all
_EVENT = slice(1, 9)  # where both layouts of realtime.pins have the event's row number


def new_ticket(*, event_id: int, secret: str, now: int) -> str:
    """A ticket for the join page of an event. ``now`` in ms since 1970. The same ticket always gives the same seat."""
    return write_ticket(secret, Ticket(event_id, new_nonce(secrets.SystemRandom()), now))


async def join(hall: Hall, frame: Join, *, headers: Headers) -> Seat | Denied:
    """A seat for a ticket, after the commit; or why not, in the language in force.

    Raises:
        Busy, Gone: as ``Hall.join``.
    """
    snap = hall.snap
    assert snap is not None
    try:
        ticket = read_ticket(snap.secret, frame.ticket)
    except BadToken:
        return _bad_ticket()
    now = now_ms()
    if ticket.event != hall.event_id or not -60_000 <= now - ticket.issued_ms <= TICKET_MS:
        return _bad_ticket()
    nonce = ticket.nonce
    if snap.rules.join == JoinWith.PATTERN and not hall.knows(nonce):
        refused = _look_at_shapes(hall, snap.secret, nonce, _plain(frame.pattern, 8), now)
        if refused is not None:
            return refused
    resident = await in_thread(resident_id_of)(headers) if has_session(headers) else None
    result = await hall.join(
        Joining(
            event_id=hall.event_id,
            ticket=nonce,
            name=_plain(frame.name, LONGEST_NAME),
            unit=_plain(frame.unit, 40),
            team=_plain(frame.team, 20),
            resident_id=resident,
        )
    )
    if isinstance(result, Seat):
        hall.let_in(nonce)
    return result


async def resume(hall: Hall, token: str, *, language: str) -> Seat | Denied:
    """The seat a token opens. One reading of the event serves everybody who comes back at the same time.

    Raises:
        Gone: as ``Hall.fresh``.
    """
    player = await player_of(hall, token)
    line = hall.line(player) if player is not None else None
    with override(language):
        if line is None:
            return Denied(code="bad_token", text=_("Chỗ ngồi này không còn. Mời bạn nhập lại mã PIN."))
        if line.status in SENT_AWAY:
            return Denied(code=line.status, text=_("Người dẫn đã mời bạn ra khỏi sự kiện này."))
    return _seat(hall, line)


async def player_of(hall: Hall, token: object) -> int | None:
    """The player a token belongs to, in a state at least as new as this call; None for a token that is not of this
    event."""
    assert hall.snap is not None
    try:
        seat = read_seat(hall.snap.secret, token)
    except BadToken:
        return None
    if seat.event != hall.event_id:
        return None
    snap = await hall.fresh()
    line = snap.lines.get(seat.player)
    return seat.player if line is not None and check_of(line.key) == seat.check else None


def token_for(hall: Hall, seat: Seat) -> str:
    """The token that opens this seat again on any device."""
    assert hall.snap is not None
    return write_seat(hall.snap.secret, SeatToken(hall.event_id, seat.player_id, check_of(seat.key)))


def event_of(token: object) -> int:
    """The event a seat token speaks of; nothing is proven yet. 0 when it is none."""
    if not isinstance(token, str) or len(token) > LONGEST_NAME:
        return 0
    try:
        raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
    except (binascii.Error, ValueError):
        return 0
    return int.from_bytes(raw[_EVENT], "big") if len(raw) > _EVENT.stop else 0


def busy(language: str) -> Denied:
    """Nothing is wrong but the moment."""
    with override(language):
        return Denied(code="busy", text=_("Rất đông người đang vào. Mời bạn đợi vài giây."), retry_ms=2_000)


def no_spectators(language: str) -> Denied:
    """Looking on is not offered."""
    with override(language):
        return Denied(code="no_spectators", text=_("Sự kiện này không mở cho khán giả xem trên điện thoại."))


def _plain(text: str, longest: int) -> str:
    """What may go into a statement: no NUL, no half of a surrogate pair."""
    return text[:longest].encode("utf-8", "replace").decode().replace("\x00", "")


def _look_at_shapes(hall: Hall, secret: str, nonce: str, shapes: str, now: int) -> Denied | None:
    """Why these shapes let nobody in; None when they do."""
    wait = hall.knocks.wait_ms(nonce, now)
    if wait:
        text = _("Bạn đã chọn sai nhiều lần. Mời bạn đợi các hình trên màn hình lớn đổi rồi chọn lại.")
        return Denied(code=WRONG_PATTERN, text=text, retry_ms=wait)
    if pattern_fits(secret, shapes, now):
        return None
    hall.knocks.missed(nonce, now)
    text = _("Các hình chưa khớp với màn hình lớn. Mời bạn nhìn lại và chọn đúng thứ tự.")
    return Denied(code=WRONG_PATTERN, text=text, retry_ms=1_000)


def _bad_ticket() -> Denied:
    return Denied(code="bad_ticket", text=_("Trang này đã mở quá lâu. Mời bạn nhập lại mã PIN."))


def _seat(hall: Hall, line: Line) -> Seat:
    return Seat(
        player_id=line.id,
        event_id=hall.event_id,
        key=line.key,
        name=line.name,
        name_state=line.name_state,
        status=line.status,
        seat=line.seat,
        team_id=line.team_id,
        fresh=False,
    )
