"""What is typed around a draft: a new matter, why it changes, the day it takes effect, a reason, a scenario."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from halls.domain.calendar import FIRST_YEAR, LAST_YEAR
from matters.actions.keep_scenario import MOST
from matters.actions.save_draft import LONGEST_REASON
from matters.domain.guide_files import PARTS
from matters.models import Matter

NO_DAY = _("请填日期，如 2026-03-02。")


class DayField(forms.DateField):
    """A day that a county can mean."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    default_error_messages = {"invalid": NO_DAY}

    def clean(self, value: Any) -> Any:
        day = super().clean(value)
        if day is not None and not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise forms.ValidationError(_("没有这样的日期。请核对年份。"))
        return day


class NewMatterForm(forms.Form):
    code = forms.CharField(
        label=_("事项编码"),
        max_length=64,
        help_text=_("如 NY-003。已有的编码，就打开那个事项的草稿。"),
        error_messages={"required": _("请填编码，如 NY-003。")},
    )
    department = forms.ChoiceField(
        label=_("主管部门"), required=False, error_messages={"invalid_choice": _("请在列表里选一个部门。")}
    )

    def __init__(self, *args: Any, bureaus: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        department = self.fields["department"]
        assert isinstance(department, forms.ChoiceField)
        department.choices = [("", _("请选择")), *bureaus]


class WhyForm(forms.Form):
    """Why the guide changes, and when the order to change it came in."""

    reason = forms.CharField(
        label=_("调整理由"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("依据哪个文件、为什么改；写进版本记录。"),
        error_messages={"required": _("请写明调整理由。")},
    )
    ordered_on = DayField(
        label=_("收到调整依据之日"), required=False, help_text=_("从这天起一个工作日内要在系统里调整到位。")
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


class VersionedForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)


class ApproveForm(VersionedForm):
    effective_on = DayField(
        label=_("施行日期"),
        required=False,
        help_text=_("不填就是今天：批准后立即发布；填以后的日期，到那天零点后发布。"),
    )


class DropForm(VersionedForm):
    reason = forms.CharField(
        label=_("放弃的理由"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("请写明为什么放弃。")},
    )


class GuideFileForm(VersionedForm):
    """A file for one material; the action looks at what it really is."""

    seq = forms.IntegerField(min_value=1, max_value=9999)
    part = forms.ChoiceField(choices=list(PARTS.items()))
    file = forms.FileField(
        label=_("文件"),
        error_messages={
            "required": _("没有选文件。请先选文件，再点上传。"),
            "empty": _("文件是空的（0 字节）。请重新选择文件。"),
        },
    )


class ScenarioForm(forms.Form):
    """A play of a case; the action reads it line by line."""

    name = forms.CharField(
        label=_("场景名"),
        max_length=60,
        help_text=_("例如：春节前受理。同名的会被改写；一个事项最多 %(n)d 个。") % {"n": MOST},
        error_messages={"required": _("请给场景起个名。")},
    )
    text = forms.CharField(
        label=_("剧本"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("第一行写何时在哪一级提交；以后每行一步，末尾可写“，应为：…”。"),
        error_messages={"required": _("请写剧本。")},
    )


class ClosingForm(forms.Form):
    """Pause, reopen, abolish: always with a reason."""

    reason = forms.CharField(
        label=_("理由"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("写明依据哪个文件；暂停的写明何时恢复。"),
        error_messages={"required": _("请写明理由。")},
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


class MergingForm(ClosingForm):
    into = forms.CharField(
        label=_("并入哪个事项"),
        max_length=64,
        help_text=_("填它的编码，在事项列表的第一列。"),
        error_messages={"required": _("请填另一个在用事项的编码。")},
    )
    field_order = ("into", "reason", "version")


class SigningForm(forms.Form):
    """Confirm or drop what somebody proposed: the proposal that the page showed."""

    closing_id = forms.IntegerField(widget=forms.HiddenInput)


class ApartForm(forms.Form):
    """Two matters are not one."""

    reason = forms.CharField(
        label=_("为什么不是同一个"),
        max_length=300,
        help_text=_("例如：一个是登记，一个是变更。"),
        error_messages={"required": _("请写明为什么不是同一个。"), "max_length": _("请精简到 300 字以内。")},
    )


class PickingForm(forms.Form):
    """Which of two matters goes on. The numbers of the guides that were compared go along."""

    into = forms.ChoiceField(
        label=_("保留哪一个"),
        widget=forms.RadioSelect,
        help_text=_("另一位事项管理员确认后，另一个并入它。"),
        error_messages={"required": _("请选保留哪一个。"), "invalid_choice": _("请在两个里选一个。")},
    )
    reason = forms.CharField(
        label=_("理由"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("写明依据哪个文件，为什么是同一个事项。"),
        error_messages={"required": _("请写明理由。")},
    )
    is_compared = forms.BooleanField(
        label=_("我已核对上面的不同之处，保留的指南把该有的都写上了"),
        error_messages={"required": _("请先核对两份指南的不同，再打勾。")},
    )

    def __init__(self, *args: Any, pair: Sequence[Matter], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        into = self.fields["into"]
        assert isinstance(into, forms.ChoiceField)
        into.choices = [(matter.code, f"{matter.code} {matter.name}") for matter in pair]
        for matter in pair:
            number = matter.current.number if matter.current else 0
            self.fields[f"seen_{matter.code}"] = forms.IntegerField(widget=forms.HiddenInput, initial=number)

    def seen(self, matter: Matter) -> int:
        """Return the number of the guide that this page showed."""
        return int(self.cleaned_data[f"seen_{matter.code}"])
