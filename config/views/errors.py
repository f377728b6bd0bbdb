"""The pages nobody wants to see: one drawing, one sentence, one way out; JSON for callers that ask for it."""

from __future__ import annotations

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseServerError, JsonResponse
from django.shortcuts import render
from django.template import loader
from django.utils.translation import gettext as _

from config.middleware import wants_json

DATABASE_RETURNS_S = "5"  # what a browser or a proxy is told to wait while the database restarts


def _answer(request: HttpRequest, template: str, status: int, code: str, message: str) -> HttpResponse:
    if wants_json(request):
        return JsonResponse({"code": code, "message": message}, status=status)
    return render(request, template, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _answer(request, "400.html", 400, "bad_request", _("Yêu cầu chưa đúng dạng. Mời bạn thử lại."))


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _answer(request, "403.html", 403, "not_allowed", _("Bạn chưa được phân quyền xem trang này."))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return _answer(
        request, "403_csrf.html", 403, "csrf", _("Trang này đã mở quá lâu. Mời bạn tải lại rồi gửi lần nữa.")
    )


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _answer(
        request,
        "404.html",
        404,
        "not_found",
        _("Không tìm thấy nội dung này. Có thể đường dẫn đã cũ hoặc gõ nhầm."),
    )


def server_error(request: HttpRequest) -> HttpResponse:
    """Rendered without a context, because whatever broke may break again. 503 where only the database is away."""
    page = HttpResponseServerError(loader.get_template("500.html").render())
    if isinstance(sys.exc_info()[1], (OperationalError, InterfaceError)):
        page.status_code = 503
        page.headers["Retry-After"] = DATABASE_RETURNS_S
    return page


def offline(request: HttpRequest) -> HttpResponse:
    return render(request, "offline.html")
