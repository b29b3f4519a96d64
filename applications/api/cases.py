"""Cases: list, search, file, read, fill in a draft."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from applications.actions.file_application import Filing, file_application
from applications.actions.fill import Particulars, declare_materials, fill_applicant, fill_form
from applications.api.base import CaseView
from applications.api.bodies import ApplicantBody, DeclarationBody, FilingBody, FormBody, ListQuery, SearchBody
from applications.api.shapes import CaseSerializer, RowSerializer
from applications.domain.identity import IdKind, normalise
from applications.domain.numbers import parse_case_number
from applications.models import Application
from applications.querysets import ApplicationQuerySet
from applications.sealing import blind_index
from applications.selectors.find import case_file
from applications.selectors.inbox import pile_condition
from applications.selectors.lights import colour_condition, light
from halls.acting import Actor
from halls.api.base import StaffView
from halls.api.paging import Keyset, page_of
from halls.domain.errors import Invalid, Problem
from halls.domain.network import hall_path
from halls.selectors.work_calendar import Moment, read_moment

PAGE = page_of(RowSerializer)
NEWEST_FIRST = Keyset({"pk": int}, is_descending=True)
KEY_HEADER = OpenApiParameter(
    "Idempotency-Key",
    OpenApiTypes.STR,
    OpenApiParameter.HEADER,
    required=True,
    description=_("8 到 64 个字符的唯一值（如 UUID）。同一键和同一内容重发，得到同一件；内容不同则 409。"),
)


class CaseListView(CaseView):
    @extend_schema(
        operation_id="applications_list",
        parameters=[ListQuery],
        responses=PAGE,
        tags=["applications"],
    )
    def get(self, request: Request) -> Response:
        query, actor, moment = self.query(ListQuery), self.actor, read_moment()
        rows = _filtered(Application.objects.visible_to(actor), query, actor, moment)
        return Response(_page(request, rows, query, moment))

    @extend_schema(
        operation_id="applications_create",
        parameters=[KEY_HEADER],
        request=FilingBody,
        responses={201: CaseSerializer},
        tags=["applications"],
    )
    def post(self, request: Request) -> Response:
        body, actor = self.body(FilingBody), self.actor
        who = body["applicant"]
        filing = Filing(
            matter=body["matter"],
            hall=body["hall"],
            applicant=_particulars(who) if who is not None else None,
            form=body["form"],
            submit=body["submit"],
            permit_expires_on=body["permit_expires_on"],
        )
        try:
            application = file_application(filing, key=request.headers.get("Idempotency-Key", ""), actor=actor)
        except Invalid as refusal:
            raise _placed(refusal, "applicant", who or {}) from None
        return self.told(case_file(actor, str(application.key)), 201)


def _particulars(given: dict[str, Any]) -> Particulars:
    return Particulars(
        name=given["name"],
        id_number=given["id_number"],
        phone=given["phone"],
        address=given["address"],
        id_kind=IdKind(given["id_kind"]),
    )


def _placed(refusal: Invalid, parent: str, fields: dict[str, Any]) -> Invalid:
    """The refusal with the fields named as they stand in the body."""
    problems = tuple(
        Problem(f"{parent}.{one.field}" if one.field in fields else one.field, one.message, one.cure)
        for one in refusal.problems
    )
    return Invalid(refusal.code, refusal.message, field=refusal.field, cure=refusal.cure, problems=problems)


def _filtered(rows: ApplicationQuerySet, query: dict[str, Any], actor: Actor, moment: Moment) -> ApplicationQuerySet:
    columns = {"status": "status", "matter": "matter__code", "due_before": "due_at__lt"}
    rows = rows.filter(**{column: query[name] for name, column in columns.items() if name in query})
    if "hall" in query:
        rows = rows.filter(path__startswith=hall_path(query["hall"]))
    if "q" in query:
        rows = rows.filter(number=_number(query["q"]))
    if "pile" in query:
        rows = rows.filter(pile_condition(query["pile"], actor, moment.at))
    if "light" in query:
        rows = rows.filter(colour_condition(query["light"], moment.at))
    return rows


def _number(text: str) -> str:
    try:
        return parse_case_number(text)
    except Invalid as refusal:
        raise Invalid(refusal.code, refusal.message, field="q", cure=refusal.cure) from None


def _page(request: Request, rows: ApplicationQuerySet, query: dict[str, Any], moment: Moment) -> dict[str, Any]:
    context = {"light": lambda row: light(row, moment)}
    return NEWEST_FIRST.page(
        request,
        rows.with_list_columns(),
        query,
        lambda found: RowSerializer(found, many=True, context=context).data,
    )


class CaseSearchView(StaffView):
    """Exact search by identity number: in the body, so that the number stays out of logs and addresses."""

    @extend_schema(operation_id="applications_search", request=SearchBody, responses=PAGE, tags=["applications"])
    def post(self, request: Request) -> Response:
        body = self.body(SearchBody)
        index = blind_index(normalise(body["id_number"]))
        rows = Application.objects.visible_to(self.actor).filter(applicant__id_index=index)
        return Response(_page(request, rows, body, read_moment()))


class CaseDetailView(CaseView):
    @extend_schema(operation_id="applications_retrieve", responses=CaseSerializer, tags=["applications"])
    def get(self, request: Request, ref: str) -> Response:
        return self.told(case_file(self.actor, ref))


class ApplicantView(CaseView):
    @extend_schema(
        operation_id="applications_fill_applicant",
        request=ApplicantBody,
        responses=CaseSerializer,
        tags=["applications"],
    )
    def put(self, request: Request, ref: str) -> Response:
        """Say who asks: of a draft only."""
        body = self.versioned(ApplicantBody)
        pk = self.key(ref)
        fill_applicant(pk, _particulars(body), actor=self.actor, version=body.get("version"))
        return self.answer(pk)


class FormView(CaseView):
    @extend_schema(
        operation_id="applications_fill_form", request=FormBody, responses=CaseSerializer, tags=["applications"]
    )
    def put(self, request: Request, ref: str) -> Response:
        """Answer the form, of a renewal the end of the permit too: of a draft only, the whole of it each time."""
        body = self.versioned(FormBody)
        pk = self.key(ref)
        ends = body["permit_expires_on"]
        fill_form(pk, body["form"], actor=self.actor, permit_expires_on=ends, version=body.get("version"))
        return self.answer(pk)


class DeclarationView(CaseView):
    @extend_schema(
        operation_id="applications_declare_materials",
        request=DeclarationBody,
        responses=CaseSerializer,
        tags=["applications"],
    )
    def put(self, request: Request, ref: str) -> Response:
        """Tick what was brought along: of a draft only."""
        body = self.versioned(DeclarationBody)
        pk = self.key(ref)
        declare_materials(pk, body["materials"], actor=self.actor, version=body.get("version"))
        return self.answer(pk)
