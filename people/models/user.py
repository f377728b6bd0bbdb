"""The account that signs in: by phone or e-mail and a one-time code, or by password for staff."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.utils.translation import gettext_lazy as _

from people.ids import PUBLIC_ID_LENGTH, new_public_id
from people.phones import show_phone
from people.text import tidy


class UserManager(BaseUserManager["User"]):
    """Creates accounts; ``username`` is made up when a resident has none."""

    use_in_migrations = True

    def create_user(self, username: str = "", *, password: str | None = None, **fields: Any) -> User:
        user = self.model(username=username or new_public_id(), **fields)
        user.full_name = tidy(user.full_name)
        if password:
            user.set_password(password)
        else:
            user.set_unusable_password()
        user.save(using=self._db)
        return user

    def create_superuser(self, username: str, *, password: str | None = None, **fields: Any) -> User:
        return self.create_user(username, password=password, is_staff=True, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """One person's account. ``phone`` is E.164 (+84…), unique where present; names are one field."""

    public_id = models.CharField(max_length=PUBLIC_ID_LENGTH, unique=True, default=new_public_id, editable=False)
    username = models.CharField(_("Tên đăng nhập"), max_length=150, unique=True)
    full_name = models.CharField(_("Họ và tên"), max_length=100, blank=True)
    email = models.EmailField(_("Thư điện tử"), blank=True)
    phone = models.CharField(_("Số điện thoại"), max_length=16, null=True, blank=True, unique=True)
    phone_verified = models.BooleanField(default=False)
    language = models.CharField(_("Ngôn ngữ"), max_length=5, default="vi")
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    date_joined = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = UserManager()

    class Meta:
        verbose_name = _("tài khoản")
        verbose_name_plural = _("tài khoản")

    def __str__(self) -> str:
        return self.get_full_name()

    def get_full_name(self) -> str:
        """The name; before there is one, what its owner came in with (a made-up username says nothing to anybody)."""
        return self.full_name or show_phone(self.phone) or self.email or self.username

    def get_short_name(self) -> str:
        """The given name, which Vietnamese puts last; before there is one, a few characters its owner knows."""
        if self.full_name:
            return self.full_name.rsplit(" ", 1)[-1]
        return f"…{self.phone[-3:]}" if self.phone else self.get_full_name()[:10]
