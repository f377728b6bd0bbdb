"""``manage.py bank load`` and ``manage.py bank check``."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from quizbank.balance import balance_of, faults_of
from quizbank.bankfile import read_bank
from quizbank.domain.bank import load_builtin_bank
from quizbank.errors import BadQuestion


class Command(BaseCommand):
    """Load the built-in bank, or check its files and report their balance."""

    help = "Nạp hoặc kiểm tra ngân hàng câu hỏi có sẵn. / Load or check the built-in question bank."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("action", choices=["load", "check"])

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            drafts = read_bank()
        except BadQuestion as error:
            raise CommandError(str(error)) from error
        if options["action"] == "load":
            loaded = load_builtin_bank(now=timezone.now(), drafts=drafts)
            self.stdout.write(f"bank: +{loaded.added} ~{loaded.revised} ={loaded.unchanged}")
            return
        for line in balance_of(drafts):
            self.stdout.write(line)
        faults = faults_of(drafts)
        for fault in faults:
            self.stderr.write(fault)
        if faults:
            raise CommandError(f"{len(faults)} lỗi / faults")
