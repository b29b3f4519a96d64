"""Forms of the catalogue."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from matters.forms.draft import DayField


class LocalForm(forms.Form):
    """The local elements of a matter in one hall; the action checks them."""

    window = forms.CharField(label=_("窗口"), required=False, help_text=_("例如：2 号综合窗口"))
    place = forms.CharField(label=_("办理地点"), required=False, help_text=_("和大厅地址不同才填，例如：二楼民政办"))
    hours = forms.CharField(
        label=_("办理时间"), required=False, help_text=_("和大厅开放时间不同才填，例如：周一至周五 9:00–12:00")
    )
    phone = forms.CharField(label=_("咨询电话"), required=False, help_text=_("例如：023-56560001；几个号码用顿号隔开"))
    version = forms.IntegerField(widget=forms.HiddenInput)


class NeededText(forms.CharField):
    """A text that must be there, which the action demands in its own words; the page does not call it optional."""

    def validate(self, value: object) -> None:
        """Leave it to the action."""


class NeededDay(DayField):
    def validate(self, value: object) -> None:
        """Leave it to the action."""


class NeededNumber(forms.IntegerField):
    def validate(self, value: object) -> None:
        """Leave it to the form: a number, or the other answer."""


class PromiseForm(forms.Form):
    """A hall's own, shorter promise; the action checks it against the guide."""

    days = NeededNumber(
        label=_("本厅承诺几个工作日"),
        error_messages={"invalid": _("请填整数，如 5。")},
        help_text=_("比办事指南短；收回本厅承诺的，请选下面的“按办事指南”"),
    )
    as_guide = forms.BooleanField(label=_("按办事指南，收回本厅承诺"), required=False)
    effective_on = NeededDay(label=_("施行日期"), help_text=_("最早明天；从这天起受理的办件按它计算"))
    reason = NeededText(
        label=_("理由"),
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("群众会看到，例如：并联审查，不再逐级报送"),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if "days" in data and data["days"] is None and not data.get("as_guide"):
            self.add_error("days", _("请填本厅承诺的工作日数，或选“按办事指南”。"))
        elif data.get("days") is not None and data.get("as_guide"):
            self.add_error("as_guide", _("填了天数又选了“按办事指南”。请只留一样。"))
        return data


class LocalStateForm(forms.Form):
    reason = NeededText(
        label=_("暂停的理由"),
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("群众会看到，请写明何时恢复、这期间到哪里办。"),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)
