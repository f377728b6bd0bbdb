"""A question with a picture in a hall: on the wall and on the phones, before and after the answer, nothing cut off."""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from PIL import Image, ImageDraw
from playwright.sync_api import Browser, Page, expect

from contest.arrivals import now_utc
from quizbank.domain.pictures import picture_entry, store_picture
from tests.factories import make_question, single_draft
from tests.journeys.nursery import Nursery
from tests.journeys.test_live_game import LONG, WAIT, Hall, screen, tap
from tests.realtime.live_factories import make_event, make_live_rules

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.service]


@pytest.fixture
def start(transactional_db: Any, valkey: Any, browser: Browser, nursery: Nursery) -> Iterator[Callable[..., Hall]]:
    cache.clear()
    halls: list[Hall] = []
    folder = os.environ.get("THISO_SHOTS")  # somebody wants to look
    with nursery.server() as server:

        def begin(event: Any) -> Hall:
            halls.append(Hall(server, event, browser, Path(folder) if folder else None))
            return halls[-1]

        yield begin
        for hall in halls:
            hall.close()


def drawing() -> bytes:
    image = Image.new("RGB", (900, 560), "#E3E8F6")
    ImageDraw.Draw(image).ellipse((300, 120, 600, 420), fill="#A6211B")
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def shows_picture(page: Page) -> None:
    image = page.get_by_role("img", name="Một hình tròn đỏ")
    expect(image).to_be_visible(timeout=WAIT)
    page.wait_for_function("() => [...document.querySelectorAll('img')].some((image) => image.naturalWidth === 900)")


def test_a_picture_is_on_the_wall_and_on_the_phones(start: Callable[..., Hall]) -> None:
    entry = picture_entry(store_picture(data=drawing(), by=None), "Một hình tròn đỏ")
    question = make_question(
        single_draft("Hình **này** có trên bìa cuốn cẩm nang nào?", extra={"markdown": True, "picture": entry})
    )
    hall = start(make_event(now=now_utc(), rules=make_live_rules(seconds=90), questions=[question]))
    an = hall.phone(LONG)
    hall.next("open")
    for page in (an, hall.wall):
        expect(page.get_by_role("heading", name="Hình này có trên bìa cuốn cẩm nang nào?")).to_be_visible(timeout=WAIT)
        shows_picture(page)
    hall.look("picture-open", an)
    tap(an, "B")
    hall.at("reveal")
    expect(screen(an, "reveal")).to_be_visible(timeout=WAIT)
    shows_picture(hall.wall)
    hall.look("picture-reveal", an)
