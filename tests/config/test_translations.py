"""Every phrase has English, nothing is translated that nobody says, and the compiled catalogues are current."""

from __future__ import annotations

import re
from pathlib import Path

import polib
import pytest

from config.phrases import all_phrases, phrases_of_python, phrases_of_template

LOCALE = Path(__file__).resolve().parents[2] / "config" / "locale"


def catalogue(language: str) -> polib.POFile:
    return polib.pofile(str(LOCALE / language / "LC_MESSAGES" / "django.po"))


def test_every_phrase_has_english() -> None:
    known = {entry.msgid for entry in catalogue("en") if entry.msgstr or entry.msgstr_plural}
    assert {phrase: told for phrase, told in all_phrases().items() if phrase not in known} == {}


def test_no_translation_is_left_over() -> None:
    assert {entry.msgid for entry in catalogue("en")} - set(all_phrases()) == set()


def test_placeholders_survive_translation() -> None:
    holes = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")
    wrong = [
        entry.msgid
        for entry in catalogue("en")
        for text in ([entry.msgstr] if entry.msgstr else entry.msgstr_plural.values())
        if not set(holes.findall(text)) <= set(holes.findall(entry.msgid))
    ]
    assert wrong == []


@pytest.mark.parametrize("language", ["en", "vi"])
def test_compiled_catalogue_is_current(language: str) -> None:
    compiled = polib.mofile(str(LOCALE / language / "LC_MESSAGES" / "django.mo"))
    assert {e.msgid: (e.msgstr, e.msgstr_plural) for e in compiled} == {
        e.msgid: (e.msgstr, e.msgstr_plural) for e in catalogue(language)
    }


def test_phrases_are_found_in_code_and_templates() -> None:
    code = 'x = _("Một")\ny = gettext_lazy("Hai")\nz = pgettext("ngữ cảnh", "Ba")\nother("Bốn")\nngettext("{n} lượt", "{n} lượt", n)'
    assert list(phrases_of_python(code)) == [("Một", ""), ("Hai", ""), ("Ba", ""), ("{n} lượt", "{n} lượt")]
    template = (
        '{% load i18n %}{% if a %}{% translate "Một" %}{% else %}{% translate "Hai" as b %}{% endif %}'
        "{% for x in y %}{% blocktranslate trimmed with n=1 %}\n  Còn {{ n }}\n  câu{% endblocktranslate %}{% endfor %}"
    )
    assert list(phrases_of_template(template)) == [("Một", ""), ("Hai", ""), ("Còn %(n)s câu", "")]
