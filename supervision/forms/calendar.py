"""What is pasted, uploaded or typed to change a year of the work calendar."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from halls.domain.calendar import FIRST_YEAR, LAST_YEAR
from halls.domain.calendar_file import DOCUMENT_LENGTH, Arrangement, arrangement_of, read_arrangement
from halls.domain.notice_text import LONGEST, read_notice
from halls.forms import SpokenForm

LARGEST = 1_000_000  # bytes; a year has some 5,000
LONGEST_REASON = 500


class StateForm(SpokenForm):
    """The State Council's notice: its text, or the file of the year; `arrangement` is what an upload became."""

    text = forms.CharField(
        label=_("通知全文"),
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 14}),
        help_text=_("从中国政府网复制「国务院办公厅关于××××年部分节假日安排的通知」，连同标题、文号和落款一起粘贴。"),
    )
    file = forms.FileField(
        label=_("或上传文件"),
        required=False,
        help_text=_("通知全文的 .txt，或年度日历的 .json。上传的文件优先于上面的文字。"),
    )
    arrangement = forms.CharField(required=False, max_length=LARGEST, widget=forms.HiddenInput())

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        upload: UploadedFile[bytes] | None = values.get("file")
        if upload is not None and (upload.size or 0) > LARGEST:
            self.add_error("file", _("文件过大，不是放假安排。请上传 1 MB 以内的 .txt 或 .json。"))
        elif upload is not None and not upload.name.lower().endswith((".txt", ".json")):  # type: ignore[union-attr]
            self.add_error("file", _("只能读 .txt 或 .json。其他格式请打开后复制文字，粘贴到上面。"))
        elif upload is None and not values.get("text") and not values.get("arrangement"):
            self.add_error("text", _("请粘贴通知全文，或上传文件。"))
        return values

    def read(self) -> tuple[Arrangement, str]:
        """Return the year and the text it was read from ("" for a file of data). Raises Invalid."""
        values = self.cleaned_data
        upload: UploadedFile[bytes] | None = values.get("file")
        if upload is not None and str(upload.name).lower().endswith(".json"):
            return read_arrangement(upload.read()), ""
        if upload is not None:
            text = upload.read().decode("utf-8-sig", errors="replace")
            return read_notice(text), text
        if values.get("text"):
            return read_notice(values["text"]), values["text"]
        return arrangement_of(_parsed(values["arrangement"])), ""


class CountyForm(SpokenForm):
    """Single days that the county adds or takes, by a document of its own."""

    year = forms.IntegerField(
        label=_("年度"),
        min_value=FIRST_YEAR,
        max_value=LAST_YEAR,
        error_messages={"required": _("请填年度，如 2026。"), "invalid": _("请填四位数字的年度，如 2026。")},
    )
    document_no = forms.CharField(
        label=_("本县文件文号"),
        max_length=DOCUMENT_LENGTH // 2,
        help_text=_("如「奉节府发〔2026〕3号」。"),
        error_messages={"required": _("请填本县文件的文号，没有文件不能改动日历。")},
    )
    days = forms.CharField(
        label=_("增减的日期"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_(
            "每行一天：日期、放假（或上班、取消）、名称。如「2026-03-06 放假 县庆」。国家统一放假的日子不能改。"
        ),
        error_messages={"required": _("请每行写一天，如「2026-03-06 放假 县庆」。")},
    )


class ReasonForm(SpokenForm):
    """The reason beside a signature."""

    reason = forms.CharField(
        label=_("理由（会写进记录）"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("请写明理由：依据哪个文件、核对了什么。")},
    )


def _parsed(text: str) -> object:
    try:
        parsed: object = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return parsed
