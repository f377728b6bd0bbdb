"""Certificates: what was certified, under a code nobody can guess; the PDF is drawn when first asked for."""

from __future__ import annotations

from django.db import models

from contest.enums import CertificateKind
from people.ids import PUBLIC_ID_LENGTH, new_public_id
from people.models import Unit


class Certificate(models.Model):
    """One certificate. ``facts`` freezes what is printed (name, contest, round, rank, score, date, seal root).

    It is about an entry in a contest, or about a player of a live event: then ``event_ref`` and ``player_ref`` are their
    public ids (plain references: events belong to a higher app), ``unit`` is the event's, ``resident`` the player's own
    profile where there is one.
    """

    code = models.CharField(max_length=PUBLIC_ID_LENGTH, unique=True, default=new_public_id, editable=False)
    kind = models.CharField(max_length=12, choices=CertificateKind.choices)
    contest = models.ForeignKey("contest.Contest", null=True, on_delete=models.PROTECT, related_name="certificates")
    round = models.ForeignKey("contest.Round", null=True, on_delete=models.PROTECT, related_name="certificates")
    entry = models.ForeignKey("contest.Entry", null=True, on_delete=models.PROTECT, related_name="certificates")
    event_ref = models.CharField(max_length=PUBLIC_ID_LENGTH, blank=True)
    player_ref = models.CharField(max_length=PUBLIC_ID_LENGTH, blank=True)
    unit = models.ForeignKey("people.Unit", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    resident = models.ForeignKey("people.Resident", null=True, on_delete=models.PROTECT, related_name="+")
    facts = models.JSONField(default=dict)
    issued_at = models.DateTimeField()
    drawn_at = models.DateTimeField(null=True)
    pdf_sha256 = models.CharField(max_length=64, blank=True)
    revoked_at = models.DateTimeField(null=True)
    revoked_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = (
            # A revoked certificate stays verifiable as such beside the one that replaces it.
            models.UniqueConstraint(
                fields=["entry", "round", "kind"], condition=models.Q(revoked_at__isnull=True), name="certificate_once"
            ),
            models.UniqueConstraint(
                fields=["event_ref", "player_ref", "kind"],
                condition=~models.Q(event_ref="") & models.Q(revoked_at__isnull=True),
                name="certificate_of_event_once",
            ),
            models.CheckConstraint(
                condition=models.Q(event_ref="", contest__isnull=False, entry__isnull=False)
                | (~models.Q(event_ref="") & models.Q(entry__isnull=True, unit__isnull=False)),
                name="certificate_of_contest_or_event",
            ),
        )
        indexes = (models.Index(fields=["round", "drawn_at"], name="certificate_undrawn"),)

    @property
    def holder_id(self) -> int | None:
        """The resident it belongs to, None for a guest of a live event."""
        return self.resident_id if self.entry is None else self.entry.resident_id

    @property
    def issuing_unit(self) -> Unit:
        """The unit whose organizers look after it."""
        unit = self.unit if self.contest is None else self.contest.unit
        assert unit is not None, "a constraint: an event's certificate names its unit"
        return unit
