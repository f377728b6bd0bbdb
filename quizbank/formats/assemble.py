"""The last step of reading every text format: shapes, words and what was carried become one Found. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.translation import gettext as _

from quizbank.drafts import Draft
from quizbank.errors import BadFile
from quizbank.formats import carry
from quizbank.formats.answers import Built
from quizbank.formats.base import MOST_QUESTIONS, Defaults, Found
from quizbank.formats.carry import Carried
from quizbank.formats.encoding import decode
from quizbank.formats.guard import check_size
from quizbank.formats.markup import Rich, from_html
from quizbank.formats.markup_out import to_html
from quizbank.kinds.base import LETTERS

MOST_LINES = 300_000
_NUMBERED = re.compile(r"câu\s*(?:hỏi\s*)?\d+\s*[.:)]", re.IGNORECASE)
_LATEX = re.compile(r"\\(?:frac|sqrt|text|vec|times|int|sum|pi|alpha|beta|theta)\b|\\\(.+?\\\)|\$\$.+?\$\$", re.DOTALL)


@dataclass(slots=True, kw_only=True)
class Question:
    """One question of a file on its way to a draft."""

    fmt: str
    place: str
    stem: str = ""
    markdown: bool = False
    explanation: str = ""
    code: str = ""
    topic: str = ""
    tags: tuple[str, ...] = ()
    picture: dict[str, str] = field(default_factory=dict)
    pictures: dict[str, bytes] = field(default_factory=dict)
    source: dict[str, Any] = field(default_factory=dict)
    """What only this format understands; kept under its code and written back."""
    problems: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    carried: Carried = field(default_factory=Carried)

    def finish(self, built: Built, *, defaults: Defaults, said: frozenset[str] = frozenset()) -> Found:
        """Return the question as found: every fault told, the draft as whole as it can be."""
        extra: dict[str, Any] = {}
        if built.feedback:
            extra["feedback"] = built.feedback
        if self.markdown:
            extra["markdown"] = True
        if self.picture:
            extra["picture"] = self.picture
        topic = self.carried.text("topic")
        if topic and self.source.get("category") in (topic, f"$course$/top/{topic}"):
            del self.source["category"]
        if built.others:
            self.source["others"] = built.others
        if self.source:
            extra["source"] = {self.fmt: self.source}
        draft = Draft(
            kind=built.kind,
            stem=self.stem,
            content=built.content,
            key=built.key,
            difficulty=defaults.difficulty,
            audience=defaults.audience,
            explanation=self.explanation or self.carried.text("explanation"),
            citation=defaults.citation,
            language=defaults.language,
            topic=self.topic or self.carried.text("topic") or defaults.topic,
            code=self.carried.text("code") if "code" in self.carried.data else self.code,
            tags=tuple(self.carried.data.get("tags", self.tags)),
            extra=extra,
        )
        options = draft.content.get("options", [])
        if any(_LATEX.search(text) for text in (self.stem, *options)):
            self.warnings.append(
                _("Câu có công thức LaTeX; người thi sẽ thấy nguyên các ký hiệu, mời bạn viết lại bằng chữ.")
            )
        if len(options) > 1 and all(map(_lettered, options, LETTERS)):
            self.warnings.append(_("Các phương án đã ghi sẵn A, B, C; đề thi tự ghi chữ cái, nên mời bạn bỏ đi."))
        if _NUMBERED.match(self.stem):
            self.warnings.append(_("Câu hỏi bắt đầu bằng số thứ tự; đề thi tự đánh số, nên mời bạn bỏ số này."))
        draft, told = carry.restore(draft, self.carried, said=said)
        problems = [*self.problems, *built.problems] or draft.problems()
        return Found(
            draft=draft,
            place=self.place,
            problems=tuple(dict.fromkeys(problems)),
            warnings=tuple(dict.fromkeys([*self.warnings, *built.warnings, *told])),
            pictures=self.pictures,
        )

    def take(self, rich: Rich, where: str = "") -> None:
        """Tell what could not be kept of a piece of markup; ``where``: "" the stem, "answer" an option, "told" the rest."""
        if rich.formula:
            self._once(self.problems, _("Câu có công thức toán; ngân hàng này chưa hiện được công thức."))
        if rich.long:
            self._once(self.problems, _("Phần chữ của câu quá dài."))
        if rich.media:
            self._once(self.warnings, _("Âm thanh, phim và tệp kèm theo câu hỏi không được nhập."))
        if where == "told" and rich.images:
            self._once(self.warnings, _("Hình trong phần giải thích không được nhập."))
        if where == "answer" and rich.images:
            self._once(self.problems, _("Phương án có hình; mới dùng được hình ở phần câu hỏi."))

    def as_carried(self, rich: Rich) -> Rich:
        """Return the very Markdown this stem was written from, when the file's HTML still says the same."""
        written = self.carried.text("stem")
        if not written:
            return rich
        again = from_html(to_html(written, markdown=True))
        if (again.text, again.markdown) != (rich.text, rich.markdown):
            return rich
        return replace(rich, text=written, markdown=True)

    def take_picture(self, rich: Rich, load: Callable[[str], bytes | None], notes: RemoteNotes) -> None:
        """Keep the one picture of the stem. ``load`` returns its bytes by address, None when they are not there."""
        here = list({image.source: image for image in rich.images if not image.remote}.values())
        for image in rich.images:
            if image.remote:
                notes.count += 1
                self._once(self.warnings, _("Hình từ liên kết ngoài không được tải; mời bạn chèn lại hình."))
        if len(here) > 1:
            self._once(self.problems, _("Câu có nhiều hình; mỗi câu chỉ dùng được một hình."))
            return
        for image in here:
            data = image.data or load(image.source)
            if data is None:
                self._once(self.problems, _("Thiếu tệp hình %(name)s.") % {"name": image.name})
                return
            self.picture = {"name": image.name, "alt": image.alt}
            self.pictures = {image.name: data}

    @staticmethod
    def _once(told: list[str], sentence: str) -> None:
        if sentence not in told:
            told.append(sentence)


@dataclass(slots=True)
class RemoteNotes:
    """Counts what was left where it is."""

    count: int = 0

    def told(self) -> tuple[str, ...]:
        """Return the note of the file as a whole."""
        if not self.count:
            return ()
        return (_("%(count)d hình từ liên kết ngoài không được tải.") % {"count": self.count},)


def text_of(data: bytes) -> tuple[str, str]:
    """Return the text of a file and a note on its encoding; our own files are never searched for old fonts.

    Raises:
        BadFile: when it is no text.
    """
    text, note = _decoded(data)
    if text.count("\n") > MOST_LINES:
        raise BadFile(_("Tệp có quá nhiều dòng. Mời bạn chia thành nhiều tệp nhỏ hơn."))
    return text, note


def head_of(data: bytes, size: int = 200_000) -> str:
    """Return the beginning of a text file, "" when it is no text; never cut inside a letter."""
    head = data[: size & ~3]
    if len(data) > len(head) and not head.startswith((b"\xff\xfe", b"\xfe\xff")):
        head = head[: head.rfind(b"\n") + 1] or head
    try:
        return decode(head)[0]
    except BadFile:
        return ""


def _decoded(data: bytes) -> tuple[str, str]:
    check_size(data)
    if carry.MARK.encode() in data:
        try:
            return data.decode("utf-8-sig").replace("\r\n", "\n").replace("\0", ""), ""
        except UnicodeDecodeError:
            pass
    return decode(data)


def notes_of(found: list[Found], *more: str) -> tuple[str, ...]:
    """Return the notes of a file: ``more``, and how short answers of other software are judged here."""
    loosened = any(one.draft.kind == "short" and not one.draft.key.get("accents") for one in found)
    notes = [note for note in more if note]
    if loosened:
        notes.append(_("Câu trả lời ngắn: gõ không dấu vẫn được tính là đúng, trừ khi bạn chọn khác."))
    return tuple(notes)


def limited(found: Iterator[Found]) -> list[Found]:
    """Return the questions of a file.

    Raises:
        BadFile: when there are more than a file may hold, or none at all.
    """
    questions: list[Found] = []
    for one in found:
        questions.append(one)
        if len(questions) > MOST_QUESTIONS:
            raise BadFile(
                _("Tệp có hơn %(most)d câu hỏi. Mời bạn chia thành nhiều tệp nhỏ hơn.") % {"most": MOST_QUESTIONS}
            )
    if not questions:
        raise BadFile(_("Không thấy câu hỏi nào trong tệp. Mời bạn kiểm tra lại tệp và định dạng đã chọn."))
    return questions


def _lettered(option: str, letter: str) -> bool:
    """Whether an option brings its letter along: "A. Hà Nội", "(a) Hà Nội"."""
    return bool(re.match(rf"\(?{letter}[.)]\s*\S", option, re.IGNORECASE))
