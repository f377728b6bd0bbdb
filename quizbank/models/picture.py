"""A picture of a question: decoded, drawn anew and named by its content."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Picture(models.Model):
    """A WebP image. It lives in the database because every web process and every backup must have it."""

    sha256 = models.CharField(max_length=64, unique=True, editable=False)
    data = models.BinaryField()
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]
        verbose_name = _("hình")
        verbose_name_plural = _("hình")

    def __str__(self) -> str:
        return self.sha256[:12]
