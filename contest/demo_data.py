"""Words of the demonstration: names that are common enough to be nobody's, and a contest that says it is a trial."""

from __future__ import annotations

from random import Random

FAMILY = (
    "Nguyễn",
    "Trần",
    "Lê",
    "Phạm",
    "Hoàng",
    "Huỳnh",
    "Phan",
    "Vũ",
    "Võ",
    "Đặng",
    "Bùi",
    "Đỗ",
    "Hồ",
    "Ngô",
    "Dương",
)
MIDDLE_WOMEN = ("Thị", "Ngọc", "Thị Thanh", "Phước Thiên", "Thị Mỹ", "Bảo", "Thùy", "Kim", "Thị Hồng")
MIDDLE_MEN = ("Văn", "Hữu", "Minh", "Quốc", "Đức", "Thanh", "Công", "Hoàng", "Phước")
WOMEN = ("Lan", "Hương", "Phượng", "Hằng", "Mai", "Tuyết", "Trang", "Nhung", "Yến", "Hương Bảo Châu", "Loan", "Oanh")
MEN = ("An", "Bình", "Cường", "Dũng", "Hải", "Khoa", "Long", "Nam", "Phúc", "Quân", "Sơn", "Tài", "Thắng", "Việt")

PROVINCE = "82"
"""Đồng Tháp, into which Tiền Giang of the seed article was merged on 1/7/2025."""

TITLE = "Tìm hiểu về chuyển đổi số (bản dùng thử)"
ORGANIZER = "Ban tổ chức dùng thử"
SUMMARY = "Cuộc thi mẫu để làm quen với Thi Số. Tên người, đơn vị dự thi và kết quả ở đây chỉ là ví dụ."
DESCRIPTION = (
    "Mười lăm câu hỏi về chuyển đổi số, mười lăm phút, một câu dự đoán. Câu hỏi lấy từ ngân hàng có sẵn, "
    "câu nào cũng ghi rõ văn bản làm căn cứ."
)

BLUEPRINT = [
    ("nhan-thuc", "easy", 2),
    ("chinh-quyen-so", "easy", 1),
    ("kinh-te-so", "medium", 2),
    ("xa-hoi-so", "easy", 1),
    ("cong-dan-so", "easy", 2),
    ("ha-tang-so", "medium", 1),
    ("du-lieu-so", "medium", 1),
    ("an-toan", "easy", 2),
    ("an-toan", "medium", 1),
    ("phap-ly", "medium", 1),
    ("dia-phuong", "medium", 1),
]


def person_name(random: Random) -> str:
    """A believable full name."""
    if random.random() < 0.5:
        return f"{random.choice(FAMILY)} {random.choice(MIDDLE_WOMEN)} {random.choice(WOMEN)}"
    return f"{random.choice(FAMILY)} {random.choice(MIDDLE_MEN)} {random.choice(MEN)}"
