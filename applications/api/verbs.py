"""One address per verb of the lifecycle table; each makes the one call that the page makes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from applications.actions.accept import accept
from applications.actions.decline import decline
from applications.actions.deliver import Handing, deliver
from applications.actions.extend import extend
from applications.actions.grant import grant
from applications.actions.hand_over import hand_over, take_over
from applications.actions.handle_immediately import handle_immediately
from applications.actions.make_result import make_result
from applications.actions.pass_on import pass_on
from applications.actions.receive import receive
from applications.actions.refuse import refuse
from applications.actions.request_correction import request_correction
from applications.actions.resume import resume
from applications.actions.step_back import step_back
from applications.actions.submit import submit
from applications.actions.supply import supply
from applications.actions.suspend import suspend
from applications.actions.tell import tell
from applications.actions.withdraw import withdraw
from applications.api import bodies
from applications.api.base import CaseView
from applications.api.shapes import CaseSerializer
from applications.domain.lifecycle import BY_VERB, Verb
from applications.models import Application
from halls.acting import Actor
from halls.api.base import Input


class Entrance(NamedTuple):
    """A verb's body, and the action that takes the body's fields by name."""

    body: type[Input]
    act: Callable[..., Application]


def _accept(pk: int, *, materials: Any, **rest: Any) -> Application:
    return accept(pk, materials, **rest)


def _request_correction(pk: int, *, materials: Any, **rest: Any) -> Application:
    return request_correction(pk, materials, **rest)


def _handle_immediately(pk: int, *, actor: Actor, version: int | None, materials: Any, **handing: Any) -> Application:
    return handle_immediately(pk, materials, Handing(**handing), actor=actor, version=version)


def _deliver(pk: int, *, actor: Actor, version: int | None = None, **handing: Any) -> Application:
    return deliver(pk, Handing(**handing), actor=actor, version=version)


ENTRANCES: dict[Verb, Entrance] = {
    Verb.SUBMIT: Entrance(bodies.SubmitBody, submit),
    Verb.RECEIVE: Entrance(bodies.Versioned, receive),
    Verb.REQUEST_CORRECTION: Entrance(bodies.CorrectionBody, _request_correction),
    Verb.SUPPLY: Entrance(bodies.NoteBody, supply),
    Verb.ACCEPT: Entrance(bodies.AcceptBody, _accept),
    Verb.DECLINE: Entrance(bodies.DeclineBody, decline),
    Verb.PASS_ON: Entrance(bodies.OpinionBody, pass_on),
    Verb.STEP_BACK: Entrance(bodies.ReasonBody, step_back),
    Verb.SUSPEND: Entrance(bodies.SuspendBody, suspend),
    Verb.RESUME: Entrance(bodies.NoteBody, resume),
    Verb.GRANT: Entrance(bodies.OpinionBody, grant),
    Verb.REFUSE: Entrance(bodies.ReasonBody, refuse),
    Verb.MAKE_RESULT: Entrance(bodies.ResultBody, make_result),
    Verb.HAND_OVER: Entrance(bodies.HandOverBody, hand_over),
    Verb.TAKE_OVER: Entrance(bodies.Versioned, take_over),
    Verb.DELIVER: Entrance(bodies.DeliverBody, _deliver),
    Verb.WITHDRAW: Entrance(bodies.ReasonBody, withdraw),
    Verb.EXTEND: Entrance(bodies.ExtendBody, extend),
    Verb.TELL: Entrance(bodies.TellBody, tell),
}


class VerbView(CaseView):
    verb: Verb

    def carry_out(self, ref: str) -> Response:
        entrance = ENTRANCES[self.verb]
        body = self.versioned(entrance.body)
        pk = self.key(ref)
        entrance.act(pk, actor=self.actor, **body)
        return self.answer(pk)


def view_of(verb: Verb) -> type[VerbView]:
    """The view of one verb, with its own body in the schema."""
    row = BY_VERB[verb]

    @extend_schema(
        operation_id=f"applications_{verb.value}",
        summary=row.label,
        description=row.basis,
        request=ENTRANCES[verb].body,
        responses=CaseSerializer,
        tags=["verbs"],
    )
    def post(self: VerbView, request: Request, ref: str) -> Response:
        return self.carry_out(ref)

    return type(f"{verb.value.title().replace('_', '')}View", (VerbView,), {"verb": verb, "post": post})


class HandleImmediatelyView(CaseView):
    @extend_schema(
        operation_id="applications_handle_immediately",
        summary="当场办结",
        description="即办件：收件、受理、准予、制作、送达一次办完，或一样也不办。",
        request=bodies.ImmediateBody,
        responses=CaseSerializer,
        tags=["verbs"],
    )
    def post(self, request: Request, ref: str) -> Response:
        body = {"version": None} | self.versioned(bodies.ImmediateBody)
        pk = self.key(ref)
        _handle_immediately(pk, actor=self.actor, **body)
        return self.answer(pk)
