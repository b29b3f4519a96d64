"""Halls of the network: public."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from halls.api.base import PublicView
from halls.api.paging import Keyset, PageQuery, page_of
from halls.domain.errors import NotFound
from halls.models import Hall, Level
from halls.selectors.openings import opening_lines, openings_of
from halls.selectors.work_calendar import TODAY

BY_PATH = Keyset({"path": str})


class HallQuery(PageQuery):
    tier = serializers.ChoiceField(Level.choices, required=False)
    parent = serializers.RegexField(r"^[0-9]{6,12}$", required=False, help_text="上级大厅的代码")  # type: ignore[assignment]
    code = serializers.RegexField(r"^[0-9]{6,12}$", required=False)


class HallSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    name = serializers.CharField()
    short_name = serializers.CharField()
    tier = serializers.ChoiceField(Level.choices)
    tier_label = serializers.CharField(source="get_tier_display")
    parent = serializers.CharField(source="parent.code", default=None, allow_null=True)  # type: ignore[assignment]
    address = serializers.CharField()
    phone = serializers.CharField()


class WindowSerializer(serializers.Serializer[Any]):
    number = serializers.IntegerField()
    kind = serializers.CharField()
    kind_label = serializers.CharField(source="get_kind_display")


class DepartmentSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    name = serializers.CharField()
    kind = serializers.CharField()
    kind_label = serializers.CharField(source="get_kind_display")
    phone = serializers.CharField()


class HallDetailSerializer(HallSerializer):
    openings = serializers.ListField(
        child=serializers.CharField(), source="openings_today", help_text="今天执行的开放时间，没有公布的为空"
    )
    windows = WindowSerializer(many=True)
    departments = DepartmentSerializer(many=True, source="working_departments")


class HallListView(PublicView):
    @extend_schema(operation_id="halls_list", parameters=[HallQuery], responses=page_of(HallSerializer), tags=["halls"])
    def get(self, request: Request) -> Response:
        query = self.query(HallQuery)
        halls = Hall.objects.filter(retired_on__isnull=True).select_related("parent")
        for name, column in (("tier", "tier"), ("parent", "parent__code"), ("code", "code")):
            if name in query:
                halls = halls.filter(**{column: query[name]})
        return Response(BY_PATH.page(request, halls, query, lambda rows: HallSerializer(rows, many=True).data))


class HallView(PublicView):
    @extend_schema(operation_id="halls_retrieve", responses=HallDetailSerializer, tags=["halls"])
    def get(self, request: Request, code: str) -> Response:
        halls = Hall.objects.select_related("parent").prefetch_related("windows")
        halls = halls.annotate(hours=openings_of("pk", TODAY), today=TODAY)
        hall: Any = halls.filter(code=code, retired_on__isnull=True).first()
        if hall is None:
            raise NotFound
        hall.openings_today = opening_lines(hall.hours, hall.today)
        hall.working_departments = hall.departments.filter(retired_on__isnull=True)
        return Response(HallDetailSerializer(hall).data)
