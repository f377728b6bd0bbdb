"""Who may do what where: a role within a unit's subtree or within one contest."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from people.enums import Role


class RoleAssignment(models.Model):
    """One grant. Exactly one scope: ``unit`` (its whole subtree) or ``contest_ref`` (a contest's public id;
    a plain reference, because people is the lowest layer)."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="roles")
    role = models.CharField(_("Vai trò"), max_length=16, choices=Role.choices)
    unit = models.ForeignKey("people.Unit", null=True, blank=True, on_delete=models.CASCADE, related_name="roles")
    contest_ref = models.CharField(max_length=22, blank=True, default="")
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    granted_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=(models.Q(unit__isnull=False) & models.Q(contest_ref=""))
                | (models.Q(unit__isnull=True) & ~models.Q(contest_ref="")),
                name="role_has_one_scope",
            ),
            models.UniqueConstraint(
                fields=["user", "role", "unit"], condition=models.Q(contest_ref=""), name="role_once_in_unit"
            ),
            models.UniqueConstraint(
                fields=["user", "role", "contest_ref"],
                condition=models.Q(unit__isnull=True),
                name="role_once_in_contest",
            ),
        )

    def __str__(self) -> str:
        return f"{self.user_id} {self.role} {self.unit_id or self.contest_ref}"
