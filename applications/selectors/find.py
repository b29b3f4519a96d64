"""Finding one case in the actor's scope, and everything about it that is told outside."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.db.models import Q

from applications.domain.lights import Light
from applications.models import Application
from applications.querysets import ApplicationQuerySet
from applications.selectors.case_page import CaseClocks
from applications.selectors.lights import light
from applications.selectors.position import Position, position_of
from applications.selectors.standing import may_hand_out_code, works_on
from halls.acting import Actor
from halls.domain.errors import NotFound
from halls.selectors.work_calendar import Moment, read_moment


def named(rows: ApplicationQuerySet, ref: str) -> ApplicationQuerySet:
    """Narrow to the case with this number; a draft has none and goes by its key (a UUID)."""
    if "-" in ref:
        return rows.filter(key=uuid.UUID(ref))
    return rows.filter(number=ref)


def find_key(actor: Actor, ref: str) -> int:
    """Return the primary key of a case. Raises NotFound, the same for unknown and unseen."""
    pk = named(Application.objects.visible_to(actor), ref).values_list("pk", flat=True).first()
    if pk is None:
        raise NotFound
    return pk


@dataclass(frozen=True)
class CaseFile:
    """One case as an actor sees it at a moment."""

    application: Application
    actor: Actor
    moment: Moment
    position: Position
    clocks: CaseClocks

    @property
    def light(self) -> Light:
        return light(self.application, self.moment)

    @property
    def is_worked_on(self) -> bool:
        """Whether the actor works on the case: whoever only watches sees no form."""
        return works_on(self.actor, self.application, self.position)

    @property
    def is_filed_here(self) -> bool:
        """Whether the actor hands out the receipt, and so knows the query code."""
        return may_hand_out_code(self.actor, self.application)


def case_file(actor: Actor, which: Q | str) -> CaseFile:
    """Return a case with its route and clocks: four statements, whatever its age. Raises NotFound."""
    rows = Application.objects.visible_to(actor)
    rows = named(rows, which) if isinstance(which, str) else rows.filter(which)
    application = rows.select_related("matter", "guide", "applicant", "hall", "seat_hall", "seat_department").first()
    if application is None:
        raise NotFound
    moment = read_moment()
    return CaseFile(application, actor, moment, position_of(application), CaseClocks(application, moment))
