"""GIFT to drafts, one block at a time, as Moodle reads it and where people's habits leave no doubt a little wider."""

from __future__ import annotations

import re
from collections.abc import Sequence

from django.utils.translation import gettext as _

from people.text import fold
from quizbank.formats import answers as built
from quizbank.formats.answers import Answer, Built
from quizbank.formats.assemble import Question, RemoteNotes
from quizbank.formats.base import Defaults, Found
from quizbank.formats.carry import MARK, load
from quizbank.formats.gift_syntax import Block, Read, read_text, reveal
from quizbank.formats.markup import without_data
from quizbank.formats.texts import BLANK, code_in, number, one_line, per_mille

_ID = re.compile(r"\[id:((?:\\\]|[^\]])+)\]")
_TAG = re.compile(r"\[tag:((?:\\\]|[^\]])+)\]")
_WEIGHT = re.compile(r"%\s*([^%\s]{1,12})\s*%")
_ORDERING = re.compile(r">\s*(\d*)\s*((?:[A-Z_0-9]+[ \t]*)*)")
LONGEST = 60_000
"""Characters of one question."""
_TRUE, _FALSE = ("t", "true"), ("f", "false")
_WORDS = {"dung": True, "d": True, "sai": False, "s": False}
_WHOLE = {"ALL_OR_NOTHING"}
_BY_PLACE = {"ABSOLUTE_POSITION", "ABSOLUTE", "ABS"}


class BlockReader:
    """Reads one question. ``category`` is the one in force."""

    def __init__(self, block: Block, *, category: str, topic: str, defaults: Defaults, remote: RemoteNotes) -> None:
        self._block, self._defaults, self._remote = block, defaults, remote
        self._question = Question(fmt="gift", place=_("Dòng %(line)d") % {"line": block.line}, topic=topic)
        self._base = "moodle"
        if category:
            self._question.source["category"] = category

    def read(self) -> Found:
        """Return the question with everything that is wrong with it."""
        question, text = self._question, self._block.text.strip()
        if len(text) > LONGEST and len(without_data(reveal(text))) > LONGEST:
            return self._done(built.unknown(_("Phần chữ của câu quá dài.")))
        if self._block.joined:
            question.warnings.append(_("Thiếu dòng trống trước câu này."))
        text = self._head(text)
        opening = text.find("{")
        closing = text.find("}", opening + 1) if opening >= 0 else text.find("}")
        if opening < 0 and closing < 0:
            self._stem(text)
            return self._done(built.unknown(_("Đoạn này chỉ có lời dẫn, không có phần trả lời trong ngoặc { }.")))
        if opening < 0 or closing < 0:
            self._stem(text.split("{")[0])
            return self._done(built.unknown(_("Thiếu dấu ngoặc { hoặc }.")))
        before, inside, after = text[:opening], text[opening + 1 : closing].strip(), text[closing + 1 :]
        if after.strip():
            question.source["gap"] = True
            self._stem(f"{before}{BLANK}{after}")
        else:
            self._stem(before)
        if re.search(r"[{}]", after) or "{" in inside:
            question.problems.append(_("Câu có nhiều hơn một phần trả lời, hoặc có dấu ngoặc chưa viết thành \\{ \\}."))
        return self._done(self._answers(inside))

    def _done(self, shape: Built) -> Found:
        said = frozenset({"scheme"}) if shape.kind == "ordering" else frozenset()
        return self._question.finish(shape, defaults=self._defaults, said=said)

    def _head(self, text: str) -> str:
        """Take comments and the ::title:: off; return the rest."""
        question, code = self._question, ""
        for comment in self._block.comments:
            if comment.startswith(MARK):
                question.carried = load(comment)
                continue
            if found := _ID.search(comment):
                code = code_in(found[1].replace("\\]", "]"))
            question.tags += tuple(one_line(tag.replace("\\]", "]")) for tag in _TAG.findall(comment))
        title = ""
        if text.startswith("::") and (end := text.find("::", 2)) > 0:
            title, text = one_line(reveal(text[2:end])), text[end + 2 :].strip()
        question.code = code or code_in(title)
        if title and title != question.code:
            question.source["title"] = title
        return text

    def _stem(self, raw: str) -> None:
        read = read_text(raw, "moodle", markdown=True)
        self._base = read.fmt
        rich = self._question.as_carried(read.rich) if read.fmt == "html" else read.rich
        self._question.stem, self._question.markdown = rich.text, rich.markdown
        self._question.take(rich)
        self._question.take_picture(rich, lambda _source: None, self._remote)

    def _text(self, raw: str, where: str = "answer") -> str:
        return self._kept(read_text(raw, self._base, one=True), where)

    def _kept(self, read: Read, where: str) -> str:
        self._question.take(read.rich, where)
        return read.rich.text

    def _answers(self, inside: str) -> Built:
        inside, mark, general = inside.rpartition("####") if "####" in inside else (inside, "", "")
        inside = inside.strip()
        if len(re.findall(r"[=~\n]", inside)) > 3 * built.MOST_ANSWERS:
            return built.crowded()
        if mark:
            self._question.explanation = self._kept(read_text(general, self._base), "told")
        if not inside:
            return built.unknown(_("Câu tự luận không dùng được ở đây; mời bạn đổi thành câu có đáp án."))
        if inside.startswith("#"):
            return self._numeric(inside[1:])
        if inside.startswith(">"):
            return self._ordering(inside)
        if "~" in inside:
            return self._choice(inside)
        if "=" in inside and "->" in inside:
            return self._matching(inside)
        return self._boolean(inside) or self._short(inside)

    def _weight(self, raw: str, default: int) -> tuple[int | None, str]:
        """Return the weight at the head of an answer and the rest; ``default`` when it names none."""
        match = _WEIGHT.match(raw)
        return (per_mille(match[1]), raw[match.end() :]) if match else (default, raw)

    def _answer(self, raw: str, default: int) -> Answer:
        weight, raw = self._weight(raw.strip(), default)
        text, _mark, feedback = raw.partition("#")
        return Answer(
            text=self._text(text), weight=weight, feedback=self._kept(read_text(feedback, self._base), "told")
        )

    def _choice(self, inside: str) -> Built:
        head, *rest = re.split(r"([=~])", inside)
        found, stars = [], 0
        following = [*rest[2::2], ""]
        for sign, raw, after in zip(rest[::2], rest[1::2], following, strict=True):
            if sign == "~" and after == "=" and not raw.strip():
                continue  # "{~=a~b}", as many write it: Moodle leaves the empty answer out, too
            stars += sign == "="
            if sign == "=" and _WEIGHT.match(raw.strip()) and not raw.strip().startswith("%100%"):
                self._question.problems.append(_("Phương án đúng ghi bằng dấu = thì không ghi thêm tỉ lệ điểm."))
            found.append(self._answer(raw, 1000 if sign == "=" else 0))
        shape = built.choice(found, single=stars > 0)
        if head.strip():
            shape.problems.append(_("Có phương án thiếu dấu = hoặc ~ ở đầu."))
        if stars > 1:
            shape.problems.append(_("Có hai phương án cùng đánh dấu đúng (=) trong một câu chọn một đáp án."))
        return shape

    def _matching(self, inside: str) -> Built:
        head, *rest = inside.split("=")
        pairs, extras, problems = [], [], []
        for raw in rest:
            left, arrow, right = raw.partition("->")
            if not arrow:
                problems.append(_("Mỗi cặp ghép phải có dấu -> ở giữa."))
                continue
            pair = self._text(left), one_line(reveal(right))
            if pair[0]:
                pairs.append(pair)
            else:
                extras.append(pair[1])
        shape = built.matching(pairs, extras, places=self._question.carried.places)
        if head.strip():
            problems.append(_("Có cặp ghép thiếu dấu = ở đầu."))
        shape.problems += problems
        return shape

    def _ordering(self, inside: str) -> Built:
        header, _newline, body = inside.partition("\n")
        match = _ORDERING.fullmatch(header.strip())
        items = [one_line(reveal(line)) for line in body.split("\n") if line.strip()]
        if match is None or not items:
            return built.unknown(_("Câu sắp xếp phải ghi mỗi mục trên một dòng, sau dòng đầu bắt đầu bằng dấu >."))
        words = set(match[2].split())
        shape = built.ordering(items, places=self._question.carried.places)
        if words & _BY_PLACE:
            shape.key["scheme"] = "partial"
        elif not words & _WHOLE:
            shape.key["scheme"] = "partial"
            shape.warnings.append(_("Cách tính điểm sắp xếp của tệp được đổi thành tính theo từng vị trí đúng."))
        if words & {"RANDOM", "REL", "CONTIGUOUS", "CONTIG"} and match[1] != str(len(items)):
            shape.warnings.append(_("Tệp chỉ hỏi một phần các mục; ở đây câu hỏi sẽ dùng tất cả các mục."))
        if words - {"ALL", "EXACT", "VERTICAL", "SHOW", "ALL_OR_NOTHING", "ABSOLUTE_POSITION"}:
            self._question.source["ordering"] = header.strip()
        return shape

    def _boolean(self, inside: str) -> Built | None:
        check, *feedback = inside.split("#", 2)
        word = fold(reveal(check))
        if word in (*_TRUE, *_FALSE):
            right = word in _TRUE
        elif word in _WORDS:
            right = _WORDS[word]
            self._question.warnings.append(_("Được hiểu là câu đúng hay sai."))
        else:
            return None
        told = [self._kept(read_text(text, self._base), "told") for text in [*feedback, "", ""][:2]]
        wrong, fitting = told
        return built.boolean(right, if_true=fitting if right else wrong, if_false=wrong if right else fitting)

    def _short(self, inside: str) -> Built:
        return built.short([self._answer(raw, 1000) for raw in _listed(inside)])

    def _numeric(self, inside: str) -> Built:
        inside, tilde, wrong = inside.partition("~")
        shape_problems: list[str] = []
        found = [self._figure(raw.strip(), shape_problems) for raw in _listed(inside)]
        if tilde:
            feedback = self._kept(read_text(wrong.partition("#")[2], self._base), "told")
            found.append(Answer(text="*", weight=0, feedback=feedback))
        shape = built.numeric(found, unit=self._question.carried.text("unit"))
        shape.problems = shape_problems or shape.problems
        return shape

    def _figure(self, raw: str, problems: list[str]) -> Answer:
        weight, raw = self._weight(raw, 1000)
        text, _mark, feedback = raw.partition("#")
        told = self._kept(read_text(feedback, self._base), "told")
        text = reveal(text).strip()
        if text == "*":
            return Answer(text="*", weight=0 if weight == 1000 else weight, feedback=told)
        value, tolerance = self._spread(text)
        if value is None or tolerance is None or tolerance.startswith("-"):
            problems.append(
                _("Không hiểu số “%(text)s”. Mời bạn viết như 34, 12.5, 34:1 hoặc 30..40.") % {"text": text[:60]}
            )
        return Answer(text=value or "", weight=weight, feedback=told, tolerance=tolerance or "0")

    def _spread(self, text: str) -> tuple[str | None, str | None]:
        """Return value and tolerance of "34", "34:1" or "30..40"."""
        if ".." in text:
            low, high = map(self._number, text.split("..", 1))
            if low is None or high is None:
                return None, None
            return built.middle(low, high)
        value, _mark, tolerance = text.partition(":")
        return self._number(value), self._number(tolerance or "0")

    def _number(self, text: str) -> str | None:
        """Return a number; a decimal comma is understood unless it could as well part thousands."""
        text = text.strip()
        if re.fullmatch(r"[+-]?[0-9]{1,3}\.[0-9]{3}", text):
            self._question.warnings.append(
                _("Số %(number)s được hiểu là có phần thập phân; nếu là hàng nghìn, mời bạn viết liền các chữ số.")
                % {"number": text}
            )
        if re.fullmatch(r"[+-]?[0-9]+,[0-9]+", text) and not re.fullmatch(r"[+-]?[1-9][0-9]{0,2},[0-9]{3}", text):
            text = text.replace(",", ".")
        return number(text)


def _listed(inside: str) -> Sequence[str]:
    """Return the answers between "=" signs; the first one may lack its sign."""
    parts = inside.split("=")
    return parts if parts[0].strip() else parts[1:]
