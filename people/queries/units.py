"""Finding units as people type them: without accents, with old names, in any order of certainty."""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Length

from people.enums import COMMUNE_KINDS, UnitKind
from people.models import Unit
from people.queries.roles import ROOT_PATH, subtree
from people.text import search_key, strip_accents, tidy

KIND_WORDS = ("tinh", "thanh pho", "phuong", "xa", "dac khu")
# What people write for short, in search form. Only at the beginning of the text.
_SHORT = (
    (re.compile(r"^(?:tp ?hcm|hcm|sai gon|sg)\b"), "ho chi minh"),
    (re.compile(r"^(?:tp|t p)\b ?"), "thanh pho "),
    (re.compile(r"^hn$"), "ha noi"),
    (re.compile(r"^p\b ?"), "phuong "),
    (re.compile(r"^x\b ?"), "xa "),
    (re.compile(r"^t\b ?"), "tinh "),
    (re.compile(r"^dk\b ?"), "dac khu "),
)


def units_in_force() -> QuerySet[Unit]:
    """Units as they are today; closed versions stay for old results."""
    return Unit.objects.filter(valid_to__isnull=True)


def nation() -> Unit:
    """The root of the tree. Raises Unit.DoesNotExist before ``load_units``."""
    return units_in_force().get(code=ROOT_PATH)


def provinces() -> QuerySet[Unit]:
    """The provinces and central cities, by name."""
    return units_in_force().filter(kind=UnitKind.PROVINCE).order_by("folded")


def children_of(unit: Unit, *, kinds: Iterable[str] | None = None) -> QuerySet[Unit]:
    """Units directly below ``unit``, by name."""
    found = units_in_force().filter(parent=unit)
    return (found.filter(kind__in=list(kinds)) if kinds else found).order_by("folded")


def communes_of(province: Unit) -> QuerySet[Unit]:
    """Wards, communes and special zones of a province, by name."""
    return children_of(province, kinds=COMMUNE_KINDS)


def organisations_for(place: Unit) -> QuerySet[Unit]:
    """Offices, schools and unions somebody of ``place`` may belong to, by name.

    Those anywhere within it and, for a commune, those of its province as well: a department of the province has
    staff in every commune.
    """
    province = place if place.kind == UnitKind.PROVINCE else place.parent
    found = Q(parent=province) | Q(parent__parent=province, parent__kind=UnitKind.ORGANISATION)
    if place.kind != UnitKind.PROVINCE:
        found |= subtree([place.path])
    return units_in_force().filter(found, kind=UnitKind.ORGANISATION).order_by("folded")


def search_units(
    text: str, *, within: Unit | str | None = None, kinds: Iterable[str] | None = None, limit: int = 20
) -> list[Unit]:
    """Units whose name today, or a name merged into them, contains ``text``, best first. One query.

    Ignores accents, case and punctuation; knows common abbreviations; "tên, tỉnh" narrows by the unit above. Rank:
    the very name, names that begin so, words that begin so, anywhere, former names. An empty text lists by name.
    """
    name, above = _parts(text)
    found = units_in_force().exclude(kind=UnitKind.NATION)
    if within is not None:
        path = within.path if isinstance(within, Unit) else within
        found = found.filter(path__startswith=f"{path}.")
    if kinds is not None:
        found = found.filter(kind__in=list(kinds))
    if above:
        found = found.filter(Q(parent__folded__contains=above) | Q(parent__folded_former__contains=above))
    found = found.select_related("parent", "parent__parent")
    if not name:
        return list(found.order_by("folded")[:limit])
    heads = [name, *(f"{word} {name}" for word in KIND_WORDS)]
    rank = Case(
        When(folded__in=heads, then=Value(0)),
        When(_any_prefix(heads), then=Value(1)),
        When(folded__contains=f" {name}", then=Value(2)),
        When(folded__contains=name, then=Value(3)),
        When(Q(folded_former__startswith=name) | Q(folded_former__contains=f"; {name}"), then=Value(4)),
        default=Value(5),
        output_field=IntegerField(),
    )
    found = found.filter(Q(folded__contains=name) | Q(folded_former__contains=name))
    # Among equals wider units first ("hue" is the city before a ward of that name), then wards, where more people live.
    found = found.annotate(rank=rank, depth=Length("path"))
    best: list[Unit] = list(found.order_by("rank", "depth", "-kind", Length("folded"), "folded", "pk")[:limit])
    if strip_accents(text) == text:
        return best
    typed = tidy(text.partition(",")[0]).casefold()  # who typed accents meant them
    return sorted(best, key=lambda unit: (unit.rank, typed not in unit.name.casefold()))  # type: ignore[attr-defined]


def unit_by_code(code: str) -> Unit | None:
    """The version in force of the unit with this code, with what is above it."""
    return units_in_force().select_related("parent", "parent__parent").filter(code=code).first()


def former_name_hit(unit: Unit, text: str) -> str:
    """The former name by which ``text`` found ``unit``, or "" where today's name matches."""
    name, _ = _parts(text)
    if not name or name in unit.folded:
        return ""
    for former in unit.former.split("; "):
        if name in search_key(former):
            return former
    return ""


def unit_path_label(unit: Unit) -> str:
    """Where a unit is, as it is written on an envelope: "Phường Quy Nhơn, tỉnh Gia Lai"."""
    names = [unit.name]
    above = unit.parent
    while above is not None and above.kind != UnitKind.NATION:
        names.append(above.name[:1].lower() + above.name[1:] if above.kind != UnitKind.ORGANISATION else above.name)
        above = above.parent
    return ", ".join(names)


def _parts(text: str) -> tuple[str, str]:
    """Split "Quy Nhơn, Gia Lai" into the name and what is above it, both in search form."""
    first, _, rest = text[:200].partition(",")
    return _expand(search_key(first)), _expand(search_key(rest.rsplit(",", 1)[-1]))


def _expand(key: str) -> str:
    for pattern, words in _SHORT:
        changed = pattern.sub(words, key, count=1)
        if changed != key:
            return changed.strip()
    return key


def _any_prefix(heads: list[str]) -> Q:
    query = Q()
    for head in heads:
        query |= Q(folded__startswith=head)
    return query
