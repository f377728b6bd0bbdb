"""One QTI item (2.x spelling, see qti_names.py) to a draft."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Callable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from quizbank.formats import answers, qti_key, xml
from quizbank.formats.answers import Built
from quizbank.formats.assemble import Question, RemoteNotes
from quizbank.formats.base import Defaults, Found
from quizbank.formats.markup import from_html, line_from_html
from quizbank.formats.qti_key import Choice
from quizbank.formats.qti_score import Declared, declared, feedback_ids
from quizbank.formats.texts import BLANK, code_in, one_line, short_name

FMT = "qti"
EXPLANATION = "EXPLANATION"
UNIT = "unit"
_GENERAL = re.compile(r"explanation|solution|rationale|general(?:fb|feedback)?", re.IGNORECASE)
_HIDDEN = (
    "feedbackBlock", "feedbackInline", "templateBlock", "templateInline", "infoControl", "stylesheet", "catalogInfo",
)  # fmt: skip
_INLINE = frozenset(["b", "i", "em", "strong", "span", "u", "sub", "sup", "a", "font", "small", "big", "br", "img"])
_OTHERS = {
    "extendedTextInteraction": gettext_noop("tự luận"),
    "uploadInteraction": gettext_noop("nộp tệp"),
    "inlineChoiceInteraction": gettext_noop("chọn từ trong câu"),
    "gapMatchInteraction": gettext_noop("kéo chữ vào chỗ trống"),
    "associateInteraction": gettext_noop("ghép đôi tự do"),
    "hotspotInteraction": gettext_noop("bấm trên hình"),
    "hottextInteraction": gettext_noop("chọn chữ trong đoạn"),
    "sliderInteraction": gettext_noop("thanh trượt"),
    "mediaInteraction": gettext_noop("nghe nhìn"),
}


class ItemReader:
    """Reads one ``<assessmentItem>``; ``load`` returns the file a picture's address names."""

    def __init__(
        self, item: ET.Element, *, place: str, load: Callable[[str], bytes | None], remote: RemoteNotes
    ) -> None:
        self._item, self._load, self._remote = item, load, remote
        self._body = item.find("itemBody")
        self._question = Question(fmt=FMT, place=place, carried=xml.carried(item))
        self._feedback = {name: self._plain(element) for name, element in feedback_ids(item).items()}
        self._used: set[str] = set()

    def read(self, defaults: Defaults) -> Found:
        """Return the item as found, with everything that is wrong with it."""
        question, said = self._question, frozenset[str]()
        body = self._body if self._body is not None else ET.Element("itemBody")
        interactions = [one for one in body.iter() if one.tag.endswith("Interaction")]
        if len(interactions) == 1:
            built, said = self._interaction(interactions[0])
            self._stem(body, interactions[0])
        else:
            built = answers.unknown(
                _("Câu không có phần trả lời.")
                if not interactions
                else _("Câu gồm nhiều phần trả lời; mời bạn tách ra.")
            )
            self._stem(body, None)
        if self._item.find("assessmentStimulusRef") is not None:
            question.warnings.append(_("Câu dựa vào một bài đọc để riêng; bài đọc đó không được nhập."))
        if self._item.find("templateDeclaration") is not None:
            question.problems.append(_("Câu có giá trị ngẫu nhiên, chưa dùng được ở đây."))
        self._names()
        self._explain(built)
        return question.finish(built, defaults=defaults, said=said)

    def _names(self) -> None:
        question = self._question
        identifier, title = self._item.get("identifier", ""), one_line(self._item.get("title", ""))
        question.code = code_in(identifier)
        if title and title not in (question.code, short_name(question.stem), question.carried.text("code")):
            question.source["title"] = title

    def _explain(self, built: Built) -> None:
        """Give the feedbacks that belong to no choice their place."""
        left = {
            name: text
            for name, text in self._feedback.items()
            if text
            and name not in self._used
            and not (built.kind in ("short", "numeric") and name.startswith("ANSWER_"))
        }
        general = [name for name in left if _GENERAL.fullmatch(name)]
        self._question.explanation = "\n".join(left.pop(name) for name in general)
        if left:
            self._question.source["feedback"] = left
            self._question.warnings.append(_("Có lời phản hồi không gắn với phương án nào; chỉ được giữ để xuất lại."))

    def _interaction(self, element: ET.Element) -> tuple[Built, frozenset[str]]:
        """Return the shape, and the sides of its key that the file itself says."""
        said = declared(self._item, element.get("responseIdentifier", ""))
        name = element.tag
        if sum(1 for one in element.iter() if "identifier" in one.attrib) > 2 * answers.MOST_ANSWERS:
            return answers.crowded(), frozenset()
        if name in _OTHERS or name not in _READERS:
            kind = _(_OTHERS[name]) if name in _OTHERS else one_line(name)[:40]
            return answers.unknown(_("Loại câu “%(kind)s” chưa dùng được ở đây.") % {"kind": kind}), frozenset()
        if said is None:
            return answers.unknown(qti_key.no_key()), frozenset()
        if element.get("shuffle") == "false" and name == "choiceInteraction":
            self._question.source["shuffle"] = False
        reader: Callable[[ET.Element, Declared], tuple[Built, frozenset[str]]] = getattr(self, _READERS[name])
        return reader(element, said)

    def _choice(self, element: ET.Element, said: Declared) -> tuple[Built, frozenset[str]]:
        choices = self._choices(element, "simpleChoice")
        single = said.cardinality == "single" or (element.get("maxChoices") == "1" and len(said.correct) <= 1)
        built = qti_key.choice(choices, said, single=single)
        if built.kind == "boolean":
            self._question.source.pop("shuffle", None)
        most = element.get("maxChoices", "0")
        if built.kind == "multiple" and most not in ("0", str(len(choices))):
            self._question.source["max"] = one_line(most)[:4]
        return built, frozenset({"scheme"})

    def _written(self, element: ET.Element, said: Declared) -> tuple[Built, frozenset[str]]:
        carried = self._question.carried
        unit = self._unit(element) or carried.text("unit")
        built = qti_key.written(said, unit=unit, feedback=self._feedback)
        return built, frozenset({"case"}) if qti_key.says_case(said) else frozenset()

    def _order(self, element: ET.Element, said: Declared) -> tuple[Built, frozenset[str]]:
        choices = self._choices(element, "simpleChoice")
        return qti_key.order(choices, said, places=self._question.carried.places), frozenset()

    def _match(self, element: ET.Element, said: Declared) -> tuple[Built, frozenset[str]]:
        sets = [self._choices(one, "simpleAssociableChoice") for one in element.findall("simpleMatchSet")]
        if len(sets) != 2:
            return answers.unknown(qti_key.no_key()), frozenset()
        built = qti_key.match(sets[0], sets[1], said, places=self._question.carried.places)
        return built, frozenset({"scheme"})

    def _choices(self, element: ET.Element, tag: str) -> list[Choice]:
        found = []
        for one in element.findall(tag):
            name, told = one.get("identifier", ""), ""
            for inner in [inner for inner in one.iter() if inner.tag == "feedbackInline"]:
                told = told or (self._plain(inner) if inner.get("identifier") == name else "")
            _strip(one, ("feedbackInline",))
            rich = line_from_html(_inner(one))
            self._question.take(rich, "answer")
            self._used.add(name)
            found.append(Choice(name, rich.text, told or self._feedback.get(name, "")))
        return found

    def _plain(self, element: ET.Element) -> str:
        rich = from_html(_inner(element), markdown=False)
        self._question.take(rich, "told")
        return rich.text

    def _parent(self, element: ET.Element) -> ET.Element | None:
        assert self._body is not None
        return next((one for one in self._body.iter() if element in list(one)), None)

    def _unit(self, element: ET.Element) -> str:
        parent = self._parent(element)
        for one in parent.findall("span") if parent is not None else ():
            if UNIT in one.get("class", "").split():
                text = one_line("".join(one.itertext()))
                one.text, one[:] = None, []
                return text
        return ""

    def _stem(self, body: ET.Element, interaction: ET.Element | None) -> None:
        if interaction is not None:
            self._open(interaction)
        for rubric in body.iter("rubricBlock"):
            if "candidate" not in rubric.get("view", ""):
                rubric.text, rubric[:] = None, []
        _strip(body, _HIDDEN)
        for one in body.iter("object"):
            if one.get("type", "").startswith("image/"):
                one.tag = "img"
                one.set("src", one.get("data", ""))
                one.set("alt", one_line("".join(one.itertext())))
                one.text, one[:] = None, []
        rich = self._question.as_carried(from_html(_inner(body)))
        question = self._question
        question.stem, question.markdown = rich.text, rich.markdown
        question.take(rich)
        question.take_picture(rich, self._load, self._remote)

    def _open(self, interaction: ET.Element) -> None:
        """Turn the interaction into what is left of it in the stem: its prompt, or a gap."""
        if interaction.tag != "textEntryInteraction":
            prompt = interaction.find("prompt")
            interaction.tag, interaction.text = "div", None
            interaction[:] = [] if prompt is None else [prompt]
            if prompt is not None:
                prompt.tag, prompt.tail = "div", None
            return
        parent = self._parent(interaction)
        around = ""
        if parent is not None:
            inline = [one for one in parent if one is not interaction and one.tag in _INLINE]
            around = (parent.text or "") + "".join(one.tail or "" for one in parent)
            around += "".join("".join(one.itertext()) for one in inline)
        interaction.tag, interaction[:] = "span", []
        if around.strip():
            interaction.text = BLANK
            self._question.source["gap"] = True


_READERS = {
    "choiceInteraction": "_choice",
    "textEntryInteraction": "_written",
    "orderInteraction": "_order",
    "matchInteraction": "_match",
}


def _inner(element: ET.Element) -> str:
    """Return what is inside an element as HTML."""
    return _escaped(element.text) + "".join(ET.tostring(child, "unicode", method="html") for child in element)


def _escaped(text: str | None) -> str:
    return (text or "").replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _strip(root: ET.Element, tags: tuple[str, ...]) -> None:
    """Take elements out, keeping the words that follow them."""
    for parent in list(root.iter()):
        if not any(child.tag in tags for child in parent):
            continue
        kept: list[ET.Element] = []
        loose: list[str] = []
        for child in parent:
            if child.tag not in tags:
                _follow(parent, kept, loose)
                loose = []
                kept.append(child)
            elif child.tail:
                loose.append(child.tail)
        _follow(parent, kept, loose)
        parent[:] = kept


def _follow(parent: ET.Element, kept: list[ET.Element], loose: list[str]) -> None:
    """Put words behind the last element that stays, or at the beginning."""
    if kept:
        kept[-1].tail = (kept[-1].tail or "") + "".join(loose)
    else:
        parent.text = (parent.text or "") + "".join(loose)
