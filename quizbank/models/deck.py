"""Decks of flashcards."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from quizbank.enums import Audience


class Deck(models.Model):
    """A set of cards for one audience, studied as a whole."""

    slug = models.SlugField(max_length=40, unique=True)
    name_vi = models.CharField(_("Tên bộ thẻ"), max_length=100)
    name_en = models.CharField(_("Tên tiếng Anh"), max_length=100, blank=True)
    about_vi = models.CharField(max_length=300, blank=True)
    about_en = models.CharField(max_length=300, blank=True)
    audience = models.CharField(max_length=10, choices=Audience.choices)
    position = models.PositiveSmallIntegerField(default=0)
    builtin = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar[list[str]] = ["position", "slug"]
        verbose_name = _("bộ thẻ")
        verbose_name_plural = _("bộ thẻ")

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the reader's language, Vietnamese where there is no other."""
        return self.name_en if self.name_en and _english() else self.name_vi

    @property
    def about(self) -> str:
        """What the deck is for, in the reader's language."""
        return self.about_en if self.about_en and _english() else self.about_vi


class Card(models.Model):
    """One idea: a question in front, a short answer, an everyday example and its source behind."""

    deck = models.ForeignKey(Deck, on_delete=models.CASCADE, related_name="cards")
    code = models.CharField(max_length=40, unique=True)
    position = models.PositiveSmallIntegerField(default=0)
    topic = models.ForeignKey("quizbank.Topic", on_delete=models.PROTECT, related_name="cards")
    front = models.CharField(_("Mặt trước"), max_length=200)
    back = models.TextField(_("Mặt sau"))
    example = models.TextField(_("Ví dụ"), blank=True)
    citation = models.CharField(_("Căn cứ"), max_length=400, blank=True)
    facts = models.JSONField(default=list, blank=True)
    translations = models.JSONField(default=dict, blank=True)
    digest = models.CharField(max_length=64, editable=False)
    retired = models.BooleanField(default=False)
    questions = models.ManyToManyField("quizbank.Question", related_name="cards", blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["position", "code"]
        verbose_name = _("thẻ ghi nhớ")
        verbose_name_plural = _("thẻ ghi nhớ")

    def __str__(self) -> str:
        return self.code

    def words(self) -> dict[str, Any]:
        """{"front", "back", "example", "citation"} in the reader's language, Vietnamese where there is no other."""
        vietnamese = {name: getattr(self, name) for name in ("front", "back", "example", "citation")}
        return vietnamese | (self.translations.get("en", {}) if _english() else {})


def _english() -> bool:
    return (get_language() or "vi").startswith("en")
