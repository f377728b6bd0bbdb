"""The rules of an event as a host reads them aloud, and kind words for what cannot be done now. In the language in force.

Every sentence stands alone, is short, and is true of these rules and no others. Nothing about the rules is written twice: a
test changes each value and demands that a sentence changes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from contest.rules.words import say_number, say_seconds
from realtime.enums import (
    AllOut,
    Finish,
    JoinWith,
    LateJoin,
    Mode,
    Names,
    OptionOrder,
    PhoneShows,
    Scoring,
    TeamBy,
    TeamScore,
)
from realtime.rules import BellRules, EventRules, TeamRules
from realtime.scoring import STRATEGIES

_REFUSALS: Mapping[str, Promise] = {
    "bad_phase": gettext_lazy("Lúc này chưa làm được việc đó."),
    "bad_value": gettext_lazy("Lệnh chưa đúng, mời bạn chọn lại."),
    "no_questions": gettext_lazy("Sự kiện chưa có câu hỏi nào."),
    "nothing_to_undo": gettext_lazy("Chưa có đáp án nào để rút lại."),
    "too_late": gettext_lazy("Câu này vừa hết giờ."),
    "marshals_pending": gettext_lazy("Trọng tài sàn chưa chấm xong các bảng con."),
    "no_rescue": gettext_lazy("Đã dùng hết lượt cứu trợ."),
    "not_rescuable": gettext_lazy("Không có ai được cứu trợ lúc này."),
    "no_lifeline": gettext_lazy(
        "Trợ giúp của khán giả chỉ dành cho người cuối cùng trên sàn, một lần, trước câu cuối."
    ),
    "not_counted": gettext_lazy("Câu này không còn chấm lại được."),
}


def refusal(code: str) -> str:
    """What to tell a host whose command raised GameError with this code."""
    return str(_REFUSALS.get(code, _REFUSALS["bad_phase"]))


def explain(rules: EventRules, *, host: bool = False) -> list[str]:
    """The rules in the order a host tells them; with ``host`` also what concerns only those who steer."""
    lines = [*_play(rules), *_points(rules), *_answering(rules), *_joining(rules)]
    if host:
        lines += _steering(rules)
    return lines


# ------------------------------------------------------------------------------------------------- the game


def _play(rules: EventRules) -> Iterator[str]:
    if rules.mode == Mode.BELL and rules.bell is not None:
        yield from _bell(rules.bell)
    elif rules.mode == Mode.TEAM and rules.team is not None:
        yield from _team(rules.team)
    else:
        yield _("Ai được nhiều điểm nhất là người thắng.")


def _team(team: TeamRules) -> Iterator[str]:
    match team.by:
        case TeamBy.UNIT:
            yield _("Người cùng đơn vị là một đội.")
        case TeamBy.HOST:
            yield _("Người dẫn chia đội.")
        case TeamBy.SHUFFLE:
            yield _("Đội được chia ngẫu nhiên, mỗi đội khoảng {people}.").format(people=_people(team.size))
        case TeamBy.CAPTAIN:
            yield _("Đội trưởng có mã đội; nhập mã ấy để vào đội.")
    match team.score:
        case TeamScore.SUM:
            yield _("Điểm của đội là tổng điểm của mọi người trong đội.")
        case TeamScore.MEAN:
            yield _("Điểm của đội là điểm trung bình của mọi người trong đội, nên đội đông hay ít đều như nhau.")
        case TeamScore.BEST:
            yield _("Điểm của đội là tổng điểm của {people} cao nhất.").format(people=_people(team.best_k))


def _bell(bell: BellRules) -> Iterator[str]:
    yield _("Sàn đấu có {n} số báo danh.").format(n=say_number(bell.seats))
    yield _("Trả lời sai, chưa trọn hoặc hết giờ chưa trả lời thì rời sàn.")
    yield _("Có câu không ai phải rời sàn và có câu chốt; qua câu chốt thì người đã rời sàn không được cứu trợ nữa.")
    if bell.ghosts:
        yield _("Rời sàn rồi vẫn chơi tiếp trên bảng điểm riêng.")
    else:
        yield _("Rời sàn rồi thì cùng cổ vũ cho những người còn lại.")
    yield from _rescues(bell)
    yield from _bell_end(bell)
    if bell.marshal:
        yield _("Người không dùng điện thoại viết đáp án lên bảng con, trọng tài sàn chấm.")


def _rescues(bell: BellRules) -> Iterator[str]:
    if bell.reserves:
        reserves, number, left = _people(bell.reserves), say_number(bell.rescue_from), _people(bell.quota_k)
        yield (
            _(
                "Có {reserves} dự bị. Sau mỗi câu, kể từ câu {number}, đơn vị chỉ còn {left} trở xuống trên sàn thì dự bị của đơn vị ấy vào sàn."
            )
            if bell.quota_by_unit
            else _(
                "Có {reserves} dự bị. Sau mỗi câu, kể từ câu {number}, cả sàn chỉ còn {left} trở xuống thì dự bị vào sàn."
            )
        ).format(reserves=reserves, number=number, left=left)
    if bell.teacher_rescues:
        yield ngettext(
            "Có {n} lượt cứu trợ của thầy cô hoặc khán giả.",
            "Có {n} lượt cứu trợ của thầy cô hoặc khán giả.",
            bell.teacher_rescues,
        ).format(n=say_number(bell.teacher_rescues))
        yield _("Ai trụ lâu hơn được cứu trước; cùng rời sàn ở một câu thì bốc thăm.")
    else:
        yield _("Không có cứu trợ của thầy cô hay khán giả.")
    if bell.lifeline:
        yield _("Người cuối cùng trên sàn được xin khán giả trợ giúp một lần, thêm {seconds}, trừ câu cuối.").format(
            seconds=say_seconds(bell.lifeline_seconds)
        )


def _bell_end(bell: BellRules) -> Iterator[str]:
    if bell.finish == Finish.LAST_STANDING:
        yield _("Khi trên sàn chỉ còn một người, người ấy thắng.")
    else:
        yield _("Người cuối cùng đi tiếp; ai đứng vững đến hết câu hỏi thì rung chuông vàng.")
    if bell.all_out == AllOut.RESTORE:
        yield _("Từ hai người trở lên còn lại mà cùng sai một câu thì cả nhóm ở lại, thi câu tiếp.")
    else:
        yield _("Tất cả cùng sai một câu thì kết thúc, những người ấy đồng hạng.")
    if bell.extra:
        yield ngettext(
            "Hết câu hỏi mà còn nhiều người thì thi thêm, nhiều nhất {n} câu phụ; vẫn còn nhiều người thì đồng hạng.",
            "Hết câu hỏi mà còn nhiều người thì thi thêm, nhiều nhất {n} câu phụ; vẫn còn nhiều người thì đồng hạng.",
            bell.extra,
        ).format(n=say_number(bell.extra))
    else:
        yield _("Hết câu hỏi mà còn nhiều người thì những người ấy đồng hạng.")


# ------------------------------------------------------------------------------------------------- points


def _points(rules: EventRules) -> Iterator[str]:
    if rules.mode == Mode.BELL and rules.bell is not None and not rules.bell.ghosts:
        return
    points = say_number(rules.points)
    yield ngettext(
        "Mỗi câu {points} điểm, trừ câu ghi khác.", "Mỗi câu {points} điểm, trừ câu ghi khác.", rules.points
    ).format(points=points)
    yield from STRATEGIES[rules.scoring].explain(streak=rules.streak)
    if rules.streak and rules.scoring == Scoring.ACCURACY:
        yield _("Chuỗi câu đúng được khen trên màn hình, không cộng điểm.")
    if rules.bets:
        yield _(
            "Trước khi trả lời được đặt cược một nửa hoặc cả số điểm của câu: đúng thì được thêm, sai thì mất chừng ấy."
        )
    if rules.mode == Mode.TEAM:
        return
    if rules.tie_by_time:
        yield _("Bằng điểm thì ai trả lời đúng với tổng thời gian ít hơn được xếp trên; vẫn bằng thì đồng hạng.")
    else:
        yield _("Bằng điểm thì đồng hạng.")


# ------------------------------------------------------------------------------------------------- answering


def _answering(rules: EventRules) -> Iterator[str]:
    seconds = say_seconds(rules.seconds)
    if rules.read_seconds:
        yield _("Có {read} đọc câu hỏi rồi {seconds} trả lời, trừ câu ghi khác.").format(
            read=say_seconds(rules.read_seconds), seconds=seconds
        )
    else:
        yield _("Có {seconds} đọc và trả lời, trừ câu ghi khác.").format(seconds=seconds)
    yield _("Chọn rồi không đổi được. Câu trả lời phải đến máy chủ trước khi hết giờ.")
    if rules.phone_shows == PhoneShows.LETTERS:
        yield _("Điện thoại chỉ hiện chữ cái và hình; mời nhìn lên màn hình lớn để đọc câu hỏi.")
    if rules.option_order == OptionOrder.PLAYER:
        yield _(
            "Thứ tự phương án trên mỗi điện thoại một khác, nên hãy đọc phương án chứ đừng nhìn chữ cái của người bên cạnh."
        )
    if rules.explain:
        yield _("Sau mỗi câu có lời giải thích.")


# ------------------------------------------------------------------------------------------------- joining


def _joining(rules: EventRules) -> Iterator[str]:
    match rules.late_join:
        case LateJoin.OPEN:
            yield _("Đến muộn vẫn vào chơi được ngay; câu đã qua không có điểm.")
        case LateJoin.ZERO:
            yield _("Đến muộn thì vào chơi từ câu kế tiếp; câu đã qua không có điểm.")
        case LateJoin.CLOSED:
            yield _("Đã bắt đầu thì không nhận thêm người thi.")
    if rules.spectators:
        yield _("Ai không thi có thể xem trên điện thoại.")
    match rules.names:
        case Names.FREE:
            yield _("Mời đặt tên lịch sự; tên không phù hợp sẽ bị từ chối.")
        case Names.APPROVE:
            yield _("Mời đặt tên lịch sự; tên hiện lên màn hình lớn sau khi người dẫn duyệt.")
        case Names.SYSTEM:
            yield _("Mỗi người nhận một tên vui.")
        case Names.REAL:
            yield _("Tên trên màn hình là tên thật theo tài khoản.")
    yield _("Không cần tài khoản.") if rules.guests else _("Cần đăng nhập để thi.")
    if rules.join == JoinWith.PATTERN:
        yield _("Vào phòng bằng mã và các hình trên màn hình lớn.")


# ------------------------------------------------------------------------------------------------- steering


def _steering(rules: EventRules) -> Iterator[str]:
    yield _("Phòng nhận nhiều nhất {people}.").format(people=_people(rules.capacity))
    yield _("Hết giờ là hiện đáp án.") if rules.auto_reveal else _("Hết giờ thì chờ người dẫn công bố đáp án.")
    if rules.auto_next_seconds:
        yield _("Tự chuyển sau {seconds}.").format(seconds=say_seconds(rules.auto_next_seconds))
    else:
        yield _("Người dẫn bấm để chuyển câu.")
    if rules.board_every == 0:
        yield _("Bảng điểm chỉ hiện khi kết thúc.")
    elif rules.board_every == 1:
        yield _("Bảng điểm hiện sau mỗi câu có điểm.")
    else:
        yield _("Bảng điểm hiện sau mỗi {n} câu có điểm.").format(n=say_number(rules.board_every))
    yield _("Bảng điểm có {n} dòng.").format(n=say_number(rules.board_rows))
    if rules.counts_into:
        yield _("Kết quả được tính vào một vòng thi.")


def _people(count: int) -> str:
    return ngettext("{n} người", "{n} người", count).format(n=say_number(count))
