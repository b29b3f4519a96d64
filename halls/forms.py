"""Forms about people and their sessions."""

from __future__ import annotations

from django.contrib.auth.forms import AuthenticationForm
from django.utils.translation import gettext_lazy as _


class LoginForm(AuthenticationForm):
    """One answer to every failure, so that it cannot be used to find out who has an account."""

    error_messages = {
        "invalid_login": _("用户名或密码不对。请看清大小写再输一遍；连续输错 5 次，这台电脑上要等 15 分钟。"),
        "inactive": _("用户名或密码不对。请看清大小写再输一遍；连续输错 5 次，这台电脑上要等 15 分钟。"),
    }

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["username"].label = _("用户名")
        self.fields["username"].error_messages = {"required": _("请输入用户名，由县里的系统管理员发给您。")}
        self.fields["password"].error_messages = {"required": _("请输入密码；忘记了请找系统管理员重设。")}
