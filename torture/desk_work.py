"""What somebody at work does under torture: the real verbs, each meant before it is done and noted when answered.

Whoever comes back from a death sends what was left unanswered again, with the version of the case that the page had
shown, as a browser would. Half of the cases nobody touches: they are the watch's alone.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any, Final

from django.db import InterfaceError, OperationalError, connection
from django.db.models import F

from applications.actions._checks import Finding
from applications.actions.accept import accept
from applications.actions.deliver import Handing, deliver
from applications.actions.grant import grant
from applications.actions.hand_over import take_over
from applications.actions.make_result import make_result
from applications.actions.pass_on import pass_on
from applications.actions.receive import receive
from applications.actions.resume import resume
from applications.actions.suspend import suspend
from applications.domain.lifecycle import Status, Verb
from applications.models import Application, ApplicationStep
from applications.rehearsal.desks import Desks
from applications.selectors.position import Position
from halls.domain.errors import DomainError, Stale
from halls.models import Hall, Level
from torture.notebook import DONE, MEANT, REFUSED, Act, Notebook

COUNTY: Final = "500236"
SHARE: Final = 2
IDLE_SECONDS: Final = 0.5
# What people do to a case in each status: the first that is possible.
WANTED: Final[dict[str, tuple[Verb, ...]]] = {
    Status.SUBMITTED: (Verb.RECEIVE,),
    Status.RECEIVED: (Verb.ACCEPT,),
    Status.IN_PROGRESS: (Verb.SUSPEND, Verb.GRANT, Verb.PASS_ON),
    Status.SUSPENDED: (Verb.RESUME,),
    Status.GRANTED: (Verb.MAKE_RESULT, Verb.PASS_ON),
    Status.READY: (Verb.TAKE_OVER, Verb.DELIVER),
}


def _accept(case: Application, **said: Any) -> Application:
    return accept(case.pk, {seq: Finding("ok") for seq in case.materials.values_list("seq", flat=True)}, **said)


def _post(case: Application, **said: Any) -> Application:
    assert case.applicant is not None
    handing = Handing("post", case.applicant.name, "其他成年同住家属", tracking_number="X1")
    return deliver(case.pk, handing, **said)


DOING: Final[dict[Verb, Callable[..., Application]]] = {
    Verb.RECEIVE: lambda case, **said: receive(case.pk, **said),
    Verb.ACCEPT: _accept,
    Verb.SUSPEND: lambda case, **said: suspend(case.pk, was_told=True, **said),
    Verb.RESUME: lambda case, **said: resume(case.pk, note="勘查已经完成", **said),
    Verb.PASS_ON: lambda case, **said: pass_on(case.pk, opinion="同意", **said),
    Verb.GRANT: lambda case, **said: grant(case.pk, opinion="同意", **said),
    Verb.MAKE_RESULT: lambda case, **said: make_result(case.pk, **said),
    Verb.TAKE_OVER: lambda case, **said: take_over(case.pk, **said),
    Verb.DELIVER: _post,
}


class Clerk:
    """Number so many of so many people, each with cases of their own."""

    def __init__(self, number: int, of: int, notes: Path) -> None:
        self.number, self.of = number, of
        self.notes = Notebook(notes)
        self.desks = Desks(Hall.objects.get(code=COUNTY, tier=Level.COUNTY))
        self.random = Random()
        self.aside: set[tuple[int, Verb, int]] = set()  # refused as the case stands

    def work(self) -> None:
        """Do one act, or send again what was left unanswered; while the database is down, wait."""
        try:
            act = self.notes.unanswered() or self._next_act()
            if act is None:
                time.sleep(IDLE_SECONDS)
                return
            self._send(act)
        except (OperationalError, InterfaceError):
            connection.close()  # nobody knows what became of the act: it is sent again
            time.sleep(IDLE_SECONDS)

    def _next_act(self) -> Act | None:
        mine = Application.objects.annotate(share=F("pk") % (SHARE * self.of)).filter(share=self.number - 1)
        rows = list(mine.filter(status__in=list(WANTED)).values_list("pk", "event_seq", "version", "status"))
        self.random.shuffle(rows)
        for pk, seq, version, status in rows:
            for verb in WANTED[status]:
                # Of two procedures the watch ends one by itself.
                is_left = verb is Verb.RESUME and pk // (SHARE * self.of) % 2
                if not is_left and (pk, verb, version) not in self.aside:
                    act = Act(pk, verb.value, seq + 1, version)
                    self.notes.note(act, MEANT)
                    return act
        return None

    def _send(self, act: Act) -> None:
        verb = Verb(act.verb)
        try:
            with self.answering(act):
                self._do(act, verb)
        except Stale:  # done before it was answered, moved by the watch, or midnight came between
            self.notes.note(act, REFUSED)
        except (DomainError, LookupError):
            self.aside.add((act.case_id, verb, act.version))
            self.notes.note(act, REFUSED)
        else:
            self.notes.note(act, DONE)

    @contextlib.contextmanager
    def answering(self, _act: Act) -> Iterator[None]:
        """What stands between an act and its answer: nothing, unless somebody plants it here."""
        yield

    def _do(self, act: Act, verb: Verb) -> None:
        case = Application.objects.select_related("guide", "applicant").get(pk=act.case_id)
        steps = ApplicationStep.objects.filter(application=case).select_related("hall", "department").order_by("seq")
        actor = self.desks.for_verb(verb, case, Position.of(case, tuple(steps)), self.random)
        DOING[verb](case, actor=actor, version=act.version)
