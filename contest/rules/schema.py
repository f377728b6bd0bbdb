"""The rule set of a contest: frozen values, versioned JSON, one digest.

A rule set is data: it decides what the software does and it is the text people read
(`contest.rules.text`). It is checked on the way in, locked when a round opens, and known by the
SHA-256 of its canonical JSON.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Self

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contest.rules import checks
from contest.rules.enums import CountingPolicy, PredictionRole, RankKey
from contest.rules.parse import Problem, from_plain, to_plain
from contest.rules.parts import (
    Attempts,
    Calendar,
    Collective,
    Eligibility,
    Exclusions,
    Group,
    Masking,
    Paper,
    Points,
    Prediction,
    Prizes,
    Ranking,
    Reveal,
    Time,
)
from people.errors import AppError

SCHEMA = 1


class RuleSetError(AppError):
    """The data is no valid rule set; `problems` says where and why, in sentences for people."""

    code = "rules_invalid"
    message = gettext_lazy("Thể lệ còn chỗ chưa hợp lệ. Mời bạn sửa các mục được nêu.")
    status = 422

    def __init__(self, problems: Iterable[Problem]) -> None:
        super().__init__()
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True)
class Chain:
    """What ranking needs of a rule set: the ordered keys, and among whom the prediction counts."""

    keys: tuple[RankKey, ...]
    prediction_role: PredictionRole = PredictionRole.TIE_BREAK_FULL_SCORES


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleSet:
    """All rules of a contest. Build with `from_json`, or in code and then call `validated()`."""

    calendar: Calendar = field(default_factory=Calendar)
    paper: Paper = field(default_factory=Paper)
    time: Time = field(default_factory=Time)
    attempts: Attempts = field(default_factory=Attempts)
    counting: CountingPolicy = CountingPolicy.ONLY
    points: Points = field(default_factory=Points)
    prediction: Prediction = field(default_factory=Prediction)
    ranking: Ranking = field(default_factory=Ranking)
    groups: tuple[Group, ...] = field(default=(), metadata={"max_items": 20})
    collective: Collective = field(default_factory=Collective)
    eligibility: Eligibility = field(default_factory=Eligibility)
    exclusions: Exclusions = field(default_factory=Exclusions)
    reveal: Reveal = field(default_factory=Reveal)
    masking: Masking = field(default_factory=Masking)
    prizes: Prizes = field(default_factory=Prizes)

    @property
    def chain(self) -> Chain:
        """The ranking chain together with the prediction's role."""
        return Chain(self.ranking.keys, self.prediction.role)

    def problems(self) -> list[Problem]:
        """What the parts disagree on; empty for a valid rule set."""
        return [
            *checks.check_counting(self.calendar, self.attempts, self.counting),
            *checks.check_prediction(self.prediction, self.ranking),
            *checks.check_ranking(self.prediction, self.ranking, self.attempts),
            *checks.check_points(self.paper, self.points),
            *checks.check_groups(self.groups),
            *checks.check_group_names(self.paper, self.groups, self.prizes),
            *checks.check_metric(self.collective),
            *checks.check_collective(self.collective, self.prizes),
            *checks.check_prizes(self.prizes, self.collective),
            *checks.check_reveal(self.reveal, self.prizes),
            *checks.check_people(self.eligibility, self.exclusions, self.masking),
        ]

    def validated(self) -> Self:
        """Itself; raises `RuleSetError` when ranges or cross-checks fail."""
        if type(self).from_json(self.to_json()) != self:
            raise RuleSetError([Problem("", _("Thể lệ này không ghi lại được nguyên vẹn."))])
        return self

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values, every field written, `{"schema": 1, …}`."""
        return {"schema": SCHEMA, **to_plain(self)}

    @classmethod
    def from_json(cls, data: Any) -> Self:
        """The rule set in `data` (absent fields take their defaults); raises `RuleSetError`."""
        if not isinstance(data, dict) or data.get("schema") != SCHEMA or isinstance(data.get("schema"), bool):
            raise RuleSetError([Problem("schema", _("Dữ liệu này không phải thể lệ phiên bản {n}.").format(n=SCHEMA))])
        problems: list[Problem] = []
        rules: Self = from_plain(cls, {key: value for key, value in data.items() if key != "schema"}, problems)
        # Cross-checks of half-read values would blame the wrong field.
        if problems or (problems := rules.problems()):
            raise RuleSetError(problems)
        return rules

    def digest(self) -> str:
        """SHA-256, hexadecimal, of the canonical JSON (sorted keys, no spaces, UTF-8)."""
        canonical = json.dumps(self.to_json(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()
