"""A file on its way into the bank: nothing before it is confirmed, each question once, and all of it back out."""

from __future__ import annotations

import gc
from dataclasses import replace
from datetime import timedelta

import pytest

from people.models import AuditEntry
from quizbank.domain import import_reading, import_storing, importing
from quizbank.domain.import_reading import LEASE, TRIED_FOR, read_import, sweep_imports
from quizbank.domain.import_storing import codes_for, request_storing, store_import
from quizbank.domain.importing import choose_items, drop_import, forget_imports, mend_items, safe_name, undo_import
from quizbank.domain.questions import approve_question, revise_question
from quizbank.enums import ImportState, QuestionState
from quizbank.errors import BadFile, NotNow
from quizbank.formats.guard import LARGEST
from quizbank.import_checks import Mend
from quizbank.models import Comment, ImportBatch, ImportedItem, Question, QuestionVersion, SealedSet
from tests.factories import NOW, make_question, make_user, single_draft
from tests.quizbank.files import BAD_ROW, Died, csv_of, dying_at, plain_drafts, read, read_here, send, stored

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def hints(monkeypatch):
    """What workers are told, instead of telling them."""
    sent: list[tuple[object, ...]] = []
    for module in (importing, import_reading, import_storing):
        monkeypatch.setattr(module, "wake", lambda *hint: sent.append(hint))
    return sent


def items(batch, **filters):
    return list(ImportedItem.objects.filter(batch=batch, **filters))


def test_a_received_file_waits_and_nothing_is_in_the_bank(hints, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        batch = send(csv_of(*plain_drafts(2)))
    assert (batch.state, Question.objects.count()) == (ImportState.READING, 0)
    assert hints == [("quizbank.read_import", batch.public_id)]


def test_a_read_file_shows_its_questions_and_forgets_its_bytes():
    batch = read(send(csv_of(*plain_drafts(3), BAD_ROW)))
    assert (batch.state, batch.total, batch.done, batch.source) == (ImportState.READ, 4, 4, None)
    assert [(item.position, bool(item.problems), item.chosen) for item in items(batch)] == [
        (0, False, True), (1, False, True), (2, False, True), (3, True, False)
    ]  # fmt: skip
    assert Question.objects.count() == 0


def test_too_large_and_empty_files_are_refused_and_nothing_is_kept():
    for data in (b"", b"x" * (LARGEST + 1)):
        with pytest.raises(BadFile):
            send(data)
    assert ImportBatch.objects.count() == 0


def test_many_waiting_files_of_one_author_are_enough():
    author = make_user()
    for _ in range(importing.MOST_READING):
        send(csv_of(*plain_drafts(1)), author=author)
    with pytest.raises(NotNow):
        send(csv_of(*plain_drafts(1)), author=author)
    send(csv_of(*plain_drafts(1)))  # somebody else's


def test_a_file_nobody_can_read_ends_with_a_sentence():
    batch = send(b"\x00\x01\x02 nothing of ours", code="")
    assert read_import(public_id=batch.public_id, now=NOW, reader=read_here)
    batch.refresh_from_db()
    assert (batch.state, batch.source) == (ImportState.FAILED, None)
    assert batch.failure
    assert items(batch) == []


def test_defaults_fill_what_the_file_leaves_open():
    draft = plain_drafts(1, topic="", citation="")[0]
    bare = read(send(csv_of(draft)))
    assert items(bare)[0].problems == ["Chưa có chủ đề."]
    filled = read(send(csv_of(draft), topic="an-toan", citation="Luật 91/2025/QH15"))
    assert (items(filled)[0].draft["topic"], items(filled)[0].draft["citation"]) == ("an-toan", "Luật 91/2025/QH15")


def test_mending_gives_all_of_them_a_topic_and_chooses_what_became_sound():
    batch = read(send(csv_of(*plain_drafts(2, topic=""), plain_drafts(3)[2], BAD_ROW)))
    assert mend_items(batch=batch, mend=Mend(topic="an-toan"), now=NOW) == 2
    assert [(one.draft["topic"], one.chosen, bool(one.problems)) for one in items(batch)] == [
        ("an-toan", True, False), ("an-toan", True, False), ("nhan-thuc", True, False), ("nhan-thuc", False, True)
    ]  # fmt: skip
    mend_items(batch=batch, mend=Mend(topic="du-lieu-so", difficulty="hard", replace_all=True), now=NOW)
    assert {(one.draft["topic"], one.draft["difficulty"]) for one in items(batch)} == {("du-lieu-so", "hard")}


def test_stored_questions_are_drafts_of_their_author_with_codes():
    author = make_user()
    batch = stored(read(send(csv_of(*plain_drafts(3)), author=author)))
    questions = list(Question.objects.all())
    assert [(one.code, one.state, one.author_id) for one in questions] == [
        (f"nhan-thuc-000{n}", QuestionState.DRAFT, author.pk) for n in (1, 2, 3)
    ]
    assert [one.current.stem for one in questions] == [one.stem for one in plain_drafts(3)]
    assert all(one.current.approved_at is None for one in questions)
    assert (batch.state, batch.stored_at, batch.total, batch.done) == (ImportState.STORED, NOW, 3, 3)
    assert [item.question for item in items(batch)] == questions
    assert AuditEntry.objects.get().verb == "import.stored"


def test_only_what_is_chosen_and_sound_goes_in():
    batch = read(send(csv_of(*plain_drafts(3), BAD_ROW)))
    choose_items(batch=batch, shown={0, 1, 3}, chosen={1, 3}, now=NOW)
    stored(batch)
    assert [one.stem for one in QuestionVersion.objects.order_by("pk")] == [plain_drafts(3)[n].stem for n in (1, 2)]


def test_all_or_nothing_refuses_while_one_is_bad():
    batch = read(send(csv_of(*plain_drafts(2), BAD_ROW), whole=True))
    with pytest.raises(NotNow, match="1 câu có lỗi"):
        stored(batch)
    assert Question.objects.count() == 0
    mended = read(send(csv_of(*plain_drafts(2)), whole=True))
    assert stored(mended).state == ImportState.STORED


def test_nothing_chosen_is_nothing_to_store():
    batch = read(send(csv_of(*plain_drafts(1))))
    choose_items(batch=batch, shown={0}, chosen=set(), now=NOW)
    with pytest.raises(NotNow):
        stored(batch)


def test_storing_twice_stores_once():
    batch = stored(read(send(csv_of(*plain_drafts(2)))))
    assert request_storing(batch=batch, actor=batch.author, now=NOW) == 2
    assert store_import(public_id=batch.public_id, now=NOW) == 0
    assert Question.objects.count() == 2


def test_a_worker_killed_between_slices_leaves_work_for_the_next_and_no_question_twice(monkeypatch, hints):
    monkeypatch.setattr(import_storing, "SLICE", 2)
    batch = read(send(csv_of(*plain_drafts(5))))
    request_storing(batch=batch, actor=batch.author, now=NOW)
    assert import_storing._store_slice(batch.public_id, NOW) == 2  # … and here it dies
    assert sweep_imports(now=NOW) == 1
    assert hints[-1] == ("quizbank.store_import", batch.public_id)
    assert store_import(public_id=batch.public_id, now=NOW) == 3
    batch.refresh_from_db()
    assert (Question.objects.count(), batch.state, batch.done) == (5, ImportState.STORED, 5)


def test_every_statement_of_storing_may_be_the_last(monkeypatch):
    """Die at the k-th statement, for every k; go on; find every question once."""
    monkeypatch.setattr(import_storing, "SLICE", 2)

    for k in range(1, 60):
        batch = read(send(csv_of(*plain_drafts(3, topic="an-toan"))))
        ImportedItem.objects.filter(batch=batch).update(chosen=True)
        request_storing(batch=batch, actor=batch.author, now=NOW)
        before = Question.objects.count()
        try:
            with dying_at(k):
                store_import(public_id=batch.public_id, now=NOW)
        except Died:
            store_import(public_id=batch.public_id, now=NOW)
            assert Question.objects.count() == before + 3
        else:
            assert k > 10
            return
    pytest.fail("storing takes more statements than expected")


def test_own_codes_are_kept_where_they_are_free():
    make_question(replace(single_draft("Câu đã có?"), code="XA-1"))
    batch = read(
        send(
            csv_of(
                *(replace(one, code=code) for one, code in zip(plain_drafts(3), ("XA-1", "XA-2", "XA-2"), strict=True))
            )
        )
    )
    assert [bool(one.warnings) for one in items(batch)] == [True, True, True]
    stored(batch)
    assert sorted(Question.objects.values_list("code", flat=True)) == [
        "XA-1",
        "XA-2",
        "nhan-thuc-0001",
        "nhan-thuc-0002",
    ]


def test_numbers_go_on_after_the_highest():
    make_question(replace(single_draft("Câu đã có?"), code="nhan-thuc-0041"))
    assert codes_for(plain_drafts(2)) == ["nhan-thuc-0042", "nhan-thuc-0043"]


def test_twins_in_the_bank_and_in_the_file_are_left_out_and_told():
    known = make_question(plain_drafts(1)[0])
    other_key = replace(plain_drafts(1)[0], key={"right": "A"})
    batch = read(send(csv_of(plain_drafts(1)[0], other_key, plain_drafts(2)[1], plain_drafts(2)[1])))
    told = [
        [(one["level"], one.get("code"), one.get("position"), one["same_answer"]) for one in item.twins]
        for item in items(batch)
    ]
    assert told == [
        [("exact", known.code, None, True)],
        [("exact", known.code, None, False), ("exact", None, 0, False)],
        [],
        [("exact", None, 2, True)],
    ]  # fmt: skip
    assert [item.chosen for item in items(batch)] == [False, False, True, False]


def test_a_sealed_question_is_not_given_away_by_its_twin():
    owner = make_user()
    question = make_question(plain_drafts(1)[0])
    Question.objects.filter(pk=question.pk).update(
        sealed_in=SealedSet.objects.create(name="Đề chung kết", owner=owner, created_at=NOW)
    )
    assert items(read(send(csv_of(plain_drafts(1)[0]))))[0].twins == []
    assert items(read(send(csv_of(plain_drafts(1)[0]), author=owner)))[0].twins[0]["code"] == question.code


def test_undo_takes_back_what_nobody_touched_and_names_the_rest():
    batch = stored(read(send(csv_of(*plain_drafts(5)))))
    first, second, third, fourth, _fifth = Question.objects.order_by("code")
    approve_question(question=first, reviewer=make_user(), now=NOW)
    revise_question(question=second, draft=single_draft("Đã sửa lại?"), now=NOW)
    Comment.objects.create(version=third.current, author=make_user(), text="Xem lại", created_at=NOW)
    Question.objects.filter(pk=fourth.pk).update(state=QuestionState.IN_REVIEW)

    undone = undo_import(batch=batch, actor=batch.author, now=NOW)

    assert (undone.removed, undone.kept) == (1, (first.code, second.code, third.code, fourth.code))
    assert Question.objects.count() == 4
    batch.refresh_from_db()
    assert (batch.state, batch.undone_at) == (ImportState.UNDONE, NOW)
    again = undo_import(batch=batch, actor=batch.author, now=NOW)
    assert (again.removed, again.kept) == (0, undone.kept)


def test_undo_keeps_what_a_higher_app_holds():
    from contest.models import PoolItem
    from tests.factories import make_round

    batch = stored(read(send(csv_of(*plain_drafts(2)))))
    used = Question.objects.order_by("code")[0]
    PoolItem.objects.create(round=make_round(questions=1), position=1, version=used.current, cell=0)
    assert undo_import(batch=batch, actor=batch.author, now=NOW).kept == (used.code,)


def test_only_a_stored_file_is_undone_and_only_a_waiting_one_dropped():
    batch = read(send(csv_of(*plain_drafts(1))))
    with pytest.raises(NotNow):
        undo_import(batch=batch, actor=batch.author, now=NOW)
    stored(batch)
    with pytest.raises(NotNow):
        drop_import(batch=batch, now=NOW)
    dropped = read(send(csv_of(*plain_drafts(1))))
    drop_import(batch=dropped, now=NOW)
    assert ImportBatch.objects.count() == 1


def test_a_reading_is_claimed_once_and_taken_over_when_its_worker_is_gone():
    batch = send(csv_of(*plain_drafts(1)))
    inner = []

    def slow(*args, **kwargs):
        inner.append(read_import(public_id=batch.public_id, now=NOW, reader=read_here))
        return read_here(*args, **kwargs)

    assert read_import(public_id=batch.public_id, now=NOW, reader=slow)
    assert inner == [False]

    lost = send(csv_of(*plain_drafts(1)))

    def dying(*_args, **_kwargs):
        raise SystemExit

    with pytest.raises(SystemExit):
        read_import(public_id=lost.public_id, now=NOW, reader=dying)
    assert not read_import(public_id=lost.public_id, now=NOW, reader=read_here)
    assert read_import(public_id=lost.public_id, now=NOW + LEASE + HOUR, reader=read_here)


def test_a_worker_collects_again_however_its_reading_ended():
    seen = []

    def watching(*args, **kwargs):
        file = read_here(*args, **kwargs)
        return replace(file, items=(one for one in file.items if seen.append(gc.isenabled()) is None))

    def failing(*args, **kwargs):
        def items():
            yield from ()
            raise BadFile

        return replace(read_here(*args, **kwargs), items=items())

    assert read_import(public_id=send(csv_of(*plain_drafts(2))).public_id, now=NOW, reader=watching)
    assert seen == [False, False]
    assert gc.isenabled()
    assert read_import(public_id=send(csv_of(*plain_drafts(2))).public_id, now=NOW, reader=failing)
    assert gc.isenabled()


def test_who_lost_the_lease_writes_nothing():
    batch = send(csv_of(*plain_drafts(1)))

    def late(*args, **kwargs):
        assert read_import(public_id=batch.public_id, now=NOW + LEASE + HOUR, reader=read_here)
        return read_here(*args, **kwargs)

    assert not read_import(public_id=batch.public_id, now=NOW, reader=late)
    assert len(items(batch)) == 1


def test_the_sweeper_wakes_what_was_lost_and_gives_up_in_the_end(hints):
    batch = send(csv_of(*plain_drafts(1)))
    assert sweep_imports(now=NOW) == 1
    ImportBatch.objects.update(touched_at=NOW + timedelta(seconds=1))  # somebody reads it
    assert sweep_imports(now=NOW + timedelta(seconds=2)) == 0
    assert sweep_imports(now=NOW + TRIED_FOR + HOUR) == 0
    batch.refresh_from_db()
    assert (batch.state, batch.source) == (ImportState.FAILED, None)


def test_old_files_are_forgotten_and_their_questions_stay():
    stored(read(send(csv_of(*plain_drafts(2)))))
    assert forget_imports(now=NOW + timedelta(days=89)) == 0
    assert forget_imports(now=NOW + timedelta(days=91)) == 1
    assert (ImportBatch.objects.count(), ImportedItem.objects.count(), Question.objects.count()) == (0, 0, 2)


@pytest.mark.parametrize(
    ("name", "kept"),
    [("../../etc/passwd", "passwd"), ("C:\\đề\\đề 1.xlsx", "đề 1.xlsx"), ("a\r\nb\x00.csv", "a b.csv"), ("", "tệp không tên"), ("x" * 400, "x" * 200)],
)  # fmt: skip
def test_names_of_files_are_for_reading_only(name, kept):
    assert safe_name(name) == kept


def test_two_thousand_questions_take_few_statements(django_assert_max_num_queries):
    batch = read(send(csv_of(*plain_drafts(400))))
    request_storing(batch=batch, actor=batch.author, now=NOW)
    with django_assert_max_num_queries(140):  # fifteen for each fifty questions
        store_import(public_id=batch.public_id, now=NOW)
    assert Question.objects.count() == 400
