"""What every form says when something is wrong with a field, and the form to log in."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from halls.domain.errors import DomainError, Invalid
from halls.files import MAX_BYTES, refuse_size

# By the kind of field, the nearest first; %(label)s is the field, every other name is Django's own.
WORDS: dict[type[forms.Field], dict[str, Any]] = {
    forms.BooleanField: {"required": _("还没有勾选「%(label)s」。做到了再勾选；没有做到的，先不要提交。")},
    forms.ChoiceField: {
        "required": _("请在「%(label)s」里选一项。"),
        "invalid_choice": _("「%(label)s」里没有“%%(value)s”这个选项，请重新选择。"),
    },
    forms.IntegerField: {
        "invalid": _("「%(label)s」只能填整数，请改成 5 这样的数字。"),
        "min_value": _("「%(label)s」不能小于 %%(limit_value)s，请改大。"),
        "max_value": _("「%(label)s」不能大于 %%(limit_value)s，请改小。"),
    },
    forms.DateField: {"invalid": _("「%(label)s」请写成 2026-03-02 这样的日期。")},
    forms.FileField: {
        "required": _("请选择「%(label)s」的文件。"),
        "invalid": _("「%(label)s」没有传上来，请重新选择文件。"),
        "missing": _("「%(label)s」没有传上来，请重新选择文件。"),
        "empty": _("「%(label)s」是空文件，请重新选择文件。"),
        "max_length": _("「%(label)s」的文件名太长，请改短到 %%(max)d 个字以内再传。"),
    },
    forms.CharField: {
        "max_length": _("「%(label)s」最多 %%(limit_value)d 个字，现在有 %%(show_value)d 个，请精简。"),
        "min_length": _("「%(label)s」至少 %%(limit_value)d 个字，现在有 %%(show_value)d 个，请写完整。"),
        "null_characters_not_allowed": _("「%(label)s」里有看不见的控制字符，请删掉，重新输入。"),
    },
    forms.Field: {"required": _("请填写「%(label)s」。")},
}
# A field that nobody sees: what is wrong with it is the page.
UNSEEN = _("这一页不完整或已经过期，没有保存。请返回后重新打开这一页再填。")


class SpokenForm(forms.Form):
    """A form whose every fault names its field and says the cure, in our own words."""

    def full_clean(self) -> None:
        for field in self.fields.values():
            speak(field)
        super().full_clean()


def explain(form: forms.BaseForm, refusal: DomainError) -> None:
    """Put every problem of a refusal where its field is, with the cure; what has no field stands above the form."""
    problems = refusal.problems if isinstance(refusal, Invalid) else ()
    for problem in problems or (refusal,):
        form.add_error(problem.field if problem.field in form.fields else None, f"{problem.message}{problem.cure}")


def speak(field: forms.Field) -> None:
    """Put our words in the place of the framework's; what a form says itself stays."""
    framework: dict[str, Any] = {}
    for kind in reversed(type(field).__mro__):
        framework |= getattr(kind, "default_error_messages", {})
    for kind in type(field).__mro__:
        for code, words in WORDS.get(kind, {}).items():
            said = field.error_messages.get(code)
            if said is None or said is framework.get(code):
                unseen = field.widget.is_hidden
                field.error_messages[code] = UNSEEN if unseen else words % {"label": field.label or _("这一项")}


class SeveralFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class SeveralFiles(forms.FileField):
    """Every chosen file, in order; none is a choice too. Refused are more than `most`, in the words of `too_many`."""

    widget = SeveralFilesInput

    def __init__(self, *args: Any, most: int, too_many: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.most, self.too_many = most, too_many

    def clean(self, data: Any, initial: Any = None) -> Any:
        given = data if isinstance(data, list | tuple) else [data] if data else []
        chosen = [super(SeveralFiles, self).clean(one, initial) for one in given]
        if len(chosen) > self.most:
            raise forms.ValidationError(self.too_many % {"n": self.most})
        for one in chosen:
            if (one.size or 0) > MAX_BYTES:
                fault = refuse_size(one.size or 0)
                raise forms.ValidationError(f"{one.name}：{fault.message}{fault.cure}")
        return chosen


def read_whole(chosen: Iterable[UploadedFile[bytes]]) -> list[tuple[str, bytes]]:
    """Name and bytes of each, as the actions take them."""
    return [(one.name or "", one.read()) for one in chosen]


class LoginForm(SpokenForm, AuthenticationForm):
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
