"""A live event and its running order."""

from __future__ import annotations

import secrets
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from people.ids import PUBLIC_ID_LENGTH, new_public_id
from realtime.enums import Mode, Phase, Play, Stakes


def new_secret() -> str:
    """Return the secret that event's tokens, option ids and patterns are made with: 256 bits."""
    return secrets.token_urlsafe(32)


class Event(models.Model):
    """One live event.

    ``state`` is the whole ``realtime.game.Game``; ``phase``, ``index``, ``instance``, ``opens_at``, ``closes_at``,
    ``paused_at`` and ``due_at`` repeat what statements and lists need of it, and are only ever written together with it
    (realtime/domain/changes.py). Those times are ms since 1970, as in the game. ``seq`` rises by one with each change, ``epoch``
    is the event's birth in ms: together the position frames carry. ``pin`` is free again once the event has ended.
    """

    public_id = models.CharField(max_length=PUBLIC_ID_LENGTH, unique=True, default=new_public_id, editable=False)
    title = models.CharField(_("Tên sự kiện"), max_length=120)
    unit = models.ForeignKey("people.Unit", on_delete=models.PROTECT, related_name="+", verbose_name=_("Đơn vị"))
    contest = models.ForeignKey("contest.Contest", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    mode = models.CharField(_("Hình thức"), max_length=8, choices=Mode.choices)
    language = models.CharField(max_length=5, default="vi")
    rules = models.JSONField(default=dict)
    pin = models.CharField(max_length=8, null=True, blank=True, unique=True)
    secret = models.CharField(max_length=64, default=new_secret, editable=False)
    state = models.JSONField(default=dict)
    phase = models.CharField(max_length=8, choices=Phase.choices, default=Phase.DRAFT)
    index = models.SmallIntegerField(
        default=-1, help_text="place of the present question in the running order, 0-based"
    )
    instance = models.PositiveIntegerField(default=0)
    opens_at = models.BigIntegerField(default=0)
    closes_at = models.BigIntegerField(default=0)
    paused_at = models.BigIntegerField(default=0)
    due_at = models.BigIntegerField(null=True, help_text="when the clock has something to do next")
    locked = models.BooleanField(default=False, help_text="nobody new may come in")
    # Whether who is out plays on: read by the statement that stores answers.
    ghosts = models.BooleanField(default=False)
    # Simulated players only; never counted, never listed.
    rehearsal = models.BooleanField(default=False)
    seq = models.PositiveBigIntegerField(default=0)
    stage_seq = models.PositiveBigIntegerField(default=0, help_text="the last change that moved the stage")
    epoch = models.BigIntegerField()
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    counted_at = models.DateTimeField(null=True, blank=True, help_text="when the result went into a contest round")
    forgotten_at = models.DateTimeField(null=True, blank=True, help_text="when the names of its guests were erased")

    class Meta:
        ordering: ClassVar[list[str]] = ["-created_at", "-pk"]
        verbose_name = _("sự kiện")
        verbose_name_plural = _("sự kiện")
        constraints = (
            # A PIN opens a room that is alive; numbers are few and used again.
            models.CheckConstraint(
                condition=models.Q(pin__isnull=True) | models.Q(ended_at__isnull=True), name="event_pin_while_alive"
            ),
        )
        indexes = (
            models.Index(fields=["due_at"], condition=models.Q(due_at__isnull=False), name="event_due"),
            models.Index(fields=["unit", "-created_at"], name="event_of_unit"),
        )

    def __str__(self) -> str:
        return self.title


class EventQuestion(models.Model):
    """One question in the running order. Null ``seconds``, ``read_seconds``, ``points``: as the event's rules say.

    ``key_also`` are canonical responses the judges accept besides the key; ``voided`` takes it out of the game. ``instance``
    is the last time it was opened (0: never): the answers of that time are the ones that count.
    """

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="questions")
    position = models.PositiveSmallIntegerField()
    version = models.ForeignKey("quizbank.QuestionVersion", on_delete=models.PROTECT, related_name="+")
    seconds = models.PositiveSmallIntegerField(null=True, blank=True)
    read_seconds = models.PositiveSmallIntegerField(null=True, blank=True)
    points = models.PositiveIntegerField(null=True, blank=True)
    stakes = models.CharField(max_length=8, choices=Stakes.choices, default=Stakes.OUT)
    play = models.CharField(max_length=8, choices=Play.choices, default=Play.QUIZ)
    extra = models.BooleanField(default=False)
    practice = models.BooleanField(default=False)
    key_also = models.JSONField(default=list, blank=True)
    voided = models.BooleanField(default=False)
    instance = models.PositiveIntegerField(default=0)
    asked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["event_id", "position"]
        constraints = (models.UniqueConstraint(fields=["event", "position"], name="event_question_once"),)
