"""What is on record about a case: clocks with their statements, events, personal data on request."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, prefetch_related_objects
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from applications.actions.reveal import reveal
from applications.api.base import CaseView
from applications.api.bodies import RevealBody
from applications.api.shapes import ClearSerializer, ClockStatementSerializer, EventSerializer, LightSerializer
from applications.models import Application, Clock, Document, Event
from applications.selectors.case_page import CaseClocks, event_words
from applications.selectors.find import named
from applications.selectors.statement import statement_of
from halls.api.paging import Keyset, PageQuery, page_of
from halls.domain.errors import NotFound
from halls.selectors.work_calendar import read_moment

IN_ORDER = Keyset({"seq": int})


class ClocksView(CaseView):
    @extend_schema(
        operation_id="applications_clocks", responses=ClockStatementSerializer(many=True), tags=["applications"]
    )
    def get(self, request: Request, ref: str) -> Response:
        """Every clock of the case with its light and its statement (时限说明单), day by day."""
        application = named(Application.objects.visible_to(self.actor), ref).only("pk", "number").first()
        if application is None:
            raise NotFound
        clocks = CaseClocks(application, read_moment())
        prefetch_related_objects(list(clocks.clocks.values()), "facts")
        return Response([self._explained(application, clocks, clock) for clock in clocks.clocks.values()])

    def _explained(self, application: Application, clocks: CaseClocks, clock: Clock) -> dict[str, Any]:
        page = reverse("clock_statement", args=[application.number, clock.pk])
        return statement_of(clock, clocks.moment).as_dict() | {
            "light": LightSerializer(clocks.light_of(clock)).data,
            "url": self.request.build_absolute_uri(page),
        }


class EventsView(CaseView):
    @extend_schema(
        operation_id="applications_events",
        parameters=[PageQuery],
        responses=page_of(EventSerializer),
        tags=["applications"],
    )
    def get(self, request: Request, ref: str) -> Response:
        """The chain of events, oldest first: who, when, why, and the hash that binds each to the one before."""
        query = self.query(PageQuery)
        pk = self.key(ref)
        papers = dict(Document.objects.filter(application=pk).values_list("event_seq", "number"))

        def shape(events: Any) -> Any:
            for event in events:
                event.words = event_words(event.verb, event.detail)
                event.document = papers.get(event.seq)
            return EventSerializer(events, many=True).data

        return Response(IN_ORDER.page(request, Event.objects.filter(Q(application=pk)), query, shape))


class RevealView(CaseView):
    @extend_schema(
        operation_id="applications_reveal", request=RevealBody, responses=ClearSerializer, tags=["applications"]
    )
    def post(self, request: Request, ref: str) -> Response:
        """Name, identity number and phone in the clear; who looked and why is recorded."""
        body = self.body(RevealBody)
        return Response(ClearSerializer(reveal(self.key(ref), actor=self.actor, reason=body["reason"])).data)
