"""What the API takes in: shapes and bounds here, meaning in the actions."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from applications.actions._checks import Finding
from applications.actions.decline import REASON_CLASSES
from applications.actions.deliver import RELATIONS, WAYS
from applications.actions.tell import TELLING_WAYS
from applications.api.shapes import COLOURS, STATUSES
from applications.domain.identity import IdKind
from applications.models import ApplicationMaterial
from applications.selectors.inbox import PILES
from halls.api.paging import PageQuery
from halls.domain.calendar import FIRST_YEAR, LAST_YEAR

LARGEST_SIGNATURE = 2_000_000


def _free_text(*, max_length: int = 4000, default: str = "", help_text: Any = None) -> serializers.CharField:
    """Words of a person: may be left out here; what must be said, the action says."""
    return serializers.CharField(
        required=False, allow_blank=True, default=default, max_length=max_length, help_text=help_text
    )


def _permit_end() -> serializers.DateField:
    """Of a renewal: the last day of the permit in hand; what it may be, the action says."""
    told = _("许可延续：原许可有效期的最后一天，提交时必填；其他事项留空")
    return serializers.DateField(required=False, allow_null=True, default=None, help_text=told)


class MomentField(serializers.DateTimeField):
    """A moment of the years that the calendar can reckon with; others overflow on their way through time zones."""

    default_error_messages = {
        "range": _("年份应在 %(first)s 到 %(last)s 之间。") % {"first": FIRST_YEAR, "last": LAST_YEAR}
    }

    def to_internal_value(self, value: Any) -> Any:
        try:
            moment = super().to_internal_value(value)
        except OverflowError:
            self.fail("range")
        if not FIRST_YEAR <= moment.year <= LAST_YEAR:
            self.fail("range")
        return moment


class ListQuery(PageQuery):
    status = serializers.ChoiceField(STATUSES, required=False)
    pile = serializers.ChoiceField(
        list(PILES), required=False, help_text="、".join(f"{k} {v}" for k, v in PILES.items())
    )
    light = serializers.ChoiceField(COLOURS, required=False)
    matter = serializers.CharField(required=False, max_length=64, help_text=_("事项编码"))
    hall = serializers.RegexField(r"^[0-9]{6}([0-9]{3}){0,2}$", required=False, help_text=_("收件大厅的代码，含下级"))
    due_before = MomentField(required=False, help_text=_("承诺到期早于"))
    q = serializers.CharField(required=False, max_length=40, help_text=_("办件编号，全号"))


class SearchBody(PageQuery):
    id_number = serializers.CharField(max_length=40, help_text=_("证件号，全号"))


class ParticularsBody(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=200)
    id_number = serializers.CharField(max_length=60)
    phone = serializers.CharField(required=False, allow_blank=True, default="", max_length=60)
    address = serializers.CharField(required=False, allow_blank=True, default="", max_length=1000)
    id_kind = serializers.ChoiceField([kind.value for kind in IdKind], required=False, default=IdKind.RESIDENT.value)


@extend_schema_field(OpenApiTypes.OBJECT)
class AnswersField(serializers.Field[Any, Any, Any, Any]):
    """The answers of a form: text, numbers and yes or no by name."""

    default_error_messages = {
        "not_a_mapping": _("应为名称和内容成对的 JSON 对象。"),
        "surrogate": _("含有不能保存的字符。"),
    }

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        if not isinstance(data, Mapping):
            self.fail("not_a_mapping")
        for key, value in data.items():
            if not _is_storable(key) or (isinstance(value, str) and not _is_storable(value)):
                self.fail("surrogate")
        return dict(data)


def _is_storable(text: str) -> bool:
    return "\0" not in text and not any("\ud800" <= letter <= "\udfff" for letter in text)


class FilingBody(serializers.Serializer[Any]):
    matter = serializers.CharField(max_length=64, help_text="NY-003")
    hall = serializers.CharField(max_length=12, help_text="500236272202")
    applicant = ParticularsBody(required=False, allow_null=True, default=None)
    form = AnswersField(required=False, default=dict)
    submit = serializers.BooleanField(required=False, default=True)
    permit_expires_on = _permit_end()


class Versioned(serializers.Serializer[Any]):
    """`version` is the one the caller saw; an older one than the case's is refused. If-Match says the same."""

    version = serializers.IntegerField(required=False, min_value=0, max_value=2**31 - 1)


class ApplicantBody(ParticularsBody, Versioned):
    pass


class FormBody(Versioned):
    form = AnswersField()
    permit_expires_on = _permit_end()


@extend_schema_field({"type": "object", "additionalProperties": {"type": "string"}})
class DeclaredField(serializers.Field[Any, Any, Any, Any]):
    default_error_messages = {"shape": _("应为材料行号和 have、later、not_needed、unknown 之一成对的 JSON 对象。")}

    def to_internal_value(self, data: Any) -> dict[int, str]:
        if not isinstance(data, Mapping):
            self.fail("shape")
        lines = {_line(key): value for key, value in data.items()}
        if None in lines or not set(map(str, lines.values())) <= set(ApplicationMaterial.Declared.values):
            self.fail("shape")
        return {seq: str(value) for seq, value in lines.items() if seq is not None}


class DeclarationBody(Versioned):
    materials = DeclaredField()


def _line(key: Any) -> int | None:
    """The number of a checklist line as a JSON key, or None."""
    text = str(key)
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 3 else None


@extend_schema_field(
    {
        "type": "object",
        "additionalProperties": {
            "oneOf": [
                {"type": "string", "enum": ["ok", "missing", "wrong", "not_needed"]},
                {
                    "type": "object",
                    "properties": {"result": {"type": "string"}, "reason": {"type": "string", "maxLength": 300}},
                    "required": ["result"],
                },
            ]
        },
        "example": {"1": "ok", "2": {"result": "missing", "reason": "缺户口簿第 3 页"}},
    }
)
class FindingsField(serializers.Field[Any, Any, Any, Any]):
    """What was found, by checklist line: "ok", or {"result": "missing", "reason": "…"}."""

    default_error_messages = {
        "shape": _("应为材料行号和结果成对的 JSON 对象；结果是 ok 这样的文字，或带 result、reason 的对象。"),
        "reason": _("每项的说明最多 300 字，不能含不能保存的字符。"),
    }

    def to_internal_value(self, data: Any) -> dict[int, Finding]:
        if not isinstance(data, Mapping):
            self.fail("shape")
        findings: dict[int, Finding] = {}
        for key, value in data.items():
            seq = _line(key)
            found = value if isinstance(value, Mapping) else {"result": value}
            result, reason = found.get("result"), found.get("reason", "")
            if seq is None or not isinstance(result, str) or not isinstance(reason, str):
                self.fail("shape")
            if len(reason) > 300 or not _is_storable(reason):
                self.fail("reason")
            findings[seq] = Finding(result, reason)
        return findings


class SubmitBody(Versioned):
    applicant_checked = serializers.BooleanField(required=False, default=False, help_text=_("申请人已核对填写的内容"))


class AcceptBody(Versioned):
    materials = FindingsField(required=False, default=dict)
    note = _free_text()


class CorrectionBody(Versioned):
    materials = FindingsField(required=False, default=dict)
    days = serializers.IntegerField(required=False, default=15, min_value=1, max_value=60)
    note = _free_text()


class NoteBody(Versioned):
    note = _free_text()


class OpinionBody(Versioned):
    opinion = _free_text()


class ReasonBody(Versioned):
    reason = _free_text(help_text=_("必填，申请人会看到"))


class DeclineBody(ReasonBody):
    reason_class = _free_text(max_length=40, help_text="、".join(REASON_CLASSES))
    competent_organ = _free_text(max_length=100, help_text=_("不属于本机关职权的，写明有权机关"))


class SuspendBody(NoteBody):
    days = serializers.IntegerField(required=False, allow_null=True, default=None, min_value=1, max_value=9999)
    was_told = serializers.BooleanField(required=False, default=False, help_text=_("已书面告知申请人所需时间"))


class ExtendBody(ReasonBody):
    days = serializers.IntegerField(min_value=1, max_value=9999, help_text=_("延长几个工作日，最多 10"))
    was_told = serializers.BooleanField(required=False, default=False, help_text=_("已将延长的理由告知申请人"))


class TellBody(NoteBody):
    way = _free_text(max_length=16, help_text="、".join(TELLING_WAYS))


class ResultBody(Versioned):
    result_number = _free_text(max_length=200)


class HandOverBody(Versioned):
    to_hall = _free_text(max_length=12, help_text=_("下一站大厅的代码"))


@extend_schema_field(OpenApiTypes.STR)
class PictureField(serializers.Field[Any, Any, Any, Any]):
    """A picture as data URL or plain base64; returns its bytes."""

    default_error_messages = {
        "shape": _("应为 base64 编码的图片，或 data:image/png;base64,…。"),
        "too_large": _("签名图片过大。"),
    }

    def to_internal_value(self, data: Any) -> bytes:
        if not isinstance(data, str):
            self.fail("shape")
        if len(data) > LARGEST_SIGNATURE:
            self.fail("too_large")
        encoded = data.partition("base64,")[2] if data.startswith("data:") else data
        try:
            return base64.b64decode(encoded, validate=True)
        except (binascii.Error, ValueError):
            self.fail("shape")


class DeliverBody(Versioned):
    way = _free_text(max_length=20, help_text="、".join(WAYS))
    receiver = _free_text(max_length=200)
    relation = _free_text(max_length=20, default=RELATIONS[0], help_text="、".join(RELATIONS))
    signature = PictureField(required=False, default=b"")
    tracking_number = _free_text(max_length=64)


class ImmediateBody(DeliverBody):
    materials = FindingsField(required=False, default=dict)


class RevealBody(serializers.Serializer[Any]):
    reason = _free_text(help_text=_("必填，会留下记录"))


class UploadBody(serializers.Serializer[Any]):
    file = serializers.FileField(max_length=255, allow_empty_file=True)
    version = serializers.IntegerField(required=False, min_value=0, max_value=2**31 - 1)


class LookUpBody(serializers.Serializer[Any]):
    number = serializers.CharField(max_length=40, help_text=_("办件编号，16 位"))
    code = serializers.CharField(max_length=40, help_text=_("查询码，8 位"))
