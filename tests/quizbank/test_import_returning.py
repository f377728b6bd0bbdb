"""An exported file comes back: other words are a new version of the same question, equal words are nothing at all."""

from __future__ import annotations

from dataclasses import replace

import pytest

from people.enums import Role
from people.models import AuditEntry
from quizbank.domain import import_returning
from quizbank.domain.editing import save_edit
from quizbank.domain.import_storing import request_storing, store_import
from quizbank.domain.importing import choose_items, mend_items, undo_import
from quizbank.domain.questions import approve_question, draft_of, retire_question, revise_question, write_question
from quizbank.enums import Coming, ImportState, QuestionState, Sight
from quizbank.errors import NotNow
from quizbank.import_checks import Mend
from quizbank.models import Comment, ImportedItem, Question, QuestionVersion, SealedSet, Sighting
from tests.factories import NOW, make_role, make_topics, make_user, single_draft
from tests.quizbank.coming_back import CODES, come_back, exported, reworded, rows, told, versions
from tests.quizbank.files import Died, csv_of, dying_at, make_author, plain_drafts, read, send, stored

pytestmark = pytest.mark.django_db


@pytest.fixture
def author():
    return make_author()


@pytest.fixture
def bank(author):
    """Three approved questions of the author."""
    drafts = (replace(one, code=code) for one, code in zip(plain_drafts(3), CODES, strict=True))
    questions = [write_question(draft=draft, author=author, now=NOW) for draft in drafts]
    return [approve_question(question=one, reviewer=make_user(), now=NOW) for one in questions]


def test_other_words_are_a_new_version_and_equal_words_are_nothing(author, bank):
    first, second, third = exported(*bank)
    batch = come_back(author, first, reworded(second), third, plain_drafts(4)[3])
    assert told(batch) == [
        (Coming.SAME, False, False, False),
        (Coming.CHANGED, True, False, False),
        (Coming.SAME, False, False, False),
        (Coming.NEW, True, False, False),
    ]
    assert [one.twins for one in rows(batch)] == [[], [], [], []]  # nobody resembles itself
    stored(batch)
    assert Question.objects.count() == 4
    bank[1].refresh_from_db()
    assert versions(bank[1]) == [second.stem, reworded(second).stem]
    assert (bank[1].current.number, bank[1].state, bank[1].current.approved_at) == (2, QuestionState.DRAFT, None)
    assert bank[1].code == CODES[1]
    assert [len(versions(one)) for one in (bank[0], bank[2])] == [1, 1]
    assert Sighting.objects.filter(version=bank[1].current, reader=author, what=Sight.EDITED).exists()
    assert AuditEntry.objects.get(verb="import.stored").data["wordings"] == 1


def test_other_topic_or_tags_change_the_question_and_no_version(author, bank):
    (draft,) = exported(bank[0])
    batch = come_back(author, replace(draft, topic="an-toan", tags=("vòng 1",)))
    assert told(batch) == [(Coming.CHANGED, True, False, False)]
    stored(batch)
    bank[0].refresh_from_db()
    assert (bank[0].topic.slug, bank[0].tags, bank[0].state) == ("an-toan", ["vòng 1"], QuestionState.APPROVED)
    assert len(versions(bank[0])) == 1
    assert undo_import(batch=batch, actor=author, now=NOW).taken_back == 1
    bank[0].refresh_from_db()
    assert (bank[0].topic.slug, bank[0].tags, bank[0].state) == ("nhan-thuc", [], QuestionState.APPROVED)


def test_questions_of_others_and_built_in_ones_become_new_and_are_said_so(author, bank):
    other = make_user()
    make_role(other, Role.AUTHOR)
    Question.objects.filter(pk=bank[0].pk).update(author=other)
    Question.objects.filter(pk=bank[1].pk).update(builtin=True)
    first, second, _third = exported(*bank)
    batch = come_back(author, reworded(first), reworded(second))
    assert [(one.coming, one.warnings) for one in rows(batch)] == [
        (Coming.NEW, [f"Mã {CODES[0]} là câu của người khác: dòng này sẽ thành câu mới."]),
        (
            Coming.NEW,
            [f"Mã {CODES[1]} là câu có sẵn trong phần mềm, không sửa trực tiếp được: dòng này sẽ thành câu mới."],
        ),
    ]
    ImportedItem.objects.update(chosen=True)
    stored(batch)
    assert [len(versions(one)) for one in bank] == [1, 1, 1]
    assert Question.objects.count() == 5


def test_an_organizer_edits_everybodys_as_in_the_editor(bank):
    organizer = make_user()
    make_role(organizer, Role.ORGANIZER)
    batch = come_back(organizer, reworded(exported(bank[0])[0]))
    assert told(batch) == [(Coming.CHANGED, True, False, False)]


def test_a_sealed_question_is_not_given_away(author, bank):
    seal = SealedSet.objects.create(name="Đề chung kết", owner=make_user(), created_at=NOW)
    drafts = exported(*bank)
    Question.objects.filter(pk=bank[0].pk).update(sealed_in=seal)
    same, other = come_back(author, drafts[0]), come_back(author, reworded(drafts[0]))
    generic = [f"Mã {CODES[0]} đã có, câu này sẽ nhận mã mới."]
    # The right words and wrong ones are answered alike.
    assert [(one.coming, one.base_id, one.twins, one.warnings) for one in rows(same) + rows(other)] == [
        (Coming.NEW, None, [], generic)
    ] * 2


def test_one_sealed_between_preview_and_saving_is_refused(author, bank):
    batch = come_back(author, reworded(exported(bank[0])[0]))
    seal = SealedSet.objects.create(name="Đề chung kết", owner=make_user(), created_at=NOW)
    Question.objects.filter(pk=bank[0].pk).update(sealed_in=seal)
    stored(batch)
    assert len(versions(bank[0])) == 1
    (row,) = rows(batch)
    assert (row.question, row.chosen) == (None, False)
    assert CODES[0] not in row.problems[0]


def test_retired_ones_and_those_in_review_wait_for_their_author(author, bank):
    drafts = exported(*bank)
    retire_question(question=bank[0], now=NOW)
    Question.objects.filter(pk=bank[1].pk).update(state=QuestionState.IN_REVIEW)
    batch = come_back(author, reworded(drafts[0]), reworded(drafts[1]), drafts[2])
    assert told(batch)[:2] == [(Coming.CHANGED, False, True, False)] * 2
    assert "đang được duyệt hoặc đã ngừng dùng" in rows(batch)[0].problems[0]


def test_two_rows_with_one_code_are_nobodys_guess(author, bank):
    (draft,) = exported(bank[0])
    batch = come_back(author, draft, reworded(draft), reworded(draft, " Hãy chọn."))
    assert told(batch) == [
        (Coming.SAME, False, False, False),
        (Coming.CHANGED, False, True, False),
        (Coming.CHANGED, False, True, False),
    ]
    assert "đứng ở nhiều dòng" in rows(batch)[1].problems[0]


def test_a_code_that_means_little_does_not_overwrite_another_question(author):
    make_topics()
    stored(come_back(author, replace(plain_drafts(1)[0], code="C1")))
    strange = single_draft(
        "Ai ký ban hành văn bản này?",
        code="C1",
        content={"options": ["Thủ tướng", "Bộ trưởng", "Chủ tịch", "Vụ trưởng"]},
    )
    batch = come_back(author, strange)
    assert told(batch) == [(Coming.NEW, True, False, True)]
    stored(batch)
    assert versions(Question.objects.get(code="C1")) == [plain_drafts(1)[0].stem]
    # The same question under its own code is that question, and its code says so whoever gave it.
    assert told(come_back(author, reworded(replace(plain_drafts(1)[0], code="C1"))))[0][0] == Coming.CHANGED


def test_wholly_other_words_under_a_code_of_ours_are_left_to_the_author(author, bank):
    strange = single_draft(
        "Ai ký ban hành văn bản này?",
        code=CODES[0],
        content={"options": ["Thủ tướng", "Bộ trưởng", "Chủ tịch", "Vụ trưởng"]},
    )
    assert told(come_back(author, strange)) == [(Coming.CHANGED, False, False, True)]


def test_kahoot_and_word_hold_too_little_to_bring_a_question_back(author, bank):
    batch = come_back(author, reworded(exported(bank[0])[0]), fmt="kahoot")
    assert [one.coming for one in rows(batch)] == [Coming.NEW]


def test_somebody_who_saved_meanwhile_is_not_overwritten(author, bank):
    batch = come_back(author, *(reworded(draft) for draft in exported(*bank)))
    other = replace(draft_of(bank[1].current), stem="Câu do người khác vừa sửa?")
    save_edit(question=bank[1], base=bank[1].current_id, draft=other, editor=make_user(), now=NOW)
    batch = stored(batch)
    assert (batch.state, batch.total) == (ImportState.STORED, 2)
    assert versions(bank[1])[1:] == ["Câu do người khác vừa sửa?"]
    row = rows(batch)[1]
    assert (row.question, row.chosen) == (None, False)
    assert row.problems == [
        f"Sau khi tệp được đọc, câu {CODES[1]} đã có bản mới hơn, nên dòng này không được lưu. Mời bạn xuất lại câu ấy rồi sửa."
    ]


def test_all_or_nothing_sees_what_was_edited_meanwhile(author, bank):
    batch = come_back(author, *(reworded(draft) for draft in exported(*bank)), whole=True)
    revise_question(question=bank[1], draft=single_draft("Đã sửa lại?"), now=NOW)
    with pytest.raises(NotNow, match="đã được sửa sau khi"):
        stored(batch)
    assert [len(versions(one)) for one in (bank[0], bank[2])] == [1, 1]


def test_who_may_not_edit_any_more_stores_nothing(author, bank):
    batch = come_back(author, reworded(exported(bank[0])[0]))
    Question.objects.filter(pk=bank[0].pk).update(author=make_user())
    stored(batch)
    assert len(versions(bank[0])) == 1
    assert "không còn được sửa" in rows(batch)[0].problems[0]


def test_saving_twice_makes_one_version(author, bank):
    batch = stored(come_back(author, reworded(exported(bank[0])[0])))
    assert store_import(public_id=batch.public_id, now=NOW) == 0
    assert len(versions(bank[0])) == 2


def test_every_statement_of_storing_wordings_may_be_the_last(author, bank, monkeypatch):
    monkeypatch.setattr(import_returning, "SLICE", 2)

    for k in range(1, 120):
        batch = come_back(author, *(reworded(draft, f" {k}") for draft in exported(*bank)))
        ImportedItem.objects.filter(batch=batch).update(chosen=True)
        request_storing(batch=batch, actor=author, now=NOW)
        before = QuestionVersion.objects.count()
        try:
            with dying_at(k):
                store_import(public_id=batch.public_id, now=NOW)
        except Died:
            store_import(public_id=batch.public_id, now=NOW)
            assert QuestionVersion.objects.count() == before + 3
        else:
            assert k > 30
            return
    pytest.fail("storing takes more statements than expected")


def test_undo_gives_back_the_wording_before_with_its_approval(author, bank):
    batch = stored(come_back(author, *(reworded(draft) for draft in exported(*bank)), plain_drafts(4)[3]))
    before = [one.versions.get(number=1) for one in bank]
    Comment.objects.create(version=bank[1].versions.get(number=2), author=make_user(), text="Xem lại", created_at=NOW)
    Question.objects.filter(pk=bank[2].pk).update(state=QuestionState.IN_REVIEW)

    undone = undo_import(batch=batch, actor=author, now=NOW)

    assert (undone.removed, undone.taken_back, undone.kept) == (1, 1, CODES[1:])
    bank[0].refresh_from_db()
    assert (bank[0].current, bank[0].state) == (before[0], QuestionState.APPROVED)
    assert bank[0].current.approved_at == NOW
    assert [len(versions(one)) for one in bank] == [1, 2, 2]
    assert AuditEntry.objects.filter(verb="question.taken_back").count() == 1
    again = undo_import(batch=batch, actor=author, now=NOW)
    assert (again.removed, again.taken_back, again.kept) == (0, 0, CODES[1:])


def test_undo_keeps_what_a_higher_app_holds(author, bank):
    from contest.models import PoolItem
    from tests.factories import make_round

    batch = stored(come_back(author, reworded(exported(bank[0])[0])))
    used = bank[0].versions.get(number=2)
    PoolItem.objects.create(round=make_round(questions=1), position=1, version=used, cell=0)
    undone = undo_import(batch=batch, actor=author, now=NOW)
    assert (undone.taken_back, undone.kept) == (0, (CODES[0],))
    bank[0].refresh_from_db()
    assert (bank[0].current, bank[0].state) == (used, QuestionState.DRAFT)


def test_undo_keeps_a_question_edited_again(author, bank):
    batch = stored(come_back(author, reworded(exported(bank[0])[0])))
    bank[0].refresh_from_db()
    revise_question(question=bank[0], draft=single_draft("Sửa thêm lần nữa?"), now=NOW)
    assert undo_import(batch=batch, actor=author, now=NOW).kept == (CODES[0],)
    assert len(versions(bank[0])) == 3


def test_an_undone_wording_does_not_take_its_question_along(author):
    batch = stored(come_back(author, plain_drafts(1)[0]))
    code = Question.objects.get().code
    other = stored(come_back(author, reworded(replace(plain_drafts(1)[0], code=code))))
    undo_import(batch=other, actor=author, now=NOW)
    assert versions(Question.objects.get()) == [plain_drafts(1)[0].stem]
    assert undo_import(batch=batch, actor=author, now=NOW).removed == 1
    assert Question.objects.count() == 0


def test_rows_that_change_nothing_cannot_be_chosen_and_a_mend_makes_them_a_change(author, bank):
    batch = come_back(author, *exported(*bank))
    choose_items(batch=batch, shown={0, 1, 2}, chosen={0, 1, 2}, now=NOW)
    assert [one.chosen for one in rows(batch)] == [False] * 3
    mend_items(batch=batch, mend=Mend(difficulty="hard"), now=NOW)
    assert told(batch) == [(Coming.CHANGED, True, False, False)] * 3
    mend_items(batch=batch, mend=Mend(difficulty=bank[0].current.difficulty), now=NOW)
    assert told(batch) == [(Coming.SAME, False, False, False)] * 3


def test_reading_what_comes_back_takes_few_statements(author, bank, django_assert_max_num_queries):
    batch = send(csv_of(*exported(*bank)), author=author)
    with django_assert_max_num_queries(32):
        read(batch)
