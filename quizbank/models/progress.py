"""What learning has earned: a ledger of points, badges, the weekly league, goals of units, and the switches.

No contest ever reads these tables.
"""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from people.ids import PUBLIC_ID_LENGTH, new_public_id
from quizbank.enums import PointKind, WinKind


class Point(models.Model):
    """One line of the ledger. ``key`` names what was earned ("card:12"): nothing is earned twice.

    ``day`` is the day of learning in Viet Nam, ``at`` the moment it was booked: past weeks never change. ``points`` is 0
    beyond the daily cap: it was known all the same.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="points")
    kind = models.CharField(max_length=8, choices=PointKind.choices)
    key = models.CharField(max_length=40)
    card = models.ForeignKey("quizbank.Card", null=True, on_delete=models.SET_NULL, related_name="+")
    question = models.ForeignKey("quizbank.Question", null=True, on_delete=models.SET_NULL, related_name="+")
    topic = models.ForeignKey("quizbank.Topic", null=True, on_delete=models.SET_NULL, related_name="+")
    points = models.PositiveSmallIntegerField()
    day = models.DateField()
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]
        constraints = (models.UniqueConstraint(fields=["person", "key"], name="point_once"),)
        indexes = (
            models.Index(fields=["person", "-at"], name="point_of_person"),
            models.Index(fields=["kind", "day"], name="point_of_day"),
        )

    def __str__(self) -> str:
        return f"{self.person_id} {self.key} {self.points}"


class BadgeAward(models.Model):
    """A badge somebody has earned (quizbank/badges.py): kept whatever happens later."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="badges")
    code = models.CharField(max_length=24)
    at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["person", "code"], name="badge_once"),)

    def __str__(self) -> str:
        return f"{self.person_id} {self.code}"


class Win(models.Model):
    """Good news of somebody, told once: a badge, a level, a finished quest. ``code`` names it within its kind
    (quizbank/wins.py); ``told_at`` is None until a page has said it, on whichever device."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="wins")
    kind = models.CharField(max_length=8, choices=WinKind.choices)
    code = models.CharField(max_length=40)
    at = models.DateTimeField()
    told_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["person", "kind", "code"], name="win_once"),)
        indexes = (models.Index(fields=["person"], condition=models.Q(told_at__isnull=True), name="win_to_tell"),)

    def __str__(self) -> str:
        return f"{self.person_id} {self.kind} {self.code}"


class ProgressSetting(models.Model):
    """What a person wants of this. No row: rewards are shown, no league."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="progress_setting"
    )
    shown = models.BooleanField(default=True)
    league = models.BooleanField(default=False)
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.person_id} {self.shown} {self.league}"


class ProgressOff(models.Model):
    """Rewards are switched off for everybody of a unit and below it; of the nation: for the whole site."""

    unit = models.OneToOneField("people.Unit", on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.unit_id}"


class LeagueWeek(models.Model):
    """A week whose groups have been drawn, by whoever came first."""

    monday = models.DateField(unique=True)
    drawn_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.monday}"


class LeagueSeat(models.Model):
    """Somebody's place in a group of a week; points come from the ledger."""

    week = models.ForeignKey(LeagueWeek, on_delete=models.CASCADE, related_name="seats")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="league_seats")
    tier = models.PositiveSmallIntegerField()
    group = models.PositiveIntegerField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["person", "week"], name="seat_once_a_week"),)
        indexes = (models.Index(fields=["week", "tier", "group"], name="seat_of_group"),)

    def __str__(self) -> str:
        return f"{self.week_id} {self.tier}.{self.group} {self.person_id}"


class UnitGoal(models.Model):
    """What a unit wants to learn together: so many cards remembered for the first time, within these days."""

    public_id = models.CharField(max_length=PUBLIC_ID_LENGTH, unique=True, default=new_public_id, editable=False)
    unit = models.ForeignKey("people.Unit", on_delete=models.PROTECT, related_name="learning_goals")
    title = models.CharField(_("Tên mục tiêu"), max_length=120)
    target = models.PositiveIntegerField(_("Số thẻ"))
    starts_on = models.DateField(_("Từ ngày"))
    ends_on = models.DateField(_("Đến hết ngày"))
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()
    cancelled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-starts_on", "-id"]
        verbose_name = _("mục tiêu học")
        verbose_name_plural = _("mục tiêu học")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")), name="goal_ends_after_it_starts"
            ),
            models.CheckConstraint(condition=models.Q(target__gte=1), name="goal_of_something"),
            models.UniqueConstraint(
                fields=["unit", "starts_on"], condition=models.Q(cancelled_at__isnull=True), name="goal_once_a_start"
            ),
        )

    def __str__(self) -> str:
        return self.title
