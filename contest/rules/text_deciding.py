"""The rule text, second half: who is ahead, units, prizes, what is shown when and under which name."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from contest.rules.enums import BoardPolicy, CollectiveMetric, MaskStyle, PrizeScope, RevealAt
from contest.rules.labels import label
from contest.rules.parts import Collective, Masking, Prize, Prizes, Ranking, Reveal, SizeTier
from contest.rules.text_taking import Names
from contest.rules.words import join_words, lower_first, say_minutes, say_money, say_number, say_percent


def ranking_lines(ranking: Ranking) -> Iterator[str]:
    """The chain, one line a key."""
    for place, key in enumerate(ranking.keys, start=1):
        yield f"{place}. {label(key)}."


def tie_line(ranking: Ranking) -> str:
    """What decides between equals, in one sentence."""
    first, *others = ranking.keys
    if not others:
        return _("Xếp hạng theo: {first}; ai bằng nhau thì đồng hạng.").format(first=lower_first(label(first)))
    rest = _(", rồi ").join(lower_first(label(key)) for key in others)
    return _("Xếp hạng theo: {first}; nếu bằng nhau, xét {rest}.").format(first=lower_first(label(first)), rest=rest)


def collective_lines(collective: Collective) -> Iterator[str]:
    """How units are compared, and what each must reach."""
    if collective.metric is CollectiveMetric.COMBINED:
        shares = [f"{lower_first(label(row.metric))} {say_percent(row.weight)}" for row in collective.weights]
        yield _("Các đơn vị được xếp hạng theo điểm tổng hợp: {shares}.").format(shares=join_words(shares))
        yield _(
            "Số người và số giải được so với đơn vị cao nhất cùng khối, các chỉ số khác so với mức cao nhất có thể đạt."
        )
    else:
        yield _("Các đơn vị được xếp hạng theo: {metric}.").format(metric=lower_first(label(collective.metric)))
    yield _("Tỉ lệ của một đơn vị được tính tối đa {n}.").format(n=say_percent(100))
    yield _("Đơn vị bằng nhau được xét tiếp theo số người dự thi, rồi điểm trung bình; vẫn bằng nhau thì đồng hạng.")
    for tier in collective.size_tiers:
        yield _tier_line(tier)
    for quota in collective.mandatory:
        needs = []
        if quota.min_percent is not None:
            needs.append(_("ít nhất {n}").format(n=say_percent(quota.min_percent)))
        if quota.min_count is not None:
            needs.append(ngettext("ít nhất {n} người", "ít nhất {n} người", quota.min_count).format(n=quota.min_count))
        yield _("Bắt buộc dự thi: {who}, {needs}.").format(who=quota.name, needs=join_words(needs))
    if collective.min_participants:
        yield _("Đơn vị được xếp hạng khi có từ {n} người dự thi trở lên.").format(
            n=say_number(collective.min_participants)
        )
    if collective.require_winner:
        yield _("Đơn vị được xếp hạng khi có ít nhất một người đạt giải cá nhân.")
    if collective.target_percent is not None:
        yield _("Chỉ tiêu của mỗi đơn vị: {n} số người dự thi.").format(n=say_percent(collective.target_percent))
    if collective.blocs:
        yield _("Các đơn vị được so trong cùng một khối: {blocs}.").format(
            blocs=join_words([bloc.name for bloc in collective.blocs])
        )


def _tier_line(tier: SizeTier) -> str:
    if tier.max_size is None:
        return _("Đơn vị từ {low} người trở lên cần ít nhất {n} số người dự thi.").format(
            low=say_number(tier.min_size), n=say_percent(tier.min_ratio_percent)
        )
    return _("Đơn vị từ {low} đến {high} người cần ít nhất {n} số người dự thi.").format(
        low=say_number(tier.min_size), high=say_number(tier.max_size), n=say_percent(tier.min_ratio_percent)
    )


def prize_lines(prizes: Prizes, group_names: Names, bloc_names: Names) -> Iterator[str]:
    """The prize table, one line a row, then the cap and the right to rebalance."""
    for scope in PrizeScope:
        for prize in prizes.of(scope):
            yield _prize_line(prize, group_names, bloc_names)
    if prizes.cap_percent is not None:
        yield _("Số giải cá nhân không vượt quá {n} số người dự thi; cần từ {people} người dự thi để trao đủ.").format(
            n=say_percent(prizes.cap_percent), people=say_number(prizes.participants_needed())
        )
    if prizes.may_rebalance:
        yield _("Ban tổ chức có thể điều chỉnh số giải giữa các hạng theo kết quả thực tế.")


def _prize_line(prize: Prize, group_names: Names, bloc_names: Names) -> str:
    ranks = (
        _("hạng {n}").format(n=say_number(prize.rank_from))
        if prize.rank_from == prize.rank_to
        else _("hạng {first} đến {last}").format(first=say_number(prize.rank_from), last=say_number(prize.rank_to))
    )
    where = [label(prize.scope)]
    if prize.group is not None:
        where.append(group_names.get(prize.group, prize.group))
    if prize.bloc is not None:
        where.append(bloc_names.get(prize.bloc, prize.bloc))
    line = ngettext("{where}: {name}, {ranks}, {n} giải", "{where}: {name}, {ranks}, {n} giải", prize.count).format(
        where=", ".join(where), name=prize.name, ranks=ranks, n=say_number(prize.count)
    )
    if not prize.value_vnd:
        return f"{line}."
    return _("{line}, mỗi giải {money}.").format(line=line, money=say_money(prize.value_vnd))


def _score_line(when: RevealAt) -> str:
    match when:
        case RevealAt.AT_SUBMIT:
            return _("Bạn biết điểm ngay khi nộp bài.")
        case RevealAt.AT_CLOSE:
            return _("Bạn biết điểm khi vòng thi kết thúc.")
        case RevealAt.AT_PUBLISH:
            return _("Bạn biết điểm khi ban tổ chức công bố kết quả.")
        case RevealAt.NEVER:
            return _("Điểm không được hiện.")


def _explanations_line(when: RevealAt) -> str:
    match when:
        case RevealAt.AT_SUBMIT:
            return _("Đáp án và giải thích hiện ngay khi nộp bài.")
        case RevealAt.AT_CLOSE:
            return _("Đáp án và giải thích hiện khi vòng thi kết thúc.")
        case RevealAt.AT_PUBLISH:
            return _("Đáp án và giải thích hiện khi công bố kết quả.")
        case RevealAt.NEVER:
            return _("Đáp án và giải thích không được hiện.")


def reveal_lines(reveal: Reveal) -> Iterator[str]:
    """When the score, the explanations and the board become visible."""
    yield _score_line(reveal.score)
    yield _explanations_line(reveal.explanations)
    match reveal.board:
        case BoardPolicy.LIVE:
            yield _("Bảng xếp hạng tạm thời được cập nhật trực tiếp.")
        case BoardPolicy.HIDDEN:
            yield _("Bảng xếp hạng chỉ hiện khi công bố kết quả.")
        case BoardPolicy.FROZEN:
            yield _("Bảng xếp hạng tạm thời dừng cập nhật {minutes} trước giờ kết thúc.").format(
                minutes=say_minutes(reveal.board_frozen_minutes)
            )
    yield _("Kết quả chính thức được công bố sau khi ban tổ chức xác minh.")


def masking_lines(masking: Masking) -> Iterator[str]:
    """Under which name people appear in public."""
    match masking.style:
        case MaskStyle.FULL:
            yield _("Bảng xếp hạng công khai ghi họ tên đầy đủ.")
        case MaskStyle.MASKED:
            yield _("Bảng xếp hạng công khai che bớt họ tên, ví dụ “Nguyễn V** A**”.")
        case MaskStyle.INITIALS:
            yield _("Bảng xếp hạng công khai chỉ ghi chữ cái đầu, ví dụ “N. V. A.”.")
    if masking.minors_style is MaskStyle.INITIALS:
        yield _("Tên người chưa đủ hoặc vừa tròn 16 tuổi trong năm chỉ ghi chữ cái đầu.")
    else:
        yield _("Tên người chưa đủ hoặc vừa tròn 16 tuổi trong năm luôn được che bớt.")
    if masking.show_unit:
        yield _("Đơn vị của người dự thi được ghi bên cạnh tên.")
