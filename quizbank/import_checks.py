"""What is wrong with a question of a file beyond what its format noticed. Pure but for the list of topics."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from quizbank.drafts import Draft
from quizbank.formats.base import Defaults

LONGEST_CITATION = 400
LONGEST_URL = 500
LONGEST_LANGUAGE = 5


def completed(draft: Draft, defaults: Defaults, topics: Collection[str]) -> Draft:
    """Return the draft with what the author said for everything the file leaves open."""
    return replace(
        draft,
        topic=draft.topic if draft.topic in topics else defaults.topic,
        citation=draft.citation or defaults.citation,
    )


def form_problems(draft: Draft, topics: Collection[str]) -> list[str]:
    """Return Vietnamese sentences about what keeps the draft out of the bank; empty when it may be stored."""
    faults = list(draft.problems())
    if draft.topic not in topics:
        faults.append(_("Chưa có chủ đề."))
    if len(draft.citation) > LONGEST_CITATION:
        faults.append(_("Căn cứ dài quá %(most)d ký tự.") % {"most": LONGEST_CITATION})
    if draft.citation_url and not sound_link(draft.citation_url):
        faults.append(_("Liên kết căn cứ phải bắt đầu bằng https:// hoặc http://."))
    if len(draft.language) > LONGEST_LANGUAGE:
        faults.append(_("Mã ngôn ngữ chưa đúng."))
    return faults


def sound_link(url: str) -> bool:
    """Whether a link may stand on a page."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc) and len(url) <= LONGEST_URL


def merged(file_problems: Sequence[str], draft: Draft, topics: Collection[str]) -> list[str]:
    """Return what the format found and what the form lacks, each once."""
    return list(dict.fromkeys([*file_problems, *form_problems(draft, topics)]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Mend:
    """What the author says afterwards for every question of a file; "" and () leave things as they are.

    ``topic`` and ``citation`` fill gaps, and replace what is there where ``replace_all``.
    """

    topic: str = ""
    citation: str = ""
    difficulty: str = ""
    audience: tuple[str, ...] = ()
    replace_all: bool = False

    def applied(self, draft: Draft) -> Draft:
        """Return the mended draft."""
        return replace(
            draft,
            topic=self.topic if self.topic and (self.replace_all or not draft.topic) else draft.topic,
            citation=self.citation if self.citation and (self.replace_all or not draft.citation) else draft.citation,
            difficulty=self.difficulty or draft.difficulty,
            audience=self.audience or draft.audience,
        )


def mended_problems(problems: Sequence[str], before: Draft, after: Draft, topics: Collection[str]) -> list[str]:
    """Return the problems after a mend: what the form of the draft before lacked is looked at anew."""
    gone = set(form_problems(before, topics))
    return merged([one for one in problems if one not in gone], after, topics)
