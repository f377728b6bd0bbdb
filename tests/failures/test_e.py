"""E: web and protocol. Floors of versions, no scripts from data, no generic admin."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.template import Context, Template
from packaging.version import Version

pytestmark = pytest.mark.sqlite_only

ROOT = Path(__file__).resolve().parents[2]

# The oldest version of each package that may be locked, and why. A scanner that could not reach its database says
# "nothing found"; this table needs none. "Below" is exclusive.
FLOORS = {
    "django": ("5.2.19", "cache and parser fixes of the 5.2 series"),
    "daphne": ("4.2.2", "CVE-2026-44545 giant messages, CVE-2026-44546 header smuggling"),
    "redis": ("7.0", "see CEILINGS"),
    "kombu": ("5.4", "workers that consume nothing after a broker's restart"),
    "django-allauth": ("65.21", "sign-in by code"),
    "h11": ("0.16", "CVE-2025-43859 chunked bodies"),
}
CEILINGS = {"redis": ("8", "a 5 s socket timeout ends idle channel receivers")}
LOCKS = ("requirements.txt", "requirements-server.txt", "requirements-dev.txt")


def locked(text: str) -> dict[str, Version]:
    return {
        name.lower(): Version(version) for name, version in re.findall(r"^([\w.-]+)==([^\s;\\]+)", text, re.MULTILINE)
    }


def faults(found: dict[str, Version]) -> list[str]:
    low = [name for name, (floor, _why) in FLOORS.items() if name in found and found[name] < Version(floor)]
    high = [name for name, (limit, _why) in CEILINGS.items() if name in found and found[name] >= Version(limit)]
    return sorted({*low, *high})


@pytest.mark.parametrize("name", LOCKS)
def test_no_locked_package_is_below_its_floor(name: str) -> None:
    found = locked((ROOT / name).read_text(encoding="utf-8"))
    assert {"django", "daphne", "redis", "kombu", "django-allauth"} <= set(found)
    assert faults(found) == []


def test_control_a_package_that_is_too_old_or_too_new_is_found() -> None:
    assert faults(locked("daphne==4.2.1 \\\nredis==8.1.0 \\\ndjango==5.2.19 \\\n")) == ["daphne", "redis"]


def test_no_generic_admin_is_installed() -> None:
    assert not apps.is_installed("django.contrib.admin")
    assert not list(ROOT.glob("*/admin.py"))


# An icon by its name from the package's own files; a QR code of an address of ours.
# Drawings of our own, and the Markdown of a question after nh3 has left ten tags without attributes in it
# (tests/quizbank/test_pictures.py, tests/contest/test_paper_words.py).
DRAWINGS = ["config/templatetags/icons.py", "quizbank/markup_html.py", "realtime/views/live_console_common.py"]


def test_what_people_type_is_text_on_every_page() -> None:
    """No template switches escaping off, and no code calls text safe but the drawings that hold none."""
    drawn = {"realtime/templates/realtime/projector.html": 1}  # the QR code, SVG of our own making
    found = {}
    for path in sorted(ROOT.glob("*/templates/**/*.html")):
        source = path.read_text(encoding="utf-8")
        if count := len(re.findall(r"\|\s*safe\b|autoescape off|\|\s*safeseq", source)):
            found[str(path.relative_to(ROOT))] = count
    assert found == drawn
    apps_of_ours = ("config", "people", "quizbank", "contest", "realtime")
    marked = [
        str(path.relative_to(ROOT))
        for app in apps_of_ours
        for path in sorted((ROOT / app).rglob("*.py"))
        if re.search(r"\b(mark_safe|SafeString)\(", path.read_text(encoding="utf-8"))
    ]
    assert marked == DRAWINGS


@pytest.mark.parametrize(
    "payload",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<svg/onload=alert(1)>",
        "</p><iframe srcdoc='<script>1</script>'>",
        "'\"><a href=javascript:alert(1)>",
    ],
)
def test_a_description_with_markup_shows_the_markup(payload: str) -> None:
    """How the page of a contest shows its description."""
    shown = Template("{{ text|linebreaks }}").render(Context({"text": payload}))
    assert re.sub(r"</?p>|<br>", "", shown).count("<") == 0


def test_the_policy_lets_no_foreign_or_inline_script_run() -> None:
    policy = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    assert policy["script-src"] == ["'self'"]
    assert policy["style-src"] == ["'self'"]
    for name in ("default-src", "object-src", "base-uri", "frame-ancestors"):
        assert policy[name] == ["'none'"], name


def test_cookies_are_kept_from_scripts_and_other_sites() -> None:
    assert settings.SESSION_COOKIE_HTTPONLY
    assert settings.CSRF_COOKIE_HTTPONLY
    assert settings.SESSION_COOKIE_SAMESITE == settings.CSRF_COOKIE_SAMESITE == "Lax"
