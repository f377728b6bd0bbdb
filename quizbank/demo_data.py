"""Words of the demonstration's authors: questions from the sourced facts (data/facts.tsv), and what is said of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from quizbank.drafts import Draft
from quizbank.enums import Audience, Difficulty, KindCode

IMPORTED = Path(__file__).parent / "data" / "demo" / "de-nam-truoc.csv"
SEALED_NAME = "Đề chung kết (dùng thử)"
GOAL_TITLE = "Cả tỉnh cùng nhớ 300 thẻ (dùng thử)"
GOAL_CARDS = 300

UNCLEAR = "Hai phương án B và C gần như một ý. Mời bạn viết lại một phương án rồi gửi duyệt lần nữa."
ASKED = "Căn cứ nên ghi rõ điều nào của luật. Bạn có văn bản không?"
ANSWERED = "Tôi đang xin bản chính thức, sẽ bổ sung trước khi duyệt."


def _draft(topic: str, stem: str, options: tuple[str, ...], right: str, **fields: Any) -> Draft:
    return Draft(
        kind=KindCode.SINGLE,
        stem=stem,
        content={"options": list(options)},
        key={"right": right},
        topic=topic,
        tags=("dùng thử",),
        **({"difficulty": Difficulty.EASY, "audience": (Audience.RESIDENT,)} | fields),
    )


BEING_WRITTEN = _draft(
    "kinh-te-so",
    "Kinh tế số gồm ba phần. Phần nào dưới đây không phải một trong ba phần đó?",
    ("Kinh tế số ICT", "Kinh tế số nền tảng", "Kinh tế số ngành", "Kinh tế số theo mùa"),
    "D",
    citation="Quyết định 411/QĐ-TTg",
    facts=("KT-027",),
)
RETURNED = _draft(
    "an-toan",
    "Người từng bị lừa trên mạng thấy quảng cáo “lấy lại tiền bị lừa”. Nên hiểu quảng cáo ấy thế nào?",
    (
        "Dịch vụ của công an xã",
        "Thường là bẫy lừa lần hai",
        "Thường nhắm vào người đã mất tiền một lần",
        "Chương trình hỗ trợ của ngân hàng",
    ),
    "B",
    citation="Cổng thông tin thành phố Đà Nẵng, chuyên mục không gian mạng",
    facts=("AT-078",),
)
IN_REVIEW = _draft(
    "kinh-te-so",
    "Từ ngày nào sàn thương mại điện tử phải xác thực danh tính người livestream trước khi cho bán hàng?",
    ("1/1/2026", "1/7/2026", "1/1/2027", "1/7/2027"),
    "B",
    difficulty=Difficulty.MEDIUM,
    citation="Luật Thương mại điện tử 2025",
    facts=("KT-018",),
)
APPROVED = _draft(
    "chinh-quyen-so",
    "Từ 1/7/2025, khi giao diện cổng dịch vụ công cấp tỉnh đóng lại, người dân nộp hồ sơ trực tuyến ở đâu?",
    ("Cổng Dịch vụ công quốc gia", "Trang của từng xã", "Trang của từng sở", "Hộp thư điện tử của tỉnh"),
    "A",
    explanation="Một cổng dùng chung cho cả nước thay các cổng cấp tỉnh.",
    citation="Công văn 623/TTg-KSTT ngày 30/5/2025",
    facts=("CQ-019",),
)
RETIRED = _draft(
    "xa-hoi-so",
    "Lực lượng nào được gọi là “cánh tay nối dài” của Ban Chỉ đạo chuyển đổi số từ tỉnh đến xã?",
    ("Tổ công nghệ số cộng đồng", "Hội khuyến học", "Ban quản lý chợ", "Đội dân phòng"),
    "A",
    citation="Hướng dẫn 793/BTTTT-THH",
    facts=("XH-001",),
)
SEALED = (
    _draft(
        "cong-dan-so",
        "Nhóm nào không thuộc bốn nhóm mà Khung kỹ năng số cơ bản nhắm tới?",
        ("Học sinh, sinh viên", "Người dân", "Khách du lịch nước ngoài", "Cán bộ, công chức, viên chức"),
        "C",
        difficulty=Difficulty.MEDIUM,
        citation="Quyết định 757/QĐ-BKHCN",
        facts=("CD-013",),
    ),
    _draft(
        "nhan-thuc",
        "Cấp độ đầu tiên trong ba cấp độ của chuyển đổi số là gì?",
        ("Số hóa thông tin", "Xác định mô hình hoạt động số", "Chuyển đổi", "Đặt tên miền"),
        "A",
        difficulty=Difficulty.MEDIUM,
        citation="Tạp chí Thông tin và Truyền thông",
        facts=("NT-029",),
    ),
)
