"""One question of Moodle XML to a draft."""

from __future__ import annotations

import base64
import binascii
import xml.etree.ElementTree as ET
from urllib.parse import unquote

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from quizbank.formats import answers, xml
from quizbank.formats.answers import Answer, Built
from quizbank.formats.assemble import Question, RemoteNotes
from quizbank.formats.base import Defaults, Found
from quizbank.formats.markup import Rich, from_html, from_markdown, line_from_html
from quizbank.formats.texts import code_in, lines, number, one_line, per_mille, short_name

# Settings that only Moodle understands, by kind of question, with the values that need no keeping.
SETTINGS: dict[str, dict[str, str]] = {
    "": {"defaultgrade": "1", "penalty": "0.3333333", "hidden": "0"},
    "multichoice": {"shuffleanswers": "true", "answernumbering": "abc", "showstandardinstruction": "0"},
    "matching": {"shuffleanswers": "true"},
    "numerical": {"unitgradingtype": "0", "unitpenalty": "0.1000000", "showunits": "3", "unitsleft": "0"},
    "ordering": {
        "layouttype": "VERTICAL", "selecttype": "ALL", "selectcount": "0", "showgrading": "SHOW", "numberingstyle": "none",
    },
}  # fmt: skip
COMBINED = ("correctfeedback", "partiallycorrectfeedback", "incorrectfeedback")
WHOLE, BY_PLACE = ("ALL_OR_NOTHING", "-1"), ("ABSOLUTE_POSITION", "0")
_TYPES = {
    "truefalse": "boolean",
    "shortanswer": "short",
    "numerical": "numeric",
    "matching": "matching",
    "ordering": "ordering",
}
_OTHERS = {
    "essay": gettext_noop("tự luận"),
    "description": gettext_noop("lời dẫn, không có câu hỏi"),
    "calculated": gettext_noop("tính toán có số ngẫu nhiên"),
    "calculatedsimple": gettext_noop("tính toán có số ngẫu nhiên"),
    "calculatedmulti": gettext_noop("tính toán có số ngẫu nhiên"),
    "cloze": gettext_noop("điền nhiều chỗ trống (Cloze)"),
    "multianswer": gettext_noop("điền nhiều chỗ trống (Cloze)"),
    "ddwtos": gettext_noop("kéo chữ vào chỗ trống"),
    "gapselect": gettext_noop("chọn chữ cho chỗ trống"),
    "ddimageortext": gettext_noop("kéo vào hình"),
    "ddmarker": gettext_noop("đánh dấu trên hình"),
    "randomsamatch": gettext_noop("ghép cặp ngẫu nhiên"),
}
_TRUTHS = ("1", "true")


class QuestionReader:
    """Reads one ``<question>``."""

    def __init__(self, element: ET.Element, *, place: str, topic: str, category: str, remote: RemoteNotes) -> None:
        self._element, self._remote = element, remote
        self._type = element.get("type", "")
        carried = xml.carried(element)
        self._question = Question(fmt="moodle", place=place, topic=topic, carried=carried)
        if category:
            self._question.source["category"] = category
        self._base = "html"

    def read(self, defaults: Defaults) -> Found:
        """Return the question with everything that is wrong with it."""
        self._stem()
        self._names()
        built = self._built()
        self._settings()
        said = {"short": {"case"}, "ordering": {"scheme"}}.get(built.kind, set())
        return self._question.finish(built, defaults=defaults, said=frozenset(said))

    def _names(self) -> None:
        question, element = self._question, self._element
        title = one_line(xml.child_text(element, "name/text"))
        title = "" if title == short_name(question.stem) else title
        question.code = code_in(xml.child_text(element, "idnumber")) or code_in(title)
        if title and title != question.code:
            question.source["name"] = title
        tags = [one_line("".join(tag.itertext())) for tag in element.findall("tags/tag/text")]
        question.tags = tuple(dict.fromkeys(tag for tag in tags if tag))

    def _stem(self) -> None:
        element = self._element.find("questiontext")
        if element is None:
            return
        self._base = element.get("format", "html")
        rich = self._rich(element, markdown=True)
        files = {one_line(unquote(file.get("name", ""))): file for file in element.findall("file")}
        self._question.stem, self._question.markdown = rich.text, rich.markdown
        self._question.take(rich)
        self._question.take_picture(rich, lambda source: _bytes(source, files), self._remote)
        general = self._element.find("generalfeedback")
        if general is not None:
            self._question.explanation = self._told(general)

    def _rich(self, element: ET.Element, *, one: bool = False, markdown: bool = False) -> Rich:
        text = element.find("text")
        if text is None:
            return Rich("")
        # Some exporters put XHTML there instead of escaped text.
        inner = "".join(ET.tostring(child, "unicode", method="html") for child in text)
        raw = (text.text or "") + inner
        fmt = element.get("format", self._base)
        if fmt == "markdown":
            return from_markdown(raw) if markdown else Rich(one_line(raw) if one else lines(raw))
        if fmt == "plain_text":
            return Rich(one_line(raw) if one else lines(raw))
        if fmt != "html" and "<" not in raw:
            raw = raw.strip().replace("\n", "<br>")
        return line_from_html(raw) if one else from_html(raw, markdown=markdown)

    def _told(self, element: ET.Element | None) -> str:
        if element is None:
            return ""
        rich = self._rich(element)
        self._question.take(rich, "told")
        return rich.text

    def _option(self, element: ET.Element) -> str:
        rich = self._rich(element, one=True)
        self._question.take(rich, "answer")
        return rich.text

    def _text(self, name: str, default: str = "") -> str:
        return xml.child_text(self._element, name, default)

    def _settings(self) -> None:
        """Keep what only Moodle understands, where it is not what everybody has."""
        source = self._question.source
        for name, usual in (SETTINGS[""] | SETTINGS.get(self._type, {})).items():
            value = one_line(self._text(name))[:40]
            same = value in (usual, {"true": "1"}.get(usual)) or number(value) == (number(usual) or usual)
            if value and not same:
                source[name] = value
        combined = {name: self._told(self._element.find(name)) for name in COMBINED}
        hints = [self._told(hint) for hint in self._element.findall("hint")]
        if kept := {name: text for name, text in combined.items() if text}:
            source["combined"] = kept
        if any(hints):
            source["hints"] = [hint for hint in hints if hint]
        if source.get("hidden") == "1":
            self._question.warnings.append(_("Câu này đang bị ẩn trong Moodle."))
        if source.get("shuffleanswers", "true").lower() in ("0", "false") and self._type == "multichoice":
            self._question.warnings.append(
                _("Tệp yêu cầu giữ nguyên thứ tự phương án; ở đây thứ tự theo thể lệ của vòng thi.")
            )

    def _built(self) -> Built:
        if max(len(self._element.findall(name)) for name in ("answer", "subquestion", "hint")) > answers.MOST_ANSWERS:
            return answers.crowded()
        if self._type == "multichoice":
            single = self._text("single", "true").lower() in _TRUTHS
            return answers.choice(self._answers(), single=single)
        if self._type not in _TYPES:
            name = _OTHERS.get(self._type)
            kind = _(name) if name else one_line(self._type)[:40] or "?"
            return answers.unknown(_("Loại câu “%(kind)s” chưa dùng được ở đây.") % {"kind": kind})
        built: Built = getattr(self, f"_{_TYPES[self._type]}")()
        return built

    def _answers(self) -> list[Answer]:
        return [
            Answer(
                text=self._option(answer),
                weight=per_mille(answer.get("fraction", "0")),
                feedback=self._told(answer.find("feedback")),
            )
            for answer in self._element.findall("answer")
        ]

    def _boolean(self) -> Built:
        found = {one.text.casefold(): one for one in self._answers()}
        if set(found) != {"true", "false"} or sorted(one.weight or 0 for one in found.values()) != [0, 1000]:
            return answers.unknown(
                _("Câu đúng/sai phải có một đáp án true và một đáp án false, một trong hai được 100%.")
            )
        return answers.boolean(
            found["true"].weight == 1000, if_true=found["true"].feedback, if_false=found["false"].feedback
        )

    def _short(self) -> Built:
        # Accepted answers are plain text, whatever format the question has.
        found = [
            Answer(
                text=one_line(xml.child_text(answer, "text")),
                weight=per_mille(answer.get("fraction", "0")),
                feedback=self._told(answer.find("feedback")),
            )
            for answer in self._element.findall("answer")
        ]
        return answers.short(found, case=self._text("usecase") in _TRUTHS)

    def _numeric(self) -> Built:
        found, faults = [], []
        for answer in self._element.findall("answer"):
            text, spread = xml.child_text(answer, "text"), xml.child_text(answer, "tolerance") or "0"
            value, tolerance = ("*", "0") if text == "*" else (number(text), number(spread))
            if value is None or tolerance is None or tolerance.startswith("-"):
                faults.append(_("Không hiểu số “%(text)s”.") % {"text": one_line(f"{text} ± {spread}")[:60]})
            weight, feedback = per_mille(answer.get("fraction", "0")), self._told(answer.find("feedback"))
            found.append(Answer(text=value or "", weight=weight, feedback=feedback, tolerance=tolerance or "0"))
        built = answers.numeric(found, unit=self._unit())
        built.problems = faults or built.problems
        return built

    def _unit(self) -> str:
        units = [
            (number(xml.child_text(unit, "multiplier", "1")), one_line(xml.child_text(unit, "unit_name")))
            for unit in self._element.findall("units/unit")
        ]
        if len(units) > 1:
            self._question.warnings.append(_("Câu có nhiều đơn vị; chỉ giữ đơn vị chính."))
            self._question.source["units"] = [[multiplier or "1", name] for multiplier, name in units]
        return next((name for multiplier, name in units if multiplier == "1"), "")

    def _matching(self) -> Built:
        pairs, extras = [], []
        for element in self._element.findall("subquestion"):
            left, right = self._option(element), one_line(xml.child_text(element, "answer/text"))
            if left:
                pairs.append((left, right))
            elif right:
                extras.append(right)
        return answers.matching(pairs, extras, places=self._question.carried.places)

    def _ordering(self) -> Built:
        elements = self._element.findall("answer")
        items = [self._option(answer) for answer in elements]
        built = answers.ordering(items, places=self._question.carried.places)
        ranks = [number(answer.get("fraction", "")) for answer in elements]
        if (
            len(set(ranks)) == len(ranks) > 1
            and None not in ranks
            and ranks != sorted(ranks, key=lambda one: float(one or 0))
        ):
            built.problems.append(_("Thứ tự của các mục trong tệp mâu thuẫn với số thứ tự ghi kèm."))
        grading = self._text("gradingtype", WHOLE[0]).upper()
        if grading not in WHOLE:
            built.key["scheme"] = "partial"
        if grading not in (*WHOLE, *BY_PLACE):
            self._question.source["gradingtype"] = one_line(grading)[:40]
            built.warnings.append(_("Cách tính điểm sắp xếp của tệp được đổi thành tính theo từng vị trí đúng."))
        if self._text("selecttype", "ALL").upper() not in ("ALL", "EXACT", "0"):
            built.warnings.append(_("Tệp chỉ hỏi một phần các mục; ở đây câu hỏi sẽ dùng tất cả các mục."))
        return built


def _bytes(source: str, files: dict[str, ET.Element]) -> bytes | None:
    """Return the embedded file a picture's address names, None when there is none or it is broken."""
    name = one_line(unquote(source.rpartition("@@PLUGINFILE@@")[2].split("?")[0]).strip("/"))
    file = files.get(name)
    if file is None:
        file = files.get(name.rpartition("/")[2])
    if file is None or file.get("encoding", "base64") != "base64":
        return None
    try:
        return base64.b64decode("".join((file.text or "").split()), validate=True) or None
    except (binascii.Error, ValueError):
        return None
