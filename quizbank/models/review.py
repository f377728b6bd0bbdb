"""What people say about a version, who may read it before a round, and who did."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from people.ids import PUBLIC_ID_LENGTH, new_public_id
from quizbank.enums import Sight


class Comment(models.Model):
    """A remark on one version; open until somebody settles it."""

    version = models.ForeignKey("quizbank.QuestionVersion", on_delete=models.CASCADE, related_name="comments")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    text = models.CharField(_("Nhận xét"), max_length=1000)
    created_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]

    def __str__(self) -> str:
        return self.text[:60]


class SealedSet(models.Model):
    """Questions that only named people may read until the set is opened (its round is over)."""

    public_id = models.CharField(max_length=PUBLIC_ID_LENGTH, unique=True, default=new_public_id, editable=False)
    name = models.CharField(_("Tên bộ đề"), max_length=120)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    readers = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="sealed_sets", blank=True)
    created_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-id"]
        verbose_name = _("bộ đề niêm phong")
        verbose_name_plural = _("bộ đề niêm phong")

    def __str__(self) -> str:
        return self.name


class Sighting(models.Model):
    """Somebody had a question with its key before their eyes. Never changed, never deleted with the person's name only."""

    version = models.ForeignKey("quizbank.QuestionVersion", on_delete=models.CASCADE, related_name="sightings")
    reader = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    what = models.CharField(max_length=8, choices=Sight.choices)
    note = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["-id"]
        indexes = (models.Index(fields=["version", "-at"], name="sighting_of_version"),)

    def __str__(self) -> str:
        return f"{self.reader_id} {self.what} {self.version_id}"
