"""Questions of an event: the quick editor, what one question of the running order has of its own, filters of the bank."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from people.text import tidy
from quizbank.drafts import LONGEST_STEM, Draft
from quizbank.enums import Difficulty, KindCode
from quizbank.errors import BadQuestion
from quizbank.kinds.base import LETTERS
from quizbank.models import QuestionVersion
from quizbank.queries.questions import topics
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
            play = self.fields["play"]
            assert isinstance(play, forms.ChoiceField)
            play.choices = [(one.value, one.label) for one in plays_of(kind)]

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


class QuickForm(ItemForm):
    """The quick editor: type, mark the right one, next."""

    what = What(label=_("Loại câu"), choices=What.NAMES, initial=What.CHOICE)
    stem = forms.CharField(
        label=_("Câu hỏi"),
        max_length=LONGEST_STEM,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Mời bạn gõ câu hỏi.")},
    )
    right_bool = forms.ChoiceField(
        label=_("Đáp án"), choices=[("T", _("Đúng")), ("F", _("Sai"))], required=False, initial="T"
    )
    value = forms.CharField(label=_("Đáp án là số"), max_length=20, required=False)
    tolerance = forms.CharField(
        label=_("Cho phép lệch"), help_text=_("Để trống: phải đúng hẳn."), max_length=20, required=False
    )
    unit = forms.CharField(label=_("Đơn vị tính"), max_length=30, required=False)
    accept = forms.CharField(
        label=_("Các cách viết được chấp nhận"),
        help_text=_("Mỗi dòng một cách. Không phân biệt hoa thường và dấu."),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    explanation = forms.CharField(
        label=_("Giải thích"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    citation = forms.CharField(label=_("Căn cứ"), max_length=400, required=False)
    topic = forms.ChoiceField(label=_("Chủ đề"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["play"]
        topic = self.fields["topic"]
        assert isinstance(topic, forms.ChoiceField)
        topic.choices = [(one.slug, one.name) for one in topics()]
        for place in range(MOST_OPTIONS):
            self.fields[f"option_{place}"] = forms.CharField(
                label=_("Phương án %(letter)s") % {"letter": LETTERS[place]}, max_length=200, required=False
            )
            self.fields[f"right_{place}"] = forms.BooleanField(
                label=_("%(letter)s là đáp án đúng") % {"letter": LETTERS[place]}, required=False
            )
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
                number = {"value": _plain_number(data["value"]), "tolerance": _plain_number(data["tolerance"]) or "0"}
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


def _plain_number(text: str) -> str:
    """ "12,5" and "1.200" as the bank keeps numbers; what is no number stays as typed and is refused by the kind."""
    bare = tidy(text).replace(" ", "")
    if "," in bare:
        bare = bare.replace(".", "").replace(",", ".")
    elif bare.count(".") and all(len(part) == 3 for part in bare.split(".")[1:]):
        bare = bare.replace(".", "")
    return bare


class BankFilter(forms.Form):
    """Search and filters of the bank; everything optional."""

    q = forms.CharField(label=_("Tìm trong ngân hàng"), max_length=100, required=False)
    topic = forms.ChoiceField(label=_("Chủ đề"), required=False)
    difficulty = forms.ChoiceField(
        label=_("Độ khó"), choices=[("", _("Mọi độ khó")), *Difficulty.choices], required=False
    )
    kind = forms.ChoiceField(label=_("Loại câu"), choices=[("", _("Mọi loại")), *KindCode.choices], required=False)
    mine = forms.BooleanField(label=_("Chỉ câu tôi đã soạn"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        topic = self.fields["topic"]
        assert isinstance(topic, forms.ChoiceField)
        topic.choices = [("", _("Mọi chủ đề")), *((one.slug, one.name) for one in topics())]

    def wanted(self) -> dict[str, Any]:
        """The filters as the query takes them; what cannot be read is no filter."""
        self.is_valid()
        return {name: self.cleaned_data.get(name) for name in self.fields}


class MakeOneForm(forms.Form):
    """ "Làm giúp tôi": topics and a length, the rest is found."""

    topics = forms.MultipleChoiceField(
        label=_("Về những chủ đề nào"),
        help_text=_("Không chọn: mọi chủ đề."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    minutes = forms.TypedChoiceField(
        label=_("Dài khoảng bao lâu"),
        coerce=int,
        initial=15,
        choices=[
            (10, _("10 phút")),
            (15, _("15 phút")),
            (20, _("20 phút")),
            (30, _("30 phút")),
            (45, _("45 phút")),
            (60, _("60 phút")),
        ],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["topics"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(one.slug, one.name) for one in topics()]


def quick_initial(version: QuestionVersion, play: str) -> dict[str, Any]:
    """What the quick editor shows of a stored question."""
    key, content = version.key, version.content
    kinds = {KindCode.BOOLEAN: What.BOOLEAN, KindCode.NUMERIC: What.NUMBER, KindCode.SHORT: What.WORDS}
    uses = {play: what for what, play in USES.items()}
    initial: dict[str, Any] = {
        "what": uses.get(Play(play)) or kinds.get(KindCode(version.kind), What.CHOICE),
        "stem": version.stem,
        "explanation": version.explanation,
        "citation": version.citation,
        "topic": version.question.topic.slug,
        "unit": content.get("unit", ""),
        "value": str(key.get("value", "")).replace(".", ","),
        "tolerance": "" if key.get("tolerance", "0") == "0" else str(key["tolerance"]).replace(".", ","),
        "accept": "\n".join(key.get("accept", ())) if play != Play.CLOUD else "",
    }
    if version.kind == KindCode.BOOLEAN:
        initial["right_bool"] = "T" if key["right"] else "F"
    for place, text in enumerate(content.get("options", ())[:MOST_OPTIONS]):
        initial[f"option_{place}"] = text
        initial[f"right_{place}"] = LETTERS[place] in key.get("right", ()) and play != Play.POLL
    return initial
