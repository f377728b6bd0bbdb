"""One-time codes: what was sent to whom, how often it was guessed, and whether it is used up."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from people.enums import CodePurpose
from people.ids import PUBLIC_ID_LENGTH, new_public_id


class OneTimeCode(models.Model):
    """One code of six digits. Neither the code nor the address is kept, only keyed hashes of both.

    ``number`` counts the codes of one address on one day; its uniqueness is what holds the daily limit when many
    requests come at once. ``tries_left`` is taken by a conditional UPDATE before a guess is looked at.
    """

    public_id = models.CharField(max_length=PUBLIC_ID_LENGTH, unique=True, default=new_public_id, editable=False)
    purpose = models.CharField(max_length=12, choices=CodePurpose.choices)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    address_hash = models.CharField(max_length=64)
    day = models.DateField()
    number = models.PositiveSmallIntegerField()
    code_hash = models.CharField(max_length=64)
    tries_left = models.PositiveSmallIntegerField()
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-id"]
        constraints = (
            models.UniqueConstraint(fields=["address_hash", "day", "number"], name="code_number_once_a_day"),
        )
