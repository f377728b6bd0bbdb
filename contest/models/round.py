"""A round: its window, its blueprint, and the frozen pool its papers are dealt from."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from people.ids import PUBLIC_ID_LENGTH, new_public_id


class Round(models.Model):
    """One window in which attempts may be made.

    ``opens_at`` is inclusive, ``closes_at`` exclusive. ``frozen_at``, ``closed_at``, ``published_at`` and
    ``cancelled_at`` are decisions; the phase is derived from them and the clock (contest/queries/phases.py).
    ``blueprint`` is a list of {"topic": slug, "difficulty": code or "", "count": n, "group": code or ""}.
    """

    public_id = models.CharField(max_length=PUBLIC_ID_LENGTH, unique=True, default=new_public_id, editable=False)
    contest = models.ForeignKey("contest.Contest", on_delete=models.CASCADE, related_name="rounds")
    number = models.PositiveSmallIntegerField(_("Vòng"))
    title = models.CharField(_("Tên vòng thi"), max_length=200)
    opens_at = models.DateTimeField(_("Mở lúc"))
    closes_at = models.DateTimeField(_("Đóng lúc"))
    blueprint = models.JSONField(default=list)
    rule_set = models.ForeignKey("contest.RuleSetVersion", on_delete=models.PROTECT, related_name="rounds")
    seed = models.CharField(max_length=PUBLIC_ID_LENGTH, default=new_public_id, editable=False)
    frozen_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    score_requested_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["contest_id", "number"]
        verbose_name = _("vòng thi")
        verbose_name_plural = _("vòng thi")
        constraints = (
            models.UniqueConstraint(fields=["contest", "number"], name="round_once"),
            models.CheckConstraint(
                condition=models.Q(closes_at__gt=models.F("opens_at")), name="round_closes_after_it_opens"
            ),
        )
        indexes = (models.Index(fields=["opens_at", "closes_at"], name="round_window"),)

    def __str__(self) -> str:
        return self.title


class PoolItem(models.Model):
    """One frozen question version of a round's pool. ``position`` (0-based, dense) is the item's index in every
    attempt's answer sheet; ``group`` is the participant group whose papers may draw it ("" = everybody)."""

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="pool")
    position = models.PositiveSmallIntegerField()
    version = models.ForeignKey("quizbank.QuestionVersion", on_delete=models.PROTECT, related_name="+")
    cell = models.PositiveSmallIntegerField(help_text="index of the blueprint line this item may fill")
    points_milli = models.PositiveIntegerField(default=1000)
    group = models.CharField(max_length=24, blank=True)
    near = models.JSONField(default=list, blank=True, help_text="neighbourhoods of questions that give each other away")
    # A wrong key is mended here, never in the version: the key a regrade uses instead, or "void" for everybody right.
    key_override = models.JSONField(null=True, blank=True)
    voided = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar[list[str]] = ["round_id", "position"]
        constraints = (
            models.UniqueConstraint(fields=["round", "position"], name="pool_position_once"),
            models.UniqueConstraint(fields=["round", "version"], name="pool_version_once"),
        )
