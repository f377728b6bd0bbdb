"""`python -m bench.imports_child KIND ROWS STORED`: make a file, read it as the worker does, store a part, print JSON."""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable
from typing import Any

import django


def main(arguments: list[str]) -> None:
    """Measure one format."""
    django.setup()
    from django.core.management import call_command

    kind, rows, stored = arguments[0], int(arguments[1]), int(arguments[2])
    call_command("migrate", verbosity=0, interactive=False)
    data = make(kind, rows)
    found: dict[str, Any] = {"bare_s": timed(lambda: bare(kind, data))}
    found |= read(kind, data)
    found |= preview_and_store(kind, data, stored)
    print(json.dumps(found))


def timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def peak(who: int) -> float:
    """Megabytes."""
    return resource.getrusage(who).ru_maxrss / 1024


def make(kind: str, rows: int) -> bytes:
    """A file of different questions, as large ones are."""
    from quizbank.drafts import Draft
    from quizbank.formats.registry import FORMATS

    drafts = [
        Draft(
            kind="single",
            stem=f"Theo quy định ở mục {n}, thủ tục {n * 7919 % 10007} được giải quyết trong bao nhiêu ngày làm việc?",
            content={"options": [f"Trong {n % 50 + place} ngày, tính từ lúc nhận đủ hồ sơ" for place in range(1, 5)]},
            key={"right": "ABCD"[n % 4]},
            difficulty="medium",
            topic="chinh-quyen-so",
            explanation=f"Mục {n} của bảng danh mục thủ tục hành chính nêu thời hạn này.",
            citation="Danh mục thủ tục hành chính",
        )
        for n in range(rows)
    ]
    return FORMATS[kind].write(drafts, title="Đo")


def bare(kind: str, data: bytes) -> int:
    """What the library alone takes for the cells."""
    import csv
    import io

    from python_calamine import load_workbook

    if kind == "csv":
        return len(list(csv.reader(io.StringIO(data.decode("utf-8-sig")))))
    return len(load_workbook(io.BytesIO(data)).get_sheet_by_index(0).to_python())


def read(kind: str, data: bytes) -> dict[str, Any]:
    """The child process alone."""
    from quizbank.formats.apart import read_apart
    from quizbank.formats.base import Defaults

    seconds = timed(lambda: list(read_apart(data, filename=f"x.{kind}", code="", defaults=Defaults()).items))
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return {"read_s": seconds, "cpu_s": used.ru_utime + used.ru_stime, "child_mb": used.ru_maxrss / 1024}


def preview_and_store(kind: str, data: bytes, stored: int) -> dict[str, Any]:
    """Reading, comparing with the bank and showing; then storing the first questions."""
    from django.utils import timezone

    from people.models import User
    from quizbank.domain import import_storing
    from quizbank.domain.bank import load_builtin_bank
    from quizbank.domain.import_reading import read_import
    from quizbank.domain.import_storing import request_storing
    from quizbank.domain.importing import receive_file
    from quizbank.formats.base import Defaults
    from quizbank.models import ImportedItem

    load_builtin_bank(now=timezone.now())
    author = User.objects.create_user("author", full_name="Người soạn")
    before = peak(resource.RUSAGE_SELF)
    batch = receive_file(
        author=author, filename=f"x.{kind}", data=data, code="", defaults=Defaults(), now=timezone.now()
    )
    preview = timed(lambda: read_import(public_id=batch.public_id, now=timezone.now()))
    ImportedItem.objects.filter(batch=batch).update(chosen=False)
    ImportedItem.objects.filter(batch=batch, position__lt=stored).update(chosen=True)
    count = request_storing(batch=batch, actor=author, now=timezone.now())
    slices: list[float] = []
    insert = import_storing._insert  # noqa: SLF001  what happens while the database is held

    def watched(*args: Any) -> None:
        slices.append(timed(lambda: insert(*args)))

    import_storing._insert = watched  # noqa: SLF001
    seconds = timed(lambda: import_storing.store_import(public_id=batch.public_id, now=timezone.now()))
    return {
        "preview_s": preview,
        "grown_mb": peak(resource.RUSAGE_SELF) - before,
        "stored": count,
        "store_s": seconds,
        "slice_ms": 1000 * max(slices),
    }


if __name__ == "__main__":
    main(sys.argv[1:])
