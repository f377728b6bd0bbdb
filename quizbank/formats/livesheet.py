"""What the spreadsheets of live quiz tools share: options in columns, right ones by number, seconds. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from people.text import fold, tidy
from quizbank.drafts import Draft
from quizbank.formats.base import Defaults, Found
from quizbank.formats.table import Row
from quizbank.kinds.base import LETTERS

_SIGNS = re.compile(r"[\s,;.&/+]+")
TRUE_FALSE = (("Đúng", "Sai"), ("True", "False"))
LONGEST_SECONDS = 3_600


def marked(text: str, count: int) -> tuple[list[int], str]:
    """Return the places (from 0) a correct-answer cell names, and a problem or "": "1,3", "A; C", "2"."""
    parts = [part for part in _SIGNS.split(text.strip().upper()) if part]
    places = []
    for part in parts:
        if part.isdecimal() and len(part) <= 2 and 1 <= int(part) <= count:
            places.append(int(part) - 1)
        elif len(part) == 1 and part in LETTERS[:count]:
            places.append(LETTERS.index(part))
        else:
            return [], _("Đáp án “%(text)s” không phải là một phương án của câu.") % {"text": text.strip()[:60]}
    if not places:
        return [], _("Chưa có đáp án.")
    if len(set(places)) != len(places):
        return [], _("Một đáp án được ghi hai lần.")
    return places, ""


def seconds(text: str) -> dict[str, Any]:
    """Return {"seconds": n} for a time, {} for none."""
    digits = re.match(r"\s*(\d{1,4})(?!\d)", text)
    value = int(digits[1]) if digits else 0
    return {"seconds": value} if 1 <= value <= LONGEST_SECONDS else {}


def choice(
    *,
    row: Row,
    stem: str,
    cells: Sequence[str],
    right: str,
    extra: dict[str, Any],
    defaults: Defaults,
    several: bool | None = None,
    explanation: str = "",
    code: str = "",
    warnings: Sequence[str] = (),
) -> Found:
    """Return a question with options as these tools mean it; ``several`` is what they say of its kind, None nothing."""
    cells = [tidy(cell) for cell in cells]
    places, fault = marked(right, len(cells))
    problems, told = [fault] if fault else [], list(warnings)
    if any(not cells[place] for place in places):
        problems.append(_("Đáp án đúng chỉ vào một phương án trống."))
        places = []
    filled = [place for place, cell in enumerate(cells) if cell]
    options = [cells[place] for place in filled]
    labels = [LETTERS[filled.index(place)] for place in places]
    kind, content, key = "single", {"options": options}, dict[str, Any]()
    if len(labels) > 1 or (several and len(options) > 2):
        kind, key = "multiple", {"right": labels}
        if len(labels) > 1 and not several:
            told.append(_("Câu có nhiều đáp án đúng: người thi sẽ phải chọn đủ các đáp án đó."))
    elif labels:
        key = {"right": labels[0]}
        kind, content, key, extra = _true_false(options, labels[0], content, key, extra)
    return Found(
        draft=drafted(
            kind=kind,
            stem=stem,
            content=content,
            key=key,
            extra=extra,
            defaults=defaults,
            code=code,
            explanation=explanation,
        ),
        place=place_of(row),
        problems=tuple(problems),
        warnings=tuple(told),
    )


def drafted(
    *, kind: str, stem: str, content: dict[str, Any], key: dict[str, Any], defaults: Defaults, **more: Any
) -> Draft:
    """Return a draft with what the author said for everything the file leaves open."""
    return Draft(
        kind=kind,
        stem=tidy(stem),
        content=content,
        key=key,
        topic=defaults.topic,
        difficulty=defaults.difficulty,
        audience=defaults.audience,
        language=defaults.language,
        citation=defaults.citation,
        **more,
    )


def place_of(row: Row) -> str:
    """Return how an author finds this row."""
    return _("Dòng %(number)d") % {"number": row.number}


def _true_false(
    options: list[str], right: str, content: dict[str, Any], key: dict[str, Any], extra: dict[str, Any]
) -> tuple[str, dict[str, Any], dict[str, Any], dict[str, Any]]:
    """Two options that say true and false, in this order, are a question of its own kind; their words are kept."""
    for words in TRUE_FALSE:
        if [fold(option) for option in options] == [fold(word) for word in words]:
            if tuple(options) != TRUE_FALSE[0]:
                extra = {**extra, "source": {**extra.get("source", {}), "live": {"words": options}}}
            return "boolean", {}, {"right": right == "A"}, extra
    return "single", content, key, extra
