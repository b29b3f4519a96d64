"""What a villager types to see where a case is."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from halls.forms import SpokenForm


class ProgressForm(SpokenForm):
    number = forms.CharField(
        label=_("办件编号"),
        max_length=40,
        widget=forms.TextInput(attrs={"class": "id-number", "inputmode": "numeric", "autocomplete": "off"}),
        help_text=_("回执上的 16 位数字，中间有没有空格都行。"),
        error_messages={"required": _("请照回执输入 16 位办件编号。")},
    )
    code = forms.CharField(
        label=_("查询码"),
        max_length=40,
        widget=forms.TextInput(
            attrs={"class": "id-number", "autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
        help_text=_("回执上的 8 个字母和数字，大写小写都行。"),
        error_messages={"required": _("请照回执输入 8 位查询码。")},
    )
