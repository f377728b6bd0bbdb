"""What a question is about."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class Topic(models.Model):
    """One topic of the bank; papers are balanced over topics."""

    slug = models.SlugField(max_length=40, unique=True)
    name_vi = models.CharField(_("Tên"), max_length=100)
    name_en = models.CharField(_("Tên tiếng Anh"), max_length=100, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering: ClassVar[list[str]] = ["position", "slug"]
        verbose_name = _("chủ đề")
        verbose_name_plural = _("chủ đề")

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the reader's language, Vietnamese where there is no other."""
        return self.name_en if self.name_en and (get_language() or "vi").startswith("en") else self.name_vi
