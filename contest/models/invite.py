"""Spreading a contest: links, who came by which link, and what of it counts."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from contest.enums import CreditState
from contest.invites import CODE_LENGTH, new_code


class InviteLink(models.Model):
    """One person's or one unit's link into a contest. ``resident`` is None for a unit's link; ``unit`` is the unit that the
    credits are added to, of a person the unit at the time the link was made."""

    code = models.CharField(max_length=CODE_LENGTH, unique=True, default=new_code, editable=False)
    contest = models.ForeignKey("contest.Contest", on_delete=models.CASCADE, related_name="invite_links")
    resident = models.ForeignKey("people.Resident", null=True, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey("people.Unit", on_delete=models.PROTECT, related_name="+")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["contest", "resident"],
                condition=models.Q(resident__isnull=False),
                name="invite_link_once_a_person",
            ),
            models.UniqueConstraint(
                fields=["contest", "unit"], condition=models.Q(resident__isnull=True), name="invite_link_once_a_unit"
            ),
        )

    @property
    def personal(self) -> bool:
        """Whether a person invites, not a unit."""
        return self.resident_id is not None


class Invitation(models.Model):
    """An entry that came by a link: the first one, for ever. ``landed_at`` is when the link was opened."""

    entry = models.OneToOneField("contest.Entry", on_delete=models.CASCADE, related_name="invitation")
    link = models.ForeignKey(InviteLink, on_delete=models.CASCADE, related_name="invitations")
    landed_at = models.DateTimeField()
    accepted_at = models.DateTimeField()


class InviteCredit(models.Model):
    """What one finished invitation is worth: at most one row a contest and person, because an entry has one invitation.

    Written by ``contest.domain.invite_credit`` from the truth; only the decision is a person's. ``reasons`` is what the
    ring checks found (contest/invites.py), ``judged`` the codes of them that the decision has seen.
    """

    invitation = models.OneToOneField(Invitation, on_delete=models.CASCADE, related_name="credit")
    state = models.CharField(max_length=8, choices=CreditState.choices)
    earned_at = models.DateTimeField(help_text="when the first paper that counts was handed in")
    reasons = models.JSONField(default=list)
    decision = models.CharField(max_length=8, blank=True, choices=CreditState.choices, help_text="counted or refused")
    judged = models.JSONField(default=list)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decided_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = (models.Index(fields=["state", "earned_at"], name="invite_credit_state"),)
