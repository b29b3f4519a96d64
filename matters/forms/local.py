"""Forms of the catalogue."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class LocalForm(forms.Form):
    """The local elements of a matter in one hall; the action checks them."""

    window = forms.CharField(label=_("窗口"), required=False, help_text=_("例如：2 号综合窗口"))
    place = forms.CharField(label=_("办理地点"), required=False, help_text=_("和大厅地址不同才填，例如：二楼民政办"))
    hours = forms.CharField(label=_("办理时间"), required=False, help_text=_("和大厅开放时间不同才填"))
    phone = forms.CharField(label=_("咨询电话"), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)


class LocalStateForm(forms.Form):
    reason = forms.CharField(
        label=_("暂停的理由"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("群众会看到，请写明何时恢复、这期间到哪里办。"),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)
