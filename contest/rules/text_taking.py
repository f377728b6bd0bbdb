"""The rule text, first half: when, who, which paper, how many attempts, the prediction.

Every function gives sentences of one part of the rule set, in the language in force.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from contest.rules.enums import (
    AttemptPer,
    CalendarKind,
    CountingPolicy,
    ExclusionMode,
    Nationality,
    PaperMode,
    PredictionAsked,
    PredictionRole,
    PredictionTarget,
    Residence,
)
from contest.rules.labels import label
from contest.rules.parts import (
    Attempts,
    Calendar,
    Eligibility,
    Exclusions,
    Group,
    Paper,
    Points,
    Prediction,
    Time,
)
from contest.rules.words import (
    join_words,
    lower_first,
    say_end,
    say_minutes,
    say_moment,
    say_number,
    say_points,
    say_seconds,
)

Names = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundDates:
    """What the rule text says of a round; `opens_at` inclusive, `closes_at` exclusive, both aware."""

    title: str
    opens_at: datetime
    closes_at: datetime


def calendar_lines(calendar: Calendar) -> Iterator[str]:
    """How the rounds follow each other."""
    match calendar.kind:
        case CalendarKind.SINGLE:
            yield _("Cuộc thi gồm một đợt thi.")
        case CalendarKind.WEEKLY:
            yield _("Cuộc thi diễn ra theo tuần, mỗi tuần một vòng thi.")
        case CalendarKind.MONTHLY:
            yield _("Cuộc thi diễn ra theo tháng, mỗi tháng một vòng thi.")
        case CalendarKind.QUARTERLY:
            yield _("Cuộc thi diễn ra theo quý, mỗi quý một vòng thi.")
        case CalendarKind.BURSTS:
            yield _("Cuộc thi gồm nhiều đợt ngắn, mỗi đợt vài ngày.")
        case CalendarKind.PARALLEL:
            yield _("Các vòng thi tuần và vòng thi tháng diễn ra song song, mỗi vòng xếp hạng riêng.")
    if calendar.note:
        yield calendar.note


def round_lines(rounds: Iterable[RoundDates]) -> Iterator[str]:
    """One line a round, in the order given."""
    for item in rounds:
        yield _("{title}: từ {opens} đến {closes}.").format(
            title=item.title, opens=say_moment(item.opens_at), closes=say_end(item.closes_at)
        )


def age_line(eligibility: Eligibility) -> str | None:
    """Who is old enough, in one sentence; None when age does not matter."""
    low, high = eligibility.min_age, eligibility.max_age
    if low is not None and high is not None:
        return _("Người dự thi từ {low} đến {high} tuổi, tính theo năm sinh.").format(low=low, high=high)
    if low is not None:
        return _("Người dự thi từ {low} tuổi trở lên, tính theo năm sinh.").format(low=low)
    if high is not None:
        return _("Người dự thi không quá {high} tuổi, tính theo năm sinh.").format(high=high)
    return None


def _nationality_line(nationality: Nationality) -> str:
    match nationality:
        case Nationality.ANY:
            return _("Cuộc thi mở cho người Việt Nam và người nước ngoài.")
        case Nationality.VIETNAMESE:
            return _("Cuộc thi dành cho công dân Việt Nam ở trong nước.")
        case Nationality.VIETNAMESE_AND_ABROAD:
            return _("Cuộc thi dành cho người Việt Nam ở trong nước và nước ngoài.")


def eligibility_lines(eligibility: Eligibility, unit_names: Names) -> Iterator[str]:
    """Who may take part."""
    yield _nationality_line(eligibility.nationality)
    if line := age_line(eligibility):
        yield line
    if eligibility.unit_paths:
        units = join_words([unit_names.get(path, path) for path in eligibility.unit_paths])
        yield _("Phạm vi: {units} và các đơn vị trực thuộc.").format(units=units)
    if eligibility.residence is not Residence.ANYONE:
        yield _("Điều kiện về nơi ở, nơi làm việc: {condition}.").format(
            condition=lower_first(label(eligibility.residence))
        )
    if eligibility.relative_contact_allowed:
        yield _("Người không có điện thoại hoặc giấy tờ có thể dùng của người thân hoặc người giám hộ.")
    if eligibility.note:
        yield eligibility.note


def group_lines(groups: Sequence[Group], category_names: Names) -> Iterator[str]:
    """Which group a person belongs to."""
    for group in groups:
        who = join_words([category_names.get(code, code) for code in group.categories])
        line = _("{name}: {who}.").format(name=group.name, who=who or _("những người còn lại"))
        own = _("Xếp hạng riêng.") if group.own_ranking else _("Xếp hạng chung với các bảng khác.")
        yield f"{line} {own}"


def exclusion_lines(exclusions: Exclusions) -> Iterator[str]:
    """Who stands outside, and how."""
    if exclusions.who:
        who = join_words([label(role) for role in exclusions.who])
        if exclusions.mode is ExclusionMode.BLOCK:
            yield _("Không được dự thi: {who}.").format(who=who)
        else:
            yield _("Được thi nhưng không xếp hạng và không nhận giải: {who}.").format(who=who)
    elif exclusions.mode is ExclusionMode.UNRANKED:
        yield _("Người có tên trong danh sách của ban tổ chức được thi nhưng không xếp hạng.")
    else:
        yield _("Người có tên trong danh sách của ban tổ chức không được dự thi.")
    if exclusions.note:
        yield exclusions.note


def question_count_line(paper: Paper) -> str:
    """How many questions, in one sentence."""
    return ngettext("Mỗi đề có {n} câu hỏi.", "Mỗi đề có {n} câu hỏi.", paper.question_count).format(
        n=say_number(paper.question_count)
    )


def paper_lines(paper: Paper, group_names: Names) -> Iterator[str]:
    """What a paper looks like."""
    yield question_count_line(paper)
    if paper.options_per_question is not None:
        yield _("Mỗi câu trắc nghiệm có {n} phương án trả lời.").format(n=paper.options_per_question)
    if paper.mode is PaperMode.FIXED:
        yield _("Mọi người làm cùng một bộ câu hỏi.")
    else:
        yield _("Câu hỏi được chọn ngẫu nhiên từ ngân hàng câu hỏi cho từng lượt thi.")
    if paper.by_topic:
        yield _("Số câu của từng chủ đề được ấn định trước và như nhau ở mọi đề.")
    if paper.new_bank_each_round:
        yield _("Mỗi vòng thi dùng một bộ câu hỏi mới.")
    for row in paper.separate_banks:
        yield _("{group} có bộ câu hỏi riêng ({bank}).").format(
            group=group_names.get(row.group, row.group), bank=row.bank
        )
    if paper.shuffle_questions:
        yield _("Thứ tự câu hỏi được xáo trộn cho từng người.")
    if paper.shuffle_options:
        yield _("Thứ tự phương án trả lời được xáo trộn cho từng người.")
    if paper.require_all_answered:
        yield _("Bài thi chỉ hợp lệ khi đã trả lời tất cả các câu.")


def time_lines(time: Time) -> Iterator[str]:
    """How long, by whose clock, and what lateness is forgiven."""
    if time.minutes is None:
        yield _("Thời gian làm bài không giới hạn, miễn là nộp trước giờ đóng vòng thi.")
    else:
        yield _("Thời gian làm bài tối đa {minutes}, tính theo đồng hồ của máy chủ.").format(
            minutes=say_minutes(time.minutes)
        )
    if time.grace_seconds:
        yield _("Câu trả lời đến chậm vì đường truyền, không quá {seconds} sau khi hết giờ, vẫn được nhận.").format(
            seconds=say_seconds(time.grace_seconds)
        )
    else:
        yield _("Câu trả lời đến sau khi hết giờ không được nhận.")


def points_lines(points: Points) -> Iterator[str]:
    """What a question is worth."""
    if points.by_difficulty is None:
        yield _("Mỗi câu đúng được {points} điểm.").format(points=say_points(points.per_question_milli))
    else:
        table = points.by_difficulty
        yield _(
            "Câu dễ {easy} điểm, câu vừa {medium} điểm, câu khó {hard} điểm, câu không phân độ khó {other} điểm."
        ).format(
            easy=say_points(table.easy_milli),
            medium=say_points(table.medium_milli),
            hard=say_points(table.hard_milli),
            other=say_points(points.per_question_milli),
        )
    if points.partial_credit:
        yield _("Câu đúng một phần được tính phần điểm tương ứng.")
    else:
        yield _("Câu chỉ được điểm khi trả lời đúng hoàn toàn.")


def attempts_line(attempts: Attempts) -> str:
    """How many attempts, in one sentence."""
    span = label(attempts.per)
    if attempts.limit is None:
        return _("Mỗi người được thi không giới hạn số lượt trong {span}.").format(span=span)
    return ngettext(
        "Mỗi người có {n} lượt thi trong {span}.", "Mỗi người có {n} lượt thi trong {span}.", attempts.limit
    ).format(n=say_number(attempts.limit), span=span)


def counting_line(counting: CountingPolicy) -> str:
    """Which attempt counts, in one sentence."""
    match counting:
        case CountingPolicy.ONLY:
            return _("Lượt duy nhất đó là kết quả của bạn.")
        case CountingPolicy.FIRST:
            return _("Lượt thi đầu tiên được tính.")
        case CountingPolicy.LAST:
            return _("Lượt thi cuối cùng được tính.")
        case CountingPolicy.BEST:
            return _("Lượt cao điểm nhất được tính; nếu bằng điểm, lấy lượt làm nhanh hơn.")
        case CountingPolicy.BEST_EARLIEST:
            return _("Lượt cao điểm nhất được tính; nếu bằng điểm, lấy lượt nộp sớm hơn.")
        case CountingPolicy.BEST_OF_WEEK:
            return _("Lượt tốt nhất trong tuần được tính.")
        case CountingPolicy.SUM_OF_WEEKS:
            return _("Mỗi tuần tính lượt tốt nhất; kết quả chung cuộc là tổng điểm các tuần.")


def attempts_lines(attempts: Attempts, counting: CountingPolicy, calendar: Calendar) -> Iterator[str]:
    """How many attempts, within which span, and which one counts."""
    yield attempts_line(attempts)
    if attempts.per is AttemptPer.WEEK and calendar.kind is CalendarKind.WEEKLY:
        yield _("Một tuần là một vòng thi, từ giờ mở đến giờ đóng của vòng.")
    elif attempts.per is AttemptPer.WEEK:
        yield _("Tuần bắt đầu từ 0:00 thứ Hai, giờ Việt Nam.")
    elif attempts.per is AttemptPer.DAY:
        yield _("Ngày bắt đầu từ 0:00, giờ Việt Nam.")
    yield counting_line(counting)


def prediction_question(prediction: Prediction) -> str:
    """The prediction question as it stands on the paper; "" when nothing is predicted."""
    match prediction.target:
        case PredictionTarget.NONE:
            return ""
        case PredictionTarget.ALL_CORRECT:
            return _("Có bao nhiêu người trả lời đúng tất cả các câu hỏi của vòng thi này?")
        case PredictionTarget.PARTICIPANTS:
            return _("Có bao nhiêu người tham gia vòng thi này?")
        case PredictionTarget.PARTICIPANTS_TOTAL:
            return _("Tính đến hết vòng thi này, có tất cả bao nhiêu người tham gia cuộc thi?")
        case PredictionTarget.PERCENT_ALL_CORRECT:
            return _("Bao nhiêu phần trăm người dự thi trả lời đúng tất cả các câu hỏi của vòng thi này?")


def prediction_lines(prediction: Prediction) -> Iterator[str]:
    """What is predicted, when it is asked, whom it separates; nothing without a target."""
    if prediction.target is PredictionTarget.NONE:
        return
    yield _("Câu dự đoán: “{question}”").format(question=prediction_question(prediction))
    if prediction.target is PredictionTarget.PERCENT_ALL_CORRECT:
        yield _("Tỉ lệ được tính và làm tròn đến {n} chữ số sau dấu phẩy.").format(n=prediction.decimals)
    if prediction.asked is PredictionAsked.ON_PAPER:
        yield _("Câu dự đoán nằm trong đề thi.")
    else:
        yield _("Câu dự đoán được hỏi sau khi bạn làm xong bài.")
    if prediction.required:
        yield _("Bạn cần trả lời câu dự đoán mới nộp được bài.")
    else:
        yield _("Bạn có thể bỏ trống câu dự đoán; khi đó câu dự đoán của bạn đứng sau mọi dự đoán khác.")
    match prediction.role:
        case PredictionRole.NONE:
            yield _("Câu dự đoán chỉ để vui, không dùng để xếp hạng.")
        case PredictionRole.TIE_BREAK_FULL_SCORES:
            yield _("Câu dự đoán chỉ phân hạng những người đạt điểm tuyệt đối: ai dự đoán gần đúng hơn xếp trên.")
        case PredictionRole.TIE_BREAK:
            yield _("Câu dự đoán phân hạng những người bằng nhau: ai dự đoán gần đúng hơn xếp trên.")
        case PredictionRole.RANKING:
            yield _("Độ chính xác của câu dự đoán là một phần của kết quả và được xét cho mọi người dự thi.")
    yield _(
        "Đáp án của câu dự đoán được tính trên những người dự thi hợp lệ, sau khi ban tổ chức loại các bài vi phạm."
    )
