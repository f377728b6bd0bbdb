"""The rules as a form over the fields organizers change; everything else stays as the rules at hand say.

Nothing is judged here twice: the entries are put into the rule data and ``RuleSet.from_json`` judges the whole; its
problems come back beside the field they belong to.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from contest.forms.rules_rows import (
    GroupRows,
    PrizeRows,
    bloc_choices,
    code_of,
    group_json,
    group_rows,
    kept_rows,
    prize_json,
    prize_rows,
)
from contest.rules import Problem, RuleSet, RuleSetError
from contest.rules.enums import (
    AttemptPer,
    BoardPolicy,
    CollectiveMetric,
    CountingPolicy,
    MaskStyle,
    PredictionAsked,
    PredictionRole,
    PredictionTarget,
    RankKey,
    RevealAt,
)
from contest.rules.labels import choices

FEWEST_KEYS = 5
_ROW = re.compile(r"^(?P<rows>prizes\.items|groups|paper\.separate_banks)\[(?P<place>\d+)\](?:\.(?P<name>\w+))?")

# Where a field's value stands in the rule data.
PATHS: Mapping[str, tuple[str, ...]] = {
    "question_count": ("paper", "question_count"),
    "minutes": ("time", "minutes"),
    "attempts_limit": ("attempts", "limit"),
    "attempts_per": ("attempts", "per"),
    "counting": ("counting",),
    "prediction_target": ("prediction", "target"),
    "prediction_asked": ("prediction", "asked"),
    "prediction_role": ("prediction", "role"),
    "prediction_required": ("prediction", "required"),
    "prediction_decimals": ("prediction", "decimals"),
    "metric": ("collective", "metric"),
    "min_age": ("eligibility", "min_age"),
    "max_age": ("eligibility", "max_age"),
    "reveal_score": ("reveal", "score"),
    "reveal_explanations": ("reveal", "explanations"),
    "board": ("reveal", "board"),
    "board_frozen_minutes": ("reveal", "board_frozen_minutes"),
    "mask_style": ("masking", "style"),
    "mask_minors": ("masking", "minors_style"),
    "show_unit": ("masking", "show_unit"),
    "prize_cap": ("prizes", "cap_percent"),
}


def _pick(kind: Any, label: Any, *, without: tuple[str, ...] = (), hint: Any = "") -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label, help_text=hint, choices=lambda: [pair for pair in choices(kind) if pair[0] not in without]
    )


class RulesForm(forms.Form):
    """``base`` is the rule set being changed."""

    question_count = forms.IntegerField(label=_("Số câu của một đề"), min_value=1, max_value=200)
    minutes = forms.IntegerField(
        label=_("Số phút làm bài"), help_text=_("Để trống: không giới hạn."), min_value=1, max_value=600, required=False
    )
    attempts_limit = forms.IntegerField(
        label=_("Số lượt thi"), help_text=_("Để trống: không giới hạn."), min_value=1, max_value=1000, required=False
    )
    attempts_per = _pick(AttemptPer, _("Tính cho"))
    counting = _pick(CountingPolicy, _("Lượt được tính"))
    prediction_target = _pick(PredictionTarget, _("Câu dự đoán"))
    prediction_asked = _pick(PredictionAsked, _("Hỏi khi nào"))
    prediction_role = _pick(PredictionRole, _("Dùng để"))
    prediction_required = forms.BooleanField(label=_("Bắt buộc trả lời câu dự đoán"), required=False)
    prediction_decimals = forms.IntegerField(
        label=_("Chữ số sau dấu phẩy"), help_text=_("Chỉ khi dự đoán tỉ lệ."), min_value=0, max_value=5, required=False
    )
    groups_on = forms.BooleanField(label=_("Chia người dự thi thành nhiều bảng"), required=False)
    metric = forms.ChoiceField(label=_("So sánh các đơn vị theo"))
    min_age = forms.IntegerField(label=_("Từ tuổi"), min_value=0, max_value=120, required=False)
    max_age = forms.IntegerField(label=_("Đến tuổi"), min_value=0, max_value=120, required=False)
    reveal_score = _pick(RevealAt, _("Người thi biết điểm"), without=(RevealAt.NEVER,))
    reveal_explanations = _pick(RevealAt, _("Xem đáp án và giải thích"))
    board = _pick(BoardPolicy, _("Bảng xếp hạng khi đang thi"))
    board_frozen_minutes = forms.IntegerField(
        label=_("Dừng trước giờ đóng (phút)"),
        help_text=_("Chỉ khi chọn đóng băng."),
        min_value=0,
        max_value=10_080,
        required=False,
    )
    mask_style = _pick(MaskStyle, _("Tên trên bảng công khai"))
    mask_minors = _pick(MaskStyle, _("Tên người chưa đủ 16 tuổi"), without=(MaskStyle.FULL,))
    show_unit = forms.BooleanField(label=_("Hiện tên đơn vị"), required=False)
    prize_cap = forms.IntegerField(
        label=_("Số giải cá nhân tối đa, theo phần trăm số người dự thi"),
        help_text=_("Để trống: không giới hạn."),
        min_value=1,
        max_value=100,
        required=False,
    )

    def __init__(self, data: Any = None, *, base: RuleSet) -> None:
        super().__init__(data, initial=_initial(base))
        self.base = base
        self.rules: RuleSet | None = None
        self.kept: dict[str, list[int]] = {}  # places in the form of the rows that entered the rule data
        self.keys = [f"key_{place}" for place in range(1, max(FEWEST_KEYS, len(base.ranking.keys)) + 1)]
        for place, name in enumerate(self.keys, start=1):
            self.fields[name] = forms.ChoiceField(
                label=_("Tiêu chí %(n)d") % {"n": place},
                choices=lambda: [("", _("(không có)")), *choices(RankKey)],
                required=place == 1,
                error_messages={"required": _("Cần ít nhất một tiêu chí.")},
            )
        metric = self.fields["metric"]
        assert isinstance(metric, forms.ChoiceField)
        metric.choices = self._metrics()
        groups = [(group.code, group.name) for group in base.groups]
        kwargs = {"groups": groups, "blocs": bloc_choices(base.collective.blocs)}
        self.groups = GroupRows(data, prefix="groups", initial=group_rows(base.groups, base.paper.separate_banks))
        self.prizes = PrizeRows(data, prefix="prizes", initial=prize_rows(base.prizes.items), form_kwargs=kwargs)

    def _metrics(self) -> list[tuple[str, str]]:
        """Metrics the rules at hand have the data for; tiers, quotas and weights are not typed here."""
        collective = self.base.collective
        lacking = {
            CollectiveMetric.RATIO_MIN_TIER.value: not collective.size_tiers,
            CollectiveMetric.MANDATORY_SHARE.value: not collective.mandatory,
            CollectiveMetric.COMBINED.value: not collective.weights,
        }
        return [pair for pair in choices(CollectiveMetric) if not lacking.get(pair[0], False)]

    def is_valid(self) -> bool:
        """Whether the whole is a valid rule set, then found in ``rules``."""
        valid = all([super().is_valid(), self.groups.is_valid() or not self._wants_groups(), self.prizes.is_valid()])
        if not valid:
            return False
        try:
            self.rules = RuleSet.from_json(self.data_of_rules())
        except RuleSetError as error:
            for problem in error.problems:
                self._place(problem)
            return False
        return True

    def _wants_groups(self) -> bool:
        return bool(self.cleaned_data.get("groups_on")) if hasattr(self, "cleaned_data") else False

    def data_of_rules(self) -> dict[str, Any]:
        """The base with the entries put in. What an entry makes meaningless is put out with it."""
        data, cleaned = self.base.to_json(), dict(self.cleaned_data)
        if cleaned["prediction_target"] == PredictionTarget.NONE:
            cleaned |= {"prediction_role": PredictionRole.NONE.value, "prediction_required": False}
        if cleaned["prediction_target"] != PredictionTarget.PERCENT_ALL_CORRECT:
            cleaned["prediction_decimals"] = 0
        if cleaned["board"] != BoardPolicy.FROZEN:
            cleaned["board_frozen_minutes"] = 0
        cleaned["prediction_decimals"] = cleaned["prediction_decimals"] or 0
        cleaned["board_frozen_minutes"] = cleaned["board_frozen_minutes"] or 0
        for name, path in PATHS.items():
            home = data
            for step in path[:-1]:
                home = home[step]
            home[path[-1]] = cleaned[name]
        if cleaned["metric"] != CollectiveMetric.COMBINED:
            data["collective"]["weights"] = []
        keys = [cleaned[name] for name in self.keys if cleaned[name]]
        if cleaned["prediction_target"] == PredictionTarget.NONE or cleaned["prediction_role"] == PredictionRole.NONE:
            keys = [key for key in keys if key != RankKey.PREDICTION_DISTANCE]
        data["ranking"]["keys"] = keys
        rows = kept_rows(self.groups) if self._wants_groups() else []
        prizes = kept_rows(self.prizes)
        self.kept = {"groups": [place for place, _row in rows], "prizes": [place for place, _row in prizes]}
        data["groups"] = [group_json(row) for _place, row in rows]
        data["paper"]["separate_banks"] = [
            {"group": code_of(row), "bank": row["bank"]} for _place, row in rows if row["bank"]
        ]
        data["prizes"]["items"] = [prize_json(row) for _place, row in prizes]
        if not data["prizes"]["items"]:
            data["prizes"]["cap_percent"] = None
        return data

    def _place(self, problem: Problem) -> None:
        """Put a problem beside the field it speaks of, at the top of the form where there is none."""
        if match := _ROW.match(problem.path):
            prizes = match["rows"] == "prizes.items"
            rows, kept = (self.prizes if prizes else self.groups), self.kept["prizes" if prizes else "groups"]
            place, name = int(match["place"]), match["name"] or "name"
            if place < len(kept):
                form = rows.forms[kept[place]]
                form.add_error(name if name in form.fields else None, problem.sentence)
                return
        path = tuple(problem.path.split("."))
        special = {
            ("ranking", "keys"): "key_1",
            ("groups",): "groups_on",
            ("paper", "separate_banks"): "groups_on",
            ("points",): "question_count",
        }
        found = special.get(path) or next((name for name, known in PATHS.items() if known == path), None)
        if found is None and path[0] == "collective":
            found = "metric"
        self.add_error(found, problem.sentence)


def _initial(rules: RuleSet) -> dict[str, Any]:
    data: Any = rules.to_json()
    initial: dict[str, Any] = {"groups_on": bool(rules.groups)}
    for name, path in PATHS.items():
        value = data
        for step in path:
            value = value[step]
        initial[name] = value
    for place, key in enumerate(rules.ranking.keys, start=1):
        initial[f"key_{place}"] = key.value
    return initial
