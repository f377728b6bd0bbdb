"""GIFT: what teachers write by hand, what Moodle writes, and our own files without any loss."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings

from quizbank.drafts import Draft
from quizbank.formats.base import Defaults, Found
from quizbank.formats.gift import Gift
from tests.quizbank.formats.strategies import DEFAULTS, drafts
from tests.quizbank.formats.words import PNG, told

pytestmark = pytest.mark.sqlite_only

GIFT = Gift()

BY_HAND = r"""
// Bộ câu hỏi của trường THCS Nguyễn Trãi
$CATEGORY: $course$/top/Kinh tế số/Cơ bản

// [id:KT-01] [tag:thanh toán] [tag:ví điện tử]
::Ví điện tử::[html]<p>Ví điện tử <b>không</b> dùng để làm gì?</p>{
	~Chuyển tiền#Việc này làm được.
	=[plain]Cấp căn cước
	~%50%Trả tiền điện\, nước
	####<p>Căn cước do <i>công an</i> cấp.</p>
}

::KT-02:: Chọn các khoản thu qua mạng {
 ~%50%Học phí
 ~%50%Viện phí
 ~%-100%Lì xì
}
::KT-03:: Mã QR tĩnh luôn an toàn. {F#Chưa đúng#Chính xác####Kẻ gian có thể dán đè mã.}

Cả nước có bao nhiêu tỉnh, thành?{#34}

Năm nào\: 1 \= 1, \{a\}, \~b, \#c\nDòng hai {#
  =2025:0#Đúng
  =%50%2024..2026#Gần đúng
  ~#Sai xa
}

Thủ đô của Việt Nam là {=Hà Nội =%50%Thăng Long#Tên cũ =hanoi} nước ta.

Ghép {
 =VNeID -> Định danh

 =DTI->Chỉ số
 = -> Con trâu
}

Xếp thứ tự {>3 ALL VERTICAL ABSOLUTE_POSITION SHOW
Đăng ký
Làm bài
Nộp bài
}

[markdown]Đoạn *nghiêng*
- một
- hai {=a ~b}

Nêu cảm nghĩ của bạn. {}

Đây chỉ là lời dẫn.
"""


def read(text: str, defaults: Defaults = DEFAULTS) -> list[Found]:
    return list(GIFT.read(text.encode(), defaults=defaults).found)


def one(text: str) -> Found:
    (found,) = read(text)
    return found


def test_file_by_hand_with_everything() -> None:
    first, several, false, number, spread, gap, pairs, order, marked, essay, description = read(BY_HAND)
    assert first.draft == Draft(
        kind="single",
        stem="Ví điện tử **không** dùng để làm gì?",
        content={"options": ["Chuyển tiền", "Cấp căn cước", "Trả tiền điện\\, nước"]},
        key={"right": "B", "weights": {"C": 500}},
        difficulty="medium",
        explanation="Căn cước do công an cấp.",
        topic="kinh-te-so",
        code="KT-01",
        tags=("thanh toán", "ví điện tử"),
        extra={
            "markdown": True,
            "feedback": {"A": "Việc này làm được."},
            "source": {"gift": {"category": "$course$/top/Kinh tế số/Cơ bản", "title": "Ví điện tử"}},
        },
    )
    assert (first.problems, first.place) == ((), "Dòng 6")
    assert several.draft.code == "KT-02"
    assert several.draft.key == {
        "right": ["A", "B"],
        "scheme": "weights",
        "weights": {"A": 500, "B": 500, "C": -1000},
    }
    assert false.draft.key == {"right": False}
    assert false.draft.extra["feedback"] == {"T": "Chưa đúng", "F": "Chính xác"}
    assert false.draft.explanation == "Kẻ gian có thể dán đè mã."
    assert number.draft.key == {"value": "34", "tolerance": "0"}
    assert spread.draft.stem == "Năm nào: 1 = 1, {a}, ~b, #c\nDòng hai"
    assert spread.draft.key == {
        "value": "2025",
        "tolerance": "0",
        "also": [{"value": "2025", "tolerance": "1", "weight": 500}],
    }
    assert spread.draft.extra["feedback"] == {"0": "Đúng", "1": "Gần đúng"}
    assert gap.draft.stem == "Thủ đô của Việt Nam là _____ nước ta."
    assert gap.draft.key == {
        "accept": ["Hà Nội", "Thăng Long", "hanoi"],
        "accents": False,
        "weights": [1000, 500, 1000],
    }
    assert pairs.draft.content["lefts"] == ["VNeID", "DTI"]
    assert told(pairs) == "VNeID – Định danh; DTI – Chỉ số"
    assert "Con trâu" in pairs.draft.content["rights"]
    assert told(order) == "Đăng ký → Làm bài → Nộp bài"
    assert order.draft.key["scheme"] == "partial"
    assert order.draft.content["items"] != ["Đăng ký", "Làm bài", "Nộp bài"]
    assert marked.draft.stem == "Đoạn *nghiêng*\n- một\n- hai"
    assert "tự luận" in essay.problems[0]
    assert "lời dẫn" in description.problems[0]
    assert all(not each.problems for each in (several, false, number, spread, gap, pairs, order, marked))


def test_file_by_hand_is_stable() -> None:
    first = [found.draft for found in read(BY_HAND) if not found.problems]
    again = [found.draft for found in read(GIFT.write(first, title="x").decode())]
    assert again == first
    assert GIFT.write(again, title="x") == GIFT.write(first, title="x")


@settings(max_examples=150, deadline=None)
@given(drafts())
def test_written_draft_is_read_back_whole(draft: Draft) -> None:
    (found,) = GIFT.read(GIFT.write([draft], title="Đề"), defaults=DEFAULTS).found
    assert found.problems == ()
    assert found.draft == draft


@settings(max_examples=25, deadline=None)
@given(drafts(), drafts(), drafts())
def test_many_drafts_keep_their_order(first: Draft, second: Draft, third: Draft) -> None:
    written = GIFT.write([first, second, third], title="Đề")
    assert [found.draft for found in GIFT.read(written, defaults=DEFAULTS).found] == [first, second, third]


def test_translation_leaves_when_the_question_was_edited() -> None:
    draft = Draft(
        kind="single",
        stem="Một cộng một?",
        content={"options": ["Hai", "Ba"]},
        key={"right": "A"},
        difficulty="easy",
        translations={"en": {"stem": "One and one?", "content": {"options": ["Two", "Three"]}}},
    )
    written = GIFT.write([draft], title="x").decode()
    assert one(written).draft.translations == draft.translations
    edited = one(written.replace("=Hai", "~Hai").replace("~Ba", "=Ba"))
    assert edited.draft.key == {"right": "B"}
    assert edited.draft.translations == {}
    assert edited.draft.difficulty == "easy"
    assert "bản dịch" in edited.warnings[0]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("Hỏi? {=a =b ~c}", "hai phương án cùng đánh dấu đúng"),
        ("Hỏi? {=%50%a ~c}", "không ghi thêm tỉ lệ"),
        ("Hỏi? {~a ~b}", "điểm dương"),
        ("Hỏi? {a ~b =c}", "thiếu dấu = hoặc ~"),
        ("Hỏi? {~%150%a ~b ~c}", "phần trăm"),
        ("Hỏi? {~%abc%a =b}", "phần trăm"),
        ("Hỏi? {=a ~b", "Thiếu dấu ngoặc"),
        ("Hỏi? =a ~b}", "Thiếu dấu ngoặc"),
        ("Hỏi {=a ~b} và {=c ~d}?", "nhiều hơn một phần"),
        ("Hỏi? {#abc}", "Không hiểu số"),
        ("Hỏi? {#1,234}", "Không hiểu số"),
        ("Hỏi? {#9..3}", "Không hiểu số"),
        ("Hỏi? {#5:-1}", "Không hiểu số"),
        ("Hỏi? {#=%50%5}", "trọn điểm"),
        ("Hỏi? {=Hà* }", "Dấu *"),
        ("Hỏi? {=a->b =c}", "dấu ->"),
        ("Hỏi? {=a->b =c->d =e->f =g->h =i->k =l->m}", "nhiều nhất 5 cặp"),
        ("Hỏi? {~1 ~2 ~3 ~4 ~5 ~6 ~7 ~8 =9}", "9 phương án"),
        ("Hỏi? {=a ~A}", "giống nhau"),
        ("[html]<img src='a.png'>Hình gì? {=a ~b}", "Thiếu tệp hình a.png"),
        (r"Hỏi? {=[html]<img src\='a.png'> ~b}", "Phương án có hình"),
        ("[html]<math><mi>x</mi></math> bằng? {=1 ~2}", "công thức"),
        ("Hỏi? {>\na\n}", "3 đến 8"),
        ("{=a ~b}", "còn trống"),
    ],
)
def test_doubt_is_a_problem(text: str, sentence: str) -> None:
    found = one(text)
    assert any(sentence in problem for problem in found.problems), found.problems


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("Hỏi? {Sai}", "đúng hay sai"),
        ("Một {T}\nHai {F}", "dòng trống"),
        ("Hỏi? {#7.766}", "hàng nghìn"),
        ("[html]<img src='https://a.vn/x.png' alt='bản đồ'>Ở đâu? {=a ~b}", "liên kết ngoài"),
        ("Hỏi? {~%50%a ~%50%b ~c}", "Chọn tất cả"),
        ("Xếp {>3 ALL VERTICAL RELATIVE_TO_CORRECT SHOW\na\nb\nc\n}", "vị trí đúng"),
    ],
)
def test_tolerance_is_told(text: str, sentence: str) -> None:
    found = read(text)[-1]
    assert found.problems == ()
    assert any(sentence in warning for warning in found.warnings), found.warnings


@pytest.mark.parametrize(
    ("answers", "key"),
    [
        ("=Hà Nội =ha noi", {"accents": False}),
        ("=Hà Nội =%50%Ha Noi", {"accents": True}),
        ("=Hà Nội =%0%ha noi#Thiếu dấu", {"accents": True}),
        ("=Hà Nội =%50%hà nội", {"accents": True, "case": True}),
    ],
)
def test_different_points_for_different_spelling(answers: str, key: dict[str, bool]) -> None:
    found = one(f"Thủ đô? {{{answers}}}")
    assert {name: value for name, value in found.draft.key.items() if name in ("accents", "case")} == key
    assert bool(found.warnings) == key["accents"]


def test_overlapping_numbers_are_told() -> None:
    assert "chồng lấn" in one("Hỏi? {#=%50%100:20 =104:1}").warnings[0]
    assert one("Hỏi? {#=104:1 =%50%100:20}").warnings == ()


def test_decimal_comma_is_understood() -> None:
    assert one("Hỏi? {#12,5:0,5}").draft.key == {"value": "12.5", "tolerance": "0.5"}


def test_two_questions_without_an_empty_line() -> None:
    assert [found.draft.stem for found in read("Một {T}\nHai {F}\n")] == ["Một", "Hai"]


def test_remote_picture_is_noted_and_never_kept() -> None:
    parsed = GIFT.read("[html]<img src='//a.vn/x.png'>Ở đâu? {=a ~b}".encode(), defaults=DEFAULTS)
    assert parsed.notes == ("1 hình từ liên kết ngoài không được tải.",)
    assert "picture" not in parsed.found[0].draft.extra


def test_category_follows_a_changed_topic() -> None:
    (found,) = read("$CATEGORY: Kinh tế số/Chương 1\n\nHỏi? {=a ~b}")
    assert "$CATEGORY: Kinh tế số/Chương 1" in GIFT.write([found.draft], title="x").decode()
    moved = replace(found.draft, topic="an-toan")
    assert "$CATEGORY: An toàn thông tin và dữ liệu cá nhân" in GIFT.write([moved], title="x").decode()


def test_likely_knows_its_own() -> None:
    assert GIFT.likely(BY_HAND.encode(), "x.txt") > 80
    for codec in ("utf-8", "utf-8-sig", "utf-16"):
        assert GIFT.likely((BY_HAND * 200).encode(codec), "x.txt") > 80
    assert GIFT.likely("Câu 1\nA. a\nB. b\nANSWER: A".encode(), "x.txt") == 0
    assert GIFT.likely(b"PK\x03\x04", "x.gift") == 0


@pytest.mark.parametrize("markdown", [False, True])
def test_picture_travels_inside_the_text(markdown: bool) -> None:
    extra = {"picture": {"name": "x", "alt": "Hình [1]", "data": PNG * 2000}} | ({"markdown": True} if markdown else {})
    stem = "Ai **đây**?\n\n1. ~ hỏi" if markdown else "Ai đây <b>?\n= hỏi"
    draft = Draft(
        kind="single", stem=stem, content={"options": ["<b>", "b"]}, key={"right": "A"}, difficulty="easy", extra=extra
    )
    found = one(GIFT.write([draft], title="x").decode())
    assert found.problems == ()
    assert (found.draft.stem, found.draft.content) == (draft.stem, draft.content)
    assert found.draft.extra["picture"]["alt"] == "Hình [1]"
    assert list(found.pictures.values()) == [PNG * 2000]
