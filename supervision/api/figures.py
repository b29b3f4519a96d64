"""The figures of every dashboard, their rows and their rates, for the scope of whoever asks."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from halls.api.base import StaffView
from halls.domain.days import require_within_reach
from halls.domain.errors import NotFound
from halls.selectors.work_calendar import read_moment
from supervision.domain.periods import month_asked
from supervision.figures import Present
from supervision.figures_flow import RATES
from supervision.figures_time import MEANS
from supervision.selectors import group_times, statistics
from supervision.selectors.drill import PAGE
from supervision.selectors.figure_groups import GROUPS, require_month
from supervision.selectors.scope import SCOPES, scope_of
from supervision.selectors.time_used import Sums, sums

NARROWINGS = ("hall", "desk", "department", "part", "matter")


class ScopeQuery(serializers.Serializer[Any]):
    scope = serializers.ChoiceField(SCOPES, required=False, help_text=_("不写时取本人最宽的范围"))
    hall = serializers.CharField(required=False, max_length=64, help_text=_("收件的大厅及其以下"))
    desk = serializers.CharField(required=False, max_length=64, help_text=_("收件的大厅本级"))
    department = serializers.CharField(required=False, max_length=64, help_text=_("现在承办的部门"))
    part = serializers.CharField(required=False, max_length=64, help_text=_("参与办理的部门"))
    matter = serializers.CharField(required=False, max_length=64)
    month = serializers.RegexField(
        r"^\d{4}-\d{2}$",
        required=False,
        help_text=_("2026-03；不写是本月。以前的月份只有按月的数字，此刻的数字没有"),
    )


class RowsQuery(ScopeQuery):
    day = serializers.DateField(required=False, help_text=_("只要这一天的；近 30 天的三个数字可用"))
    cursor = serializers.CharField(required=False, max_length=100)


class CountedFigureSerializer(serializers.Serializer[Any]):
    key = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    definition = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]
    unit = serializers.CharField()
    value = serializers.IntegerField()
    rows = serializers.CharField(help_text=_("翻页读到的行数就是 value"))


class PartSerializer(serializers.Serializer[Any]):
    value = serializers.IntegerField()
    rows = serializers.CharField()


class RateSerializer(serializers.Serializer[Any]):
    key = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    definition = serializers.CharField()
    numerator = PartSerializer()
    denominator = PartSerializer()


class RowPageSerializer(serializers.Serializer[Any]):
    results = serializers.ListField(child=serializers.DictField())
    next = serializers.CharField(allow_null=True)


class FiguresView(StaffView):
    @extend_schema(
        operation_id="figures",
        parameters=[ScopeQuery],
        responses=CountedFigureSerializer(many=True),
        tags=["supervision"],
    )
    def get(self, request: Request) -> Response:
        """Every figure of the scope with its definition; `rows` pages through exactly the rows it counted."""
        query = self.query(ScopeQuery)
        scope = scope_of(self.actor, query.get("scope", ""), _narrowing(query))
        present = _present(query, read_moment().at)
        values = statistics.counts(scope, present)
        found = [
            {
                "key": key,
                "label": present.worded(group.name_of(figure)),
                "definition": present.worded(figure.definition),
                "source": group.source,
                "unit": group.unit,
                "value": values[key],
                "rows": _rows(key, query | {"scope": scope.key}),
            }
            for group in GROUPS
            for key, figure in group.figures.items()
            if figure.follows_the_month or not present.is_earlier
        ]
        return Response(CountedFigureSerializer(found, many=True).data)


class FigureRowsView(StaffView):
    @extend_schema(
        operation_id="figure_rows", parameters=[RowsQuery], responses=RowPageSerializer, tags=["supervision"]
    )
    def get(self, request: Request, key: str) -> Response:
        """A page of the rows that the figure counted."""
        query = self.query(RowsQuery)
        scope = scope_of(self.actor, query.get("scope", ""), _narrowing(query))
        group = next((group for group in GROUPS if key in group.figures), None)
        if group is None:
            raise NotFound()
        moment = read_moment()
        present, figure = _present(query, moment.at), group.figures[key]
        require_month(figure, present)
        day = require_within_reach(query["day"], "day") if "day" in query else None
        rows = group.shown(group.rows_of(scope, figure, present, day))
        found, cursor = group.order(figure).after(rows, query.get("cursor", ""), PAGE)
        lines = group.lines(found, moment, present)
        results = [
            {"id": row.pk, **{name: str(cell.text) for name, cell in line.items()}, "url": line["number"].url}
            for row, line in zip(found, lines, strict=True)
        ]
        following = replace_query_param(request.build_absolute_uri(), "cursor", cursor) if cursor else None
        return Response({"results": results, "next": following})


class RatesView(StaffView):
    @extend_schema(
        operation_id="rates", parameters=[ScopeQuery], responses=RateSerializer(many=True), tags=["supervision"]
    )
    def get(self, request: Request) -> Response:
        """Rates and means of this or an earlier month: numerator and denominator, each with the rows behind it.

        Those of a mean or a share of days are sums over its rows, those of the others count them.
        """
        query = self.query(ScopeQuery)
        scope = scope_of(self.actor, query.get("scope", ""), _narrowing(query))
        query |= {"scope": scope.key}
        moment = read_moment()
        present = _present(query, moment.at)
        values = statistics.counts(scope, present)
        days = sums(group_times.GROUP.rows(scope), present, moment.calendar)
        found = [
            {
                "key": rate.key,
                "label": rate.label,
                "definition": present.worded(rate.definition),
                "numerator": {"value": values[rate.part], "rows": _rows(rate.part, query)},
                "denominator": {"value": values[rate.whole], "rows": _rows(rate.whole, query)},
            }
            for rate in RATES
        ]
        for mean in MEANS:
            told = days.get(mean.rows, Sums())
            rows = _rows(mean.rows, query)
            found.append(
                {
                    "key": mean.key,
                    "label": mean.label,
                    "definition": mean.definition,
                    "numerator": {"value": told.difference(mean.top), "rows": rows},
                    "denominator": {"value": getattr(told, mean.bottom), "rows": rows},
                }
            )
        return Response(RateSerializer(found, many=True).data)


def _present(query: dict[str, Any], now: datetime) -> Present:
    """The present for the month asked for. Raises Invalid."""
    month = month_asked(query.get("month", ""), now)
    return Present.at(now, month.first if month else None)


def _narrowing(query: dict[str, Any]) -> dict[str, str]:
    return {key: query[key] for key in NARROWINGS if query.get(key)}


def _rows(key: str, query: dict[str, Any]) -> str:
    kept = {name: query[name] for name in ("scope", *NARROWINGS, "month") if query.get(name)}
    return f"{reverse('api_figure_rows', args=[key])}?{urlencode(kept)}"
