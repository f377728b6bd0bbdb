"""Questions of an event: the quick editor, and what one question of the running order has of its own."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from people.text import tidy
from quizbank.drafts import Draft
from quizbank.enums import Difficulty, KindCode
from quizbank.errors import BadQuestion
from quizbank.forms.fields import AnswerForm, accept_field, choices_of, explanation_field
from quizbank.kinds.base import LETTERS
from quizbank.models import QuestionVersion
from quizbank.shaping import stored_number, typed_of
from realtime.domain.questions import LIVE_TAG, Settings, settings_of
from realtime.enums import Mode, Play, Stakes

MOST_OPTIONS = 6
FEWEST_OPTIONS = 2


class What(forms.ChoiceField):
    """What the quick editor writes: each is a kind of question and a use of it."""

    CHOICE, BOOLEAN, NUMBER, WORDS, POLL, CLOSEST, CLOUD = (
        "choice", "boolean", "number", "words", "poll", "closest", "cloud",
    )  # fmt: skip
    NAMES = (
        (CHOICE, _("Chọn đáp án")),
        (BOOLEAN, _("Đúng hay sai")),
        (NUMBER, _("Điền số")),
        (WORDS, _("Trả lời ngắn")),
        (CLOSEST, _("Đoán gần đúng nhất")),
        (POLL, _("Thăm dò, không có đáp án")),
        (CLOUD, _("Đám mây từ, không có đáp án")),
    )


class ItemForm(forms.Form):
    """Seconds, points and use of one question. ``mode`` is the event's; ``kind`` the question's, "" while it is written."""

    seconds = forms.IntegerField(
        label=_("Giây trả lời"), help_text=_("Để trống: theo thể lệ."), min_value=3, max_value=600, required=False
    )
    read_seconds = forms.IntegerField(
        label=_("Giây đọc câu hỏi"), help_text=_("Để trống: theo thể lệ."), min_value=0, max_value=10, required=False
    )
    points = forms.IntegerField(
        label=_("Điểm"),
        help_text=_("Để trống: theo thể lệ. 0: không tính điểm."),
        min_value=0,
        max_value=100_000,
        required=False,
    )
    stakes = forms.ChoiceField(label=_("Nếu trả lời sai"), choices=Stakes.choices, required=False)
    play = forms.ChoiceField(label=_("Dùng như"), choices=Play.choices, required=False)
    practice = forms.BooleanField(label=_("Câu tập dượt: không tính điểm, không ai rời sàn"), required=False)
    extra = forms.BooleanField(label=_("Câu phụ: chỉ hỏi khi cần phân định người thắng"), required=False)

    def __init__(self, *args: Any, mode: str, kind: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if mode != Mode.BELL:
            del self.fields["stakes"]
        if kind:
            choices_of(self, "play", [(one.value, one.label) for one in plays_of(kind)])

    def settings(self) -> Settings:
        """The cleaned entries as the domain takes them."""
        return settings_of(self.cleaned_data)


def plays_of(kind: str) -> list[Play]:
    """The uses a kind of question allows: a poll counts options, the closest guess wants a number, a cloud wants words."""
    match kind:
        case KindCode.NUMERIC:
            return [Play.QUIZ, Play.CLOSEST]
        case KindCode.SHORT:
            return [Play.QUIZ, Play.CLOUD]
        case KindCode.SINGLE | KindCode.MULTIPLE | KindCode.BOOLEAN:
            return [Play.QUIZ, Play.POLL]
        case _:
            return [Play.QUIZ]


class QuickForm(AnswerForm, ItemForm):
    """The quick editor: type, mark the right one, next."""

    what = What(label=_("Loại câu"), choices=What.NAMES, initial=What.CHOICE)
    accept = accept_field(_("Mỗi dòng một cách. Không phân biệt hoa thường và dấu."), longest=1000)
    explanation = explanation_field(longest=1000, rows=2)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["play"]
        self.add_options(MOST_OPTIONS, longest=200)
        self.draft: Draft | None = None

    def options(self) -> list[tuple[int, forms.BoundField, forms.BoundField]]:
        """(place, text, right) of each option."""
        return [(place, self[f"option_{place}"], self[f"right_{place}"]) for place in range(MOST_OPTIONS)]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if self.errors:
            return cleaned
        kind, content, key = self._parts(cleaned)
        if self.errors:
            return cleaned
        draft = Draft(
            kind=kind,
            stem=tidy(cleaned["stem"]),
            content=content,
            key=key,
            difficulty=Difficulty.MEDIUM,
            topic=cleaned["topic"],
            explanation=tidy(cleaned["explanation"]),
            citation=tidy(cleaned["citation"]),
            tags=(LIVE_TAG,),
        )
        try:
            self.draft = draft.checked()
        except BadQuestion as error:
            self.add_error(PLACES.get(cleaned["what"], "stem"), str(error))
        return cleaned

    def settings(self) -> Settings:
        """How the question is played; its use comes from what it is."""
        return settings_of({**self.cleaned_data, "play": USES.get(self.cleaned_data["what"], Play.QUIZ)})

    def _parts(self, data: dict[str, Any]) -> tuple[str, dict[str, Any], dict[str, Any]]:
        """Kind, content and key of what was typed. A question without a key gets one nobody will ever see."""
        match data["what"]:
            case What.BOOLEAN:
                return KindCode.BOOLEAN, {}, {"right": data["right_bool"] != "F"}
            case What.NUMBER | What.CLOSEST:
                number = {"value": stored_number(data["value"]), "tolerance": stored_number(data["tolerance"] or "0")}
                return KindCode.NUMERIC, {"unit": tidy(data["unit"])}, number
            case What.WORDS:
                accept = [tidy(line) for line in data["accept"].splitlines() if tidy(line)]
                return KindCode.SHORT, {}, {"accept": accept}
            case What.CLOUD:
                return KindCode.SHORT, {}, {"accept": ["–"]}
            case _:
                return self._choice(data)

    def _choice(self, data: dict[str, Any]) -> tuple[str, dict[str, Any], dict[str, Any]]:
        typed = [
            (tidy(data[f"option_{n}"]), data[f"right_{n}"]) for n in range(MOST_OPTIONS) if tidy(data[f"option_{n}"])
        ]
        right = [LETTERS[place] for place, (_text, is_right) in enumerate(typed) if is_right]
        if len(typed) < FEWEST_OPTIONS:
            self.add_error("option_0", _("Cần ít nhất hai phương án."))
        elif not right and data["what"] == What.CHOICE:
            self.add_error("option_0", _("Mời bạn đánh dấu phương án đúng."))
        content = {"options": [text for text, _is_right in typed]}
        if data["what"] == What.POLL or len(right) < 2:
            return KindCode.SINGLE, content, {"right": right[0] if right else LETTERS[0]}
        return KindCode.MULTIPLE, content, {"right": right, "scheme": "exact"}


USES = {What.POLL: Play.POLL, What.CLOSEST: Play.CLOSEST, What.CLOUD: Play.CLOUD}
PLACES = {
    What.CHOICE: "option_0",
    What.POLL: "option_0",
    What.NUMBER: "value",
    What.CLOSEST: "value",
    What.WORDS: "accept",
}
"""Where a fault of the written question is shown."""


def quick_initial(version: QuestionVersion, play: str) -> dict[str, Any]:
    """What the quick editor shows of a stored question."""
    typed = typed_of(version.kind, version.content, version.key)
    kinds = {KindCode.BOOLEAN: What.BOOLEAN, KindCode.NUMERIC: What.NUMBER, KindCode.SHORT: What.WORDS}
    uses = {play: what for what, play in USES.items()}
    initial: dict[str, Any] = {
        "what": uses.get(Play(play)) or kinds.get(KindCode(version.kind), What.CHOICE),
        "stem": version.stem,
        "explanation": version.explanation,
        "citation": version.citation,
        "topic": version.question.topic.slug,
        "unit": typed.unit,
        "value": typed.value,
        "tolerance": typed.tolerance,
        "accept": "\n".join(typed.accept) if play != Play.CLOUD else "",
    }
    if version.kind == KindCode.BOOLEAN:
        initial["right_bool"] = "T" if typed.right_bool else "F"
    for place, (text, right) in enumerate(typed.options[:MOST_OPTIONS]):
        initial[f"option_{place}"] = text
        initial[f"right_{place}"] = right and play != Play.POLL
    return initial
