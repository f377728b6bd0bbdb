"""Head counts as tables and as two pasted columns; who gets which role where."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contest.forms.scope import UnitScope
from people.domain.head_counts import LARGEST
from people.enums import Role
from people.forms.profile import AskedText
from people.models import Unit, User
from people.queries.accounts import account_by_login

MOST_LINES = 5_000
MOST_COMPLAINTS = 20
MOST_CHARACTERS = 400_000
_GROUPED = re.compile(r"\d{1,3}(?:[.,\u00a0 ]\d{3})+|\d+")
_COLUMNS = re.compile(r"\s*[\t;]\s*")


@dataclass(slots=True)
class HeadCounts:
    """What was sent: counts by unit code, and a sentence for each thing that cannot be read."""

    counts: dict[str, int | None] = field(default_factory=dict)
    complaints: list[str] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)

    def complain(self, sentence: str) -> None:
        if len(self.complaints) < MOST_COMPLAINTS:
            self.complaints.append(sentence)


def read_number(text: str) -> int | None:
    """A number of people as people write it (1204, 1.204, 1 204), or None."""
    text = text.strip()
    if not _GROUPED.fullmatch(text):
        return None
    number = int(re.sub(r"\D", "", text)[:12])
    return number if number <= LARGEST else None


def read_table(sent: Mapping[str, str]) -> HeadCounts:
    """The fields n-CODE that differ from what the page showed (w-CODE); an empty one means unknown."""
    found = HeadCounts()
    for name, text in sent.items():
        code = name.removeprefix("n-")
        if code == name or text.strip() == sent.get(f"w-{code}", "").strip():
            continue
        number = read_number(text) if text.strip() else None
        if text.strip() and number is None:
            found.refused.add(code)
            found.complain(_("“{text}” không phải là một số người.").format(text=text.strip()[:40]))
        else:
            found.counts[code[:40]] = number
    return found


def read_paste(text: str, scope: UnitScope) -> HeadCounts:
    """Lines of unit code and number, as copied from a spreadsheet; a first line without a number is its heading."""
    found = HeadCounts()
    lines = [(place, line.strip()) for place, line in enumerate(text.lstrip("\ufeff").splitlines(), start=1)]
    lines = [(place, line) for place, line in lines if line]
    if not lines:
        found.complain(_("Mời bạn dán hai cột: mã đơn vị và số người."))
    if len(lines) > MOST_LINES or len(text) > MOST_CHARACTERS:
        found.complain(_("Mỗi lần dán tối đa 5.000 dòng."))
        return found
    where: dict[str, int] = {}
    for index, (place, line) in enumerate(lines):
        code, number = _columns(line)
        if number is None:
            if index or any(char.isdigit() for char in line):
                found.complain(_("Dòng {n}: chưa đọc được “{text}”.").format(n=place, text=line[:60]))
            continue
        if code in where:
            found.complain(_("Dòng {n}: mã {code} đã có ở dòng {m}.").format(n=place, code=code, m=where[code]))
            continue
        where[code] = place
        found.counts[code] = number
    known = scope.codes(found.counts)
    for code in list(found.counts):
        if code not in known:
            found.complain(
                _("Dòng {n}: không có đơn vị mã {code} trong phạm vi của bạn.").format(n=where[code], code=code)
            )
    return found


def _columns(line: str) -> tuple[str, int | None]:
    """Code and number: the first and the last of the columns."""
    parts = [part for part in _COLUMNS.split(line) if part]
    if len(parts) < 2:
        parts = re.split(r"\s*,\s*|\s+", line, maxsplit=1)
    return parts[0][:40], read_number(parts[-1]) if len(parts) > 1 else None


class GrantForm(forms.Form):
    """A role for an account, on a unit of the own scope."""

    login = forms.CharField(
        label=gettext_lazy("Tài khoản"),
        help_text=gettext_lazy("Số điện thoại, thư điện tử hoặc tên đăng nhập. Người đó cần đăng nhập một lần trước."),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "none"}),
        error_messages={"required": gettext_lazy("Mời bạn ghi tài khoản được phân quyền.")},
    )
    role = forms.ChoiceField(
        label=gettext_lazy("Vai trò"),
        choices=[("", gettext_lazy("Chọn vai trò")), *Role.choices],
        error_messages={"required": gettext_lazy("Mời bạn chọn vai trò.")},
    )
    unit_text = AskedText(
        label=gettext_lazy("Đơn vị"),
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    unit = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    def __init__(self, *args: Any, scope: UnitScope, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.scope = scope

    @cached_property
    def chosen_unit(self) -> Unit | None:
        """The unit picked so far; the only one where there is no choice."""
        code = str(self["unit"].value() or "")
        if not code and not self.is_bound and len(self.scope.roots) == 1:
            return self.scope.roots[0]
        return self.scope.get(code)

    @cached_property
    def found_units(self) -> list[Unit]:
        """Units to choose from."""
        return self.scope.find(str(self["unit_text"].value() or ""))

    @property
    def found_asked(self) -> bool:
        """Whether something was searched, so that finding nothing deserves a sentence."""
        return bool(self["unit_text"].value())

    @cached_property
    def account(self) -> User | None:
        """The account that is meant."""
        return account_by_login(self.cleaned_data.get("login", ""))

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("login") and self.account is None:
            self.add_error("login", _("Chưa có tài khoản nào như vậy. Người đó cần đăng nhập một lần trước."))
        if self.chosen_unit is None:
            self.add_error("unit_text", _("Mời bạn chọn đơn vị trong danh sách."))
        return cleaned
