"""What people agree to, word for word, by purpose and version. A text once shown is never edited: it gets a successor.

The law named is the one in force: Law 91/2025/QH15 on personal data protection. No article is cited, because the
texts promise what this system does, not what a lawyer would still have to confirm.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256

from people.enums import Purpose

CURRENT = {Purpose.TAKE_PART: "2026-11.2", Purpose.PUBLISH_NAME: "2026-11"}
"""The version asked for now, by purpose."""


@dataclass(frozen=True, slots=True)
class ConsentText:
    """One text in one language. ``label`` stands beside the box to tick, ``body`` is the whole text."""

    purpose: Purpose
    version: str
    language: str
    label: str
    body: str

    @property
    def reference(self) -> str:
        """What the proof row keeps: "2026-11-vi"."""
        return f"{self.version}-{self.language}"

    @property
    def digest(self) -> str:
        """SHA-256 of label and body, as 64 hexadecimal digits."""
        return sha256(f"{self.label}\n{self.body}".encode()).hexdigest()


_TEXTS = (
    ConsentText(
        Purpose.TAKE_PART,
        "2026-11",
        "vi",
        "Tôi đồng ý để ban tổ chức dùng thông tin của tôi cho việc dự thi.",
        "Thông tin gồm: họ và tên, năm sinh, số điện thoại hoặc thư điện tử, nhóm người dự thi, đơn vị; bài làm và kết "
        "quả thi của bạn. Ban tổ chức dùng các thông tin này để nhận bạn vào thi, chấm bài, xếp hạng cá nhân và đơn "
        "vị, cấp giấy chứng nhận và trả lời khiếu nại, không dùng vào việc khác và không bán cho ai. Trên bảng xếp "
        "hạng, tên của bạn được che theo thể lệ. Bạn có quyền được biết, xem, sửa, rút lại đồng ý và yêu cầu xóa "
        "thông tin của mình theo Luật Bảo vệ dữ liệu cá nhân số 91/2025/QH15, ngay ở trang Tài khoản. Khi bạn rút "
        "lại, bạn không dự thi tiếp được; kết quả đã có vẫn được giữ để xếp hạng cho công bằng.",
    ),
    ConsentText(
        Purpose.TAKE_PART,
        "2026-11",
        "en",
        "I agree that the organizers use my data so that I can take part.",
        "The data are: full name, year of birth, phone number or e-mail, group, unit; your answers and results. The "
        "organizers use them to admit you, mark your paper, rank people and units, issue certificates and answer "
        "complaints, for nothing else, and sell them to nobody. On the leaderboard your name is masked as the rules "
        "say. Under Viet Nam's Law 91/2025/QH15 on personal data protection you have the right to know, see, correct, "
        "withdraw your consent and have your data erased, all on your account page. Once you withdraw you cannot take "
        "part further; results you already have stay in the ranking, so that it stays fair.",
    ),
    # 2026-11.2 says what somebody who invited sees.
    ConsentText(
        Purpose.TAKE_PART,
        "2026-11.2",
        "vi",
        "Tôi đồng ý để ban tổ chức dùng thông tin của tôi cho việc dự thi.",
        "Thông tin gồm: họ và tên, năm sinh, số điện thoại hoặc thư điện tử, nhóm người dự thi, đơn vị; bài làm và kết "
        "quả thi của bạn. Ban tổ chức dùng các thông tin này để nhận bạn vào thi, chấm bài, xếp hạng cá nhân và đơn "
        "vị, cấp giấy chứng nhận và trả lời khiếu nại, không dùng vào việc khác và không bán cho ai. Trên bảng xếp "
        "hạng, tên của bạn được che theo thể lệ. Nếu bạn vào thi từ link mời của một người, người đó thấy tên đã che "
        "bớt của bạn và lượt mời đã được tính hay chưa, không thấy bài làm và điểm. Bạn có quyền được biết, xem, sửa, "
        "rút lại đồng ý và yêu cầu xóa thông tin của mình theo Luật Bảo vệ dữ liệu cá nhân số 91/2025/QH15, ngay ở "
        "trang Tài khoản. Khi bạn rút lại, bạn không dự thi tiếp được; kết quả đã có vẫn được giữ để xếp hạng cho công "
        "bằng.",
    ),
    ConsentText(
        Purpose.TAKE_PART,
        "2026-11.2",
        "en",
        "I agree that the organizers use my data so that I can take part.",
        "The data are: full name, year of birth, phone number or e-mail, group, unit; your answers and results. The "
        "organizers use them to admit you, mark your paper, rank people and units, issue certificates and answer "
        "complaints, for nothing else, and sell them to nobody. On the leaderboard your name is masked as the rules "
        "say. If you enter by somebody's invitation link, that person sees your masked name and whether the invitation "
        "counts yet, never your answers or score. Under Viet Nam's Law 91/2025/QH15 on personal data protection you "
        "have the right to know, see, correct, withdraw your consent and have your data erased, all on your account "
        "page. Once you withdraw you cannot take part further; results you already have stay in the ranking, so that "
        "it stays fair.",
    ),
    ConsentText(
        Purpose.PUBLISH_NAME,
        "2026-11",
        "vi",
        "Nếu tôi đạt giải, ban tổ chức được công bố họ tên đầy đủ và đơn vị của tôi.",
        "Tên và đơn vị được nêu trên trang kết quả của cuộc thi và trong văn bản công bố giải. Bạn không đồng ý cũng "
        "vẫn dự thi và nhận giải bình thường: tên của bạn sẽ được viết tắt. Bạn có thể rút lại bất cứ lúc nào ở trang "
        "Tài khoản; từ lúc đó tên của bạn được che trên trang kết quả. Người dưới 16 tuổi luôn được che tên.",
    ),
    ConsentText(
        Purpose.PUBLISH_NAME,
        "2026-11",
        "en",
        "If I win a prize, the organizers may publish my full name and unit.",
        "Your name and unit appear on the contest's result page and in the announcement of prizes. You can take part "
        "and win without agreeing: your name is then abbreviated. You can withdraw at any time on your account page; "
        "from then on your name is masked on the result page. Names of people under 16 are always masked.",
    ),
)
_BY_KEY = {(text.purpose, text.version, text.language): text for text in _TEXTS}


def consent_text(purpose: Purpose | str, *, language: str = "vi", version: str = "") -> ConsentText:
    """The text for a purpose, the current one if no version is named; Vietnamese where a language has none. Raises
    KeyError for an unknown version."""
    key = Purpose(purpose)
    version = version or CURRENT[key]
    return _BY_KEY.get((key, version, language)) or _BY_KEY[key, version, "vi"]


def text_of_record(purpose: str, reference: str) -> ConsentText | None:
    """The text a proof row refers to, or None where it is not known here."""
    version, _, language = reference.rpartition("-")
    return _BY_KEY.get((Purpose(purpose), version, language))
