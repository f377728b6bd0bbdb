"""What two parts of a rule set must agree on. Each check answers with problems, none stops the next."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from django.utils.translation import gettext as _

from contest.rules.enums import (
    AttemptPer,
    BoardPolicy,
    CalendarKind,
    CollectiveMetric,
    CountingPolicy,
    MaskStyle,
    PredictionRole,
    PredictionTarget,
    PrizeScope,
    RankKey,
    RevealAt,
)
from contest.rules.parse import Problem
from contest.rules.parts import (
    MILLI,
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
)
from contest.rules.words import say_percent

# The live board packs points and a tie-break into one double (contest.ranking.composite_score): 2^22 milli-points.
MAX_PAPER_POINTS_MILLI = 4000 * MILLI
WHOLE_PERCENT = 100

_REVEAL_ORDER = tuple(RevealAt)
_WEEKS = (CalendarKind.WEEKLY, CalendarKind.PARALLEL)


def _repeated(values: Iterable[str]) -> set[str]:
    seen: set[str] = set()
    return {value for value in values if value in seen or seen.add(value)}  # type: ignore[func-returns-value]


def check_counting(calendar: Calendar, attempts: Attempts, counting: CountingPolicy) -> Iterator[Problem]:
    """`only` needs a single attempt; weekly counting needs more than one week's attempts."""
    if counting is CountingPolicy.ONLY:
        if attempts.limit != 1:
            yield Problem("counting", _("“Lượt duy nhất” chỉ dùng được khi mỗi người có đúng 1 lượt thi."))
        elif attempts.per is AttemptPer.DAY or (attempts.per is AttemptPer.WEEK and calendar.kind not in _WEEKS):
            yield Problem("counting", _("Một vòng thi có thể có nhiều lượt, hãy chọn lượt nào được tính."))
    weekly = counting in {CountingPolicy.BEST_OF_WEEK, CountingPolicy.SUM_OF_WEEKS}
    if weekly and attempts.limit == 1 and attempts.per is AttemptPer.CONTEST:
        yield Problem("counting", _("Cả cuộc thi chỉ có 1 lượt nên không thể tính theo tuần."))


def check_prediction(prediction: Prediction, ranking: Ranking) -> Iterator[Problem]:
    """The prediction's target, its role and its place in the chain belong together."""
    asked = prediction.target is not PredictionTarget.NONE
    in_chain = RankKey.PREDICTION_DISTANCE in ranking.keys
    if not asked and prediction.role is not PredictionRole.NONE:
        yield Problem(
            "prediction.role", _("Thể lệ không có câu dự đoán nên câu dự đoán không thể có vai trò xếp hạng.")
        )
    if not asked and prediction.required:
        yield Problem("prediction.required", _("Thể lệ không có câu dự đoán nên không thể bắt buộc trả lời."))
    if prediction.decimals and prediction.target is not PredictionTarget.PERCENT_ALL_CORRECT:
        yield Problem("prediction.decimals", _("Chỉ dự đoán tỉ lệ phần trăm mới có chữ số sau dấu phẩy."))
    decides = prediction.role is not PredictionRole.NONE
    if in_chain and not (asked and decides):
        yield Problem("ranking.keys", _("Xếp hạng theo câu dự đoán cần chọn nội dung dự đoán và vai trò của nó."))
    if decides and asked and not in_chain:
        yield Problem("ranking.keys", _("Câu dự đoán có vai trò xếp hạng nhưng chưa có trong thứ tự xét hạng."))


def check_ranking(prediction: Prediction, ranking: Ranking, attempts: Attempts) -> Iterator[Problem]:
    """Knowledge comes first, every key once, and every key can differ between two people."""
    keys = ranking.keys
    if _repeated(keys):
        yield Problem("ranking.keys", _("Mỗi tiêu chí xét hạng chỉ được dùng một lần."))
    knowledge = [keys.index(key) for key in (RankKey.POINTS, RankKey.CORRECT_COUNT) if key in keys]
    if not knowledge:
        yield Problem("ranking.keys", _("Thứ tự xét hạng phải có điểm hoặc số câu đúng."))
    elif min(knowledge) > 0 and not (
        prediction.role is PredictionRole.RANKING and keys[0] is RankKey.PREDICTION_DISTANCE and min(knowledge) == 1
    ):
        yield Problem("ranking.keys", _("Điểm hoặc số câu đúng phải được xét trước các tiêu chí phụ."))
    if RankKey.ATTEMPTS_USED in keys and attempts.limit == 1 and attempts.per in {AttemptPer.CONTEST, AttemptPer.ROUND}:
        yield Problem("ranking.keys", _("Mỗi người chỉ có 1 lượt nên số lượt đã dùng không phân được thứ hạng."))


def check_points(paper: Paper, points: Points) -> Iterator[Problem]:
    """The whole paper stays within what a live board can order exactly."""
    if paper.question_count * points.largest() > MAX_PAPER_POINTS_MILLI:
        yield Problem(
            "points", _("Tổng điểm của một đề không được vượt quá {n} điểm.").format(n=MAX_PAPER_POINTS_MILLI // MILLI)
        )


def check_groups(groups: Sequence[Group]) -> Iterator[Problem]:
    """Codes are unique and nobody falls into two groups; one group may take "everybody else"."""
    if _repeated(group.code for group in groups):
        yield Problem("groups", _("Mã bảng thi bị lặp lại."))
    if _repeated(category for group in groups for category in group.categories):
        yield Problem("groups", _("Một nhóm người dự thi chỉ được thuộc một bảng thi."))
    if sum(not group.categories for group in groups) > 1:
        yield Problem("groups", _("Chỉ một bảng thi được nhận “những người còn lại”."))


def check_group_names(paper: Paper, groups: Sequence[Group], prizes: Prizes) -> Iterator[Problem]:
    """Whatever names a group names one that exists; separate banks leave no group without one."""
    by_code = {group.code: group for group in groups}
    for index, row in enumerate(paper.separate_banks):
        if row.group not in by_code:
            yield Problem(f"paper.separate_banks[{index}].group", _("Không có bảng thi nào mang mã này."))
    if _repeated(row.group for row in paper.separate_banks):
        yield Problem("paper.separate_banks", _("Mỗi bảng thi chỉ có một bộ câu hỏi riêng."))
    if paper.separate_banks and set(by_code) - {row.group for row in paper.separate_banks}:
        yield Problem("paper.separate_banks", _("Khi tách bộ câu hỏi, bảng thi nào cũng cần bộ câu hỏi của mình."))
    for index, prize in enumerate(prizes.items):
        if prize.group is None:
            continue
        if prize.group not in by_code:
            yield Problem(f"prizes.items[{index}].group", _("Không có bảng thi nào mang mã này."))
        elif not by_code[prize.group].own_ranking:
            yield Problem(
                f"prizes.items[{index}].group", _("Bảng thi này không xếp hạng riêng nên không trao giải riêng.")
            )


def check_metric(collective: Collective) -> Iterator[Problem]:
    """Each metric has the data it compares by."""
    metric = collective.metric
    inner = [row.metric for row in collective.weights]
    if (metric is CollectiveMetric.COMBINED) != bool(inner):
        yield Problem("collective.weights", _("Trọng số dùng cho, và chỉ dùng cho, cách tính điểm tập thể tổng hợp."))
    if inner and sum(row.weight for row in collective.weights) != WHOLE_PERCENT:
        yield Problem(
            "collective.weights", _("Các trọng số phải cộng lại đúng {n}.").format(n=say_percent(WHOLE_PERCENT))
        )
    if _repeated(inner) or {CollectiveMetric.NONE, CollectiveMetric.COMBINED} & set(inner):
        yield Problem("collective.weights", _("Mỗi thành phần của điểm tập thể là một chỉ số khác nhau."))
    if CollectiveMetric.RATIO_MIN_TIER in {metric, *inner} and not collective.size_tiers:
        yield Problem("collective.size_tiers", _("Cần ít nhất một bậc quy mô với tỉ lệ tối thiểu."))
    if CollectiveMetric.MANDATORY_SHARE in {metric, *inner} and not collective.mandatory:
        yield Problem("collective.mandatory", _("Cần nêu những người bắt buộc dự thi."))


def check_collective(collective: Collective, prizes: Prizes) -> Iterator[Problem]:
    """Tiers follow each other without overlap, quotas ask for something, conditions can be met."""
    for index, tier in enumerate(collective.size_tiers):
        if tier.max_size is not None and tier.max_size < tier.min_size:
            yield Problem(f"collective.size_tiers[{index}]", _("Quy mô lớn nhất không được nhỏ hơn quy mô nhỏ nhất."))
    for index, (tier, following) in enumerate(pairwise(collective.size_tiers)):
        if tier.max_size is None or following.min_size <= tier.max_size:
            yield Problem(
                f"collective.size_tiers[{index + 1}]", _("Các bậc quy mô phải tăng dần và không chồng lên nhau.")
            )
    for index, quota in enumerate(collective.mandatory):
        if quota.min_percent is None and quota.min_count is None:
            yield Problem(f"collective.mandatory[{index}]", _("Cần tỉ lệ hoặc số người tối thiểu."))
    if _repeated(quota.code for quota in collective.mandatory) or _repeated(bloc.code for bloc in collective.blocs):
        yield Problem("collective", _("Mã bị lặp lại."))
    if collective.require_winner and not (prizes.of(PrizeScope.ROUND) or prizes.of(PrizeScope.OVERALL)):
        yield Problem(
            "collective.require_winner", _("Thể lệ chưa có giải cá nhân nên không thể đòi đơn vị có người đạt giải.")
        )


def check_prizes(prizes: Prizes, collective: Collective) -> Iterator[Problem]:
    """Ranks run forwards, no rank gets two prizes of one table, unit prizes have a metric."""
    blocs = {bloc.code for bloc in collective.blocs}
    tables: dict[tuple[PrizeScope, str | None, str | None], list[tuple[int, int]]] = {}
    for index, prize in enumerate(prizes.items):
        path = f"prizes.items[{index}]"
        if prize.rank_to < prize.rank_from:
            yield Problem(f"{path}.rank_to", _("Hạng cuối của giải không được đứng trước hạng đầu."))
        tables.setdefault((prize.scope, prize.group, prize.bloc), []).append((prize.rank_from, prize.rank_to))
        is_collective = prize.scope is PrizeScope.COLLECTIVE
        if is_collective and collective.metric is CollectiveMetric.NONE:
            yield Problem(f"{path}.scope", _("Giải tập thể cần một cách so sánh các đơn vị."))
        if prize.bloc is not None and not (is_collective and prize.bloc in blocs):
            yield Problem(
                f"{path}.bloc", _("Không có khối đơn vị nào mang mã này, hoặc giải này không phải giải tập thể.")
            )
        if prize.group is not None and prize.scope in {PrizeScope.COLLECTIVE, PrizeScope.SPREAD}:
            yield Problem(f"{path}.group", _("Giải tập thể và giải lan tỏa không chia theo bảng thi."))
    if any(start <= end for ranges in tables.values() for (_from, end), (start, _to) in pairwise(sorted(ranges))):
        yield Problem("prizes.items", _("Có hạng được trao hai giải trong cùng một bảng giải."))
    if prizes.cap_percent is not None and not prizes.individual_count():
        yield Problem("prizes.cap_percent", _("Chưa có giải cá nhân nào để giới hạn."))


def check_reveal(reveal: Reveal, prizes: Prizes) -> Iterator[Problem]:
    """Nothing is revealed by a detour: not a score by the board, not a key by an explanation."""
    if reveal.score is RevealAt.NEVER:
        yield Problem("reveal.score", _("Người dự thi phải được biết điểm của mình, muộn nhất khi công bố."))
    if _REVEAL_ORDER.index(reveal.explanations) < _REVEAL_ORDER.index(reveal.score):
        yield Problem("reveal.explanations", _("Giải thích đáp án không được hiện trước điểm."))
    if reveal.explanations is RevealAt.AT_SUBMIT and prizes.items:
        yield Problem(
            "reveal.explanations",
            _("Hiện đáp án ngay khi nộp sẽ làm lộ đáp án lúc vòng thi còn mở; chỉ dùng khi luyện tập không có giải."),
        )
    if reveal.board is not BoardPolicy.HIDDEN and reveal.score is not RevealAt.AT_SUBMIT:
        yield Problem("reveal.board", _("Bảng xếp hạng đang mở sẽ làm lộ điểm chưa được công bố; hãy ẩn bảng."))
    if (reveal.board is BoardPolicy.FROZEN) != (reveal.board_frozen_minutes > 0):
        yield Problem("reveal.board_frozen_minutes", _("Số phút đóng băng dùng cho, và chỉ dùng cho, bảng đóng băng."))


def check_people(eligibility: Eligibility, exclusions: Exclusions, masking: Masking) -> Iterator[Problem]:
    """Ages run forwards, minors are never shown in full, nobody is barred twice."""
    low, high = eligibility.min_age, eligibility.max_age
    if low is not None and high is not None and high < low:
        yield Problem("eligibility.max_age", _("Tuổi cao nhất không được nhỏ hơn tuổi thấp nhất."))
    if masking.minors_style is MaskStyle.FULL:
        yield Problem("masking.minors_style", _("Tên người chưa đủ 16 tuổi không được hiện đầy đủ."))
    if _repeated(exclusions.who):
        yield Problem("exclusions.who", _("Danh sách không được dự thi có mục lặp lại."))
