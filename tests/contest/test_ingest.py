"""The hot path through the real ASGI application: what is acknowledged, what is refused and how."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from config.asgi import Application
from contest.arrivals import now_utc, to_ms
from contest.domain.answers import Arrival, save_answers
from contest.domain.attempts import submit_attempt, take_over
from contest.models import AnswerEvent, Attempt, PoolItem
from contest.queries.attempts import token_for
from contest.queries.papers import forget_papers, pool_of
from contest.tokens import check_of
from quizbank.models import Question, QuestionVersion
from tests.contest.seats import fresh_seat, open_round, post, post_many, sit_down
from tests.factories import make_question, single_draft

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def app():
    one = Application()
    yield one
    one.close()


def test_an_answer_is_stored_before_it_is_acknowledged(app):
    seat = fresh_seat()
    reply = post(app, seat.body(0, "B"))
    assert reply.status_code == 200
    body = reply.json()
    assert (body["code"], body["position"], body["seq"]) == ("saved", 0, 1)
    assert body["saved"] == seat.option(0, "B")
    assert body["deadline"] == int(seat.attempt.deadline.timestamp() * 1000)
    assert abs(body["server_now"] / 1000 - now_utc().timestamp()) < 5
    assert reply.headers["cache-control"] == "no-store"
    (stored,) = AnswerEvent.objects.all()
    assert (stored.attempt_id, stored.position, stored.seq) == (seat.attempt.pk, 0, 1)
    assert stored.response in "ABCD"
    # The page that is opened again shows the option that was tapped.
    assert seat.questions[0].saved == seat.option(0, "B")


def test_a_changed_answer_takes_the_place_of_the_first(app):
    seat = fresh_seat()
    post(app, seat.body(0, "A", seq=1))
    assert post(app, seat.body(0, "C", seq=2)).json()["code"] == "saved"
    assert seat.questions[0].saved == seat.option(0, "C")


def test_the_repeat_of_an_answer_is_acknowledged_again_and_stored_once(app):
    seat = fresh_seat()
    first = post(app, seat.body(0, "A"))
    again = post(app, seat.body(0, "A"))
    assert (first.json()["code"], again.json()["code"]) == ("saved", "duplicate")
    assert again.status_code == 200
    assert again.json()["saved"] == seat.option(0, "A")
    assert len(seat.stored()) == 1


def test_the_first_answer_under_a_number_stays_the_answer(app):
    seat = fresh_seat()
    post(app, seat.body(0, "A"))
    forged = post(app, seat.body(0, "D"))
    assert forged.json() | {"server_now": 0} == {
        "code": "duplicate",
        "position": 0,
        "seq": 1,
        "saved": seat.option(0, "A"),
        "server_now": 0,
        "deadline": forged.json()["deadline"],
    }


def test_a_repeat_is_acknowledged_even_after_the_paper_was_closed(app):
    """The acknowledgement was lost on the way: the person must not be told that the answer was."""
    seat = fresh_seat()
    post(app, seat.body(0, "A"))
    submit_attempt(attempt=seat.again(), lease=1, received_at=now_utc())
    assert post(app, seat.body(0, "A")).json()["code"] == "duplicate"


def test_an_overtaken_answer_changes_nothing(app):
    seat = fresh_seat()
    post(app, seat.body(0, "B", seq=7))
    reply = post(app, seat.body(0, "A", seq=3))
    assert (reply.status_code, reply.json()["code"]) == (409, "stale")
    assert reply.json()["saved"] == seat.option(0, "B")
    assert len(seat.stored()) == 1


def test_clearing_an_answer_is_said_and_never_guessed(app):
    seat = fresh_seat()
    post(app, seat.body(0, "A"))
    for body in (seat.body(0, seq=2, r=None), {k: v for k, v in seat.body(0, seq=3).items() if k != "r"}):
        reply = post(app, body)
        assert (reply.status_code, reply.json()["code"]) == (422, "bad_answer")
    assert seat.questions[0].saved == seat.option(0, "A")
    assert post(app, seat.body(0, seq=4, r="")).json() | {"server_now": 0, "deadline": 0} == {
        "code": "saved", "position": 0, "seq": 4, "saved": "", "server_now": 0, "deadline": 0,
    }  # fmt: skip
    assert seat.questions[0].saved == ""


def test_many_answers_after_a_time_offline(app):
    seat = fresh_seat()
    post(app, seat.body(1, "A", seq=9))
    rows = [[0, 1, seat.option(0, "B")], [1, 2, seat.option(1, "B")], [2, 1, "nonsense"], [0, 1, seat.option(0, "B")]]
    reply = post(app, {"t": seat.token, "a": rows})
    assert reply.status_code == 200
    body = reply.json()
    assert [(ack["code"], ack["position"]) for ack in body["acks"]] == [
        ("saved", 0), ("stale", 1), ("bad_answer", 2), ("duplicate", 0),
    ]  # fmt: skip
    assert body["acks"][1]["saved"] == seat.option(1, "A")
    assert set(body) == {"code", "acks", "server_now", "deadline"}


def test_several_numbers_for_one_question_in_one_request(app):
    seat = fresh_seat()
    rows = [[0, 1, seat.option(0, "A")], [0, 3, seat.option(0, "C")], [0, 2, seat.option(0, "B")]]
    acks = post(app, {"t": seat.token, "a": rows}).json()["acks"]
    assert [ack["code"] for ack in acks] == ["saved", "saved", "stale"]
    assert {ack["saved"] for ack in acks} == {seat.option(0, "C")}
    assert seat.questions[0].saved == seat.option(0, "C")


# ------------------------------------------------------------------ refused by the rule


def test_a_late_answer_is_refused_and_one_within_the_grace_is_not(app):
    now = now_utc()
    round_ = open_round(now=now)
    seat = sit_down(round_, now=now - timedelta(minutes=10, seconds=2), name="Trong thời gian gia hạn")
    late = sit_down(round_, now=now - timedelta(minutes=10, seconds=6), name="Muộn")
    assert post(app, seat.body(0)).json()["code"] == "saved"
    reply = post(app, late.body(0))
    assert (reply.status_code, reply.json()["code"]) == (410, "late")
    assert late.stored() == []


def test_a_token_long_past_its_time_does_not_reach_the_database(app):
    long_ago = now_utc() - timedelta(days=31)
    seat = sit_down(open_round(now=long_ago), now=long_ago)
    reply = post(app, seat.body(0))
    assert (reply.status_code, reply.json()) == (410, {"code": "late"})


def test_a_longer_round_counts_at_once_and_is_told_with_the_next_answer(app):
    """The organizer gives more time while the paper is open: the page's old token keeps working (failures B18)."""
    now = now_utc()
    seat = sit_down(open_round(now=now), now=now - timedelta(minutes=9))
    post(app, seat.body(0))
    longer = now + timedelta(minutes=30)
    Attempt.objects.update(deadline=longer, accept_until=longer + timedelta(seconds=5))
    assert post(app, seat.body(1)).json()["deadline"] == to_ms(longer)
    assert post(app, seat.body(1)).json()["deadline"] == to_ms(longer)  # a duplicate says it too


def test_a_closed_paper_takes_no_answer(app):
    seat = fresh_seat()
    submit_attempt(attempt=seat.again(), lease=1, received_at=now_utc())
    reply = post(app, seat.body(0))
    assert (reply.status_code, reply.json()["code"]) == (409, "closed")
    assert seat.stored() == []


def test_the_device_that_was_left_is_told_so(app):
    seat = fresh_seat()
    post(app, seat.body(0, "A"))
    new_device = token_for(take_over(attempt=seat.again(), now=now_utc()))
    reply = post(app, seat.body(0, "B", seq=2))
    assert (reply.status_code, reply.json()["code"]) == (409, "moved")
    assert post(app, seat.body(0, "C", seq=2, t=new_device)).json()["code"] == "saved"


def test_nobody_writes_into_another_persons_paper(app):
    round_ = open_round(now=now_utc())
    an, binh = (sit_down(round_, now=now_utc(), name=name) for name in ("Trần Văn An", "Lê Thị Bình"))
    # An's token with Bình's option ids: opaque ids belong to one attempt.
    reply = post(app, an.body(0, r=binh.option(0)))
    assert (reply.status_code, reply.json()["code"]) == (422, "bad_answer")
    # A changed token opens nothing.
    for token in (an.token[:-1] + ("A" if an.token[-1] != "A" else "Q"), binh.token[:20] + an.token[20:], "", None, 7):
        reply = post(app, an.body(0, t=token))
        assert (reply.status_code, reply.json()) == (401, {"code": "bad_token"})
    assert AnswerEvent.objects.count() == 0


def test_a_paper_that_is_gone_is_no_paper(app):
    seat = fresh_seat()
    body = seat.body(0)
    Attempt.objects.all().delete()
    assert post(app, body).json()["code"] == "bad_token"


MALFORMED = [["x"], {"a": 1}, 7, True, 1.5, "0", "A", "ffffffff", [[]], "\x00", "\ud800", "x" * 3000, [None]]


def test_a_malformed_answer_is_refused_kindly(app):
    seat = fresh_seat()
    replies = post_many(app, [(seat.body(0, r=response), None, {}) for response in MALFORMED])
    assert [(reply.status_code, reply.json()["code"]) for reply in replies] == [(422, "bad_answer")] * len(MALFORMED)
    assert seat.stored() == []


def test_a_written_answer_that_no_database_holds_is_refused(app):
    draft = single_draft("Ứng dụng định danh điện tử?", kind="short", content={}, key={"accept": ["VNeID"]})
    seat = fresh_seat(questions=[make_question(draft)])
    texts = ["\x00", "a\x00b", "\ud800", "x" * 121, ["34"], {"r": 1}, 34]
    replies = post_many(app, [({"t": seat.token, "p": 0, "s": 1, "r": text}, None, {}) for text in texts])
    assert [(reply.status_code, reply.json()["code"]) for reply in replies] == [(422, "bad_answer")] * len(texts)
    assert seat.stored() == []
    assert post(app, {"t": seat.token, "p": 0, "s": 1, "r": " vneid "}).json()["saved"] == "vneid"


def test_a_position_that_was_not_dealt_is_refused(app):
    seat = fresh_seat(questions=3)
    for position in (3, 200, 2**31 - 1):
        reply = post(app, seat.body(0, p=position))
        assert (reply.status_code, reply.json()["code"]) == (422, "bad_answer")


# ------------------------------------------------------------------ what a reply gives away


def test_no_byte_of_any_reply_depends_on_the_key(app):
    """Permuting which option is right changes nothing a participant can see (failures A4)."""
    round_ = open_round(now=now_utc(), questions=3)
    seat = sit_down(round_, now=now_utc())

    def everything_seen(first_seq: int) -> list[object]:
        seen: list[object] = []
        for number, letter in enumerate("ABCD"):
            reply = post(app, seat.body(0, letter, seq=first_seq + number))
            body = reply.json()
            body["server_now"], body["seq"] = 0, 0
            seen.append((reply.status_code, sorted(reply.headers.items()), body))
        return seen

    before = everything_seen(1)
    lengths = {tuple(dict(headers).items()) for _, headers, _ in before}
    assert len(lengths) == 1  # right and wrong answers look alike
    for version in QuestionVersion.objects.all():
        QuestionVersion.objects.filter(pk=version.pk).update(key={"right": "C"}, explanation="KEY-canary")
    assert everything_seen(5) == before


def test_no_key_is_loaded_on_the_way_of_an_answer(app, django_assert_num_queries):
    seat = fresh_seat()
    forget_papers()
    with CaptureQueriesContext(
        connection,
    ) as queries:
        pool_of(seat.round)
    assert len(queries) == 1
    assert '"key"' not in queries[0]["sql"]
    assert "explanation" not in queries[0]["sql"]
    assert PoolItem.objects.exists()


# ------------------------------------------------------------------ many at once


def test_two_hundred_people_at_once_and_nobody_is_lost(app):
    now = now_utc()
    round_ = open_round(now=now)
    seats = [sit_down(round_, now=now, name=f"Người {n}") for n in range(40)]
    bodies = [seat.body(position, "ABCD"[(n + position) % 4]) for n, seat in enumerate(seats) for position in range(5)]
    replies = post_many(app, [(body, None, {}) for body in bodies])
    assert {reply.json()["code"] for reply in replies} == {"saved"}
    assert AnswerEvent.objects.count() == 200
    for body, reply in zip(bodies, replies, strict=True):
        assert reply.json()["saved"] == body["r"]


def test_steady_state_saves_read_nothing_but_write(app):
    """After the first answer of a paper, an answer costs exactly one statement."""
    from contest.domain.answers import Arrival, save_answers
    from contest.tokens import check_of

    seat = fresh_seat()
    check = check_of(seat.attempt.public_id)
    arrivals = [Arrival(seat.attempt.pk, check, 1, now_utc(), seat.sent(p)) for p in range(5)]
    save_answers(arrivals[:1])
    with CaptureQueriesContext(connection) as queries:
        outcomes = save_answers(arrivals[1:])
    assert [outcome.ack.code for outcome in outcomes] == ["saved"] * 4
    assert len(queries) == 1


def test_a_closing_application_says_busy_and_stores_nothing(app):
    seat = fresh_seat()
    app.close()
    reply = post(app, seat.body(0))
    assert (reply.status_code, reply.json(), reply.headers["retry-after"]) == (503, {"code": "busy"}, "1")
    assert seat.stored() == []
    assert Question.objects.exists()


def test_answers_committed_together_are_judged_one_by_one():
    """What shares a commit by chance must not share its fate: each arrival is judged by its own stamp and lease."""
    now = now_utc()
    seat = sit_down(open_round(now=now), now=now)
    take_over(attempt=seat.again(), now=now)
    end, check = seat.attempt.accept_until, check_of(seat.attempt.public_id)

    def arrival(lease: int, received_at: datetime, letter: str, seq: int) -> Arrival:
        return Arrival(seat.attempt.pk, check, lease, received_at, seat.sent(0, letter, seq))

    millisecond = timedelta(milliseconds=1)
    outcomes = save_answers(
        [
            arrival(2, end + millisecond, "A", 5),  # late, although it came first into the queue
            arrival(2, end, "B", 3),
            arrival(1, end, "C", 4),  # the device that was left
            arrival(2, end + millisecond, "D", 3),  # the same number again, late and another choice
            arrival(2, end, "A", 2),
        ]
    )
    assert [outcome.ack.code for outcome in outcomes] == ["late", "saved", "moved", "duplicate", "stale"]
    assert {outcome.ack.saved for outcome in outcomes} == {seat.option(0, "B")}
    assert [(position, seq) for position, seq, _ in seat.stored()] == [(0, 3)]
