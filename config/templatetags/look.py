"""Tags of the design system: option marks, the drum ring, fields, states, boards and charts (docs/design.md)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import template
from django.forms import BaseForm, BoundField
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from config import geometry

register = template.Library()

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
SHAPES = "abcdef"
ARTS = frozenset({"empty", "offline", "late", "full", "error", "lost", "denied", "wait", "won"})
RING_SIZES = frozenset({"xs", "s", "m", "l", "wall"})


@register.filter
def letter(index: int) -> str:
    """Letter of an option: 0 → "A"."""
    return LETTERS[int(index) % len(LETTERS)]


@register.filter
def option_key(index: int) -> str:
    """Colour and shape key of an option: 0 → "a" … 5 → "f", then again from "a"."""
    return SHAPES[int(index) % len(SHAPES)]


@register.filter
def sheets(names: str) -> list[str]:
    """Addresses of style sheets by name, in order: "tokens base" → ["/static/css/tokens.css", …]."""
    return [static(f"css/{name}.css") for name in names.split()]


@register.filter
def clock(seconds: float | str | None) -> str:
    """Seconds as a clock, "9:05" or "1:09:05"; a text passes through unchanged."""
    return seconds if isinstance(seconds, str) else geometry.clock(seconds or 0)


@register.simple_tag
def shape(index: int, title: str = "") -> SafeString:
    """The shape of an option alone, in the current colour."""
    href = static("img/shapes.svg")
    if title:
        pattern = '<svg class="shape" viewBox="0 0 24 24" role="img" aria-label="{}"><use href="{}#{}"/></svg>'
        return format_html(pattern, title, href, option_key(index))
    pattern = '<svg class="shape" viewBox="0 0 24 24" aria-hidden="true"><use href="{}#{}"/></svg>'
    return format_html(pattern, href, option_key(index))


@register.simple_tag
def option_mark(index: int) -> SafeString:
    """Letter + shape + colour: never colour alone."""
    return format_html(
        '<span class="mark o-{}">{}<span>{}</span></span>', option_key(index), shape(index), letter(index)
    )


@register.inclusion_tag("parts/option.html")
def option(
    *,
    index: int,
    text: str,
    name: str = "",
    value: object = "",
    checked: bool = False,
    state: str = "idle",
    note: str | None = None,
    kind: str = "radio",
    disabled: bool = False,
) -> dict[str, object]:
    """One full-width option card. Without ``name`` it is only shown (results, projector)."""
    notes = {
        "saving": _("Đang lưu…"),
        "saved": _("Đã lưu"),
        "right": _("Đúng"),
        "wrong": _("Chưa đúng"),
        "missed": _("Đáp án đúng"),
    }
    return {
        "index": index,
        "key": option_key(index),
        "text": text,
        "name": name,
        "value": value,
        "checked": checked,
        "state": state,
        "note": notes.get(state, "") if note is None else note,
        "kind": kind,
        "disabled": disabled,
    }


@register.inclusion_tag("parts/ring.html")
def ring(
    *,
    label: str,
    left: float | None = None,
    total: float | None = None,
    answered: int | None = None,
    questions: int | None = None,
    now: float | None = None,
    deadline: float | None = None,
    number: str | None = None,
    unit: str = "",
    size: str = "m",
    busy: bool = False,
) -> dict[str, object]:
    """The drum ring. ``left`` and ``total`` are seconds, ``now`` and ``deadline`` epoch seconds by the server's clock."""
    if size not in RING_SIZES:
        raise template.TemplateSyntaxError(f"ring size must be one of {sorted(RING_SIZES)}, not {size!r}")
    if left is None and now is not None and deadline is not None:
        left = max(0.0, deadline - now)
    return {
        "label": label,
        "size": size,
        "busy": busy,
        "timed": left is not None,
        "face": geometry.ring_face(
            left=left, total=total, answered=answered, questions=questions, number=number, busy=busy
        ),
        "unit": unit,
        "answered": answered,
        "questions": questions,
        "now": None if now is None else f"{now:.3f}",
        "deadline": None if deadline is None else f"{deadline:.3f}",
        "total": None if total is None else f"{total:.0f}",
    }


@register.inclusion_tag("parts/field.html")
def field(bound: BoundField, hint: str = "", icon: str = "") -> dict[str, object]:
    """Label, hint, control and errors of one form field."""
    kind = bound.widget_type
    return {
        "field": bound,
        "hint": hint or bound.help_text,
        "icon": icon,
        "single_check": kind == "checkbox",
        "many_checks": kind in {"radioselect", "checkboxselectmultiple"},
    }


@register.inclusion_tag("parts/form_fields.html")
def form_fields(form: BaseForm) -> dict[str, object]:
    """Errors of the whole form, hidden fields and all visible fields."""
    return {"form": form}


@register.inclusion_tag("parts/state.html")
def state(art: str, *, title: str, text: str = "", url: str = "", label: str = "", level: int = 2) -> dict[str, object]:
    """Empty, offline, late, full, error: a drawing, one sentence, one way out."""
    return {"art": _art(art), "title": title, "text": text, "url": url, "label": label, "level": level}


@register.inclusion_tag("parts/art.html")
def art(name: str) -> dict[str, object]:
    """A line drawing, decorative."""
    return {"art": _art(name)}


def _art(name: str) -> str:
    if name not in ARTS:
        raise template.TemplateSyntaxError(f"no drawing named {name!r}; there are {sorted(ARTS)}")
    return f"art/{name}.svg"


@register.inclusion_tag("parts/podium.html")
def podium(rows: Iterable[Any]) -> dict[str, object]:
    """First three rows of a board (rank, name, unit, points, time)."""
    return {"places": list(enumerate(list(rows)[:3], start=1)), "star": geometry.PODIUM_STAR}


@register.inclusion_tag("parts/board_row.html")
def board_row(row: Any, *, own: bool = False, tie: bool = False, key: object = "") -> dict[str, object]:
    """One row of a leaderboard, an ``<li>``; ``key`` names it for the FLIP animation."""
    return {"row": row, "own": own, "tie": tie, "key": key}


@register.inclusion_tag("parts/chart_bars.html")
def bar_chart(rows: Iterable[Sequence[Any]]) -> dict[str, object]:
    """Horizontal bars from (label, value) or (label, value, note)."""
    rows = list(rows)
    widths = geometry.percents([float(row[1]) for row in rows])
    return {
        "bars": [
            {"label": row[0], "value": row[1], "note": row[2] if len(row) > 2 else "", "width": width}
            for row, width in zip(rows, widths, strict=True)
        ]
    }


@register.inclusion_tag("parts/chart_options.html")
def option_chart(rows: Iterable[Sequence[Any]]) -> dict[str, object]:
    """How many chose each option, from (index, text, count, right); bars are shares of all answers."""
    rows = list(rows)
    widths = geometry.shares([float(row[2]) for row in rows])
    return {
        "bars": [
            {
                "index": row[0],
                "key": option_key(row[0]),
                "text": row[1],
                "count": row[2],
                "right": row[3],
                "width": width,
            }
            for row, width in zip(rows, widths, strict=True)
        ]
    }


@register.inclusion_tag("parts/chart_columns.html")
def distribution(rows: Iterable[Sequence[Any]], *, label: str = "") -> dict[str, object]:
    """Vertical columns from (label, value) or (label, value, marked)."""
    return {
        "label": label,
        "chart": geometry.columns([(str(r[0]), float(r[1]), len(r) > 2 and bool(r[2])) for r in rows]),
    }


@register.filter
def initial(name: str) -> str:
    """Letter for an avatar: first letter of the given name, which in Vietnamese is the last word; "" when it has none."""
    words = str(name).split()
    return words[-1][0].upper() if words and words[-1][0].isalpha() else ""
