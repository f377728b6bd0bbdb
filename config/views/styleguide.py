"""Every component with long names and in every state, for the eye (docs/design.md). Development and staff only."""

from __future__ import annotations

import time
from typing import Final

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

LONG_NAME: Final = "Nguyễn Phước Thiên Hương Bảo Châu"
LONG_UNIT: Final = "Ủy ban Mặt trận Tổ quốc Việt Nam xã Tân Thạnh Đông"

ROWS: Final = [
    {"rank": 1, "name": "N. P. T. H. Bảo Châu", "unit": LONG_UNIT, "points": "19,5", "time": 412},
    {"rank": 2, "name": "T. Minh Khuê", "unit": "Phường Bến Nghé", "points": "19", "time": 388},
    {"rank": 2, "name": "L. Đ. Khoa", "unit": "Trường THPT Chuyên Lê Hồng Phong", "points": "19", "time": 388},
    {"rank": 4, "name": "P. Ngọc Ánh", "unit": "Xã Vĩnh Lộc", "points": "18,5", "time": 501},
    {"rank": 5, "name": "H. Văn Út", "unit": "Phường Mỹ Tho", "points": "18", "time": 377},
]

OPTIONS: Final = [
    "Cổng Dịch vụ công quốc gia",
    "Trang thông tin điện tử của Ủy ban nhân dân cấp tỉnh nơi người dân đăng ký thường trú",
    "Ứng dụng VNeID",
    "Nộp hồ sơ giấy",
    "Bộ phận Một cửa",
    "Bưu điện văn hóa xã",
]


class SampleForm(forms.Form):
    """Fields of every kind the design system draws."""

    full_name = forms.CharField(label="Họ và tên", help_text="Ghi như trên căn cước, có dấu.", max_length=100)
    birth_year = forms.IntegerField(label="Năm sinh", min_value=1920, max_value=2020)
    phone = forms.CharField(label="Số điện thoại", required=False, widget=forms.TextInput(attrs={"inputmode": "tel"}))
    province = forms.ChoiceField(
        label="Tỉnh, thành phố", choices=[("79", "Thành phố Hồ Chí Minh"), ("82", "Đồng Tháp")]
    )
    note = forms.CharField(label="Lời nhắn", required=False, widget=forms.Textarea(attrs={"rows": 3}))
    group = forms.ChoiceField(
        label="Bảng thi",
        choices=[("a", "Học sinh"), ("b", "Cán bộ, công chức"), ("c", "Người dân")],
        widget=forms.RadioSelect,
    )
    consent = forms.BooleanField(
        label="Tôi đồng ý để Ban tổ chức dùng họ tên, năm sinh và đơn vị của tôi để xếp hạng.",
        help_text="Bạn có thể rút lại bất cứ lúc nào ở Trang của tôi.",
    )


@require_safe
def styleguide(request: HttpRequest) -> HttpResponse:
    """``?man=chieu`` shows the projector, ``?man=quan-ly`` the console."""
    if not (settings.DEBUG or getattr(request.user, "is_staff", False)):
        raise Http404
    screen = request.GET.get("man", "")
    now = time.time()
    context = {
        "long_name": LONG_NAME,
        "long_unit": LONG_UNIT,
        "rows": ROWS,
        "own_row": {"rank": 1208, "name": LONG_NAME, "unit": LONG_UNIT, "points": "14,25", "time": 899},
        "options": OPTIONS,
        "now": now,
        "deadline": now + 532,
        "form": SampleForm(),
        "bad_form": SampleForm({"full_name": "", "birth_year": "1800", "group": "a"}),
        "arts": ("empty", "offline", "late", "full", "error", "lost", "denied", "wait", "won"),
        "bars": [(LONG_UNIT, 1204), ("Phường Bến Nghé", 861, "72% chỉ tiêu"), ("Xã Vĩnh Lộc", 140)],
        "columns": [
            (str(score), count, score == 14)
            for score, count in enumerate([0, 1, 2, 2, 5, 9, 14, 22, 31, 40, 52, 47, 39, 28, 17, 6])
        ],
        "votes": [
            (0, OPTIONS[0], 212, True),
            (1, "Trang thông tin điện tử", 74, False),
            (2, OPTIONS[2], 130, False),
            (3, OPTIONS[3], 9, False),
        ],
        "qmap": [(n, "answered" if n % 3 else "empty", n in {4, 9}, n == 6) for n in range(1, 16)],
    }
    templates = {"chieu": "styleguide_projector.html", "quan-ly": "styleguide_console.html"}
    return render(request, templates.get(screen, "styleguide.html"), context)
