"""The spreadsheet authors start from: drop-downs, an example of each kind, and a page of help."""

from __future__ import annotations

import io

from quizbank.drafts import Draft
from quizbank.formats.sheet_write import row_of
from quizbank.formats.workbook import heading, new_book, put, questions_sheet

# The template is a Vietnamese document, whoever asks for it; it is no screen text.
EXAMPLES = (
    Draft(
        code="VD-1", topic="nhan-thuc", kind="single", difficulty="easy", audience=("basic", "resident"),
        stem="Ngày Chuyển đổi số quốc gia hằng năm là ngày nào?",
        content={"options": ["Ngày 10/10", "Ngày 22/4", "Ngày 21/10", "Ngày 03/6"]}, key={"right": "A"},
        explanation="Ngày 10/10 được chọn theo Quyết định 505/QĐ-TTg.",
        citation="Quyết định 505/QĐ-TTg ngày 22/4/2022 của Thủ tướng Chính phủ", tags=("ví dụ",), extra={"seconds": 30},
        translations={"en": {
            "stem": "On which day is the National Digital Transformation Day held every year?",
            "content": {"options": ["10 October", "22 April", "21 October", "3 June"]},
            "explanation": "10 October was chosen by Decision 505/QĐ-TTg.",
            "citation": "Decision 505/QĐ-TTg of 22 April 2022 of the Prime Minister",
        }},
    ),
    Draft(
        code="VD-2", topic="an-toan", kind="multiple", difficulty="medium", audience=("resident",),
        stem="Những việc nào giúp giữ an toàn cho tài khoản của bạn?",
        content={"options": [
            "Bật xác thực hai lớp", "Đọc mã OTP cho người gọi đến", "Đặt mật khẩu dài và riêng", "Dùng chung một mật khẩu",
        ]},
        key={"right": ["A", "C"], "scheme": "partial"}, tags=("ví dụ",),
    ),
    Draft(
        code="VD-3", topic="an-toan", kind="boolean", difficulty="easy",
        stem="Đúng hay sai: Nhận tiền chuyển khoản thì không cần đọc mã OTP cho ai.", content={}, key={"right": True},
        tags=("ví dụ",),
    ),
    Draft(
        code="VD-4", topic="ha-tang-so", kind="numeric", difficulty="medium",
        stem="Một ki-lô-bai (theo hệ nhị phân) là bao nhiêu bai?", content={"unit": "bai"},
        key={"value": "1024", "tolerance": "0"}, tags=("ví dụ",),
    ),
    Draft(
        code="VD-5", topic="cong-dan-so", kind="short", difficulty="easy",
        stem="Viết tắt của “mã xác thực dùng một lần” trong tiếng Anh là gì?", content={},
        key={"accept": ["OTP", "mã OTP"]}, tags=("ví dụ",),
    ),
    Draft(
        code="VD-6", topic="chinh-quyen-so", kind="ordering", difficulty="medium",
        stem="Sắp xếp các bước nộp một hồ sơ trực tuyến.",
        content={"items": ["Nhận kết quả", "Đăng nhập", "Điền và gửi hồ sơ"]}, key={"order": ["B", "C", "A"]},
        tags=("ví dụ",),
    ),
    Draft(
        code="VD-7", topic="du-lieu-so", kind="matching", difficulty="medium",
        stem="Ghép mỗi từ với nghĩa của nó.",
        content={"lefts": ["Dữ liệu mở", "Dữ liệu cá nhân"],
                 "rights": ["Gắn với một người cụ thể", "Ai cũng được dùng lại"]},
        key={"pairs": {"A": "B", "B": "A"}}, tags=("ví dụ",),
    ),
)  # fmt: skip

HELP: tuple[tuple[str, str], ...] = (
    ("Cách dùng", "Mỗi dòng là một câu. Xóa bảy dòng ví dụ trước khi nhập. Giữ nguyên dòng tiêu đề; thứ tự cột đổi được."),
    ("Bắt buộc", "Câu hỏi, Đáp án; với câu chọn thì thêm các phương án từ A. Cột để trống lấy giá trị bạn chọn khi nhập."),
    ("Mã", "Chữ không dấu, số, dấu chấm, gạch: tối đa 40 ký tự. Nhập lại tệp có cùng mã sẽ thành phiên bản mới của câu đó."),
    ("Một đáp án", "A…H là phương án; Đáp án là một chữ: B. Điểm một phần cho phương án gần đúng: B; C = 50%."),
    ("Nhiều đáp án", "Đáp án: A; C. Cách chấm: Đúng hết mới có điểm, Chấm từng phần, hoặc Chấm theo tỉ lệ: A = 50%; C = 50%; B = -50%."),
    ("Đúng/Sai", "Để trống A…H. Đáp án: Đúng hoặc Sai."),
    ("Điền số", "Ô A là đơn vị (có thể trống). Đáp án: 34; có sai số: 12,5 ± 0,5; nhận thêm số khác: 34; 35 = 50%. Số 1.234 được đọc là 1234."),
    ("Trả lời ngắn", "Đáp án: các cách viết được nhận, cách nhau bằng dấu |. Cách chấm: Đúng dấu, Đúng chữ hoa, hoặc để trống."),
    ("Sắp xếp", "A…E là các mục theo thứ tự bất kỳ; Đáp án là thứ tự đúng: B > C > A."),
    ("Ghép cặp", "Mỗi ô A…E ghi: bên trái | bên phải. Để trống Đáp án nếu mỗi ô đã là một cặp đúng; nếu không, ghi A-B; B-A."),
    ("Đối tượng, Thẻ", "Ghi nhiều mục cách nhau bằng dấu chấm phẩy: Người dân; Cơ bản."),
    ("Dấu đặc biệt", "Muốn viết ; , | = như chữ thường trong một danh sách, đặt dấu \\ ở trước: \\;"),
    ("Excel đổi chữ", "10/10, 1-2 hay 50% dễ bị Excel đổi thành ngày hoặc số. Các ô của mẫu này đã đặt kiểu Văn bản; khi dán hãy chọn “Dán giá trị”."),
    ("Ô gộp", "Không gộp ô. Dòng có ô gộp ở câu hỏi, phương án hay đáp án sẽ bị trả lại."),
    ("Tiếng Anh", "Các cột (EN) là bản dịch: đủ câu hỏi và mọi phương án, cùng thứ tự; đáp án dùng chung."),
    ("Hình", "Hình trong bảng tính không đọc được. Thêm hình trong màn hình soạn, hoặc dùng tệp Word."),
    ("Cột Khác", "Máy ghi khi xuất tệp (hình, nhận xét…). Đừng sửa cột này."),
)  # fmt: skip


def template() -> bytes:
    """Return the workbook people download: sheet of questions with examples, sheet of help."""
    out = io.BytesIO()
    with new_book(out, "Mẫu nhập câu hỏi Thi Số") as book:
        example = book.add_format(
            {"font_color": "#5C534A", "italic": True, "text_wrap": True, "valign": "top", "num_format": "@"}
        )
        questions_sheet(book, [row_of(draft) for draft in EXAMPLES], first_look=example)
        help_sheet = book.add_worksheet("Hướng dẫn")
        help_sheet.set_column(0, 0, 20)
        help_sheet.set_column(1, 1, 110)
        head, bold = heading(book), book.add_format({"bold": True, "valign": "top"})
        wrap = book.add_format({"text_wrap": True, "valign": "top"})
        put(help_sheet, 0, 0, "Mục", head)
        put(help_sheet, 0, 1, "Cách ghi", head)
        for number, (name, words) in enumerate(HELP, 1):
            put(help_sheet, number, 0, name, bold)
            put(help_sheet, number, 1, words, wrap)
        help_sheet.freeze_panes(1, 0)
    return out.getvalue()
