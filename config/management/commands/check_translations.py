"""`manage.py check_translations`: every visible sentence has its English, and the compiled catalogues are current.

Changes nothing; `manage.py translations` is what mends. The compiled files are kept in the repository, because the
machine that runs `up` has no gettext tools.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polib
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config.phrases import all_phrases

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w*\}|%[sd]")


class Command(BaseCommand):
    """Fails with a list of what is missing."""

    help = "Kiểm tra bản dịch tiếng Anh đầy đủ. / Check that the English translation is complete."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        locale = Path(settings.BASE_DIR) / "config" / "locale"
        source = locale / "en" / "LC_MESSAGES" / "django.po"
        if not source.exists():
            raise CommandError("Chưa có bản dịch tiếng Anh: chạy manage.py translations.")
        english = polib.pofile(str(source))
        problems = [*missing(all_phrases(), english), *(p for c in locale.glob("*/LC_MESSAGES/*.po") for p in stale(c))]
        for problem in problems:
            self.stderr.write(problem)
        if problems:
            raise CommandError(f"{len(problems)} chỗ cần sửa: chạy manage.py translations.")
        self.stdout.write(f"{len(english)} câu đều có tiếng Anh.")


def missing(phrases: dict[str, Any], english: polib.POFile) -> Iterator[str]:
    """Phrases without English, English nobody says any more, placeholders that differ."""
    known = {entry.msgid: entry for entry in english if not entry.obsolete}
    for phrase, where in sorted(phrases.items()):
        entry = known.get(phrase)
        if entry is None or not entry.translated():
            yield f"{where}: chưa có tiếng Anh: {phrase!r}"
        elif wrong := set(PLACEHOLDER.findall(entry.msgstr)) - set(PLACEHOLDER.findall(phrase)):
            yield f"{where}: chỗ trống {', '.join(sorted(wrong))} không có trong {phrase!r}"
    for phrase in sorted(known.keys() - phrases.keys()):
        yield f"không còn dùng: {phrase!r}"


def stale(catalogue: Path) -> Iterator[str]:
    """Whether a compiled file says something else than its source."""
    compiled = catalogue.with_suffix(".mo")
    wanted = {
        (e.msgctxt, e.msgid): (e.msgstr, e.msgstr_plural) for e in polib.pofile(str(catalogue)).translated_entries()
    }
    found = (
        {(e.msgctxt, e.msgid): (e.msgstr, e.msgstr_plural) for e in polib.mofile(str(compiled))}
        if compiled.exists()
        else {}
    )
    if wanted != found:
        yield f"{compiled.name} ({catalogue.parts[-3]}) đã cũ"
