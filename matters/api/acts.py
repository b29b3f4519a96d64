"""What an editor does to a matter as a whole: pause, reopen, abolish, merge."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from halls.api.base import StaffView
from matters.actions.abolish_matter import abolish_matter
from matters.actions.merge_matters import merge_matters
from matters.actions.pause_matter import pause_matter
from matters.actions.reopen_matter import reopen_matter
from matters.api.matters import MatterSerializer
from matters.models import Matter

Method = TypeVar("Method", bound=Callable[..., Response])


class ClosingBody(serializers.Serializer[Any]):
    reason = serializers.CharField(required=False, allow_blank=True, default="", max_length=2000, help_text="必填")
    version = serializers.IntegerField(
        required=False, min_value=0, max_value=2**31 - 1, help_text="调用者看到的指南版本；不是现行版本的，409"
    )


class MergingBody(ClosingBody):
    into = serializers.CharField(max_length=64, help_text="并入哪个事项的编码")


def _described(name: str, summary: str, body: type[ClosingBody] = ClosingBody) -> Callable[[Method], Method]:
    described: Callable[[Method], Method] = extend_schema(
        operation_id=f"matters_{name}", summary=summary, request=body, responses=MatterSerializer, tags=["guides"]
    )
    return described


class PauseView(StaffView):
    @_described("pause", "暂停办理")
    def post(self, request: Request, code: str) -> Response:
        return _told(pause_matter(code, actor=self.actor, **self.body(ClosingBody)))


class ReopenView(StaffView):
    @_described("reopen", "恢复办理")
    def post(self, request: Request, code: str) -> Response:
        return _told(reopen_matter(code, actor=self.actor, **self.body(ClosingBody)))


class AbolishView(StaffView):
    @_described("abolish", "取消事项")
    def post(self, request: Request, code: str) -> Response:
        return _told(abolish_matter(code, actor=self.actor, **self.body(ClosingBody)))


class MergeView(StaffView):
    @_described("merge", "并入另一事项", MergingBody)
    def post(self, request: Request, code: str) -> Response:
        return _told(merge_matters(code, actor=self.actor, **self.body(MergingBody)))


def _told(matter: Matter) -> Response:
    return Response(MatterSerializer(matter).data)
