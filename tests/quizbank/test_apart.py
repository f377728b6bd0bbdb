"""Files are read in a child process: what a file does to its reader, it does not do to the worker (failures F2)."""

from __future__ import annotations

import io
import os
import resource
import subprocess
import sys
import zipfile
from dataclasses import replace

import pytest
from django.conf import settings
from django.utils.translation import override
from PIL import Image

from quizbank.domain.import_reading import read_import
from quizbank.enums import ImportState
from quizbank.errors import BadFile
from quizbank.formats import apart
from quizbank.formats.apart import read_apart
from quizbank.formats.base import Defaults
from quizbank.formats.registry import FORMATS
from quizbank.models import ImportedItem, Picture
from tests.factories import NOW
from tests.quizbank.files import csv_of, plain_drafts, send

DEFAULTS = Defaults(topic="an-toan")


def read(data, filename="de.csv", code=""):
    file = read_apart(data, filename=filename, code=code, defaults=DEFAULTS)
    return replace(file, items=tuple(file.items))


def bomb(size=200 << 20):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", b"0" * size)
    return out.getvalue()


def test_what_comes_out_of_the_child_is_what_was_in_the_file():
    drafts = plain_drafts(2)
    file = read(csv_of(*drafts))
    assert (file.format, [one.place for one in file.items]) == ("csv", ["Dòng 2", "Dòng 3"])
    assert [(one.draft.stem, one.draft.content, one.draft.key) for one in file.items] == [
        (one.stem, one.content, one.key) for one in drafts
    ]


def test_the_child_speaks_the_language_of_who_sent_the_file():
    with pytest.raises(BadFile) as vietnamese:
        read(b"\x00\x01\x02")
    with override("en"), pytest.raises(BadFile) as english:
        read(b"\x00\x01\x02")
    assert str(vietnamese.value)
    assert str(english.value)


def test_a_bomb_is_refused_with_a_sentence_and_costs_the_parent_nothing():
    data = bomb()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(BadFile):
        read(data, filename="de.xlsx")
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 20 * 1024  # KB


@pytest.mark.skipif(sys.platform != "linux", reason="limits of memory are kept by Linux")
def test_memory_of_the_child_is_limited_and_nothing_can_be_written(tmp_path):
    run = "from quizbank.formats import child; child._limit(); "
    hungry = subprocess.run(
        [sys.executable, "-c", f"{run}bytearray(child.MEMORY)"], cwd=settings.BASE_DIR, capture_output=True, check=False
    )
    assert hungry.returncode != 0
    assert b"MemoryError" in hungry.stderr
    writing = subprocess.run(
        [sys.executable, "-c", f"{run}f = open({str(tmp_path / 'x')!r}, 'w'); f.write('x'); f.close()"],
        cwd=settings.BASE_DIR,
        capture_output=True,
        check=False,
    )
    assert writing.returncode != 0
    assert (tmp_path / "x").stat().st_size == 0


def test_a_reading_that_takes_too_long_is_ended(monkeypatch):
    monkeypatch.setattr(apart, "READ_WITHIN_S", 0.01)
    with pytest.raises(BadFile, match="quá lâu"):
        read(csv_of(*plain_drafts(1)))


def test_a_child_that_dies_leaves_a_sentence(monkeypatch):
    monkeypatch.setattr(apart.sys, "executable", "/bin/false")
    with pytest.raises(BadFile, match="Không có gì được lưu"):
        read(csv_of(*plain_drafts(1)))


def speaking(monkeypatch, tmp_path, script):
    """A child that says what the script prints."""
    child = tmp_path / "child"
    child.write_text(f"#!/bin/sh\n{script}\n")
    child.chmod(0o755)
    monkeypatch.setattr(apart.sys, "executable", str(child))


HEAD = """echo '{"format": "csv", "title": "", "notes": [], "count": 2}'"""
QUESTION = (
    '{"draft": {"kind": "single", "stem": "a\\u0000b", "content": {"options": ["\\u0000x"]}, "key": {},'
    ' "difficulty": "easy"}, "place": "1", "problems": [], "warnings": []}'
)
SAY_ONE = f"cat <<'END'\n{QUESTION}\nEND"


def test_characters_no_database_can_hold_are_dropped(monkeypatch, tmp_path):
    speaking(monkeypatch, tmp_path, f"{HEAD}\n{SAY_ONE}\n{SAY_ONE}")
    file = read(csv_of(*plain_drafts(1)))
    assert [(one.draft.stem, one.draft.content) for one in file.items] == [("ab", {"options": ["x"]})] * 2


@pytest.mark.parametrize(
    ("ending", "sentence"),
    [
        (f"{SAY_ONE}\nexit 1", "Không có gì được lưu"),
        (f"{SAY_ONE}\nprintf '{{\"draft\": '", "Không có gì được lưu"),
        (SAY_ONE, "Không có gì được lưu"),
        (f'{SAY_ONE}\necho \'{{"refused": "Nặng quá."}}\'', "Nặng quá"),
        ("exit 0", "Không có gì được lưu"),
    ],
    ids=["dies", "breaks off", "says too little", "refuses", "says nothing more"],
)
def test_a_child_that_fails_on_the_way_leaves_a_sentence(monkeypatch, tmp_path, ending, sentence):
    speaking(monkeypatch, tmp_path, f"{HEAD}\n{ending}")
    with pytest.raises(BadFile, match=sentence):
        read(csv_of(*plain_drafts(1)))


@pytest.mark.django_db
def test_what_was_read_before_the_child_failed_is_not_kept(monkeypatch, tmp_path):
    speaking(monkeypatch, tmp_path, f"{HEAD}\n{SAY_ONE}\nexit 1")
    batch = send(csv_of(*plain_drafts(2)))
    assert read_import(public_id=batch.public_id, now=NOW)
    batch.refresh_from_db()
    assert (batch.state, batch.total, batch.source) == (ImportState.FAILED, 0, None)
    assert ImportedItem.objects.count() == 0


def test_who_stops_listening_ends_the_child(monkeypatch, tmp_path):
    told = tmp_path / "pid"
    speaking(monkeypatch, tmp_path, f"echo $$ > {told}\n{HEAD}\n{SAY_ONE}\nexec sleep 60")
    file = read_apart(b"x", filename="de.csv", code="", defaults=DEFAULTS)
    next(iter(file.items))
    file.close()
    with pytest.raises(ProcessLookupError):
        os.kill(int(told.read_text()), 0)


def test_questions_come_while_the_child_still_reads(monkeypatch, tmp_path):
    speaking(monkeypatch, tmp_path, f"{HEAD}\n{SAY_ONE}\nexec sleep 60")
    file = read_apart(b"x", filename="de.csv", code="", defaults=DEFAULTS)
    assert next(iter(file.items)).place == "1"
    file.close()


def test_the_child_loads_no_models():
    run = "from quizbank.formats import child; import sys; child._lines; from quizbank.formats import registry; "
    check = "assert 'quizbank.models' not in sys.modules, sorted(name for name in sys.modules if '.models' in name)"
    subprocess.run([sys.executable, "-c", run + check], cwd=settings.BASE_DIR, check=True)


@pytest.mark.django_db
def test_a_picture_of_a_file_is_drawn_anew_and_named_by_its_content():
    out = io.BytesIO()
    Image.new("RGB", (64, 32), "red").save(out, "PNG", pnginfo=None)
    draft = replace(plain_drafts(1)[0], extra={"picture": {"name": "x.png", "alt": "Hình đỏ", "data": out.getvalue()}})
    batch = send(FORMATS["moodle"].write([draft], title=""), filename="de.xml", code="moodle")
    assert read_import(public_id=batch.public_id, now=NOW)
    batch.refresh_from_db()
    assert (batch.state, batch.failure) == (ImportState.READ, "")
    picture = Picture.objects.get()
    entry = ImportedItem.objects.get().draft["extra"]["picture"]
    assert (entry["sha256"], entry["alt"], entry["width"], entry["height"]) == (picture.sha256, "Hình đỏ", 64, 32)
    assert bytes(picture.data)[8:12] == b"WEBP"
