"""Closed lists of live events, each with the words people read."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Mode(models.TextChoices):
    """What is played."""

    RACE = "race", _("Đua tốc độ")
    TEAM = "team", _("Đua đội")
    BELL = "bell", _("Rung chuông vàng")


class Phase(models.TextChoices):
    """Where an event stands; what each allows stands in ``realtime.game``."""

    DRAFT = "draft", _("Đang soạn")
    LOBBY = "lobby", _("Phòng chờ")
    INTRO = "intro", _("Đọc câu hỏi")
    OPEN = "open", _("Đang trả lời")
    LOCKED = "locked", _("Đã khóa câu trả lời")
    REVEAL = "reveal", _("Đáp án")
    BOARD = "board", _("Bảng điểm")
    RESCUE = "rescue", _("Cứu trợ")
    PODIUM = "podium", _("Trao giải")
    ENDED = "ended", _("Đã kết thúc")
    ABORTED = "aborted", _("Đã dừng giữa chừng")


class Stakes(models.TextChoices):
    """Golden bell: what a wrong or missing answer costs. After a cut-off nobody who has fallen can be rescued."""

    OUT = "out", _("Sai là rời sàn")
    SAFE = "safe", _("Không ai phải rời sàn")
    CUTOFF = "cutoff", _("Câu chốt: sai là rời sàn và không được cứu trợ nữa")


class Play(models.TextChoices):
    """How a question is used in an event."""

    QUIZ = "quiz", _("Câu hỏi có đáp án")
    POLL = "poll", _("Thăm dò ý kiến")
    CLOSEST = "closest", _("Đoán gần đúng nhất")
    CLOUD = "cloud", _("Đám mây từ")


class PlayerStatus(models.TextChoices):
    """``in`` plays for the prize; ``out`` has fallen (a ghost where ghosts play on); ``reserve`` waits to be called in."""

    IN = "in", _("Đang thi")
    OUT = "out", _("Đã rời sàn")
    RESERVE = "reserve", _("Dự bị")
    SPECTATOR = "spectator", _("Khán giả")
    KICKED = "kicked", _("Đã mời ra")
    BANNED = "banned", _("Đã chặn")


class GrantRole(models.TextChoices):
    HOST = "host", _("Người dẫn")
    COHOST = "cohost", _("Người dẫn phụ")
    MARSHAL = "marshal", _("Trọng tài sàn")
    WALL = "wall", _("Màn hình lớn")


class TeamBy(models.TextChoices):
    """How players come into teams."""

    UNIT = "unit", _("Theo đơn vị")
    HOST = "host", _("Người dẫn chia đội")
    SHUFFLE = "shuffle", _("Chia ngẫu nhiên")
    CAPTAIN = "captain", _("Theo mã của đội trưởng")


class TeamScore(models.TextChoices):
    """How members' points become a team's. The mean is fair to teams of different size."""

    SUM = "sum", _("Tổng điểm của cả đội")
    MEAN = "mean", _("Điểm trung bình mỗi người")
    BEST = "best", _("Tổng điểm của những người cao nhất")


class Scoring(models.TextChoices):
    """The formulas stand in ``realtime.scoring``."""

    ACCURACY = "accuracy", _("Chỉ tính đúng, sai")
    KAHOOT = "kahoot", _("Đúng và nhanh")
    ACCURACY_FIRST = "accuracy_first", _("Đúng trước, nhanh sau")


class OptionOrder(models.TextChoices):
    SAME = "same", _("Mọi người cùng một thứ tự phương án")
    PLAYER = "player", _("Mỗi người một thứ tự phương án")


class PhoneShows(models.TextChoices):
    FULL = "full", _("Cả câu hỏi và phương án")
    LETTERS = "letters", _("Chỉ chữ cái và hình")


class LateJoin(models.TextChoices):
    """What somebody may do who comes after the first question was put."""

    OPEN = "open", _("Vào chơi ngay từ câu đang mở")
    ZERO = "zero", _("Vào chơi từ câu kế tiếp")
    CLOSED = "closed", _("Chỉ được xem")


class Names(models.TextChoices):
    """Which names stand on the wall."""

    FREE = "free", _("Tự đặt tên, có bộ lọc")
    APPROVE = "approve", _("Tự đặt tên, người dẫn duyệt")
    SYSTEM = "system", _("Tên vui do hệ thống đặt")
    REAL = "real", _("Tên thật theo tài khoản")


class JoinWith(models.TextChoices):
    """``pattern`` asks for the shapes on the wall too, so that only people in the hall get in."""

    PIN = "pin", _("Mã phòng")
    PATTERN = "pattern", _("Mã phòng và các hình trên màn hình lớn")


class Finish(models.TextChoices):
    """Golden bell: when it is over."""

    LAST_STANDING = "last_standing", _("Dừng khi chỉ còn một người")
    ALL_QUESTIONS = "all_questions", _("Người cuối cùng đi tiếp đến hết câu hỏi")


class AllOut(models.TextChoices):
    """Golden bell: what happens when everybody falls on one question."""

    RESTORE = "restore", _("Cả nhóm ở lại và thi câu tiếp")
    END = "end", _("Kết thúc, cùng xếp hạng")


class MoveBy(models.TextChoices):
    """Golden bell: who changed who stands, besides the questions."""

    RESERVES = "reserves", _("Dự bị vào sàn")
    TEACHER = "teacher", _("Thầy cô cứu trợ")
    AUDIENCE = "audience", _("Khán giả cứu trợ")
    JUDGE = "judge", _("Ban giám khảo cho vào sàn")
    JUDGE_OUT = "judge_out", _("Ban giám khảo cho rời sàn")


class Action(models.TextChoices):
    """What a host, a co-host or (``mark``) a marshal may command."""

    NEXT = "next", _("Tiếp tục")
    REVEAL = "reveal", _("Công bố đáp án")
    PAUSE = "pause", _("Tạm dừng")
    RESUME = "resume", _("Chạy tiếp")
    SKIP = "skip", _("Bỏ qua câu này")
    EXTEND = "extend", _("Thêm thời gian")
    END_NOW = "end_now", _("Chốt câu trả lời")
    UNDO = "undo", _("Rút lại đáp án")
    LOCK = "lock", _("Khóa phòng")
    UNLOCK = "unlock", _("Mở khóa phòng")
    START = "start", _("Bắt đầu")
    AUTO = "auto", _("Tự chuyển câu")
    KICK = "kick", _("Mời ra khỏi phòng")
    BAN = "ban", _("Chặn")
    UNBAN = "unban", _("Cho vào lại")
    RENAME = "rename", _("Đổi tên")
    TEAM_SET = "team_set", _("Xếp đội")
    TO_BOARD = "to_board", _("Hiện bảng điểm")
    RESCUE = "rescue", _("Cứu trợ")
    LIFELINE = "lifeline", _("Xin trợ giúp của khán giả")
    JUDGE = "judge", _("Quyết định của ban giám khảo")
    MARK = "mark", _("Chấm bảng con")
    REPLAY = "replay", _("Hỏi lại câu này")
    FINISH = "finish", _("Kết thúc và trao giải")
    ABORT = "abort", _("Dừng hẳn sự kiện")
