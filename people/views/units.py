"""Searching units while typing: an HTML fragment for the picker, JSON where it is asked for."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from people.access import public
from people.enums import COMMUNE_KINDS, UnitKind
from people.forms.profile import FOUND_LIMIT, LISTED_LIMIT
from people.models import Unit
from people.queries.units import former_name_hit, organisations_for, search_units, unit_by_code, unit_path_label

KINDS = {"commune": COMMUNE_KINDS, "organisation": (UnitKind.ORGANISATION,), "province": (UnitKind.PROVINCE,)}


@public
@require_safe
def units_search(request: HttpRequest) -> HttpResponse:
    """``q``: what was typed; ``within``: code of the unit to look in; ``kind``: commune, organisation, province or any.

    Public: unit names are public knowledge, and the way to sign up leads through here.
    """
    text = request.GET.get("q", "")[:100].replace("\0", "")
    kind = request.GET.get("kind", "")
    within = _unit(request.GET.get("within", ""))
    lost = within is None and bool(request.GET.get("within"))
    units = [] if lost else _find(text, within, kind)
    accepts = request.headers.get("Accept", "")
    if "application/json" in accepts and "text/html" not in accepts:
        response: HttpResponse = JsonResponse({"units": [_described(unit, text) for unit in units]})
    else:
        name = "organisation" if kind == "organisation" else "unit"
        context = {"units": units, "text": text, "name": name, "asked": bool(text), "none": name == "organisation"}
        response = render(request, "people/parts/unit_options.html", context)
    response.headers["Cache-Control"] = "public, max-age=300"
    response.headers["Vary"] = "Accept, Cookie"
    return response


def _unit(code: str) -> Unit | None:
    return unit_by_code(code[:40].replace("\0", "")) if code else None


def _find(text: str, within: Unit | None, kind: str) -> list[Unit]:
    if not text and within is None:
        return []
    if kind == "organisation" and within is not None and not text:
        return list(organisations_for(within).select_related("parent", "parent__parent")[:LISTED_LIMIT])
    limit = FOUND_LIMIT if text else LISTED_LIMIT
    return search_units(text, within=within, kinds=KINDS.get(kind), limit=limit)


def _described(unit: Unit, text: str) -> dict[str, str]:
    return {
        "code": unit.code,
        "name": unit.name,
        "kind": unit.kind,
        "label": unit_path_label(unit),
        "former": former_name_hit(unit, text),
    }
