"""Small middlewares: request id, compression, language, no-store, and refusals turned into kind pages."""

from __future__ import annotations

import secrets
from collections.abc import Callable

from allauth.core.exceptions import RateLimited
from django.conf import settings
from django.db import DataError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation

from config.logs import request_id
from people.errors import AppError

COMPRESSED_KINDS = {"application/json", "application/manifest+json", "application/javascript", "image/svg+xml"}

GetResponse = Callable[[HttpRequest], HttpResponse]


class RequestId:
    """Give every request a short id for the logs and the answer."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request_id.set(secrets.token_hex(4))
        response = self.get_response(request)
        response.headers["X-Request-Id"] = request_id.get()
        return response


class CompressedText(GZipMiddleware):
    """Compress pages; leave alone what is compressed already (PDF, images, fonts).

    BREACH (guessing a secret from the length of a compressed page): every page is lengthened by up to 100 random bytes,
    the CSRF token is masked anew each time, cookies are SameSite, and no page repeats foreign input beside a key.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        kind = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        if not kind.startswith("text/") and kind not in COMPRESSED_KINDS:
            return response
        return super().process_response(request, response)


class ChosenLanguage:
    """Vietnamese unless the person chose otherwise; a browser's Accept-Language is not a choice."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, settings.LANGUAGE_CODE)
        language = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response


class PrivatePagesAreNotStored:
    """Pages of a signed-in person carry ``no-store``, so that no shared cache and no Back button shows them to the next."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        user = getattr(request, "user", None)
        if "Cache-Control" not in response.headers and user is not None and user.is_authenticated:
            response.headers["Cache-Control"] = "no-store, private"
        if request.method == "POST" and request.path == reverse("account_logout"):
            # A device at the commune office: the next person finds nothing of this one (failures C10).
            response.headers["Clear-Site-Data"] = '"cache", "storage"'
        return response


def wants_json(request: HttpRequest) -> bool:
    """Whether the caller asked for JSON rather than for a page."""
    return "application/json" in request.headers.get("Accept", "") and "text/html" not in request.headers.get(
        "Accept", ""
    )


class KindErrors:
    """Answer an ``AppError`` with its sentence and status; answer allauth's uncaught RateLimited with 429."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, RateLimited):
            # allauth 65.21.1 lets this escape as a 500 on a second sign-up POST for the same phone.
            response = render(request, "429.html", status=429)
            response.headers["Retry-After"] = "60"
            return response
        if isinstance(error, DataError) and "NUL" in str(error):
            # PostgreSQL takes no NUL in a text. No page of ours sends one: in an address or a form it finds nothing.
            error = AppError(code="bad_request", status=400)
        if not isinstance(error, AppError):
            return None
        if wants_json(request):
            return JsonResponse({"code": error.code, "message": str(error)}, status=error.status)
        return render(request, "refused.html", {"error": error}, status=error.status)
