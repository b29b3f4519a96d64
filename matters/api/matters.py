"""The catalogue: public, the same guides that the pages print."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from halls.api.base import PublicView
from halls.api.paging import Keyset, PageQuery, page_of
from halls.domain.errors import NotFound
from halls.models import Level
from matters.models import MatterVersion
from matters.selectors.guide import published_guide
from matters.selectors.search import find_matters

BY_PINYIN = Keyset({"sort_key": str, "code": str})


class MatterQuery(PageQuery):
    q = serializers.CharField(
        required=False, max_length=60, help_text="名称、别名、拼音、首字母、主题或部门；最相符的在前，只给一页"
    )
    tier = serializers.ChoiceField(Level.choices, required=False, help_text="在这一级大厅能办的")
    theme = serializers.CharField(required=False, max_length=32)
    department = serializers.CharField(required=False, max_length=32, help_text="部门代码")


class MatterSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    name = serializers.CharField()
    theme = serializers.CharField()
    department = serializers.CharField(source="department.name")
    handling = serializers.ChoiceField(MatterVersion.Handling.choices, source="current.handling")
    promised_days = serializers.IntegerField(source="current.promised_days")
    is_sample = serializers.BooleanField(source="current.is_sample", help_text="承诺时限为示例数据")
    accept_levels = serializers.ListField(child=serializers.CharField(), source="current.accept_levels")


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
    paused_on = serializers.DateField(allow_null=True)


class MatterListView(PublicView):
    @extend_schema(
        operation_id="matters_list", parameters=[MatterQuery], responses=page_of(MatterSerializer), tags=["matters"]
    )
    def get(self, request: Request) -> Response:
        query = self.query(MatterQuery)
        words = query.get("q", "")
        found = find_matters(
            words, tier=query.get("tier"), theme=query.get("theme"), department=query.get("department")
        )
        if words.strip():
            rows = MatterSerializer(found[: query["page_size"]], many=True).data
            return Response({"results": rows, "next": None, "previous": None})
        return Response(BY_PINYIN.page(request, found, query, lambda rows: MatterSerializer(rows, many=True).data))


class MatterView(PublicView):
    @extend_schema(operation_id="matters_retrieve", responses=GuideSerializer, tags=["matters"])
    def get(self, request: Request, code: str) -> Response:
        guide = published_guide(code)
        if guide is None:
            raise NotFound("没有这个事项。")
        return Response(GuideSerializer(guide).data)
