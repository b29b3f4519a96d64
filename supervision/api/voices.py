"""Complaints and inquiries in the actor's scope: where they stand and by when; never a name, a telephone or a word."""

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
from supervision.domain.voices import KIND_LABELS, STATE_LABELS
from supervision.figures import Present
from supervision.figures_voices import VOICE_FIGURES
from supervision.models import Voice
from supervision.selectors.terms import colour_of_term
from supervision.selectors.voices import seen_matter, visible_voices, with_row_columns

NEWEST_FIRST = Keyset({"pk": int}, is_descending=True)


class VoiceSerializer(serializers.Serializer[Any]):
    number = serializers.CharField()
    kind = serializers.ChoiceField(choices=[(one.value, label) for one, label in KIND_LABELS.items()])
    state = serializers.ChoiceField(choices=[(one.value, label) for one, label in STATE_LABELS.items()])
    about = serializers.CharField(source="about_name")
    hall = serializers.CharField(source="hall.code")
    department = serializers.CharField(source="department.code", allow_null=True, default=None)
    matter = serializers.SerializerMethodField()
    trips = serializers.IntegerField(allow_null=True, help_text=_("「多次跑」：跑了几次"))
    is_anonymous = serializers.BooleanField()
    lodged_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField(source="term.due_at")
    is_provisional = serializers.BooleanField(source="term.is_provisional")
    ended_at = serializers.DateTimeField(source="term.stopped_at", allow_null=True)
    light = serializers.SerializerMethodField()

    def get_matter(self, voice: Voice) -> str | None:
        """None, too, where it is that of a case that the reader does not see."""
        matter = seen_matter(voice)
        return matter.code if matter else None

    def get_light(self, voice: Voice) -> str:
        return colour_of_term(voice.term, self.context["moment"].at).value


class VoiceQuery(PageQuery):
    figure = serializers.ChoiceField(
        choices=list(VOICE_FIGURES), required=False, help_text=_("只要某个数字数到的那些行")
    )
    kind = serializers.ChoiceField(choices=[one.value for one in KIND_LABELS], required=False)
    state = serializers.ChoiceField(choices=[one.value for one in STATE_LABELS], required=False)


class VoiceListView(StaffView):
    @extend_schema(
        operation_id="voices_list", parameters=[VoiceQuery], responses=page_of(VoiceSerializer), tags=["supervision"]
    )
    def get(self, request: Request) -> Response:
        """Newest first. A complaint about one's own hall or oneself is not in it."""
        query, moment = self.query(VoiceQuery), read_moment()
        rows = visible_voices(self.actor).filter(**{name: query[name] for name in ("kind", "state") if name in query})
        if "figure" in query:
            rows = rows.filter(VOICE_FIGURES[query["figure"]].condition(Present.at(moment.at)))
        return Response(NEWEST_FIRST.page(request, with_row_columns(rows), query, lambda found: _rows(found, moment)))


def _rows(found: Iterable[Voice], moment: Moment) -> Any:
    return VoiceSerializer(found, many=True, context={"moment": moment}).data
