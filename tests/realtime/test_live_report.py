"""What is left of an event: the snapshot halls read, the report, certificates, and papers for a contest round."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import timedelta

import pytest

from contest.domain.work import run_job
from contest.enums import CertificateKind, JobState
from contest.models import Attempt, Certificate, Job, Round
from contest.queries.certificates import certificates_of, verify
from realtime.domain.certificates import issue_event_certificates, request_event_certificates
from realtime.domain.counting import recount
from realtime.domain.events import open_lobby
from realtime.domain.reporting import event_workbook
from realtime.domain.round_results import count_into_round, fill_from_round
from realtime.enums import Action, Mode, Scoring
from realtime.errors import EventRunning, NotCountable
from realtime.queries.lines import answered_count, line_of
from realtime.queries.report import report_of
from realtime.queries.snapshot import snapshot
from tests.factories import NOW, make_contest, make_questions, make_resident, make_round, make_rules, make_unit
from tests.realtime.live_factories import RIGHT, WRONG, Show, join, make_live_rules, make_show

pytestmark = pytest.mark.django_db


def ended(show: Show) -> Show:
    show.command(Action.FINISH)
    show.command(Action.NEXT)
    show.event.refresh_from_db()
    assert show.event.ended_at is not None
    return show


def test_snapshot_holds_the_hall(django_assert_num_queries):
    unit = make_unit("Phường 1", code="P1")
    show = make_show(rules=make_live_rules(scoring=Scoring.ACCURACY))
    an, binh = join(show.event, "An", "Bình", unit=unit.code)
    chi, dung = join(show.event, "Chi", "Dũng")
    show.put()
    show.answer(an, RIGHT)
    show.answer(binh, WRONG)
    show.answer(chi, WRONG)
    with django_assert_num_queries(5):
        snap = snapshot(show.event.pk)
    assert snap is not None
    assert (snap.seq, snap.epoch, snap.pin) == (show.event.seq, show.event.epoch, show.event.pin)
    assert (snap.players, snap.standing, snap.expected, snap.answered) == (4, 4, 4, 3)
    assert snap.responses == {RIGHT: 1, WRONG: 2}
    assert snap.question is not None
    assert snap.upcoming is not None
    assert (snap.question.index, snap.upcoming.index, len(snap.plan)) == (0, 1, 3)
    assert (snap.lines[an.pk].response, snap.lines[dung.pk].response) == (RIGHT, None)
    assert snap.lines[an.pk] == line_of(an.pk)
    assert answered_count(show.event.pk, snap.game.instance) == 3
    show.reveal()
    after = snapshot(show.event.pk)
    assert after is not None
    assert next(line.name for line in after.ranked()) == "An"
    assert (after.lines[an.pk].gained, after.lines[binh.pk].gained, after.lines[an.pk].permille) == (1000, 0, 1000)
    assert [(group.name, group.points, group.people) for group in after.units] == [("Phường 1", 500, 2)]
    assert after.log[0].action == "tick"
    assert after.newest(2) == ["Dũng", "Chi"]


def test_snapshot_queries_do_not_grow(django_assert_num_queries):
    show = make_show(questions=6)
    join(show.event, *(f"Người {n}" for n in range(40)))
    show.put()
    with django_assert_num_queries(5):
        snapshot(show.event.pk)


def test_snapshot_shows_the_floor():
    show = make_show(Mode.BELL)
    an, _binh, chi = join(show.event, "An", "Bình", "Chi")
    show.ask({an: RIGHT, chi: WRONG})
    snap = snapshot(show.event.pk)
    assert snap is not None
    assert snap.seats() == "iff"
    assert (snap.standing, snap.players, snap.expected) == (1, 3, 3)
    assert {line.name for line in snap.ghosts()} == {"Bình", "Chi"}
    assert snapshot(404) is None


def test_report_tells_people_questions_and_units():
    unit = make_unit("Phường 1", code="P1")
    show = make_show(rules=make_live_rules(scoring=Scoring.ACCURACY))
    an, binh = join(show.event, "An", "Bình", unit=unit.code)
    [chi] = join(show.event, "Chi")
    show.ask({an: RIGHT, binh: WRONG}, after=4)
    show.ask({an: RIGHT, binh: RIGHT, chi: WRONG}, after=2)
    report = report_of(ended(show).event)
    assert [(line.name, line.rank, line.score) for line in report.lines] == [
        ("An", 1, 2000),
        ("Bình", 2, 1000),
        ("Chi", 3, 0),
    ]
    assert report.winners == {an.pk}
    first, second = report.questions
    assert (first.answered, first.right, first.silent, first.right_permille, first.median_ms) == (2, 1, 1, 333, 4000)
    assert (second.answered, second.right_permille, second.counted) == (3, 666, True)
    assert [(one.people, one.right) for one in second.answers] == [(2, True), (1, False)]
    assert report.cells[binh.pk, 0].permille == 0
    assert [(group.name, group.people) for group in report.units] == [("Phường 1", 2)]


def test_workbook_holds_text_and_never_a_formula():
    show = make_show()
    [evil] = join(show.event, "An")
    evil.name = "=HYPERLINK(1)"
    evil.save()
    show.ask({evil: RIGHT})
    sheets = zipfile.ZipFile(io.BytesIO(event_workbook(ended(show).event)))
    texts = "".join(sheets.read(name).decode() for name in sheets.namelist() if name.endswith(".xml"))
    assert "=HYPERLINK(1)" in texts
    assert not re.search(r"<f[ >]", texts)
    assert "Nguyễn" not in texts
    assert 'name="Câu hỏi"' in texts


def test_certificates_of_winners_and_of_people_with_an_account():
    resident = make_resident("Trần Văn An")
    show = make_show(rules=make_live_rules(scoring=Scoring.ACCURACY))
    guest, silent = join(show.event, "Mèo Con", "Im Lặng")
    [an] = join(show.event, "", resident_id=resident.pk)
    show.ask({guest: RIGHT, an: RIGHT}, after=2)
    show.ask({guest: RIGHT})
    with pytest.raises(EventRunning):
        issue_event_certificates(event=show.event, kind=CertificateKind.WINNER, actor=show.host, now=NOW)
    ended(show)
    made = {
        kind: issue_event_certificates(event=show.event, kind=kind, actor=show.host, now=NOW)
        for kind in (CertificateKind.WINNER, CertificateKind.PARTICIPANT)
    }
    assert made == {CertificateKind.WINNER: 2, CertificateKind.PARTICIPANT: 1}
    assert issue_event_certificates(event=show.event, kind=CertificateKind.WINNER, actor=None, now=NOW) == 0
    prizes = {one.facts["name"]: one.facts["prize"] for one in Certificate.objects.filter(kind="winner")}
    assert prizes == {"Mèo Con": "Giải Nhất", "Trần Văn An": "Giải Nhì"}
    mine = certificates_of(resident_id=resident.pk)
    assert {one.holder_id for one in mine} == {resident.pk}
    found = verify(mine[0].code)
    assert found is not None
    assert (found.valid, found.facts.contest, found.facts.live, len(found.facts.seal)) == (
        True,
        show.event.title,
        True,
        64,
    )
    assert silent.name not in prizes


def test_certificates_are_drawn_by_the_job_of_contests(tmp_path, settings):
    settings.CERTIFICATE_DIR = tmp_path
    show = make_show(Mode.BELL, questions=2)
    an, binh = join(show.event, "An", "Bình")
    show.ask({an: RIGHT})
    job = request_event_certificates(event=ended(show).event, kind="winner", actor=show.host, now=NOW)
    again = request_event_certificates(event=show.event, kind="winner", actor=show.host, now=NOW)
    assert job.pk == again.pk
    assert run_job(public_id=job.public_id, now=NOW)
    job = Job.objects.get(pk=job.pk)
    assert (job.state, job.done, job.total) == (JobState.DONE, 1, 1)
    certificate = Certificate.objects.get()
    assert (certificate.facts["name"], certificate.facts["prize"]) == ("An", "Rung chuông vàng")
    assert certificate.pdf_sha256
    assert binh.name != an.name


def test_the_page_of_an_events_certificate_opens(client):
    show = make_show(questions=1)
    [an] = join(show.event, "An")
    show.ask({an: RIGHT})
    issue_event_certificates(event=ended(show).event, kind=CertificateKind.WINNER, actor=None, now=NOW)
    page = client.get(f"/gcn/{Certificate.objects.get().code}/")
    assert page.status_code == 200
    assert show.event.title in page.content.decode()


def counting() -> tuple[Show, Round]:
    contest = make_contest(rules=make_rules(paper={"require_all_answered": False}))
    round_ = make_round(contest, questions=3)
    rules = make_live_rules(guests=False, counts_into=round_.public_id)
    show = make_show(rules=rules, questions=0, lobby=False, unit=contest.unit, contest=contest)
    fill_from_round(event=show.event, round_=round_, now=NOW)
    open_lobby(event=show.event, actor=show.host, now=NOW)
    return show, round_


def test_an_event_counts_into_a_round_as_papers():
    show, round_ = counting()
    one, two = make_resident("Trần Văn An"), make_resident("Lê Thị Bình")
    [an], [binh] = join(show.event, "", resident_id=one.pk), join(show.event, "", resident_id=two.pk)
    show.ask({an: RIGHT, binh: WRONG}, after=3)
    show.ask({an: RIGHT}, after=2)
    with pytest.raises(EventRunning):
        count_into_round(event=show.event, actor=show.host, now=show.now)
    ended(show)
    counted = count_into_round(event=show.event, actor=show.host, now=show.now)
    assert (counted.papers, counted.guests, counted.refused) == (2, 0, ())
    assert count_into_round(event=show.event, actor=show.host, now=show.now).papers == 0
    paper = Attempt.objects.get(entry__resident=one)
    assert (paper.state, paper.answered, paper.duration_ms, paper.round_id) == ("submitted", 2, 5000, round_.pk)
    assert paper.sheet == "BB-"
    assert Attempt.objects.get(entry__resident=two).sheet == "A.-"
    assert recount(event_id=show.event.pk) == 0


def test_an_event_with_other_questions_or_into_a_closed_round_does_not_count():
    show, round_ = counting()
    [an] = join(show.event, "", resident_id=make_resident().pk)
    show.ask({an: RIGHT})
    ended(show)
    with pytest.raises(NotCountable):
        count_into_round(event=show.event, actor=None, now=NOW + timedelta(days=30))
    other = make_show(
        rules=make_live_rules(guests=False, counts_into=round_.public_id),
        questions=make_questions(2),
        unit=round_.contest.unit,
    )
    [binh] = join(other.event, "", resident_id=make_resident().pk)
    other.ask({binh: RIGHT})
    with pytest.raises(NotCountable):
        count_into_round(event=ended(other).event, actor=None, now=other.now)
    assert not Attempt.objects.exists()
