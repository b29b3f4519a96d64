"""Ratings in the actor's scope, masked."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from halls.acting import Actor
from halls.api.base import StaffView
from halls.api.paging import Keyset, PageQuery, page_of
from supervision.domain.ratings import BAD, LEVELS, STATES
from supervision.models import Rating
from supervision.selectors.ratings import is_watched, visible_ratings, with_rows

PAGES = Keyset({"id": int}, is_descending=True)  # in the order they came, for a cursor that holds no moment


class RatingQuery(PageQuery):
    level = serializers.ChoiceField(choices=sorted(LEVELS), required=False, help_text="5 非常满意 … 1 非常不满意")
    state = serializers.ChoiceField(choices=[state.value for state in STATES], required=False)


class RatingSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    level = serializers.IntegerField(help_text="5 非常满意 … 1 非常不满意（好差评接口）；原评价不改")
    details = serializers.ListField(child=serializers.CharField())
    text = serializers.CharField(allow_blank=True)
    channel = serializers.CharField(allow_null=True, help_text="评价渠道，只给监察岗位")
    rated_on = serializers.DateField(help_text="评价日期")
    rated_at = serializers.DateTimeField(allow_null=True, help_text="评价时间，只给监察岗位")
    hall = serializers.CharField()
    state = serializers.CharField()
    validity = serializers.CharField(allow_blank=True, help_text="空：未判定；valid、invalid、excluded")
    number = serializers.CharField(allow_null=True, help_text="办件编号，只给监察岗位")
    applicant = serializers.CharField(allow_null=True, help_text="隐去名字，只给监察岗位")
    contact_due = serializers.DateTimeField(allow_null=True)
    rectify_due = serializers.DateTimeField(allow_null=True)


class RatingsView(StaffView):
    @extend_schema(
        operation_id="ratings", parameters=[RatingQuery], responses=page_of(RatingSerializer), tags=["supervision"]
    )
    def get(self, request: Request) -> Response:
        """Ratings of the halls one watches or works in, the newest first."""
        actor, query = self.actor, self.query(RatingQuery)
        rows = with_rows(visible_ratings(actor))
        rows = rows.filter(**{name: query[name] for name in ("level", "state") if name in query})
        return Response(PAGES.page(request, rows, query, lambda found: _shapes(found, actor)))


def _shapes(found: Iterable[Rating], actor: Actor) -> Any:
    return RatingSerializer([_shape(rating, actor) for rating in found], many=True).data


def _shape(rating: Rating, actor: Actor) -> dict[str, Any]:
    watched, case = is_watched(actor, rating), rating.application
    return {
        "id": rating.pk,
        "level": rating.level,
        "details": rating.details,
        "text": rating.text,
        "channel": rating.channel if watched else None,
        "rated_on": timezone.localdate(rating.rated_at),
        "rated_at": rating.rated_at if watched else None,
        "hall": rating.hall.code,
        "state": rating.state,
        "validity": rating.validity,
        "number": case.number if watched else None,
        "applicant": case.applicant.masked_name if watched and case.applicant else None,
        "contact_due": rating.contact_term.due_at if rating.contact_term and rating.level in BAD else None,
        "rectify_due": rating.rectify_term.due_at if rating.rectify_term else None,
    }
