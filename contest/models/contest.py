"""A contest, its versioned rule sets and the people entered in it."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from contest.enums import EntryStatus
from people.ids import PUBLIC_ID_LENGTH, new_public_id


class Contest(models.Model):
    """One competition with one or more rounds. Listed in public once ``listed_at`` is set (a decision)."""

    public_id = models.CharField(max_length=PUBLIC_ID_LENGTH, unique=True, default=new_public_id, editable=False)
    slug = models.SlugField(_("Đường dẫn"), max_length=80, unique=True)
    title = models.CharField(_("Tên cuộc thi"), max_length=200)
    summary = models.CharField(_("Giới thiệu ngắn"), max_length=300, blank=True)
    description = models.TextField(_("Giới thiệu"), blank=True)
    organizer = models.CharField(_("Đơn vị tổ chức"), max_length=200)
    unit = models.ForeignKey(
        "people.Unit", on_delete=models.PROTECT, related_name="contests", verbose_name=_("Phạm vi")
    )
    listed_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    invites_on = models.BooleanField(_("Bảng lan tỏa"), default=True)
    rewards_on = models.BooleanField(_("Điểm thưởng của việc học"), default=True)
    invites_counted_at = models.DateTimeField(null=True, blank=True, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("cuộc thi")
        verbose_name_plural = _("cuộc thi")

    def __str__(self) -> str:
        return self.title


class RuleSetVersion(models.Model):
    """One version of a contest's rules as validated data (contest/rules/schema.py). Locked when a round that uses
    it opens; a locked version is never changed, an edit makes the next one."""

    contest = models.ForeignKey(Contest, on_delete=models.CASCADE, related_name="rule_sets")
    number = models.PositiveIntegerField()
    data = models.JSONField()
    digest = models.CharField(max_length=64)
    locked_at = models.DateTimeField(null=True, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["contest_id", "number"]
        constraints = (models.UniqueConstraint(fields=["contest", "number"], name="rule_set_once"),)


class Entry(models.Model):
    """One resident in one contest: the snapshot of group and unit that ranking and boards use."""

    public_id = models.CharField(max_length=PUBLIC_ID_LENGTH, unique=True, default=new_public_id, editable=False)
    contest = models.ForeignKey(Contest, on_delete=models.CASCADE, related_name="entries")
    resident = models.ForeignKey("people.Resident", on_delete=models.PROTECT, related_name="entries")
    full_name = models.CharField(max_length=100)
    is_minor = models.BooleanField(default=False)
    group = models.CharField(max_length=24, blank=True)
    unit = models.ForeignKey("people.Unit", on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=10, choices=EntryStatus.choices, default=EntryStatus.RANKED)
    status_reason = models.CharField(max_length=300, blank=True)
    registered_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["contest", "resident"], name="entry_once"),)
        indexes = (models.Index(fields=["contest", "unit"], name="entry_units"),)
