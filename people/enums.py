"""Closed lists the whole house shares: kinds of units, roles, groups, purposes of consent."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class UnitKind(models.TextChoices):
    """What a unit is. The first five follow the administrative map in force since 1/7/2025."""

    NATION = "nation", _("Cả nước")
    PROVINCE = "province", _("Tỉnh, thành phố")
    WARD = "ward", _("Phường")
    COMMUNE = "commune", _("Xã")
    SPECIAL_ZONE = "special_zone", _("Đặc khu")
    ORGANISATION = "organisation", _("Cơ quan, đơn vị")


COMMUNE_KINDS = (UnitKind.WARD, UnitKind.COMMUNE, UnitKind.SPECIAL_ZONE)


class Role(models.TextChoices):
    """What a person may do within a scope; see people/domain/roles.py for the rights of each."""

    ORGANIZER = "organizer", _("Ban tổ chức")
    AUTHOR = "author", _("Người soạn câu hỏi")
    REVIEWER = "reviewer", _("Người duyệt câu hỏi")
    HOST = "host", _("Người dẫn chương trình")
    HELPER = "helper", _("Tổ công nghệ số cộng đồng")
    UNIT_OFFICER = "unit_officer", _("Cán bộ đầu mối đơn vị")
    AUDITOR = "auditor", _("Giám sát")


class Category(models.TextChoices):
    """Who a resident says they are; a contest's rule set maps categories to its own groups."""

    CITIZEN = "citizen", _("Người dân")
    OFFICIAL = "official", _("Cán bộ, công chức, viên chức")
    STUDENT = "student", _("Học sinh, sinh viên")
    ENTERPRISE = "enterprise", _("Người lao động, doanh nghiệp")
    FORCES = "forces", _("Lực lượng vũ trang")


class Purpose(models.TextChoices):
    """What consent is given for; each purpose is asked and may be withdrawn by itself."""

    TAKE_PART = "take_part", _("Tham gia cuộc thi")
    PUBLISH_NAME = "publish_name", _("Công bố tên khi đạt giải")


class CodePurpose(models.TextChoices):
    """What a one-time code opens; a code of one purpose never opens another."""

    SIGN_IN = "sign_in", _("Đăng nhập")
    ADD_CONTACT = "add_contact", _("Thêm cách liên lạc")
