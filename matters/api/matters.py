"""The catalogue: public, the same guides that the pages print."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.http import HttpResponseBase
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request

from halls.api.base import PublicView
from halls.api.paging import Keyset, PageQuery, page_of
from halls.domain.calendar import FIRST_YEAR, LAST_YEAR
from halls.domain.errors import NotFound
from halls.models import Level
from matters.api.record_shape import RecordSerializer
from matters.api.unchanged import NOT_MODIFIED, answer_unless_known
from matters.domain.catalogue import COMPOSABLE
from matters.domain.catalogue_writer import as_dict
from matters.domain.draft_reader import read_draft
from matters.models import Matter, MatterVersion
from matters.selectors.guide import Guide, published_guide
from matters.selectors.search import changed_since, find_matters

BY_PINYIN = Keyset({"sort_key": str, "code": str})
BY_CHANGE = Keyset({"changed_at": datetime, "code": str})


class MatterQuery(PageQuery):
    q = serializers.CharField(
        required=False, max_length=60, help_text="名称、别名、拼音、首字母、主题或部门；最相符的在前，只给一页"
    )
    tier = serializers.ChoiceField(Level.choices, required=False, help_text="在这一级大厅能办的")
    theme = serializers.CharField(required=False, max_length=32)
    department = serializers.CharField(required=False, max_length=32, help_text="部门代码")
    updated_since = serializers.DateTimeField(
        required=False,
        help_text="变动清单：这一刻起有变动的全部事项，含暂停和取消的，按变动先后；不能与其他条件同用。"
        "请记下最后一行的 changed_at 供下次使用",
    )

    def validate_updated_since(self, value: datetime) -> datetime:
        if not FIRST_YEAR <= value.year <= LAST_YEAR:
            raise serializers.ValidationError(_("没有这样的时间。"))
        return value

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        others = [name for name in ("q", "tier", "theme", "department") if attrs.get(name)]
        if "updated_since" in attrs and others:
            raise serializers.ValidationError({"updated_since": _("变动清单不能与其他条件同用。")})
        return attrs


class MatterLinkSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    name = serializers.CharField()


class MatterSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    name = serializers.CharField()
    theme = serializers.CharField()
    department = serializers.CharField(source="department.name")
    handling = serializers.ChoiceField(MatterVersion.Handling.choices, source="current.handling")
    promised_days = serializers.IntegerField(source="current.promised_days")
    is_sample = serializers.BooleanField(source="current.is_sample", help_text="承诺时限为示例数据")
    accept_levels = serializers.ListField(child=serializers.CharField(), source="current.accept_levels")
    version = serializers.IntegerField(source="current.number")
    standing = serializers.CharField(help_text="open 在用、paused 暂停、abolished 取消")
    paused_on = serializers.DateField(allow_null=True)
    abolished_on = serializers.DateField(allow_null=True)
    closing_reason = serializers.CharField(help_text="暂停或取消的理由")
    merged_into = MatterLinkSerializer(allow_null=True)
    changed_at = serializers.DateTimeField()


class FigureSerializer(serializers.Serializer[Any]):
    text = serializers.CharField()
    basis = serializers.CharField()
    is_sample = serializers.BooleanField()
    note = serializers.CharField()


class GuideMaterialSerializer(serializers.Serializer[Any]):
    seq = serializers.IntegerField()
    name = serializers.CharField()
    copies = serializers.CharField()
    necessity = serializers.CharField()
    necessity_label = serializers.CharField()
    necessity_note = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]
    is_shareable = serializers.BooleanField()
    has_template = serializers.BooleanField()
    note = serializers.CharField()
    source_is_sample = serializers.BooleanField(help_text="来源为示例数据")
    note_is_sample = serializers.BooleanField(help_text="说明为示例数据")


class GuideStepSerializer(serializers.Serializer[Any]):
    seq = serializers.IntegerField()
    name = serializers.CharField()
    level = serializers.CharField()
    level_label = serializers.CharField()
    organ = serializers.CharField()
    kind_label = serializers.CharField()
    time = serializers.CharField()
    counts = serializers.BooleanField()
    is_decision = serializers.BooleanField()


class HallPromiseSerializer(serializers.Serializer[Any]):
    hall = serializers.CharField(help_text="大厅代码")
    hall_name = serializers.CharField()
    days = serializers.IntegerField(help_text="承诺时限（工作日），比办事指南的短")
    since = serializers.DateField(help_text="施行日期；由这个大厅从这天起受理的办件按它计算")
    is_in_force = serializers.BooleanField(help_text="已到施行之日")
    is_withdrawal = serializers.BooleanField(help_text="自施行之日起不再另作承诺，按办事指南")
    compression = serializers.IntegerField(help_text="比法定时限压缩的百分比；不能比较的为 0")
    reason = serializers.CharField()


class GuideSerializer(serializers.Serializer[Any]):
    """The published guide of a matter; texts are ready to print."""

    code = serializers.CharField()
    name = serializers.CharField()
    aliases = serializers.ListField(child=serializers.CharField())
    kind = serializers.CharField()
    theme = serializers.CharField()
    department = serializers.CharField()
    department_code = serializers.CharField()
    handling = serializers.CharField()
    handling_label = serializers.CharField()
    service_objects = serializers.CharField()
    decision_level = serializers.CharField()
    decision_label = serializers.CharField()
    places = serializers.ListField(child=serializers.CharField())
    promise = FigureSerializer()
    hall_promises = HallPromiseSerializer(many=True, help_text="承诺得更短的大厅，含已公布还没有施行的")
    uncounted = serializers.CharField()
    statute = FigureSerializer()
    fee = serializers.CharField()
    fee_basis = serializers.CharField()
    materials = GuideMaterialSerializer(many=True)
    conditions = serializers.ListField(child=serializers.CharField())
    steps = GuideStepSerializer(many=True)
    legal_bases = serializers.ListField(child=serializers.CharField())
    result = serializers.CharField()
    result_kind = serializers.CharField()
    result_validity = serializers.CharField()
    onsite_visits = serializers.IntegerField(allow_null=True)
    notes = serializers.CharField()
    version = serializers.IntegerField()
    published_at = serializers.DateTimeField()
    effective_on = serializers.DateField(allow_null=True)
    changed_at = serializers.DateTimeField()
    standing = serializers.CharField(help_text="open 在用、paused 暂停、abolished 取消")
    paused_on = serializers.DateField(allow_null=True)
    abolished_on = serializers.DateField(allow_null=True)
    closing_reason = serializers.CharField()
    successor = MatterLinkSerializer(allow_null=True, help_text="并入后现在办理的事项")
    samples = serializers.ListField(
        child=serializers.CharField(), source="composed", help_text=f"时限以外为示例数据的要素：{'、'.join(COMPOSABLE)}"
    )
    record = serializers.SerializerMethodField(help_text="指南的全部要素")

    @extend_schema_field(RecordSerializer)
    def get_record(self, guide: Guide) -> dict[str, Any]:
        record, _faults = read_draft(guide.content)
        return dict(RecordSerializer(as_dict(record)).data)


class MatterListView(PublicView):
    @extend_schema(
        operation_id="matters_list",
        parameters=[MatterQuery],
        responses={200: page_of(MatterSerializer), 304: NOT_MODIFIED},
        tags=["matters"],
    )
    def get(self, request: Request) -> HttpResponseBase:
        return answer_unless_known(request, self._page(request))

    def _page(self, request: Request) -> dict[str, Any]:
        query = self.query(MatterQuery)
        if "updated_since" in query:
            return BY_CHANGE.page(request, changed_since(query["updated_since"]), query, _rows)
        words = query.get("q", "")
        found = find_matters(
            words, tier=query.get("tier"), theme=query.get("theme"), department=query.get("department")
        )
        found = found.select_related("merged_into").defer("current__content")
        if words.strip():
            return {"results": _rows(found[: query["page_size"]]), "next": None, "previous": None}
        return BY_PINYIN.page(request, found, query, _rows)


def _rows(matters: Iterable[Matter]) -> Any:
    return MatterSerializer(matters, many=True).data


class MatterView(PublicView):
    @extend_schema(
        operation_id="matters_retrieve", responses={200: GuideSerializer, 304: NOT_MODIFIED}, tags=["matters"]
    )
    def get(self, request: Request, code: str) -> HttpResponseBase:
        guide = published_guide(code)
        if guide is None:
            raise NotFound("没有这个事项。")
        return answer_unless_known(request, GuideSerializer(guide).data)
