"""What the values of the rule space are called on screen, in forms and in the rule text."""

from collections.abc import Mapping
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from contest.rules.enums import (
    AttemptPer,
    BarredRole,
    BoardPolicy,
    CalendarKind,
    CollectiveMetric,
    CountingPolicy,
    ExclusionMode,
    MaskStyle,
    Nationality,
    PaperMode,
    PredictionAsked,
    PredictionRole,
    PredictionTarget,
    PrizeScope,
    RankKey,
    Residence,
    RevealAt,
)

# By type first: string enums with equal values (NONE of three lists) are equal keys of one mapping.
LABELS: Mapping[type[StrEnum], Mapping[str, Promise]] = {
    CalendarKind: {
        CalendarKind.SINGLE: _("Một đợt thi"),
        CalendarKind.WEEKLY: _("Mỗi tuần một vòng thi"),
        CalendarKind.MONTHLY: _("Mỗi tháng một vòng thi"),
        CalendarKind.QUARTERLY: _("Mỗi quý một vòng thi"),
        CalendarKind.BURSTS: _("Nhiều đợt ngắn vài ngày"),
        CalendarKind.PARALLEL: _("Vòng tuần và vòng tháng song song"),
    },
    PaperMode: {
        PaperMode.FIXED: _("Mọi người làm cùng một bộ câu hỏi"),
        PaperMode.RANDOM: _("Câu hỏi chọn ngẫu nhiên cho từng lượt thi"),
    },
    AttemptPer: {
        AttemptPer.CONTEST: _("cả cuộc thi"),
        AttemptPer.ROUND: _("mỗi vòng thi"),
        AttemptPer.DAY: _("mỗi ngày"),
        AttemptPer.WEEK: _("mỗi tuần"),
    },
    CountingPolicy: {
        CountingPolicy.ONLY: _("Lượt duy nhất"),
        CountingPolicy.FIRST: _("Lượt đầu tiên"),
        CountingPolicy.LAST: _("Lượt cuối cùng"),
        CountingPolicy.BEST: _("Lượt cao điểm nhất"),
        CountingPolicy.BEST_EARLIEST: _("Lượt cao điểm nhất và sớm nhất"),
        CountingPolicy.BEST_OF_WEEK: _("Lượt tốt nhất của tuần"),
        CountingPolicy.SUM_OF_WEEKS: _("Tổng điểm các tuần"),
    },
    PredictionTarget: {
        PredictionTarget.NONE: _("Không có câu dự đoán"),
        PredictionTarget.ALL_CORRECT: _("Số người đúng tất cả của vòng thi"),
        PredictionTarget.PARTICIPANTS: _("Số người dự thi của vòng thi"),
        PredictionTarget.PARTICIPANTS_TOTAL: _("Tổng số người dự thi đến hết vòng thi"),
        PredictionTarget.PERCENT_ALL_CORRECT: _("Tỉ lệ phần trăm người đúng tất cả"),
    },
    PredictionAsked: {
        PredictionAsked.ON_PAPER: _("Hỏi trong đề thi"),
        PredictionAsked.AFTER_FINISH: _("Hỏi sau khi làm xong"),
    },
    PredictionRole: {
        PredictionRole.NONE: _("Không dùng để xếp hạng"),
        PredictionRole.TIE_BREAK_FULL_SCORES: _("Phân hạng những người đạt điểm tuyệt đối"),
        PredictionRole.TIE_BREAK: _("Phân hạng những người bằng điểm"),
        PredictionRole.RANKING: _("Là một phần của xếp hạng"),
    },
    RankKey: {
        RankKey.POINTS: _("Nhiều điểm hơn"),
        RankKey.CORRECT_COUNT: _("Đúng nhiều câu hơn"),
        RankKey.PREDICTION_DISTANCE: _("Dự đoán gần đúng hơn"),
        RankKey.DURATION: _("Làm bài nhanh hơn"),
        RankKey.SUBMITTED_AT: _("Nộp bài sớm hơn"),
        RankKey.ATTEMPTS_USED: _("Dùng ít lượt thi hơn"),
        RankKey.REGISTERED_AT: _("Đăng ký dự thi sớm hơn"),
    },
    CollectiveMetric: {
        CollectiveMetric.NONE: _("Không xếp hạng tập thể"),
        CollectiveMetric.HEADCOUNT: _("Số người dự thi"),
        CollectiveMetric.RATIO: _("Tỉ lệ người dự thi trên tổng số người của đơn vị"),
        CollectiveMetric.RATIO_MIN_TIER: _("Tỉ lệ người dự thi, có mức tối thiểu theo quy mô"),
        CollectiveMetric.MANDATORY_SHARE: _("Tỉ lệ dự thi của những người bắt buộc"),
        CollectiveMetric.WINNERS: _("Số người đạt giải"),
        CollectiveMetric.AVERAGE_SCORE: _("Điểm trung bình"),
        CollectiveMetric.PERFECT_SHARE: _("Tỉ lệ bài đúng tất cả"),
        CollectiveMetric.COMBINED: _("Điểm tổng hợp có trọng số"),
    },
    Residence: {
        Residence.ANYONE: _("Không yêu cầu nơi ở, nơi làm việc"),
        Residence.LIVES_OR_WORKS: _("Sinh sống, học tập hoặc làm việc trên địa bàn"),
        Residence.LIVES: _("Sinh sống trên địa bàn"),
        Residence.WORKS: _("Làm việc tại đơn vị trong phạm vi cuộc thi"),
    },
    Nationality: {
        Nationality.ANY: _("Người Việt Nam và người nước ngoài"),
        Nationality.VIETNAMESE: _("Công dân Việt Nam ở trong nước"),
        Nationality.VIETNAMESE_AND_ABROAD: _("Người Việt Nam ở trong nước và nước ngoài"),
    },
    ExclusionMode: {
        ExclusionMode.BLOCK: _("Không được dự thi"),
        ExclusionMode.UNRANKED: _("Được thi nhưng không xếp hạng, không nhận giải"),
    },
    BarredRole: {
        BarredRole.ORGANIZERS: _("thành viên ban tổ chức"),
        BarredRole.JURY: _("thành viên ban giám khảo"),
        BarredRole.SECRETARIES: _("tổ thư ký"),
        BarredRole.HELPERS: _("người giúp việc cho ban tổ chức"),
        BarredRole.QUESTION_WRITERS: _("người soạn câu hỏi và đáp án"),
        BarredRole.TECHNICAL_STAFF: _("người vận hành kỹ thuật"),
        BarredRole.VENDOR: _("người của đơn vị cung cấp phần mềm"),
    },
    RevealAt: {
        RevealAt.AT_SUBMIT: _("Ngay khi nộp bài"),
        RevealAt.AT_CLOSE: _("Khi vòng thi kết thúc"),
        RevealAt.AT_PUBLISH: _("Khi công bố kết quả"),
        RevealAt.NEVER: _("Không hiện"),
    },
    BoardPolicy: {
        BoardPolicy.LIVE: _("Cập nhật trực tiếp"),
        BoardPolicy.HIDDEN: _("Ẩn đến khi công bố"),
        BoardPolicy.FROZEN: _("Đóng băng trước giờ kết thúc"),
    },
    MaskStyle: {
        MaskStyle.FULL: _("Họ tên đầy đủ"),
        MaskStyle.MASKED: _("Che bớt (Nguyễn V** A**)"),
        MaskStyle.INITIALS: _("Chữ cái đầu (N. V. A.)"),
    },
    PrizeScope: {
        PrizeScope.ROUND: _("Giải từng vòng"),
        PrizeScope.OVERALL: _("Giải chung cuộc"),
        PrizeScope.COLLECTIVE: _("Giải tập thể"),
        PrizeScope.SPREAD: _("Giải lan tỏa"),
    },
}


def label(value: StrEnum) -> str:
    """The name of a value in the language in force."""
    return str(LABELS[type(value)][value])


def choices(kind: type[StrEnum]) -> list[tuple[str, str]]:
    """(value, name) pairs for a form field."""
    return [(str(member.value), label(member)) for member in kind]
