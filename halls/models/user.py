"""People who log in."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(username=username)


class User(AbstractBaseUser):
    """An account. `person_code` names the human being behind it.

    Separation of duties compares persons, not accounts: whoever accepted a case may not decide it
    under a second login either. There is deliberately no superuser: every right is a duty.
    """

    username = models.CharField(_("用户名"), max_length=64, unique=True)
    full_name = models.CharField(_("姓名"), max_length=64)
    person_code = models.CharField(_("人员编号"), max_length=32, db_index=True)
    # Where reminders go; nobody has to give one, messages inside the system always arrive.
    phone = models.CharField(_("手机号"), max_length=20, blank=True, default="", db_default="")
    is_active = models.BooleanField(_("在用"), default=True)
    is_demo = models.BooleanField(_("演示账号"), default=False)
    created_at = models.DateTimeField(_("建立时间"), auto_now_add=True)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["full_name", "person_code"]

    objects = UserManager()
    history = HistoricalRecords(excluded_fields=["password", "last_login"])

    class Meta:
        verbose_name = _("用户")
        verbose_name_plural = _("用户")

    def __str__(self) -> str:
        return self.full_name
