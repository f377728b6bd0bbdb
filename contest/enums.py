"""Closed lists of contests: phases, states of attempts, kinds of jobs and certificates."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Phase(models.TextChoices):
    """Where a round stands. Derived from the clock and stored decisions, never stored itself."""

    DRAFT = "draft", _("Đang soạn")
    SCHEDULED = "scheduled", _("Sắp mở")
    OPEN = "open", _("Đang mở")
    CLOSING = "closing", _("Đã hết giờ, đang chốt kết quả")
    REVIEW = "review", _("Chờ công bố")
    PUBLISHED = "published", _("Đã công bố")
    CANCELLED = "cancelled", _("Đã hủy")


class AttemptState(models.TextChoices):
    """``open`` may be answered; the other two are final. ``expired`` was closed by time, not by the person."""

    OPEN = "open", _("Đang làm")
    SUBMITTED = "submitted", _("Đã nộp")
    EXPIRED = "expired", _("Hết giờ")


class EntryStatus(models.TextChoices):
    """Whether an entry counts: ranked, played without rank (organizers and helpers), or barred."""

    RANKED = "ranked", _("Được xếp hạng")
    UNRANKED = "unranked", _("Không xếp hạng")
    BARRED = "barred", _("Không được công nhận")


class JobKind(models.TextChoices):
    SCORE = "score", _("Chấm bài")
    CLOSE = "close", _("Chốt kết quả")
    REGRADE = "regrade", _("Chấm lại")
    CERTIFICATES = "certificates", _("Làm giấy chứng nhận")
    BOARD = "board", _("Dựng lại bảng xếp hạng")
    DEMO = "demo", _("Thêm dữ liệu dùng thử")


class JobState(models.TextChoices):
    WAITING = "waiting", _("Đang chờ")
    RUNNING = "running", _("Đang chạy")
    DONE = "done", _("Xong")
    FAILED = "failed", _("Chưa xong")


class CertificateKind(models.TextChoices):
    PARTICIPANT = "participant", _("Giấy chứng nhận tham gia")
    WINNER = "winner", _("Giấy chứng nhận đạt giải")
    UNIT = "unit", _("Giấy chứng nhận tập thể")


class CreditState(models.TextChoices):
    """Whether an invitation counts for who invited. ``held`` waits for a person; ``lost`` was decided about, but the
    invited person no longer counts as one who finished."""

    COUNTED = "counted", _("Được tính")
    HELD = "held", _("Đang xem xét")
    REFUSED = "refused", _("Không được tính")
    LOST = "lost", _("Không còn hiệu lực")
