"""The wiring: health, language, errors in two languages and two formats, a cache that may vanish, logs that cannot be forged."""

from __future__ import annotations

import logging

import pytest
from django.core.cache import cache
from django.test import Client, RequestFactory
from django.urls import resolve

from config.logs import LineFormatter
from config.middleware import KindErrors
from config.up.places import ROOT
from people.errors import AppError, NotAllowed
from tests.conftest import Valkey
from tests.factories import make_user


@pytest.mark.django_db
def test_health_tells_what_answers(client: Client, valkey: Valkey) -> None:
    reply = client.get("/healthz")
    assert reply.status_code == 200
    assert (reply.json()["database"], reply.json()["redis"]) == (True, True)
    assert "no-store" in reply.headers["Cache-Control"]


@pytest.mark.django_db
def test_the_site_is_healthy_without_redis(client: Client, valkey: Valkey) -> None:
    valkey.kill()
    reply = client.get("/healthz")
    assert (reply.status_code, reply.json()["redis"]) == (200, False)


def test_a_cache_without_redis_is_an_empty_cache(valkey: Valkey) -> None:
    cache.set("a", 1)
    assert cache.get("a") == 1
    valkey.kill()
    assert cache.get("a", "none") == "none"
    assert cache.add("a", 2) is True
    assert cache.get_many(["a"]) == {}
    assert cache.incr("count") == 1
    cache.set("a", 3)
    cache.delete("a")
    valkey.start()
    cache.set("b", 4)
    assert cache.get("b") == 4


@pytest.mark.django_db
def test_language_is_vietnamese_until_somebody_chooses(client: Client) -> None:
    page = client.get("/khong-co/", headers={"Accept-Language": "en"})
    assert 'lang="vi"' in page.content.decode()
    client.post("/ngon-ngu/", {"language": "en", "next": "/"})
    assert 'lang="en"' in client.get("/khong-co/").content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "/\\evil.example"]
)
def test_choosing_a_language_never_leads_away(client: Client, target: str) -> None:
    assert client.post("/ngon-ngu/", {"language": "en", "next": target}).headers["Location"] == "/"


@pytest.mark.django_db
def test_an_unknown_language_is_no_choice(client: Client) -> None:
    reply = client.post("/ngon-ngu/", {"language": "../../x", "next": "/c/a/"})
    assert reply.headers["Location"] == "/c/a/"
    assert "lang" not in reply.cookies


@pytest.mark.django_db
def test_a_missing_page_is_kind_in_html_and_json(client: Client) -> None:
    page = client.get("/khong-co/")
    assert page.status_code == 404
    assert "text/html" in page.headers["Content-Type"]
    reply = client.get("/khong-co/", headers={"Accept": "application/json"})
    assert (reply.status_code, reply.json()["code"]) == (404, "not_found")


@pytest.mark.django_db
def test_a_forged_post_is_refused_with_a_sentence() -> None:
    reply = Client(enforce_csrf_checks=True).post("/ngon-ngu/", {"language": "en"})
    assert reply.status_code == 403
    assert "tải lại" in reply.content.decode()


@pytest.mark.django_db
def test_pages_of_a_signed_in_person_are_not_stored(client: Client) -> None:
    client.force_login(make_user())
    assert "no-store" in client.get("/khong-co/").headers["Cache-Control"]


@pytest.mark.django_db
def test_signing_out_leaves_nothing_for_the_next_person(client: Client) -> None:
    client.force_login(make_user())
    reply = client.post("/tai-khoan/logout/")
    assert reply.status_code == 302
    assert '"storage"' in reply.headers["Clear-Site-Data"]
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize(
    ("error", "status"), [(AppError(), 400), (NotAllowed(), 403), (AppError("x", status=409), 409)]
)
def test_a_refusal_keeps_its_code_and_status(rf: RequestFactory, error: AppError, status: int) -> None:
    request = rf.get("/", headers={"Accept": "application/json"})
    reply = KindErrors(lambda _r: None).process_exception(request, error)  # type: ignore[arg-type, return-value]
    assert reply is not None
    assert reply.status_code == status


def test_other_errors_are_not_swallowed(rf: RequestFactory) -> None:
    middleware = KindErrors(lambda _r: None)  # type: ignore[arg-type, return-value]
    assert middleware.process_exception(rf.get("/"), ZeroDivisionError()) is None


@pytest.mark.django_db
def test_every_answer_carries_the_strict_policy(client: Client) -> None:
    policy = client.get("/khong-co/").headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert "object-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy


def line(message: str, *args: object) -> str:
    record = logging.LogRecord("a", logging.INFO, "f", 1, message, args, None)
    return LineFormatter().format(record)


def test_a_log_line_stays_one_line() -> None:
    assert "\n" not in line("tên %s", "An\nERROR giả mạo\r\n")


@pytest.mark.parametrize("phone", ["0912345678", "+84912345678", "84912345678"])
def test_phone_numbers_are_masked_in_logs(phone: str) -> None:
    assert phone not in line("gửi tới %s", phone)


def test_the_hot_path_is_not_a_django_page() -> None:
    with pytest.raises(Exception, match="api/answer"):
        resolve("/api/answer")


def test_every_module_does_one_thing() -> None:
    """Below 400 lines; whoever comes near it holds two modules."""
    folders = ("config", "people", "quizbank", "contest", "realtime", "bench", "tests")
    modules = [
        path
        for folder in folders
        for pattern in ("*.py", "*.js")
        for path in sorted((ROOT / folder).rglob(pattern))
        if "migrations" not in path.parts
    ]
    assert len(modules) > 500
    long = {
        str(path.relative_to(ROOT)): length
        for path in modules
        if (length := len(path.read_text(encoding="utf-8").splitlines())) >= 400
    }
    assert long == {}
