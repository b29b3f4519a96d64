"""What is on record about a case: clocks with their statements, events, personal data on request."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from applications.actions.reveal import reveal
from applications.api.base import CaseView
from applications.api.bodies import RevealBody
from applications.api.shapes import ClearSerializer, EventSerializer, ExplainedClockSerializer
from applications.domain.clock import guide_budget
from applications.models import Application, Clock, Document, Event
from applications.selectors.case_page import CaseClocks, event_words
from applications.selectors.find import named
from applications.selectors.statements import statement_of
from halls.api.paging import Keyset, PageQuery, page_of
from halls.domain.errors import NotFound
from halls.selectors.work_calendar import read_moment

IN_ORDER = Keyset({"seq": int})


class ClocksView(CaseView):
    @extend_schema(
        operation_id="applications_clocks", responses=ExplainedClockSerializer(many=True), tags=["applications"]
    )
    def get(self, request: Request, ref: str) -> Response:
        """Every clock of the case with its light and its statement (时限说明单), day by day."""
        application = named(Application.objects.visible_to(self.actor), ref).only("pk").first()
        if application is None:
            raise NotFound
        clocks = CaseClocks(application, read_moment())
        rows = [_explained(clocks, clock) for clock in clocks.clocks.values()]
        return Response(ExplainedClockSerializer(rows, many=True).data)


def _explained(clocks: CaseClocks, clock: Clock) -> Clock:
    facts = clocks.facts_of(clock)
    clock.budget = guide_budget(clock.amount, clock.unit).label  # type: ignore[attr-defined]
    clock.used = clocks.used(clock)  # type: ignore[attr-defined]
    clock.light = clocks.light_of(clock)  # type: ignore[attr-defined]
    clock.statement = statement_of(facts, clocks.moment)  # type: ignore[attr-defined]
    return clock


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
