"""Who sits in the hall: players and teams."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from people.ids import PUBLIC_ID_LENGTH, new_public_id
from realtime.enums import PlayerStatus


class NameState(models.TextChoices):
    """Whether a name may be shown to everybody."""

    OK = "ok"
    WAITING = "waiting"
    REFUSED = "refused"


class Team(models.Model):
    """One team; ``code`` is what its captain tells the others (unique within the event)."""

    event = models.ForeignKey("realtime.Event", on_delete=models.CASCADE, related_name="teams")
    name = models.CharField(max_length=60)
    code = models.CharField(max_length=12)
    unit = models.ForeignKey("people.Unit", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    captain = models.ForeignKey("realtime.Player", null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["event", "code"], name="team_code_once"),)

    def __str__(self) -> str:
        return self.name


class Player(models.Model):
    """One seat in one event.

    ``ticket`` is the nonce of the signed ticket the seat was taken with: joining again with it gives this seat again.
    ``skeleton`` is the name as look-alikes are compared (realtime/nicknames.py). ``out_at`` is the running index of the
    question on which somebody fell. Everything from ``score`` on is computed from LiveAnswer rows
    (realtime/domain/counting.py): whoever is out collects ``ghost_score`` instead. ``time_ms`` sums the time of right
    answers. ``was`` is the rank before the last count, 0 where there was none. ``shown`` is the name as everybody else reads
    it where that is not ``name`` (who may be under age), ``left_as`` and ``left_seat`` are the status and the number somebody had when sent
    out before the start (realtime/domain/coming_back.py).
    """

    event = models.ForeignKey("realtime.Event", on_delete=models.CASCADE, related_name="players")
    public_id = models.CharField(max_length=PUBLIC_ID_LENGTH, unique=True, default=new_public_id, editable=False)
    ticket = models.CharField(max_length=32)
    name = models.CharField(max_length=100)
    shown = models.CharField(max_length=100, blank=True, default="")
    skeleton = models.CharField(max_length=200)
    name_state = models.CharField(max_length=8, choices=NameState.choices, default=NameState.OK)
    resident = models.ForeignKey("people.Resident", null=True, on_delete=models.SET_NULL, related_name="+")
    unit = models.ForeignKey("people.Unit", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    team = models.ForeignKey(Team, null=True, on_delete=models.SET_NULL, related_name="players")
    seat = models.PositiveIntegerField(null=True)
    status = models.CharField(max_length=10, choices=PlayerStatus.choices, default=PlayerStatus.IN)
    out_at = models.SmallIntegerField(null=True)
    left_as = models.CharField(max_length=10, choices=PlayerStatus.choices, blank=True, default="")
    left_seat = models.PositiveIntegerField(null=True)
    marshal = models.BooleanField(default=False, help_text="has no phone; a marshal marks the board")
    bot = models.BooleanField(default=False)
    since = models.PositiveIntegerField(default=0, help_text="first instance this player may answer")
    joined_at = models.DateTimeField()
    score = models.IntegerField(default=0)
    ghost_score = models.IntegerField(default=0)
    correct = models.PositiveSmallIntegerField(default=0)
    time_ms = models.PositiveIntegerField(default=0)
    streak = models.PositiveSmallIntegerField(default=0)
    rank = models.PositiveIntegerField(default=0)
    tied = models.BooleanField(default=False)
    was = models.PositiveIntegerField(default=0)

    class Meta:
        ordering: ClassVar[list[str]] = ["event_id", "pk"]
        constraints = (
            models.UniqueConstraint(fields=["event", "ticket"], name="player_ticket_once"),
            models.UniqueConstraint(fields=["event", "seat"], name="player_seat_once"),
            models.UniqueConstraint(
                fields=["event", "resident"],
                condition=models.Q(resident__isnull=False),
                name="player_resident_once",
            ),
        )
        indexes = (models.Index(fields=["event", "rank"], name="player_ranks"),)

    def __str__(self) -> str:
        return self.name
