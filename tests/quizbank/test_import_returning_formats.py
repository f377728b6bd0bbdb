"""What a file can say of a question it brings back: all of it in our own tables, its words elsewhere."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from PIL import Image

from quizbank.domain.import_reading import read_import
from quizbank.domain.pictures import picture_entry, store_picture
from quizbank.domain.questions import draft_of, write_question
from quizbank.enums import Coming
from quizbank.formats.registry import FORMATS
from quizbank.models import Picture, QuestionVersion
from tests.factories import NOW
from tests.quizbank.coming_back import CODES, come_back, exported, reworded, rows, told
from tests.quizbank.files import make_author, plain_drafts, read, send, stored

pytestmark = pytest.mark.django_db


@pytest.fixture
def author():
    return make_author()


@pytest.fixture
def bank(author):
    drafts = (replace(one, code=code) for one, code in zip(plain_drafts(3), CODES, strict=True))
    return [write_question(draft=draft, author=author, now=NOW) for draft in drafts]


@pytest.mark.parametrize("fmt", ["xlsx", "csv", "gift", "moodle", "qti3", "qti2"])
def test_what_goes_out_comes_back_unchanged_in_every_format_that_holds_a_question(author, bank, fmt):
    rich = replace(
        plain_drafts(1)[0],
        stem="Đến năm 2030, mục tiêu là bao nhiêu phần trăm?",
        code="nhan-thuc-0009",
        explanation="Vì văn bản nói vậy.",
        citation="Quyết định 749/QĐ-TTg",
        citation_url="https://chinhphu.vn/",
        tags=("a", "b"),
        difficulty="hard",
        audience=("enterprise",),
        extra={"seconds": 40},
    )
    write_question(draft=rich, author=author, now=NOW)
    batch = come_back(author, *exported(*bank), rich, fmt=fmt)
    assert [one.coming for one in rows(batch)] == [Coming.SAME] * 4
    changed = come_back(author, reworded(rich), fmt=fmt)
    assert [one.coming for one in rows(changed)] == [Coming.CHANGED]
    stored(changed)
    now = draft_of(QuestionVersion.objects.get(question__code=rich.code, number=2))
    assert now == reworded(rich)


def test_what_other_software_drops_stays_as_the_bank_has_it(author):
    rich = replace(
        plain_drafts(1)[0], code="nhan-thuc-0009", citation="Quyết định 749/QĐ-TTg", difficulty="hard", tags=("a",),
        facts=("F1",), translations={"en": {"stem": "What?", "content": {"options": ["1", "2", "3", "4"]}}},
    )  # fmt: skip
    question = write_question(draft=rich, author=author, now=NOW)
    lines = FORMATS["gift"].write([reworded(rich)], title="Đề").decode().split("\n")
    bare = "\n".join(line if "thiso" not in line else f"// [id:{rich.code}]" for line in lines)
    batch = read(send(bare.encode(), author=author, code="gift", filename="de.gift"))
    assert told(batch)[0][0] == Coming.CHANGED
    stored(batch)
    question.refresh_from_db()
    now = draft_of(question.current)
    # The translation fitted the old words; what was said beside them stays.
    assert now == replace(reworded(rich), translations={})


@pytest.mark.parametrize("fmt", ["moodle", "qti3"])
def test_a_picture_that_went_out_comes_back_as_the_one_it_was(author, fmt):
    out = io.BytesIO()
    Image.effect_noise((64, 48), 90).convert("RGB").save(out, "PNG")
    picture = store_picture(data=out.getvalue(), by=author)
    entry = picture_entry(picture, "Hình nhiễu")
    draft = replace(plain_drafts(1)[0], code="nhan-thuc-0009", extra={"picture": entry})
    write_question(draft=draft, author=author, now=NOW)
    out_going = replace(draft, extra={"picture": entry | {"data": bytes(picture.data)}})
    batch = send(FORMATS[fmt].write([out_going], title=""), author=author, filename="x", code=fmt)
    assert read_import(public_id=batch.public_id, now=NOW)  # in a child, which draws pictures anew
    assert [one.coming for one in rows(batch)] == [Coming.SAME]
    assert Picture.objects.count() == 1
