"""``manage.py bank load`` and ``manage.py bank check``."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from quizbank.balance import balance_of, cell_faults, faults_of
from quizbank.bankfile import read_bank
from quizbank.deck_balance import deck_faults
from quizbank.deckfile import read_decks
from quizbank.domain.bank import load_builtin_bank
from quizbank.domain.decks import load_decks
from quizbank.errors import BadQuestion
from quizbank.facts_ended import ended_faults


class Command(BaseCommand):
    """Load the built-in bank, or check its files and those of the decks and report their balance."""

    help = "Nạp hoặc kiểm tra ngân hàng câu hỏi có sẵn. / Load or check the built-in question bank."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("action", choices=["load", "check"])

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            drafts, decks = read_bank(), read_decks()
        except BadQuestion as error:
            raise CommandError(str(error)) from error
        if options["action"] == "load":
            loaded = load_builtin_bank(now=timezone.now(), drafts=drafts)
            self.stdout.write(f"bank: +{loaded.added} ~{loaded.revised} ={loaded.unchanged}")
            shown = load_decks(now=timezone.now(), drafts=decks)
            self.stdout.write(f"cards: +{shown.added} ~{shown.revised} ={shown.unchanged} -{shown.retired}")
            return
        for line in balance_of(drafts):
            self.stdout.write(line)
        cards = [card for deck in decks for card in deck.cards]
        self.stdout.write(f"{len(cards)} thẻ / cards: " + ", ".join(f"{deck.slug} {len(deck.cards)}" for deck in decks))
        faults = [*faults_of(drafts), *cell_faults(drafts), *deck_faults(decks, drafts), *ended_faults(cards)]
        for fault in faults:
            self.stderr.write(fault)
        if faults:
            raise CommandError(f"{len(faults)} lỗi / faults")
