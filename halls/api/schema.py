"""The schema of the API: besides its own answer every operation may answer with a problem."""

from __future__ import annotations

from typing import Any, Literal

from drf_spectacular.openapi import AutoSchema
from rest_framework import serializers


class FaultSerializer(serializers.Serializer[Any]):
    field = serializers.CharField()
    message = serializers.CharField()
    cure = serializers.CharField()


class ProblemSerializer(serializers.Serializer[Any]):
    """RFC 9457 problem details, as config.errors writes them. `code` is for programs, the rest for people."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    code = serializers.CharField()
    field = serializers.CharField(allow_null=True)
    cure = serializers.CharField()
    errors = FaultSerializer(many=True)  # type: ignore[assignment]
    request_id = serializers.CharField()


class ApiSchema(AutoSchema):
    def _get_response_bodies(self, direction: Literal["request", "response"] = "response") -> dict[str, Any]:
        bodies: dict[str, Any] = super()._get_response_bodies(direction)
        media_types = ["application/problem+json"]
        described = self._get_response_for_code(ProblemSerializer, "default", media_types, direction)  # type: ignore[no-untyped-call]
        bodies["default"] = described
        return bodies
