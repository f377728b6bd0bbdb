"""What every journey asks of a page: no fault that axe finds, nothing that makes a phone scroll sideways."""

from __future__ import annotations

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

AT_REST = """async () => {
  const drawn = () => new Promise((next) => requestAnimationFrame(() => requestAnimationFrame(next)));
  const late = performance.now() + 2000;  // a clock that never rests is no reason to wait for ever
  const enough = () => new Promise((next) => setTimeout(next, late - performance.now()));
  await drawn();
  // The ring of a clock draws its line anew every second: its length hides nothing and is never done.
  const ends = (one) => one.playState === "running" && one.transitionProperty !== "stroke-dasharray"
    && one.effect?.getComputedTiming().endTime !== Infinity;
  const moving = () => document.getAnimations().filter(ends);
  for (let now = moving(); now.length && performance.now() < late; now = moving()) {
    await Promise.race([enough(), Promise.all(now.map((one) => one.finished.catch(() => null)))]);
    await drawn();
  }
}"""
TOO_WIDE = """() => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return [];
  return [...document.querySelectorAll("body *")].filter((e) => e.getBoundingClientRect().right > width + 1)
    .map((e) => e.outerHTML.slice(0, 120));
}"""


def violations(page: Page) -> list[Any]:
    """What axe objects to once everything that moves has arrived: a button half faded in has no contrast of its own."""
    page.evaluate(AT_REST)
    return [(one["id"], [node["target"] for node in one["nodes"]]) for one in Axe().run(page).response["violations"]]


def too_wide(page: Page) -> list[str]:
    """What makes the page scroll sideways."""
    return list(page.evaluate(TOO_WIDE))
