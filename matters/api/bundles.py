"""Bundles (一件事) and circumstance questions: public, the same as the pages print."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from halls.api.base import PublicView
from halls.domain.errors import NotFound
from matters.domain.circumstances import answers_in, narrow, questions_of
from matters.selectors.bundles import bundle_of, open_bundles
from matters.selectors.published import published_record


class BundleSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    name = serializers.CharField()
    lead = serializers.CharField(source="lead.name")
    changed_at = serializers.DateTimeField()


class BundleMemberSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    name = serializers.CharField()
    stage = serializers.IntegerField(help_text="阶段；0 为可以一并考虑的事项")
    is_optional = serializers.BooleanField()
    condition = serializers.CharField()
    promised_days = serializers.IntegerField()
    department = serializers.CharField()
    takes_part = serializers.BooleanField()
    is_open = serializers.BooleanField(help_text="在办；暂停或取消的不算进天数和材料")
    is_sample = serializers.BooleanField(help_text="承诺时限为示例数据")


class MergedMaterialSerializer(serializers.Serializer[Any]):
    name = serializers.CharField(source="material.name")
    originals = serializers.IntegerField(source="material.originals")
    copies = serializers.IntegerField(source="material.copies")
    necessity = serializers.CharField(source="material.necessity")
    needed_by = serializers.ListField(child=serializers.CharField())
    made_by = serializers.CharField(help_text="由哪个成员事项产生，不用带；空为要带")


class BundleDetailSerializer(serializers.Serializer[Any]):
    code = serializers.CharField(source="record.code")
    name = serializers.CharField(source="record.name")
    lead = serializers.CharField()
    form = serializers.CharField(source="record.form")
    accept_levels = serializers.ListField(child=serializers.CharField(), source="record.accept_levels")
    conditions = serializers.ListField(child=serializers.CharField(), source="record.conditions")
    days = serializers.IntegerField(help_text="所选成员按阶段算出的工作日")
    members = BundleMemberSerializer(many=True)
    materials = MergedMaterialSerializer(many=True)


class BundleQuery(serializers.Serializer[Any]):
    m = serializers.CharField(
        required=False, allow_blank=True, max_length=400, help_text="参加的可选成员编码，用逗号隔开；不写为全部"
    )


class BundleListView(PublicView):
    @extend_schema(operation_id="bundles_list", responses=BundleSerializer(many=True), tags=["matters"])
    def get(self, request: Request) -> Response:
        return Response(BundleSerializer(open_bundles(), many=True).data)


class BundleView(PublicView):
    @extend_schema(
        operation_id="bundles_retrieve", parameters=[BundleQuery], responses=BundleDetailSerializer, tags=["matters"]
    )
    def get(self, request: Request, code: str) -> Response:
        query = self.query(BundleQuery)
        wanted = query["m"].split(",") if "m" in query else None
        found = bundle_of(code, wanted)
        if found is None:
            raise NotFound("没有这件一件事。")
        return Response(BundleDetailSerializer(found).data)


class OptionSerializer(serializers.Serializer[Any]):
    text = serializers.CharField()
    materials = serializers.ListField(child=serializers.CharField())
    refusal = serializers.CharField()


class QuestionSerializer(serializers.Serializer[Any]):
    text = serializers.CharField()
    options = OptionSerializer(many=True)


class CheckSerializer(serializers.Serializer[Any]):
    questions = QuestionSerializer(many=True)
    needed = serializers.ListField(child=serializers.CharField())
    undecided = serializers.ListField(child=serializers.CharField())
    spared = serializers.ListField(child=serializers.CharField())
    refusals = serializers.ListField(child=serializers.CharField())


class SelfCheckView(PublicView):
    @extend_schema(operation_id="matters_check", responses=CheckSerializer, tags=["matters"])
    def get(self, request: Request, code: str) -> Response:
        """Answers stand in the address: `q0=1` is the second option of the first question."""
        record = published_record(code)
        if record is None:
            raise NotFound("没有这个事项。")
        questions = questions_of(record)
        result = narrow(record, answers_in(request.query_params.dict(), questions))
        told = {
            "questions": questions,
            "needed": [material.name for material in result.needed],
            "undecided": [material.name for material in result.undecided],
            "spared": [material.name for material in result.spared],
            "refusals": result.refusals,
        }
        return Response(CheckSerializer(told).data)
