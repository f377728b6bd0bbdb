"""Certificates: what was certified, under a code nobody can guess; the PDF is drawn when first asked for."""

from __future__ import annotations

from django.db import models

from contest.enums import CertificateKind
from people.ids import PUBLIC_ID_LENGTH, new_public_id


class Certificate(models.Model):
    """One certificate. ``facts`` freezes what is printed (name, contest, round, rank, score, date, seal root)."""

    code = models.CharField(max_length=PUBLIC_ID_LENGTH, unique=True, default=new_public_id, editable=False)
    kind = models.CharField(max_length=12, choices=CertificateKind.choices)
    contest = models.ForeignKey("contest.Contest", on_delete=models.PROTECT, related_name="certificates")
    round = models.ForeignKey("contest.Round", null=True, on_delete=models.PROTECT, related_name="certificates")
    entry = models.ForeignKey("contest.Entry", on_delete=models.PROTECT, related_name="certificates")
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
        )
        indexes = (models.Index(fields=["round", "drawn_at"], name="certificate_undrawn"),)
