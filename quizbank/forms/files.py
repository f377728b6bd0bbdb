"""Forms of files: what comes in, what is said for all of it, what goes out."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from quizbank.enums import Audience, Difficulty, KindCode, QuestionState
from quizbank.formats.base import Defaults
from quizbank.formats.guard import LARGEST
from quizbank.formats.registry import FORMATS, endings, readers, writers
from quizbank.import_checks import LONGEST_CITATION, Mend
from quizbank.presenting import LANGUAGES
from quizbank.queries.exports import Selection
from quizbank.queries.questions import topics

ANY = [("", _("Tất cả"))]
AS_IS = [("", _("Giữ nguyên"))]
TOO_LARGE = "too_large"


def _topics(first: Any) -> list[tuple[str, Any]]:
    return [("", first), *((topic.slug, topic.name) for topic in topics())]


class UploadForm(forms.Form):
    """A file and what its author says for everything it leaves open."""

    file = forms.FileField(
        label=_("Tệp câu hỏi"),
        help_text=_("Excel, CSV, Word, GIFT, Aiken, Moodle XML, QTI, Kahoot, Quizizz, ClassQuiz. Nhiều nhất 10 MB."),
        error_messages={
            "required": _("Mời bạn chọn một tệp."),
            "empty": _("Tệp này trống. Mời bạn chọn tệp khác."),
            "missing": _("Mời bạn chọn một tệp."),
        },
    )
    format = forms.ChoiceField(label=_("Dạng tệp"), required=False)
    topic = forms.ChoiceField(
        label=_("Chủ đề"), required=False, help_text=_("Cho những câu trong tệp chưa ghi chủ đề.")
    )
    difficulty = forms.ChoiceField(label=_("Độ khó"), choices=Difficulty.choices, initial=Difficulty.MEDIUM)
    audience = forms.MultipleChoiceField(
        label=_("Đối tượng"),
        choices=Audience.choices,
        initial=[Audience.BASIC],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Mời bạn chọn ít nhất một đối tượng.")},
    )
    language = forms.ChoiceField(label=_("Ngôn ngữ của tệp"), choices=list(LANGUAGES.items()), initial="vi")
    citation = forms.CharField(
        label=_("Căn cứ"),
        required=False,
        max_length=LONGEST_CITATION,
        help_text=_("Văn bản nêu ra đáp án, ghi cho những câu trong tệp chưa có."),
    )
    whole = forms.BooleanField(
        label=_("Tất cả hoặc không: chỉ lưu khi không câu nào có lỗi"), required=False, initial=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        formats = [("", _("Tự nhận ra")), *((one.code, one.label()) for one in readers())]
        cast(forms.ChoiceField, self.fields["format"]).choices = formats
        cast(forms.ChoiceField, self.fields["topic"]).choices = _topics(_("Chưa chọn"))
        self.fields["file"].widget.attrs |= {"accept": ",".join(endings()), "data-most": str(LARGEST)}

    def clean_file(self) -> UploadedFile[Any]:
        """Refuse what is too large before a byte of it is kept."""
        file: UploadedFile[Any] = self.cleaned_data["file"]
        if (file.size or 0) > LARGEST:
            size = f"{(file.size or 0) / 1024 / 1024:.1f}".replace(".", ",")
            sentence = _("Tệp nặng %(size)s MB, nhiều nhất được %(most)d MB. Mời bạn chia thành nhiều tệp nhỏ hơn.")
            raise forms.ValidationError(str(sentence) % {"size": size, "most": LARGEST // 1024 // 1024}, code=TOO_LARGE)
        return file

    @property
    def too_large(self) -> bool:
        """Whether the file was refused for its size (status 413)."""
        return self.has_error("file", TOO_LARGE)

    def defaults(self) -> Defaults:
        said = self.cleaned_data
        return Defaults(
            topic=said["topic"],
            difficulty=said["difficulty"],
            audience=tuple(said["audience"]),
            language=said["language"],
            citation=said["citation"],
        )


class MendForm(forms.Form):
    """What the author says afterwards for every question of a file."""

    topic = forms.ChoiceField(label=_("Chủ đề"), required=False)
    citation = forms.CharField(label=_("Căn cứ"), required=False, max_length=LONGEST_CITATION)
    difficulty = forms.ChoiceField(label=_("Độ khó"), required=False, choices=[*AS_IS, *Difficulty.choices])
    audience = forms.MultipleChoiceField(
        label=_("Đối tượng"), required=False, choices=Audience.choices, widget=forms.CheckboxSelectMultiple
    )
    replace_all = forms.BooleanField(
        label=_("Thay cả chủ đề và căn cứ đã ghi trong tệp (nếu không, chỉ điền chỗ còn trống)"), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["topic"]).choices = _topics(_("Giữ nguyên"))

    def mend(self) -> Mend:
        said = self.cleaned_data
        return Mend(
            topic=said["topic"],
            citation=said["citation"],
            difficulty=said["difficulty"],
            audience=tuple(said["audience"]),
            replace_all=said["replace_all"],
        )


class ExportForm(forms.Form):
    """Which questions, and as what."""

    format = forms.ChoiceField(label=_("Dạng tệp"))
    title = forms.CharField(
        label=_("Tên tệp đề"), required=False, max_length=120, help_text=_("In ở đầu đề, hoặc là tên bộ câu hỏi.")
    )
    subtitle = forms.CharField(
        label=_("Dòng dưới tên đề"),
        required=False,
        max_length=120,
        help_text=_("Chỉ với đề để in, ví dụ: Thời gian làm bài 30 phút."),
    )
    with_key = forms.BooleanField(label=_("Đề để in: kèm trang đáp án"), required=False)
    topic = forms.ChoiceField(label=_("Chủ đề"), required=False)
    difficulty = forms.ChoiceField(label=_("Độ khó"), required=False, choices=[*ANY, *Difficulty.choices])
    audience = forms.ChoiceField(label=_("Đối tượng"), required=False, choices=[*ANY, *Audience.choices])
    kind = forms.ChoiceField(label=_("Loại câu"), required=False, choices=[*ANY, *KindCode.choices])
    state = forms.ChoiceField(label=_("Trạng thái"), required=False, choices=[*ANY, *QuestionState.choices])
    language = forms.ChoiceField(label=_("Ngôn ngữ"), required=False, choices=[*ANY, *LANGUAGES.items()])
    tag = forms.CharField(label=_("Nhãn"), required=False, max_length=60)
    text = forms.CharField(label=_("Có chữ"), required=False, max_length=100)
    mine = forms.BooleanField(label=_("Chỉ câu của tôi"), required=False)

    FILTERS = ("topic", "difficulty", "audience", "kind", "state", "language", "tag", "text", "mine")

    def __init__(self, *args: Any, codes: tuple[str, ...] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.codes = codes
        cast(forms.ChoiceField, self.fields["format"]).choices = [(one.code, one.label()) for one in writers()]
        cast(forms.ChoiceField, self.fields["topic"]).choices = _topics(_("Tất cả"))
        if codes:
            for name in self.FILTERS:
                del self.fields[name]

    def selection(self) -> Selection:
        """The questions asked for; a list of codes leaves nothing to filter."""
        if self.codes:
            return Selection(codes=self.codes)
        return Selection(**{name: self.cleaned_data[name] for name in self.FILTERS})

    def format_name(self) -> str:
        return FORMATS[self.cleaned_data["format"]].label()
