"""What is on record about a case: clocks with their statements, events, personal data on request."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from applications.actions.reveal import reveal
from applications.api.base import CaseView
from applications.api.bodies import RevealBody
from applications.api.shapes import ClearSerializer, ClockStatementSerializer, EventSerializer, LightSerializer
from applications.models import Application, Clock, Document, Event
from applications.selectors.case_page import event_words
from applications.selectors.find import named
from applications.selectors.statement import CaseStatements
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
        case = self.statements(ref)
        return Response([self.explained(case, clock) for clock in case.clocks])

    def statements(self, ref: str) -> CaseStatements:
        """Read the case. Raises NotFound for what the actor cannot see."""
        rows = named(Application.objects.visible_to(self.actor), ref).select_related("guide", "matter", "hall")
        application = rows.defer("form").first()
        if application is None:
            raise NotFound
        return CaseStatements(application, read_moment())

    def explained(self, case: CaseStatements, clock: Clock) -> dict[str, Any]:
        page = reverse("clock_statement", args=[case.application.number, clock.pk])
        return case.of(clock).as_dict() | {
            "light": LightSerializer(case.book.light_of(clock)).data,
            "url": self.request.build_absolute_uri(page),
        }


class ClockView(ClocksView):
    @extend_schema(operation_id="applications_clock", responses=ClockStatementSerializer, tags=["applications"])
    def get(self, request: Request, ref: str, clock_id: int) -> Response:  # type: ignore[override]
        """One clock of the case. A clock of another case is not found."""
        case = self.statements(ref)
        clock = case.book.clocks.get(int(clock_id))
        if clock is None:
            raise NotFound
        return Response(self.explained(case, clock))


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
