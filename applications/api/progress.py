"""How far a case is, for whoever has its number and code."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from applications.actions.look_up import look_up
from applications.api.bodies import LookUpBody
from applications.api.shapes import ProgressSerializer
from halls.api.base import PublicView


class ProgressView(PublicView):
    @extend_schema(operation_id="public_progress", request=LookUpBody, responses=ProgressSerializer, tags=["public"])
    def post(self, request: Request) -> Response:
        """No name, no identity number; the same answer for an unknown number and a wrong code; few wrong tries."""
        body = self.body(LookUpBody)
        found = look_up(body["number"], body["code"], client=request.META.get("REMOTE_ADDR", ""))
        return Response(ProgressSerializer(found).data)
