"""Invitations in words: why a credit waits, and what stands on a shared link's picture."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from contest.certificates.facts import domain_of
from contest.invites import Reason
from contest.models import Contest, InviteLink, Round
from contest.rules.words import say_end, say_moment
from contest.share_image.facts import ShareFacts


@dataclass(frozen=True, slots=True)
class Preview:
    """What Zalo and Facebook are told about a shared address; addresses are absolute."""

    title: str
    description: str
    url: str
    image: str
    image_alt: str


def share_facts(contest: Contest, rounds: Sequence[Round], link: InviteLink | None, inviter: str) -> ShareFacts:
    """Return what the picture shows: a Vietnamese one, whoever asks for it."""
    with translation.override("vi"):
        return ShareFacts(
            title=contest.title,
            organizer=contest.organizer,
            dates=_dates(rounds),
            inviter=inviter,
            address=f"{settings.SITE_URL}{_path(contest, link)}",
            domain=domain_of(settings.SITE_URL),
        )


def preview_of(contest: Contest, rounds: Sequence[Round], link: InviteLink | None, inviter: str) -> Preview:
    """Return the preview of a contest's page, opened by a link or not."""
    facts = share_facts(contest, rounds, link, inviter)
    page = reverse("contest:contest", args=[contest.slug])
    if link is None:
        picture = reverse("contest:share_image", args=[contest.slug])
    else:
        picture, page = reverse("contest:invite_image", args=[link.code]), f"{page}?moi={link.code}"
    invited = _("{inviter} mời bạn dự thi: {title}").format(inviter=inviter, title=contest.title)
    return Preview(
        title=invited if inviter else contest.title,
        description=contest.summary or f"{contest.organizer}. {facts.dates}",
        url=f"{settings.SITE_URL}{page}",
        # The part after "v" changes with the picture, so that nobody keeps showing an old one.
        image=f"{settings.SITE_URL}{picture}?v={facts.key[:8]}",
        image_alt=invited if inviter else contest.title,
    )


def link_url(link: InviteLink) -> str:
    """Return the address people pass on."""
    return f"{settings.SITE_URL}{reverse('contest:invite', args=[link.code])}"


def _path(contest: Contest, link: InviteLink | None) -> str:
    return reverse("contest:invite", args=[link.code]) if link else reverse("contest:contest", args=[contest.slug])


def _dates(rounds: Iterable[Round]) -> str:
    alive = [one for one in rounds if one.cancelled_at is None]
    if not alive:
        return ""
    first, last = min(one.opens_at for one in alive), max(one.closes_at for one in alive)
    return f"{say_moment(first)} – {say_end(last)}"


def say_reason(reason: Reason) -> str:
    """Say what a check has found, with its figures. An unknown code (of a later version) is shown as it is."""
    people = int(reason.get("people", 0))
    match reason.get("code"):
        case "cycle":
            return _("Những người này mời nhau thành vòng tròn.")
        case "burst":
            return ngettext(
                "{n} người vào thi trong vòng {minutes} phút.", "{n} người vào thi trong vòng {minutes} phút.", people
            ).format(n=people, minutes=reason.get("minutes", 0))
        case "serial":
            return ngettext(
                "{n} người nối nhau: người này nộp bài thì người kế mới vào, như dùng chung một máy.",
                "{n} người nối nhau: người này nộp bài thì người kế mới vào, như dùng chung một máy.",
                people,
            ).format(n=people)
        case "papers":
            return ngettext(
                "{n} bài giống hệt hoặc chỉ khác một câu, kể cả câu sai.",
                "{n} bài giống hệt hoặc chỉ khác một câu, kể cả câu sai.",
                people,
            ).format(n=people)
        case "times":
            return _("Nhiều bài giống nhau làm hết đúng bằng ấy thời gian, chênh không quá một giây.")
        case "speed":
            return _("Trả lời {answered} câu trong {seconds} giây, nhanh hơn thời gian cần để đọc.").format(
                answered=reason.get("answered", 0), seconds=reason.get("seconds", 0)
            )
        case "thin":
            return _("Nộp bài khi mới trả lời {answered}/{questions} câu.").format(
                answered=reason.get("answered", 0), questions=reason.get("questions", 0)
            )
        case "phones":
            return ngettext(
                "{n} số điện thoại gần như liền nhau.", "{n} số điện thoại gần như liền nhau.", people
            ).format(n=people)
        case "mailbox":
            return ngettext(
                "{n} địa chỉ thư về cùng một hộp thư.", "{n} địa chỉ thư về cùng một hộp thư.", people
            ).format(n=people)
        case other:
            return str(other)
