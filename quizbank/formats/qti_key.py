"""From the interaction of a QTI item and its scoring to content and key of one of our kinds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from people.text import fold
from quizbank.formats import answers
from quizbank.formats.answers import Answer, Built, even_shares
from quizbank.formats.qti_score import MAP, MATCH, NONE, OTHER, RULES, Declared, Rule
from quizbank.formats.texts import number, one_line, per_mille
from quizbank.kinds.base import FULL, LETTERS, MOST_OPTIONS

_TRUE, _FALSE = {"dung", "true"}, {"sai", "false"}


@dataclass(frozen=True, slots=True)
class Choice:
    """One choice of an interaction."""

    id: str
    text: str
    feedback: str = ""


def own_scoring() -> str:
    """What is said of an item whose response processing is its own program."""
    return _("Câu có cách chấm riêng mà ở đây không đọc được.")


def no_key() -> str:
    """What is said when the file names no answer, or one that is not there."""
    return _("Tệp không ghi đáp án đúng của câu này, hoặc đáp án không có trong các phương án.")


def _told(built: Built, said: Declared) -> Built:
    if said.mode == OTHER:
        built.problems.insert(0, own_scoring())
    elif said.mode == NONE:
        built.warnings.append(_("Tệp không nói cách chấm; lấy đáp án ghi trong tệp."))
    return built


def choice(choices: Sequence[Choice], said: Declared, *, single: bool) -> Built:
    """Return a single or multiple choice, or a true/false question when the choices say so."""
    ids = [one.id for one in choices]
    if len(set(ids)) != len(ids):
        return answers.unknown(no_key())
    if said.mode == RULES and not _as_mapping(said):
        return answers.unknown(own_scoring())
    if not set(said.correct) <= set(ids) or (said.mode in (MATCH, NONE) and not said.correct):
        return answers.unknown(no_key())
    weights = _single_weights(ids, said) if single else _multiple_weights(ids, said)
    if weights is None:
        return answers.unknown(_("Đáp án ghi trong tệp và cách chấm điểm của tệp mâu thuẫn với nhau."))
    built = answers.choice(
        [
            Answer(text=one.text, weight=weight, feedback=one.feedback)
            for one, weight in zip(choices, weights, strict=True)
        ],
        single=single,
    )
    if not single and said.mode != MAP and "right" in built.key:
        built.key.pop("weights", None)
        built.key["scheme"] = "exact"
        built.warnings.clear()
    if single and (boolean := _boolean(choices, built)):
        built = boolean
    return _told(built, said)


def _as_mapping(said: Declared) -> bool:
    """Turn rules "this choice earns that much" into a mapping."""
    full = max(rule.score for rule in said.rules)
    for rule in said.rules:
        values = said.correct if rule.value is None else [rule.value]
        if rule.test != "match" or len(values) != 1:
            return False
        said.mapping[values[0]] = rule.score
    said.mode, said.upper = MAP, full
    return True


def _single_weights(ids: list[str], said: Declared) -> list[int | None] | None:
    if said.mode != MAP:
        return [FULL if one == said.correct[0] else 0 for one in ids] if len(said.correct) == 1 else None
    worth = [said.worth(one) for one in ids]
    full = max(worth, default=Decimal(0))
    if full <= 0 or (said.correct and said.worth(said.correct[0]) != full):
        return None
    if worth.count(full) > 1 and not said.correct:
        return None
    return [per_mille(str(one), full=full) for one in worth]


def _multiple_weights(ids: list[str], said: Declared) -> list[int | None] | None:
    if said.mode != MAP:
        if len(ids) > MOST_OPTIONS:
            return [0] * len(ids)  # told as too many
        shares = even_shares([LETTERS[ids.index(one)] for one in said.correct], len(ids))
        return [shares[LETTERS[place]] for place in range(len(ids))]
    worth = [said.worth(one) for one in ids]
    right = {one for one, value in zip(ids, worth, strict=True) if value > 0}
    full = said.upper if said.upper and said.upper > 0 else sum((one for one in worth if one > 0), Decimal(0))
    if not right or (said.correct and set(said.correct) != right):
        return None
    return [per_mille(str(one), full=full) for one in worth]


def _boolean(choices: Sequence[Choice], built: Built) -> Built | None:
    words = [fold(one.text) for one in choices]
    if len(words) != 2 or "weights" in built.key or "right" not in built.key:
        return None
    for true, false in ((0, 1), (1, 0)):
        if (words[true], words[false]) in (("dung", "sai"), ("true", "false")):
            right = built.key["right"] == LETTERS[true]
            return answers.boolean(right, if_true=choices[true].feedback, if_false=choices[false].feedback)
    return None


def written(said: Declared, *, unit: str, feedback: dict[str, str]) -> Built:
    """Return a short answer or a number, by the type of the response."""
    if said.mode == OTHER or not (said.correct or said.mapping or said.rules):
        return answers.unknown(own_scoring() if said.mode == OTHER else no_key())
    numeric = said.base in ("float", "integer")
    found = _figures(said) if numeric else _words(said)
    if found is None:
        return answers.unknown(own_scoring())
    found = [
        Answer(text=one.text, weight=one.weight, tolerance=one.tolerance, feedback=feedback.get(f"ANSWER_{place}", ""))
        for place, one in enumerate(found)
    ]
    if numeric:
        return _told(answers.numeric(found, unit=unit), said)
    return _told(answers.short(found, case=_cased(said)), said)


def _cased(said: Declared) -> bool:
    if said.mode == RULES:
        return all(rule.case for rule in said.rules)
    return bool(said.cases) and said.mode == MAP and all(case == "true" for case in said.cases)


def says_case(said: Declared) -> bool:
    """Say whether the file itself says if capitals matter."""
    return said.mode == RULES or (said.mode == MAP and all(said.cases))


def _words(said: Declared) -> list[Answer] | None:
    if said.mode == MAP:
        worth = said.entries
    elif said.mode == RULES:
        if any(rule.test == "equal" or (rule.value is None and len(said.correct) != 1) for rule in said.rules):
            return None
        worth = [(said.correct[0] if rule.value is None else rule.value, rule.score) for rule in said.rules]
    else:
        worth = [(one, Decimal(1)) for one in said.correct]
    full = max((value for _text, value in worth), default=Decimal(0))
    if full <= 0:
        return None
    return [
        Answer(text=one_line(text).replace("*", "\\*"), weight=per_mille(str(value), full=full))
        for text, value in worth
    ]


def _figures(said: Declared) -> list[Answer] | None:
    if said.mode == RULES:
        rules = said.rules
    elif said.mode == MAP:
        rules = [Rule("equal", key, value) for key, value in said.entries if value > 0]
    else:
        rules = [Rule("equal", value, Decimal(1)) for value in said.correct]
    full = max((rule.score for rule in rules), default=Decimal(0))
    found = [_figure(rule, said, full) for rule in rules] if full > 0 else []
    return [one for one in found if one is not None] if found and None not in found else None


def _figure(rule: Rule, said: Declared, full: Decimal) -> Answer | None:
    raw = rule.value if rule.value is not None else said.correct[0] if len(said.correct) == 1 else ""
    value = number(raw)
    tolerances = {number(one) for one in (rule.tolerance if rule.mode != "exact" else "0").split()}
    if value is None or rule.test == "stringMatch" or len(tolerances) != 1:
        return None
    tolerance = tolerances.pop()
    if tolerance is None or tolerance.startswith("-"):
        return None
    if rule.mode == "relative":
        tolerance = number(f"{abs(Decimal(value)) * Decimal(tolerance) / 100:f}")
    if tolerance is None:
        return None
    return Answer(text=value, weight=per_mille(str(rule.score), full=full), tolerance=tolerance)


def order(choices: Sequence[Choice], said: Declared, *, places: list[int] | None) -> Built:
    """Return an ordering; items listed in their right order are mixed, unless ``places`` says they were so before."""
    ids = [one.id for one in choices]
    if said.mode in (MAP, RULES):
        return answers.unknown(own_scoring())
    if sorted(said.correct) != sorted(ids) or len(set(ids)) != len(ids):
        return answers.unknown(no_key())
    by_id = {one.id: one.text for one in choices}
    here = [said.correct.index(one) for one in ids]
    kept = here if here != sorted(here) or places == here else None
    return _told(answers.ordering([by_id[one] for one in said.correct], places=kept), said)


def match(lefts: Sequence[Choice], rights: Sequence[Choice], said: Declared, *, places: list[int] | None) -> Built:
    """Return a matching; each left has exactly one right."""
    left_text, right_text = {one.id: one.text for one in lefts}, {one.id: one.text for one in rights}
    if len(left_text) + len(right_text) != len(lefts) + len(rights):
        return answers.unknown(no_key())
    pairs = _pairs(said)
    if isinstance(pairs, Built):
        return pairs
    found: dict[str, str] = {}
    for pair in pairs:
        ends = pair.split()
        if len(ends) == 2 and ends[0] not in left_text:
            ends.reverse()
        if len(ends) != 2 or ends[0] not in left_text or ends[1] not in right_text or ends[0] in found:
            return answers.unknown(_unpaired())
        found[ends[0]] = right_text[ends[1]]
    if set(found) != set(left_text):
        return answers.unknown(_unpaired())
    paired = [(one.text, found[one.id]) for one in lefts]
    texts = [one.text for one in rights]
    listed = list(dict.fromkeys([right for _left, right in paired] + texts))
    here = [listed.index(text) for text in texts]
    kept = here if here != sorted(here) or places == here else None
    built = answers.matching(paired, texts, places=kept)
    if said.mode != MAP:
        built.key["scheme"] = "exact"
    return _told(built, said)


def _unpaired() -> str:
    return _("Mỗi mục bên trái cần đúng một mục ghép ở bên phải.")


def _pairs(said: Declared) -> list[str] | Built:
    """Return the right pairs by the correct response or the mapping, or what is wrong with them."""
    if said.mode == RULES:
        return answers.unknown(own_scoring())
    if said.mode != MAP:
        return said.correct
    worth = {pair: value for pair, value in said.mapping.items() if value > 0}
    if len(set(worth.values())) > 1:
        return answers.unknown(_("Các cặp ghép có điểm khác nhau; ở đây mỗi cặp đáng điểm như nhau."))
    if said.correct and {_norm(one) for one in said.correct} != {_norm(one) for one in worth}:
        return answers.unknown(_("Đáp án ghi trong tệp và cách chấm điểm của tệp mâu thuẫn với nhau."))
    return list(worth)


def _norm(pair: str) -> str:
    return " ".join(pair.split())
