"""One question: as on the phone, its key behind one tap, its wordings, remarks, uses and readers; what is decided on it."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from people.access import needs_role
from people.errors import AppError
from quizbank.diff import version_diff
from quizbank.domain import review
from quizbank.domain.editing import clone
from quizbank.domain.sightings import note_sight
from quizbank.enums import QuestionState, Sight
from quizbank.models import Question, QuestionVersion
from quizbank.presenting import LANGUAGES, answer_of, audience_names, fields_of, preview
from quizbank.queries.bank_console import (
    READERS,
    cards_of,
    next_waiting,
    remarks_on,
    sights_of,
    versions_of,
)
from quizbank.signals import uses_of
from quizbank.translated import words_of
from quizbank.views.common import actor_of, frame, now_utc, question_for, require, rights


@needs_role(*READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def question(request: HttpRequest, public_id: str) -> HttpResponse:
    """Everything about a question. The key, the explanation and what changed are shown on a POST, which is logged."""
    return show_question(request, question_for(request, public_id), keyed=request.method == "POST")


def show_question(
    request: HttpRequest, one: Question, *, keyed: bool, error: str = "", status: int = 200
) -> HttpResponse:
    versions = versions_of(one)
    shown = _asked(request, versions)
    before = next((version for version in versions if version.number < shown.number), None)
    user, may = actor_of(request), rights(request)
    if keyed:
        note_sight(version=shown, reader=user, what=Sight.OPENED, now=now_utc())
    own = one.author_id == user.pk or review.wrote(one.current_id or 0, user)
    context = frame(
        request,
        "question",
        question=one,
        version=shown,
        is_current=shown.pk == one.current_id,
        versions=versions,
        keyed=keyed,
        previews=_previews(shown, keyed=keyed),
        answer=answer_of(shown) if keyed else "",
        words=[(language, words_of(shown, language)) for language in _languages(shown)] if keyed else [],
        changes=version_diff(fields_of(before), fields_of(shown)) if keyed and before else (),
        before=before,
        audience=audience_names(shown.audience),
        remarks=remarks_on(one),
        uses=uses_of(one.pk),
        sights=sights_of(one) if may.see_log or own else None,
        cards=cards_of(one),
        may_edit=may.edit(one),
        may_review=may.review and not own,
        own=own,
        next=next_waiting(user, one) if may.review else None,
        error=error,
    )
    return render(request, "quizbank/console/question.html", context, status=status)


def _asked(request: HttpRequest, versions: list[QuestionVersion]) -> QuestionVersion:
    """``ban=2`` names a wording; the present one otherwise."""
    raw = (request.POST if request.method == "POST" else request.GET).get("ban", "")
    return next((version for version in versions if str(version.number) == raw), versions[0])


def _languages(version: QuestionVersion) -> list[str]:
    return [version.language, *version.translations]


def _previews(version: QuestionVersion, *, keyed: bool) -> list[tuple[str, str, object]]:
    """(code, name, preview) of each language the question is written in."""
    key = version.key if keyed else None
    return [
        (
            language,
            LANGUAGES.get(language, language),
            preview(kind=version.kind, words=words_of(version, language), extra=version.extra, key=key),
        )
        for language in _languages(version)
    ]


@needs_role(*READERS)
@require_POST
def decide(request: HttpRequest, public_id: str) -> HttpResponse:
    """One deed on the wording that was on the screen (``version``)."""
    one = question_for(request, public_id)
    raw = request.POST.get("version", "")
    version = int(raw) if raw.isascii() and raw.isdecimal() and len(raw) < 19 else 0
    act = _DEEDS.get(request.POST.get("act", ""))
    if act is None:
        raise Http404
    try:
        told = act(request, one, version)
    except AppError as error:
        return show_question(
            request, question_for(request, public_id), keyed=False, error=str(error), status=error.status
        )
    messages.success(request, told)
    return redirect("quizbank:bank_question", public_id)


@needs_role(*READERS)
@require_POST
def copy(request: HttpRequest, public_id: str) -> HttpResponse:
    """A draft of one's own with the same words, opened in the editor."""
    require(rights(request).write)
    made = clone(question=question_for(request, public_id), author=actor_of(request), now=now_utc())
    messages.success(request, _("Đã nhân bản. Đây là bản nháp của bạn."))
    return redirect("quizbank:bank_edit", made.public_id)


Deed = Callable[[HttpRequest, Question, int], str]


def _send(request: HttpRequest, one: Question, version: int) -> str:
    require(rights(request).edit(one))
    review.send_to_review(question=one, version=version, actor=actor_of(request), now=now_utc())
    return _("Đã gửi duyệt. Một người khác sẽ đọc và duyệt câu này.")


def _withdraw(request: HttpRequest, one: Question, version: int) -> str:
    require(rights(request).edit(one))
    review.withdraw(question=one, version=version, actor=actor_of(request), now=now_utc())
    return _("Đã rút về bản nháp.")


def _approve(request: HttpRequest, one: Question, version: int) -> str:
    require(rights(request).review)
    review.approve(question=one, version=version, reviewer=actor_of(request), now=now_utc())
    return _("Đã duyệt. Câu này được dùng trong đề thi từ bây giờ.")


def _return(request: HttpRequest, one: Question, version: int) -> str:
    require(rights(request).review)
    text = request.POST.get("text", "")
    review.return_to_author(question=one, version=version, text=text, reviewer=actor_of(request), now=now_utc())
    return _("Đã trả lại tác giả kèm nhận xét.")


def _retire(request: HttpRequest, one: Question, version: int) -> str:
    may = rights(request)
    require(may.review or (may.edit(one) and one.state == QuestionState.DRAFT))
    review.retire(question=one, version=version, actor=actor_of(request), now=now_utc())
    return _("Câu này không vào đề mới nữa. Đề đã đóng băng không đổi.")


def _bring_back(request: HttpRequest, one: Question, version: int) -> str:
    may = rights(request)
    require(may.review or may.edit(one))
    one = review.bring_back(question=one, version=version, actor=actor_of(request), now=now_utc())
    if one.state == QuestionState.DRAFT:
        return _("Đã đưa về bản nháp. Hãy gửi duyệt để người khác đồng ý rồi mới dùng lại.")
    return _("Đã đưa vào dùng lại.")


def _comment(request: HttpRequest, one: Question, version: int) -> str:
    may = rights(request)
    require(may.review or may.write)
    found = one.versions.filter(pk=version).first()
    if found is None:
        raise review.Overtaken
    review.comment(version=found, text=request.POST.get("text", ""), author=actor_of(request), now=now_utc())
    return _("Đã ghi nhận xét.")


def _settle(request: HttpRequest, one: Question, version: int) -> str:
    may = rights(request)
    require(may.review or may.edit(one))
    raw = request.POST.get("remark", "")
    for remark in remarks_on(one):
        if str(remark.pk) == raw:
            review.settle(remark=remark, actor=actor_of(request), now=now_utc())
            return _("Đã đánh dấu xong.")
    raise review.Overtaken


_DEEDS: dict[str, Deed] = {
    "send": _send,
    "withdraw": _withdraw,
    "approve": _approve,
    "return": _return,
    "retire": _retire,
    "bring_back": _bring_back,
    "comment": _comment,
    "settle": _settle,
}
