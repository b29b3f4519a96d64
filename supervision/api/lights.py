"""Lights of the cases in the actor's scope."""

from __future__ import annotations

from collections import Counter
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from applications.selectors.light_counts import SHOWN, light_counts
from halls.api.base import StaffView
from halls.domain.duties import Duty
from halls.models import Hall, Level
from halls.selectors.work_calendar import read_moment
from supervision.selectors.supervised import own_desk


class CountsSerializer(serializers.Serializer[Any]):
    red = serializers.IntegerField()
    yellow = serializers.IntegerField()
    green = serializers.IntegerField()
    paused = serializers.IntegerField()
    none = serializers.IntegerField()


class TownshipLightsSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    name = serializers.CharField()
    counts = CountsSerializer()


class LightsSerializer(serializers.Serializer[Any]):
    at = serializers.DateTimeField()
    counts = CountsSerializer()
    townships = TownshipLightsSerializer(many=True, help_text="按收件的乡镇，县大厅收的件另列一行；只给监察岗位")


class LightsView(StaffView):
    @extend_schema(operation_id="lights", responses=LightsSerializer, tags=["supervision"])
    def get(self, request: Request) -> Response:
        """How many open cases show which light; `GET applications/?light=red` opens exactly these rows."""
        actor, moment = self.actor, read_moment()
        by_township = light_counts(actor, moment.at)
        total = sum(by_township.values(), Counter())
        townships = _townships(by_township) if actor.has(Duty.SUPERVISE) else []
        return Response(LightsSerializer({"at": moment.at, "counts": _all(total), "townships": townships}).data)


def _townships(counts: dict[str, Counter[str]]) -> list[dict[str, Any]]:
    halls = Hall.objects.filter(code__in=counts).order_by("code")
    return [{"code": hall.code, "name": _name(hall), "counts": _all(counts[hall.code])} for hall in halls]


def _name(hall: Hall) -> str:
    return own_desk(hall.short_name) if hall.tier == Level.COUNTY else hall.short_name


def _all(counts: Counter[str]) -> dict[str, int]:
    """The counts with a 0 for every light that nothing shows."""
    return {colour.value: counts[colour.value] for colour in SHOWN}
