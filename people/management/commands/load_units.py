"""``manage.py load_units``: the administrative map of 2026, or a newer CSV of the same columns."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from people.domain.unit_loading import UNITS_CSV, load_units


class Command(BaseCommand):
    help = "Nạp đơn vị hành chính (34 tỉnh, thành phố; 3.321 xã, phường, đặc khu). Chạy lại không đổi gì."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--file", type=Path, default=UNITS_CSV, help="CSV có các cột như people/data/units.csv")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        try:
            report = load_units(path=path, on=timezone.localdate())
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}") from error
        except (KeyError, ValueError) as error:
            raise CommandError(f"{path}: cột hoặc giá trị không đúng ({error})") from error
        changes = f"{report.created} mới, {report.renamed} đổi tên hoặc loại, {report.moved} đổi cấp trên"
        self.stdout.write(f"{report.total} đơn vị: {changes}, {report.touched} cập nhật ghi chú")
        if report.missing:
            self.stdout.write(f"Không có trong tệp, giữ nguyên: {', '.join(report.missing[:20])}")
