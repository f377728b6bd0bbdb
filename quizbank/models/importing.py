"""A file on its way into the bank: read, shown, stored, undone."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from people.ids import PUBLIC_ID_LENGTH, new_public_id
from quizbank.enums import Coming, ImportState


class ImportBatch(models.Model):
    """One uploaded file. ``source`` is kept only until it is read; ``total`` and ``done`` are the progress of the
    step at hand, in questions."""

    public_id = models.CharField(max_length=PUBLIC_ID_LENGTH, unique=True, default=new_public_id, editable=False)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    format = models.CharField(max_length=20)
    filename = models.CharField(max_length=200)
    source = models.BinaryField(null=True)
    defaults = models.JSONField(default=dict)
    state = models.CharField(max_length=8, choices=ImportState.choices, default=ImportState.READING)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    notes = models.JSONField(default=list)
    failure = models.CharField(max_length=400, blank=True)
    created_at = models.DateTimeField()
    touched_at = models.DateTimeField()
    stored_at = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-id"]
        verbose_name = _("lần nhập")
        verbose_name_plural = _("lần nhập")

    def __str__(self) -> str:
        return self.filename


class ImportedItem(models.Model):
    """One question of the file as it was understood, with what is wrong with it and what it resembles.

    ``coming`` CHANGED: it is another wording of a question of the bank, to follow ``base``; once stored, ``version`` is
    that wording (none where only topic or tags changed) and ``before`` what the question was: state, topic, tags, set.
    """

    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE, related_name="items")
    position = models.PositiveIntegerField()
    place = models.CharField(max_length=60)
    draft = models.JSONField()
    problems = models.JSONField(default=list)
    warnings = models.JSONField(default=list)
    twins = models.JSONField(default=list)
    chosen = models.BooleanField(default=True)
    question = models.ForeignKey(
        "quizbank.Question", null=True, blank=True, on_delete=models.SET_NULL, related_name="imported_from"
    )
    coming = models.CharField(max_length=8, choices=Coming.choices, default=Coming.NEW)
    base = models.ForeignKey(
        "quizbank.QuestionVersion", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    version = models.ForeignKey(
        "quizbank.QuestionVersion", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    before = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["position"]
        constraints = (models.UniqueConstraint(fields=["batch", "position"], name="imported_item_once"),)

    def __str__(self) -> str:
        return f"{self.batch_id}/{self.position}"
