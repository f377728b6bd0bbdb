"""What every page knows about the site itself. No query, no session access."""

from __future__ import annotations

from importlib import metadata
from typing import TypedDict

from django.conf import settings
from django.http import HttpRequest

THEMES = ("light", "dark")


class SiteContext(TypedDict):
    """``theme`` is "" (follow the system), "light" or "dark"; ``other_language`` is what one click away means."""

    site_name: str
    site_url: str
    theme: str
    site_version: str
    other_language: str


def _version() -> str:
    try:
        return metadata.version("thiso")
    except metadata.PackageNotFoundError:
        return ""


VERSION = _version()


def site(request: HttpRequest) -> SiteContext:
    """Context processor. The theme is a plain cookie so that the first paint already has it."""
    theme = request.COOKIES.get("theme", "")
    language = getattr(request, "LANGUAGE_CODE", settings.LANGUAGE_CODE)
    return {
        "site_name": "Thi Số",
        "site_url": getattr(settings, "SITE_URL", ""),
        "theme": theme if theme in THEMES else "",
        "site_version": VERSION,
        "other_language": "en" if language == "vi" else "vi",
    }
