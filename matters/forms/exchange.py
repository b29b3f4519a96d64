"""A file of matters, and the confirmation of what it would do."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from matters.actions.save_draft import LONGEST_REASON
from matters.domain.catalogue_file import MAX_BYTES
from matters.forms.draft import DayField


class UploadForm(forms.Form):
    file = forms.FileField(
        label=_("事项文件"),
        help_text=_("本系统导出的 Excel（xlsx）或 JSON，改好再传。表里没有的列和表，按现行指南不变。"),
        error_messages={"required": _("请选择文件。"), "empty": _("文件是空的。请重新导出，改好再传。")},
    )

    def clean_file(self) -> object:
        upload = self.cleaned_data["file"]
        if (upload.size or 0) > MAX_BYTES:
            raise forms.ValidationError(_("文件超过 16 MB。请分几次导入。"))
        return upload


class ConfirmForm(forms.Form):
    """`plan` is what was shown, signed, so that what is written is what was read."""

    reason = forms.CharField(
        label=_("调整理由"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("依据哪个文件；写进每一份草稿。"),
        error_messages={"required": _("请写明调整理由。")},
    )
    ordered_on = DayField(label=_("收到调整依据之日"), required=False)
    plan = forms.CharField(widget=forms.HiddenInput)
