"""The profile form: who you are, where you belong, what you agree to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from people.consent_texts import ConsentText, consent_text
from people.domain.residents import NEEDS_CONSENT, Profile, problems_of
from people.enums import COMMUNE_KINDS, Category, Purpose, UnitKind
from people.models import Unit
from people.names import MAX_NAME, is_minor, plausible_birth_year
from people.queries.units import (
    organisations_for,
    provinces,
    search_units,
    unit_by_code,
)

FOUND_LIMIT = 12  # more than a thumb wants to scroll
LISTED_LIMIT = 200  # every commune of the largest province


class AskedText(forms.CharField):
    """Shown as asked for; whether it must be filled depends on other entries and is checked in ``clean``."""

    def validate(self, value: Any) -> None:
        """Leave emptiness to the form."""


class AskedChoice(forms.ChoiceField):
    """A choice that helps and may be skipped, without saying so."""

    def validate(self, value: Any) -> None:
        """Refuse only what is not in the list."""
        if value:
            super().validate(value)


class AskedTick(forms.BooleanField):
    """Shown as asked for; checked by the form or the domain."""

    def validate(self, value: Any) -> None:
        """Leave emptiness to the form."""


class ProfileForm(forms.Form):
    """``year`` is the current year in Viet Nam; ``asks_consent`` adds one unticked box for each purpose."""

    full_name = forms.CharField(
        label=_("Họ và tên"),
        max_length=MAX_NAME,
        widget=forms.TextInput(attrs={"autocomplete": "name", "autocapitalize": "words", "spellcheck": "false"}),
        error_messages={"required": _("Mời bạn viết họ và tên.")},
    )
    birth_year = forms.IntegerField(
        label=_("Năm sinh"),
        localize=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "bday-year", "maxlength": "4"}),
        error_messages={"required": _("Mời bạn nhập năm sinh."), "invalid": _("Năm sinh chưa đúng. Ví dụ: 1985.")},
    )
    category = forms.ChoiceField(
        label=_("Bạn là"), choices=Category.choices, error_messages={"required": _("Mời bạn chọn nhóm của mình.")}
    )
    province = AskedChoice(label=_("Tỉnh, thành phố"))
    unit_text = AskedText(
        label=_("Xã, phường, đặc khu"), max_length=100, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    unit = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    organisation = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    guardian_name = AskedText(label=_("Họ và tên cha, mẹ hoặc người giám hộ"), max_length=MAX_NAME)
    guardian_phone = AskedText(
        label=_("Số di động của người giám hộ"),
        max_length=30,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )
    guardian_agrees = AskedTick(label=_("Tôi là cha, mẹ hoặc người giám hộ và đồng ý cho em dự thi."))

    def __init__(self, *args: Any, year: int, asks_consent: bool, language: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.year = year
        self.asks_consent = asks_consent
        self.language = language
        self.searched = False
        choices = [(province.code, province.name) for province in provinces()]
        province = self.fields["province"]
        assert isinstance(province, forms.ChoiceField)
        province.choices = [("", _("Chọn tỉnh, thành phố")), *choices]
        if asks_consent:
            for purpose in Purpose:
                label = consent_text(purpose, language=language).label
                self.fields[purpose.value] = AskedTick(label=label, required=purpose is Purpose.TAKE_PART)

    # --- what the page shows ---------------------------------------------------------------------------------------

    def consent_fields(self) -> Iterator[tuple[forms.BoundField, ConsentText]]:
        """The boxes to tick with their full texts."""
        if self.asks_consent:
            for purpose in Purpose:
                yield self[purpose.value], consent_text(purpose, language=self.language)

    @cached_property
    def chosen_unit(self) -> Unit | None:
        """The commune picked so far."""
        code = str(self["unit"].value() or "")
        unit = unit_by_code(code) if code else None
        return unit if unit and unit.kind in COMMUNE_KINDS else None

    @cached_property
    def found_units(self) -> list[Unit]:
        """Communes to choose from: what the search text finds, in the chosen province where there is one."""
        text, province = str(self["unit_text"].value() or ""), str(self["province"].value() or "")
        if not text and not province:
            return []
        within = unit_by_code(province) if province else None
        return search_units(text, within=within, kinds=COMMUNE_KINDS, limit=FOUND_LIMIT if text else LISTED_LIMIT)

    @property
    def found_asked(self) -> bool:
        """Whether something was searched, so that finding nothing deserves a sentence."""
        return bool(self["unit_text"].value())

    @cached_property
    def organisations(self) -> list[Unit]:
        """Schools, offices and unions of the chosen commune, or of the chosen province."""
        place = self.chosen_unit or unit_by_code(str(self["province"].value() or ""))
        if place is None:
            return []
        return list(organisations_for(place).select_related("parent", "parent__parent")[:LISTED_LIMIT])

    @property
    def shows_guardian(self) -> bool:
        """Whether the birth year on the page is a minor's."""
        raw = str(self["birth_year"].value() or "")
        return raw.isdecimal() and plausible_birth_year(int(raw), year=self.year) and is_minor(int(raw), year=self.year)

    # --- what the page sends ---------------------------------------------------------------------------------------

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        cleaned["place"] = self._place(cleaned)
        told = {"full_name": "", "birth_year": 0, "category": "", "guardian_name": "", "guardian_phone": ""} | cleaned
        for field, message in problems_of(self._profile(told), year=self.year).items():
            shown_at = "unit_text" if field == "unit" else field
            if shown_at not in self.errors:
                self.add_error(shown_at, str(message))
        if self.asks_consent:
            if not cleaned.get(Purpose.TAKE_PART.value):
                self.add_error(Purpose.TAKE_PART.value, NEEDS_CONSENT)
            if self.shows_guardian and not cleaned.get("guardian_agrees"):
                self.add_error("guardian_agrees", _("Cần cha, mẹ hoặc người giám hộ đồng ý."))
        return cleaned

    def _place(self, cleaned: dict[str, Any]) -> Unit | None:
        """The unit to keep: the organisation where one is picked, else the commune."""
        code = cleaned.get("organisation") or ""
        for organisation in self.organisations:
            if organisation.code == code:
                return organisation
        return self.chosen_unit

    def profile(self) -> Profile:
        """The cleaned entries as the domain takes them."""
        return self._profile(self.cleaned_data)

    @staticmethod
    def _profile(data: dict[str, Any]) -> Profile:
        return Profile(
            full_name=data["full_name"],
            birth_year=data["birth_year"],
            category=data["category"],
            unit=data["place"],
            guardian_name=data["guardian_name"],
            guardian_phone=data["guardian_phone"],
        )

    def consents(self) -> list[Purpose]:
        """The purposes ticked."""
        return [purpose for purpose in Purpose if self.cleaned_data.get(purpose.value)]

    @staticmethod
    def initial_from(unit: Unit) -> dict[str, str]:
        """Where the picker stands for somebody who belongs to ``unit``."""
        chain = [unit]
        while chain[-1].parent is not None:
            chain.append(chain[-1].parent)
        found = {"province": "", "unit": "", "unit_text": "", "organisation": ""}
        for above in chain:
            if above.kind == UnitKind.PROVINCE:
                found["province"] = above.code
            elif above.kind in COMMUNE_KINDS:
                found["unit"], found["unit_text"] = above.code, above.name
            elif above.kind == UnitKind.ORGANISATION and not found["organisation"]:
                found["organisation"] = above.code
        return found
