"""The columns of our own spreadsheet, what else people call them, and the words in its cells. Pure."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import TypeVar

from people.text import search_key
from quizbank.enums import TOPICS
from quizbank.kinds.base import LETTERS

Code = TypeVar("Code", bound=Hashable)

COLUMNS: dict[str, str] = {
    "code": "Mã",
    "topic": "Chủ đề",
    "difficulty": "Độ khó",
    "audience": "Đối tượng",
    "kind": "Loại câu",
    "stem": "Câu hỏi",
    **{letter: letter for letter in LETTERS},
    "answer": "Đáp án",
    "grading": "Cách chấm",
    "explanation": "Giải thích",
    "citation": "Căn cứ",
    "url": "Liên kết",
    "tags": "Thẻ",
    "seconds": "Giây",
    "language": "Ngôn ngữ",
    "facts": "Dữ kiện",
    "stem_en": "Câu hỏi (EN)",
    **{f"{letter}_en": f"{letter} (EN)" for letter in LETTERS},
    "explanation_en": "Giải thích (EN)",
    "citation_en": "Căn cứ (EN)",
    "rest": "Khác",
}
"""Name and heading, in the order in which they are written."""

NEED = ("stem", "answer")

ALL_OPTIONS = "options"
"""A column we read and never write: the options of a question in one cell, "A. … B. … C. …"."""

ALIASES: dict[str, tuple[str, ...]] = {
    "code": ("ma", "ma cau", "ma cau hoi", "code", "id"),
    "topic": ("chu de", "chuyen de", "linh vuc", "topic", "category"),
    "difficulty": ("do kho", "muc do", "difficulty", "difficultylevel", "level"),
    "audience": ("doi tuong", "audience"),
    "kind": ("loai cau", "loai cau hoi", "dang cau hoi", "dang cau", "loai", "kind", "question type", "questiontype", "type"),
    "stem": ("cau hoi", "noi dung", "noi dung cau hoi", "cau dan", "question", "question text", "questiontext", "stem"),
    "options": (
        "phuong an", "cac phuong an", "phuong an tra loi", "cac phuong an tra loi", "phuong an lua chon", "lua chon",
        "cac lua chon", "options", "choices", "answer options", "answer choices",
    ),
    "answer": (
        "dap an", "dap an dung", "phuong an dung", "phuong an tra loi dung", "lua chon dung", "cau tra loi dung",
        "tra loi dung", "dap an chinh xac", "answer", "correct answer", "correct answers", "correctanswer",
        "correct option", "correctoption", "correct choice", "correct", "key",
    ),
    "grading": ("cach cham", "cach tinh diem", "grading", "scheme"),
    "explanation": ("giai thich", "loi giai", "explanation", "answer explanation", "feedback"),
    "citation": ("can cu", "nguon", "trich dan", "van ban", "citation", "source"),
    "url": ("lien ket", "duong dan", "link", "url"),
    "tags": ("the", "nhan", "tu khoa", "tag", "tags"),
    "seconds": ("giay", "thoi gian", "thoi gian giay", "seconds", "time", "time limit", "time in seconds"),
    "language": ("ngon ngu", "language"),
    "facts": ("du kien", "facts"),
    "stem_en": ("cau hoi en", "cau hoi tieng anh", "question en", "english question"),
    "explanation_en": ("giai thich en", "giai thich tieng anh", "explanation en"),
    "citation_en": ("can cu en", "can cu tieng anh", "citation en"),
    "rest": ("khac", "other"),
}  # fmt: skip
for _place, _letter in enumerate(LETTERS, 1):
    _words = ("phuong an", "dap an", "lua chon", "cau tra loi", "option", "answer", "choice")
    ALIASES[_letter] = (
        _letter.lower(),
        *(f"{word} {_letter.lower()}" for word in _words),
        *(f"{word} {_place}" for word in _words),
        *(f"{word}{sign}" for word in ("option", "answer", "choice") for sign in (_place, _letter.lower())),
    )
    ALIASES[f"{_letter}_en"] = (
        f"{_letter.lower()} en",
        f"phuong an {_letter.lower()} en",
        f"option {_letter.lower()} en",
    )

KINDS: dict[str, tuple[str, ...]] = {
    "single": ("Một đáp án", "chon mot dap an", "chon 1 dap an", "trac nghiem", "single", "single choice", "multiple choice", "mcq"),
    "multiple": ("Nhiều đáp án", "chon nhieu dap an", "multiple", "checkbox", "multiple answer", "multi select"),
    "boolean": ("Đúng/Sai", "dung hay sai", "dung sai", "boolean", "true false"),
    "numeric": ("Điền số", "so", "numeric", "number", "numerical"),
    "short": ("Trả lời ngắn", "dien tu", "dien khuyet", "tu luan ngan", "short", "short answer", "fill in the blank"),
    "ordering": ("Sắp xếp", "sap xep thu tu", "ordering", "reorder", "order"),
    "matching": ("Ghép cặp", "ghep doi", "noi cot", "matching", "match"),
}  # fmt: skip
"""Each kind as it is written, then what else is understood, folded."""

DIFFICULTIES: dict[str, tuple[str, ...]] = {
    "easy": ("Dễ", "nhan biet", "easy"),
    "medium": ("Vừa", "trung binh", "thong hieu", "medium"),
    "hard": ("Khó", "van dung", "van dung cao", "hard"),
}
AUDIENCES: dict[str, tuple[str, ...]] = {
    "basic": ("Cơ bản", "basic"),
    "resident": ("Người dân", "resident", "residents"),
    "enterprise": ("Doanh nghiệp", "enterprise", "enterprises"),
    "agency": ("Cơ quan nhà nước", "can bo", "cong chuc", "agency", "state agency"),
}
TOPIC_NAMES: dict[str, tuple[str, ...]] = {slug: (*names, slug) for slug, names in TOPICS.items()}

EXACT, PARTIAL, WEIGHTS = "Đúng hết mới có điểm", "Chấm từng phần", "Chấm theo tỉ lệ"
SCHEMES: dict[str, tuple[str, ...]] = {
    "exact": (EXACT, "dung het", "exact", "all or nothing"),
    "partial": (PARTIAL, "tung phan", "partial"),
    "weights": (WEIGHTS, "theo ti le", "theo ty le", "weights"),
}
ACCENTS = {True: "Đúng dấu", False: "Không xét dấu"}
CASE = {True: "Đúng chữ hoa", False: "Không xét chữ hoa"}
TRUTHS: dict[bool, tuple[str, ...]] = {
    True: ("Đúng", "d", "dung", "true", "t", "yes"),
    False: ("Sai", "s", "false", "f", "no"),
}


def by_word(words: Mapping[Code, tuple[str, ...]]) -> dict[str, Code]:
    """Return {folded word: what it stands for}; the codes themselves are words too."""
    found = {search_key(word): code for code, names in words.items() for word in names}
    return {search_key(code): code for code in words if isinstance(code, str)} | found
