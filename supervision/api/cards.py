"""Cards in the actor's scope: those of the supervised cases, and the issued ones of the actor's own body."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from halls.acting import Actor
from halls.api.base import StaffView
from halls.api.paging import Keyset, PageQuery, page_of
from halls.domain.errors import Invalid
from halls.selectors.work_calendar import read_moment
from supervision.domain.card_life import serial_of
from supervision.figures import CARD_LISTS, Present
from supervision.models import LimitWarning
from supervision.models.card_review import life
from supervision.selectors.cards import ground_of, read_card, require_card_reader, visible_cards
from supervision.selectors.group_cards import GROUP
from supervision.selectors.scope import scope_of
from supervision.selectors.supervised import names_of

LATEST_FIRST = Keyset({"effective_at": datetime, "pk": int}, is_descending=True)


class CardQuery(PageQuery):
    level = serializers.ChoiceField(LimitWarning.Level.choices, required=False)
    figure = serializers.ChoiceField(
        sorted(CARD_LISTS), required=False, help_text=_("只要这个数字数到的那些，名称同监察首页")
    )
    number = serializers.CharField(required=False, max_length=20, help_text=_("监察编号"))


class CardRowSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    number = serializers.CharField(help_text=_("监察编号"))
    level = serializers.CharField()
    mode = serializers.CharField(help_text=_("auto 自动，confirmed 自动经确认，manual 人工"))
    state = serializers.CharField(help_text=_("pending issued appealed upheld revoked cancelled"))
    code = serializers.CharField(help_text=_("D 待发，Y 已发，C 撤销，Q 取消，B 督办"))
    is_ordered = serializers.BooleanField()
    case = serializers.CharField()
    matter = serializers.CharField()
    clock = serializers.CharField(allow_blank=True)
    clock_id = serializers.IntegerField(allow_null=True)
    fault = serializers.CharField(allow_blank=True)
    organ = serializers.CharField()
    effective_at = serializers.DateTimeField()
    recorded_at = serializers.DateTimeField()
    is_late = serializers.BooleanField()
    url = serializers.URLField()


class CardActSerializer(serializers.Serializer[Any]):
    act = serializers.CharField()
    at = serializers.DateTimeField()
    by = serializers.CharField()
    reason = serializers.CharField()


class CardHolderSerializer(serializers.Serializer[Any]):
    post = serializers.CharField()
    title = serializers.CharField(allow_blank=True)
    place = serializers.CharField()
    name = serializers.CharField()


class CardSerializer(CardRowSerializer):
    rule = serializers.CharField(allow_blank=True)
    citation = serializers.CharField(allow_blank=True)
    facts = serializers.CharField(allow_blank=True)
    step = serializers.CharField(allow_blank=True)
    holders = CardHolderSerializer(many=True)
    acts = CardActSerializer(many=True)


class CardListView(StaffView):
    @extend_schema(
        operation_id="supervision_cards",
        parameters=[CardQuery],
        responses=page_of(CardRowSerializer),
        tags=["supervision"],
    )
    def get(self, request: Request) -> Response:
        """Warnings and cards, the newest first; what was revoked or cancelled stays in the list, marked so."""
        query, actor = self.query(CardQuery), self.actor
        require_card_reader(actor)
        rows = _narrowed(actor, query)
        shown = rows.select_related("application__matter").defer("application__form").prefetch_related("reviews")
        return Response(LATEST_FIRST.page(request, shown, query, lambda cards: _rows(request, list(cards))))


class CardView(StaffView):
    @extend_schema(operation_id="supervision_card", responses=CardSerializer, tags=["supervision"])
    def get(self, request: Request, pk: int) -> Response:
        """One card: its rule in words, who held the duty when it was broken, every act about it."""
        card = read_card(self.actor, pk)
        ground = ground_of(card)
        acts = sorted(card.reviews.all(), key=lambda one: one.pk)
        told = _row(request, card, names_of({card.seat_path})) | {
            "rule": ground.rule,
            "citation": ground.citation,
            "facts": card.facts,
            "step": ground.step,
            "holders": ground.holders,
            "acts": [{"act": a.act, "at": a.at, "by": a.user.full_name, "reason": a.reason} for a in acts],
        }
        return Response(CardSerializer(told).data)


def _asked(actor: Actor, figure: str) -> QuerySet[LimitWarning]:
    """All that the actor sees, or exactly the rows that this figure counts in their widest scope."""
    if not figure:
        return visible_cards(actor)
    return GROUP.rows_of(scope_of(actor), CARD_LISTS[figure], Present.at(read_moment().at))


def _narrowed(actor: Actor, query: dict[str, Any]) -> QuerySet[LimitWarning]:
    rows = _asked(actor, query.get("figure", ""))
    if "level" in query:
        rows = rows.filter(level=query["level"])
    if "number" in query:
        serial = serial_of(query["number"])
        if serial is None:
            raise Invalid(
                "card_number",
                gettext("监察编号是 JC 和 18 位数字。"),
                field="number",
                cure=gettext("请照牌上的编号填写。"),
            )
        rows = rows.filter(pk=serial)
    return rows


def _rows(request: Request, cards: Iterable[LimitWarning]) -> Any:
    cards = list(cards)
    names = names_of({card.seat_path for card in cards})
    return CardRowSerializer([_row(request, card, names) for card in cards], many=True).data


def _row(request: Request, card: LimitWarning, names: dict[str, str]) -> dict[str, Any]:
    state = life(card)
    return {
        "id": card.pk,
        "number": card.number,
        "level": card.level,
        "mode": card.mode,
        "state": state.state.value,
        "code": state.code,
        "is_ordered": state.is_ordered,
        "case": card.application.number,
        "matter": card.application.matter.name,
        "clock": card.clock_kind,
        "clock_id": card.clock_id,
        "fault": card.fault,
        "organ": names.get(card.seat_path, ""),
        "effective_at": card.effective_at,
        "recorded_at": card.recorded_at,
        "is_late": card.is_late,
        "url": request.build_absolute_uri(reverse("supervision_card", args=[card.pk])),
    }
