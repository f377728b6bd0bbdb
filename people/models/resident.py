"""The person who takes part: what ranking needs and nothing more."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from people.enums import Category
from people.ids import PUBLIC_ID_LENGTH, new_public_id


class Resident(models.Model):
    """A participant's profile. ``birth_year`` decides eligibility and guards minors (a person under 16
    needs ``guardian_name``); ``unit`` is the basis of collective boards."""

    public_id = models.CharField(max_length=PUBLIC_ID_LENGTH, unique=True, default=new_public_id, editable=False)
    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="resident")
    full_name = models.CharField(_("Họ và tên"), max_length=100)
    birth_year = models.PositiveSmallIntegerField(_("Năm sinh"))
    category = models.CharField(_("Bạn là"), max_length=16, choices=Category.choices, default=Category.CITIZEN)
    unit = models.ForeignKey("people.Unit", on_delete=models.PROTECT, related_name="residents")
    guardian_name = models.CharField(_("Người giám hộ"), max_length=100, blank=True)
    guardian_phone = models.CharField(_("Số điện thoại người giám hộ"), max_length=16, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    erased_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("người dự thi")
        verbose_name_plural = _("người dự thi")

    def __str__(self) -> str:
        return self.full_name


class ConsentRecord(models.Model):
    """Proof that a person agreed: to which purpose, to which text, when, through which channel.

    Rows are never changed except for the moment of withdrawal.
    """

    resident = models.ForeignKey(Resident, on_delete=models.CASCADE, related_name="consents")
    purpose = models.CharField(max_length=24)
    text_version = models.CharField(max_length=24)
    text_sha256 = models.CharField(max_length=64)
    given_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    channel = models.CharField(max_length=24, default="web")
    given_by = models.CharField(max_length=100, blank=True, help_text="the guardian's name where a minor takes part")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["resident", "purpose"],
                condition=models.Q(withdrawn_at__isnull=True),
                name="consent_once_in_force",
            ),
        )
