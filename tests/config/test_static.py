"""Static files that change under a running server."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from whitenoise.middleware import WhiteNoiseMiddleware


def refuse(_request: HttpRequest) -> HttpResponse:
    return HttpResponse(status=404)


@pytest.fixture
def folder(tmp_path: Path, settings):
    settings.STATICFILES_DIRS = [tmp_path]
    finders.get_finder.cache_clear()
    yield tmp_path
    finders.get_finder.cache_clear()


@pytest.mark.django_db  # closing a response looks after the connections
def test_a_file_that_grew_is_served_whole_where_files_are_not_collected(folder: Path) -> None:
    assert settings.WHITENOISE_USE_FINDERS
    file = folder / "grows.js"
    server = WhiteNoiseMiddleware(refuse)
    for text in (b"short", b"much longer than it was"):
        file.write_bytes(text)
        with closing(server(RequestFactory().get("/static/grows.js"))) as got:
            assert (got["Content-Length"], b"".join(got)) == (str(len(text)), text)
