"""Searching units while typing: an HTML fragment for the picker, JSON where it is asked for."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from people.access import public
from people.enums import COMMUNE_KINDS, UnitKind
from people.forms.profile import FOUND_LIMIT, LISTED_LIMIT
from people.queries.units import former_name_hit, organisations_for, search_units, unit_by_code, unit_path_label

KINDS = {"commune": COMMUNE_KINDS, "organisation": (UnitKind.ORGANISATION,), "province": (UnitKind.PROVINCE,)}


@public
@require_safe
def units_search(request: HttpRequest) -> HttpResponse:
    """``q``: what was typed; ``within``: code of the unit to look in; ``kind``: commune, organisation, province or any.

    Public: unit names are public knowledge, and the way to sign up leads through here.
    """
    text = request.GET.get("q", "")[:100]
    code = request.GET.get("within", "")[:40]
    within = unit_by_code(code) if code else None
    kinds = KINDS.get(request.GET.get("kind", ""))
    empty = (code and within is None) or not (text or within)
    limit = FOUND_LIMIT if text else LISTED_LIMIT
    if empty:
        units = []
    elif kinds == KINDS["organisation"] and within is not None and not text:
        units = list(organisations_for(within).select_related("parent", "parent__parent")[:limit])
    else:
        units = search_units(text, within=within, kinds=kinds, limit=limit)
    accepts = request.headers.get("Accept", "")
    if "application/json" in accepts and "text/html" not in accepts:
        found = [
            {"code": unit.code, "name": unit.name, "kind": unit.kind, "label": unit_path_label(unit),
             "former": former_name_hit(unit, text)}
            for unit in units
        ]  # fmt: skip
        response: HttpResponse = JsonResponse({"units": found})
    else:
        name = "organisation" if kinds == KINDS["organisation"] else "unit"
        context = {"units": units, "text": text, "name": name, "asked": bool(text), "none": name == "organisation"}
        response = render(request, "people/parts/unit_options.html", context)
    response.headers["Cache-Control"] = "public, max-age=300"
    response.headers["Vary"] = "Accept, Cookie"
    return response
