"""Rows of the rules form: groups of participants and prizes."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms.formsets import BaseFormSet
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from contest.rules.enums import PrizeScope
from contest.rules.labels import choices
from contest.rules.parts import Bloc, Group, GroupBank, Prize
from contest.rules.words import say_number
from people.enums import Category
from people.text import strip_accents

LONGEST_CODE = 24
MOST_GROUPS, MOST_PRIZES = 20, 100


class MoneyField(forms.IntegerField):
    """Đồng, as people type it: "1500000", "1.500.000", "1 500 000 đ"."""

    widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})

    def to_python(self, value: Any) -> int | None:
        if isinstance(value, str):
            value = value.replace(".", "").replace(",", "").replace(" ", "").rstrip("đ₫")
        return super().to_python(value)

    def prepare_value(self, value: Any) -> Any:
        return say_number(value) if isinstance(value, int) else value


class GroupForm(forms.Form):
    """One group: a name, who belongs to it, and a bank of its own where the paper differs."""

    code = forms.CharField(required=False, max_length=LONGEST_CODE, widget=forms.HiddenInput)
    name = forms.CharField(
        label=_("Tên bảng thi"), max_length=120, error_messages={"required": _("Mời bạn đặt tên bảng thi.")}
    )
    categories = forms.MultipleChoiceField(
        label=_("Gồm những ai"),
        help_text=_("Không chọn ai: bảng này nhận tất cả những người còn lại."),
        choices=Category.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    own_ranking = forms.BooleanField(label=_("Xếp hạng riêng"), required=False, initial=True)
    bank = forms.CharField(
        label=_("Nhãn bộ câu hỏi riêng"),
        help_text=_("Để trống: cùng bộ câu hỏi với các bảng khác."),
        max_length=LONGEST_CODE,
        required=False,
    )


class PrizeForm(forms.Form):
    """One line of the prize table."""

    scope = forms.ChoiceField(label=_("Loại giải"), choices=[], initial=PrizeScope.ROUND.value)
    name = forms.CharField(label=_("Tên giải"), max_length=120, error_messages={"required": _("Mời bạn ghi tên giải.")})
    rank_from = forms.IntegerField(label=_("Từ hạng"), min_value=1, max_value=100_000)
    rank_to = forms.IntegerField(label=_("Đến hạng"), min_value=1, max_value=100_000)
    value_vnd = MoneyField(
        label=_("Mỗi giải (đồng)"),
        min_value=0,
        max_value=10_000_000_000,
        error_messages={"required": _("Mời bạn ghi số tiền, 0 nếu không có tiền.")},
    )
    group = forms.CharField(required=False, max_length=LONGEST_CODE)
    bloc = forms.CharField(required=False, max_length=LONGEST_CODE)

    def __init__(self, *args: Any, groups: list[tuple[str, str]], blocs: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        scope = self.fields["scope"]
        assert isinstance(scope, forms.ChoiceField)
        scope.choices = choices(PrizeScope)
        for name, label, options in (("group", _("Bảng thi"), groups), ("bloc", _("Khối đơn vị"), blocs)):
            field = self.fields[name]
            field.label = label
            field.widget = forms.Select(choices=[("", _("Mọi bảng") if name == "group" else _("Mọi khối")), *options])
            if not options:
                field.widget = forms.HiddenInput()


class _Rows(BaseFormSet):  # type: ignore[type-arg]
    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        if "DELETE" in form.fields:
            form.fields["DELETE"].label = _("Bỏ dòng này")


GroupRows = forms.formset_factory(GroupForm, formset=_Rows, extra=2, max_num=MOST_GROUPS, can_delete=True)
PrizeRows = forms.formset_factory(PrizeForm, formset=_Rows, extra=1, max_num=MOST_PRIZES, can_delete=True)


def group_rows(groups: tuple[Group, ...], banks: tuple[GroupBank, ...]) -> list[dict[str, Any]]:
    """Groups as the form shows them."""
    tags = {row.group: row.bank for row in banks}
    return [
        {
            "code": group.code,
            "name": group.name,
            "categories": list(group.categories),
            "own_ranking": group.own_ranking,
            "bank": tags.get(group.code, ""),
        }
        for group in groups
    ]


def prize_rows(prizes: tuple[Prize, ...]) -> list[dict[str, Any]]:
    """Prizes as the form shows them."""
    return [
        {
            "scope": prize.scope.value,
            "name": prize.name,
            "rank_from": prize.rank_from,
            "rank_to": prize.rank_to,
            "value_vnd": prize.value_vnd,
            "group": prize.group or "",
            "bloc": prize.bloc or "",
        }
        for prize in prizes
    ]


def kept_rows(rows: BaseFormSet[Any]) -> list[tuple[int, dict[str, Any]]]:
    """(place in the form, cleaned entries) of rows that are filled and not struck out."""
    return [
        (place, form.cleaned_data)
        for place, form in enumerate(rows.forms)
        if form.has_changed() or form.initial
        if form.is_valid() and form.cleaned_data and not form.cleaned_data.get("DELETE")
    ]


def group_json(row: dict[str, Any]) -> dict[str, Any]:
    """One group as rule data; a new one gets its code from its name."""
    return {
        "code": code_of(row),
        "name": row["name"],
        "categories": list(row["categories"]),
        "own_ranking": row["own_ranking"],
    }


def code_of(row: dict[str, Any]) -> str:
    return row["code"] or slugify(strip_accents(row["name"]))[:LONGEST_CODE].strip("-") or "bang"


def prize_json(row: dict[str, Any]) -> dict[str, Any]:
    """One prize as rule data."""
    return {
        "scope": row["scope"],
        "rank_from": row["rank_from"],
        "rank_to": row["rank_to"],
        "group": row["group"] or None,
        "bloc": row["bloc"] or None,
        "name": row["name"],
        "value_vnd": row["value_vnd"] or 0,
    }


def bloc_choices(blocs: tuple[Bloc, ...]) -> list[tuple[str, str]]:
    return [(bloc.code, bloc.name) for bloc in blocs]
