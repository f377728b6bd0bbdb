"""``manage.py translations``: bring config/locale/en up to date and compile both catalogues."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config.phrases import ROOT, all_phrases

LOCALE = ROOT / "config" / "locale"


class Command(BaseCommand):
    """Add new phrases, drop those nobody says any more, fill in from JSON files, compile. Fails while some are untranslated."""

    help = "Cập nhật bản dịch tiếng Anh. / Update the English translation."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="*", type=Path, help='JSON files {"phrase": "English"}')

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            import polib  # noqa: PLC0415  a development dependency
        except ImportError as error:
            raise CommandError("polib is a development dependency: python3 manage.py test installs it") from error

        given: dict[str, Any] = {}
        for path in options["files"]:
            given |= json.loads(path.read_text(encoding="utf-8"))
        english = LOCALE / "en" / "LC_MESSAGES" / "django.po"
        old = {e.msgid: e for e in polib.pofile(str(english))} if english.exists() else {}
        catalogue = polib.POFile(wrapwidth=100)
        catalogue.metadata = {
            "Content-Type": "text/plain; charset=utf-8",
            "Content-Transfer-Encoding": "8bit",
            "Language": "en",
            "Plural-Forms": "nplurals=2; plural=(n != 1);",
        }
        missing = []
        for phrase, (plural, where) in sorted(all_phrases().items()):
            entry = polib.POEntry(msgid=phrase, comment=where)
            if "%(" in phrase:
                entry.flags.append("python-format")
            text = given.get(phrase) or _known(old.get(phrase))
            if not text:
                missing.append(f"{where}: {phrase}")
            elif plural:
                forms = text if isinstance(text, list) else [text, text]
                entry.msgid_plural, entry.msgstr_plural = plural, dict(enumerate(forms))
            else:
                entry.msgstr = text[-1] if isinstance(text, list) else text
            catalogue.append(entry)
        english.parent.mkdir(parents=True, exist_ok=True)
        catalogue.save(str(english))
        for path in LOCALE.glob("*/LC_MESSAGES/django.po"):
            polib.pofile(str(path)).save_as_mofile(str(path.with_suffix(".mo")))
        self.stdout.write(f"{len(catalogue)} phrases, {len(missing)} without English")
        for line in missing:
            self.stdout.write(f"  {line}")
        if missing:
            raise CommandError("some phrases have no English yet")


def _known(entry: Any) -> str | list[str]:
    """What an existing entry says: its text, or its forms in order."""
    if entry is None:
        return ""
    if entry.msgstr_plural:
        return [entry.msgstr_plural[n] for n in sorted(entry.msgstr_plural)]
    return str(entry.msgstr)
