"""Bring the administrative units of a CSV into the database: new ones in, changed ones as a new version."""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from django.db import transaction

from people.domain.units import change_unit
from people.models import Unit

UNITS_CSV = Path(__file__).resolve().parent.parent / "data" / "units.csv"
ADMINISTRATIVE = ("nation", "province", "ward", "commune", "special_zone")


@dataclass(slots=True)
class LoadReport:
    """What a load did. ``missing`` are codes in force that the file does not know: reported, never closed unasked."""

    total: int = 0
    created: int = 0
    renamed: int = 0
    moved: int = 0
    touched: int = 0
    missing: list[str] = field(default_factory=list)


@transaction.atomic
def load_units(*, path: Path = UNITS_CSV, on: date) -> LoadReport:
    """Upsert the units of ``path``; a second load changes nothing and costs two queries.

    A changed name, kind or parent closes the old version and links it to the new one, dated with the file's
    ``valid_from`` where that is later than the old version's, else with ``on``.
    """
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    known = {unit.code: unit for unit in Unit.objects.filter(valid_to__isnull=True, kind__in=ADMINISTRATIVE)}
    report = LoadReport(total=len(rows), missing=sorted(known.keys() - {row["code"] for row in rows}))
    touched: list[Unit] = []
    for level in (("nation",), ("province",), ("ward", "commune", "special_zone")):
        fresh: list[Unit] = []
        for row in rows:
            if row["kind"] not in level:
                continue
            unit = known.get(row["code"])
            if unit is None:
                fresh.append(_new(row, known))
                continue
            if _renamed(unit, row) or _moved(unit, row, known):
                unit = _follow_law(unit, row, known, on, report)
                known[unit.code] = unit
            if (unit.legal_basis, unit.former) != (row["legal_basis"], row["former"]):
                unit.legal_basis, unit.former = row["legal_basis"], row["former"]
                unit.fold_names()
                touched.append(unit)
        for unit in Unit.objects.bulk_create(fresh, batch_size=500):
            known[unit.code] = unit
        report.created += len(fresh)
    Unit.objects.bulk_update(touched, ["legal_basis", "former", "folded_former"], batch_size=500)
    report.touched = len(touched)
    return report


def _new(row: dict[str, str], known: dict[str, Unit]) -> Unit:
    parent = known[row["parent"]] if row["parent"] else None
    unit = Unit(
        code=row["code"],
        name=row["name"],
        kind=row["kind"],
        parent=parent,
        path=f"{parent.path}.{row['code']}" if parent else row["code"],
        former=row["former"],
        valid_from=date.fromisoformat(row["valid_from"]),
        legal_basis=row["legal_basis"],
    )
    unit.fold_names()
    return unit


def _renamed(unit: Unit, row: dict[str, str]) -> bool:
    return (unit.name, unit.kind) != (row["name"], row["kind"])


def _moved(unit: Unit, row: dict[str, str], known: dict[str, Unit]) -> bool:
    return bool(row["parent"]) and unit.path != f"{known[row['parent']].path}.{unit.code}"


def _follow_law(unit: Unit, row: dict[str, str], known: dict[str, Unit], on: date, report: LoadReport) -> Unit:
    start = date.fromisoformat(row["valid_from"])
    report.renamed += _renamed(unit, row)
    moved = _moved(unit, row, known)
    report.moved += moved
    return change_unit(
        unit=unit,
        on=start if start > unit.valid_from else on,
        name=row["name"],
        kind=row["kind"],
        parent=known[row["parent"]] if moved else None,
        legal_basis=row["legal_basis"],
    )
