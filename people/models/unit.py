"""Units: the administrative tree of 2026 and the organisations below or beside it, each with its legal life."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from people.enums import UnitKind
from people.text import search_key


class Unit(models.Model):
    """One version of one unit.

    ``path`` is the dotted chain of codes from the root ("VN.75.26368"), so a prefix search is a subtree.
    A unit that law merges or renames is closed with ``valid_to`` and points to its ``successor``.
    """

    code = models.CharField(max_length=40)
    name = models.CharField(_("Tên"), max_length=200)
    kind = models.CharField(_("Loại"), max_length=16, choices=UnitKind.choices)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")
    path = models.CharField(max_length=200, db_index=True)
    folded = models.CharField(max_length=200, db_index=True, editable=False)
    former = models.CharField(
        _("Tên cũ"), max_length=300, blank=True, help_text="names merged into this unit, joined by '; '"
    )
    folded_former = models.CharField(max_length=300, blank=True, editable=False)
    valid_from = models.DateField(_("Có hiệu lực từ"))
    valid_to = models.DateField(_("Hết hiệu lực"), null=True, blank=True)
    legal_basis = models.CharField(_("Căn cứ pháp lý"), max_length=300, blank=True)
    successor = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="predecessors")
    head_count = models.PositiveIntegerField(_("Số người phải/được dự thi"), null=True, blank=True)

    class Meta:
        verbose_name = _("đơn vị")
        verbose_name_plural = _("đơn vị")
        constraints = (
            models.UniqueConstraint(fields=["code", "valid_from"], name="unit_version_once"),
            models.UniqueConstraint(
                fields=["code"], condition=models.Q(valid_to__isnull=True), name="unit_one_version_in_force"
            ),
            models.CheckConstraint(
                condition=models.Q(valid_to__isnull=True) | models.Q(valid_to__gt=models.F("valid_from")),
                name="unit_life_is_forward",
            ),
        )
        indexes = (models.Index(fields=["parent", "kind", "folded"], name="unit_children"),)

    def __str__(self) -> str:
        return self.name

    def fold_names(self) -> None:
        """Set the search columns; ``bulk_create`` does not call ``save``."""
        self.folded = search_key(self.name)[:200]
        self.folded_former = "; ".join(map(search_key, self.former.split("; ")))[:300]

    def save(self, *args: object, **kwargs: object) -> None:
        self.fold_names()
        super().save(*args, **kwargs)  # type: ignore[arg-type]
