"""What an editor does to a matter as a whole: pause, reopen; propose to abolish or merge it, confirm or drop that."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from halls.api.base import StaffView
from halls.domain.errors import NotFound
from matters.actions.confirm_closing import confirm_closing
from matters.actions.drop_closing import drop_closing
from matters.actions.pause_matter import pause_matter
from matters.actions.propose_closing import propose_closing
from matters.actions.reopen_matter import reopen_matter
from matters.api.matters import MatterSerializer
from matters.models import Matter, MatterClosing
from matters.permissions import require_may_edit
from matters.selectors.closings import waiting_closing
from matters.selectors.editing import matter_to_close

Method = TypeVar("Method", bound=Callable[..., Response])


class ClosingBody(serializers.Serializer[Any]):
    reason = serializers.CharField(required=False, allow_blank=True, default="", max_length=2000, help_text="必填")
    version = serializers.IntegerField(
        required=False, min_value=0, max_value=2**31 - 1, help_text="调用者看到的指南版本；不是现行版本的，409"
    )


class MergingBody(ClosingBody):
    into = serializers.CharField(max_length=64, help_text="并入哪个事项的编码")


class SigningBody(serializers.Serializer[Any]):
    closing = serializers.IntegerField(
        source="closing_id", min_value=0, max_value=2**31 - 1, help_text="调用者看到的那份提议的编号；已办的，409"
    )


class ClosingSerializer(serializers.Serializer[Any]):
    """A proposal to close a matter; it closes nothing before another person has confirmed it."""

    id = serializers.IntegerField(source="pk")
    matter = serializers.CharField(source="matter.code")
    into = serializers.CharField(source="into.code", default=None, allow_null=True)
    reason = serializers.CharField()
    proposed_by = serializers.CharField(source="proposed_by.full_name")
    proposed_at = serializers.DateTimeField()
    dropped_at = serializers.DateTimeField(allow_null=True)


Output = type[serializers.Serializer[Any]]


def _described(
    name: str, summary: str, body: Output | None = ClosingBody, answer: Output = MatterSerializer
) -> Callable[[Method], Method]:
    described: Callable[[Method], Method] = extend_schema(
        operation_id=f"matters_{name}", summary=summary, request=body, responses=answer, tags=["guides"]
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
    @_described("abolish", "提出取消事项；由另一人确认后生效", answer=ClosingSerializer)
    def post(self, request: Request, code: str) -> Response:
        return _proposed(propose_closing(code, actor=self.actor, **self.body(ClosingBody)))


class MergeView(StaffView):
    @_described("merge", "提出并入另一事项；由另一人确认后生效", MergingBody, ClosingSerializer)
    def post(self, request: Request, code: str) -> Response:
        return _proposed(propose_closing(code, actor=self.actor, **self.body(MergingBody)))


class ClosingView(StaffView):
    @_described("closing", "等人确认的取消或并入；没有的，404", None, ClosingSerializer)
    def get(self, request: Request, code: str) -> Response:
        matter = matter_to_close(code)
        if matter is None:
            raise NotFound("没有这个事项。")
        require_may_edit(self.actor, matter.department)
        closing = waiting_closing(code)
        if closing is None:
            raise NotFound("没有等人确认的取消或并入。")
        return _proposed(closing)


class ConfirmClosingView(StaffView):
    @_described("closing_confirm", "由另一人确认取消或并入；从今天起生效，不能撤回", SigningBody)
    def post(self, request: Request, code: str) -> Response:
        return _told(confirm_closing(code, actor=self.actor, **self.body(SigningBody)))


class DropClosingView(StaffView):
    @_described("closing_drop", "撤下取消或并入的提议", SigningBody, ClosingSerializer)
    def post(self, request: Request, code: str) -> Response:
        return _proposed(drop_closing(code, actor=self.actor, **self.body(SigningBody)))


def _told(matter: Matter) -> Response:
    return Response(MatterSerializer(matter).data)


def _proposed(closing: MatterClosing) -> Response:
    return Response(ClosingSerializer(closing).data)
