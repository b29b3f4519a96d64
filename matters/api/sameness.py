"""八统一核对: the newest report, for whoever edits the catalogue or supervises."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from halls.api.base import StaffView
from halls.domain.errors import NotFound
from halls.selectors.work_calendar import read_moment
from matters.permissions import require_reader
from matters.selectors.sameness import is_silent, report_made

Output = serializers.Serializer[Any]


class SamenessSideSerializer(Output):
    code = serializers.CharField(help_text="事项或大厅的编码")
    name = serializers.CharField()
    words = serializers.CharField(help_text="这一方怎么写的，一行一项")


class SamenessDifferenceSerializer(Output):
    codes = serializers.ListField(child=serializers.CharField())
    why_same = serializers.CharField(help_text="凭什么认定是同一事项")
    element = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    sides = SamenessSideSerializer(many=True)


class SamenessSerializer(Output):
    made_at = serializers.DateTimeField()
    matters = serializers.IntegerField()
    halls = serializers.IntegerField()
    compared = serializers.IntegerField(help_text="真正比过的：与别的指南编码或名称相同的指南，和各大厅写的本厅信息")
    uncoded = serializers.IntegerField(help_text="没有基本编码、只能按名称比的指南")
    differences = serializers.IntegerField()
    found = SamenessDifferenceSerializer(many=True)
    is_silent = serializers.BooleanField(help_text="已经两天没有核对")


class SamenessView(StaffView):
    @extend_schema(
        operation_id="sameness_retrieve", summary="八统一核对的最近结果", responses=SamenessSerializer, tags=["guides"]
    )
    def get(self, request: Request) -> Response:
        require_reader(self.actor)
        report = report_made()
        if report is None:
            raise NotFound(_("还没有核对过。"))
        names = ("made_at", "matters", "halls", "compared", "uncoded", "differences", "found")
        shown = {name: getattr(report, name) for name in names}
        return Response(SamenessSerializer(shown | {"is_silent": is_silent(report, read_moment().at)}).data)
