"""Supervision orders in the actor's scope: to read."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from halls.api.base import StaffView
from halls.api.paging import Keyset, PageQuery, page_of
from halls.selectors.work_calendar import Moment, read_moment
from supervision.models import SupervisionOrder
from supervision.selectors.orders import BOXES, in_box, visible_orders
from supervision.selectors.terms import colour_of_term

NEWEST_FIRST = Keyset({"pk": int}, is_descending=True)


class OrderQuery(PageQuery):
    box = serializers.ChoiceField(list(BOXES), default="all", required=False, help_text=_("哪一类督办单"))


class OrderSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    number = serializers.CharField(help_text=_("文号，如 督〔2026〕3号"))
    title = serializers.CharField()
    state = serializers.CharField()
    state_label = serializers.CharField()
    organ = serializers.CharField(help_text=_("承办单位"))
    issuer = serializers.CharField(help_text=_("签发单位"))
    case = serializers.CharField(allow_null=True, help_text=_("办件编号；不是关于一件办件的为空"))
    issued_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField()
    is_provisional = serializers.BooleanField()
    replied_at = serializers.DateTimeField(allow_null=True, help_text=_("现在这个期限停止的时间"))
    light = serializers.CharField()


class OrdersView(StaffView):
    @extend_schema(
        operation_id="supervision_orders_list",
        parameters=[OrderQuery],
        responses=page_of(OrderSerializer),
        tags=["supervision"],
    )
    def get(self, request: Request) -> Response:
        """Orders to or from the places the caller watches, and those the caller answers, the newest first."""
        query, actor, moment = self.query(OrderQuery), self.actor, read_moment()
        rows = visible_orders(actor).filter(in_box(query["box"], actor, moment.at))
        rows = rows.select_related("term", "application").defer("application__form", "facts", "demand")
        shape = _Shape(moment)
        return Response(NEWEST_FIRST.page(request, rows, query, shape))


class _Shape:
    def __init__(self, moment: Moment) -> None:
        self._now = moment.at

    def __call__(self, orders: Iterable[SupervisionOrder]) -> Any:
        return OrderSerializer([self._row(order) for order in orders], many=True).data

    def _row(self, order: SupervisionOrder) -> dict[str, Any]:
        return {
            "id": order.pk,
            "number": order.number,
            "title": order.title,
            "state": order.state,
            "state_label": order.get_state_display(),
            "organ": order.organ_name,
            "issuer": order.issuer_name,
            "case": order.application and order.application.number,
            "issued_at": order.issued_at,
            "due_at": order.term.due_at,
            "is_provisional": order.term.is_provisional,
            "replied_at": order.term.stopped_at,
            "light": colour_of_term(order.term, self._now).value,
        }
