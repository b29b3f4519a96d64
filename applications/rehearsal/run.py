"""Live through the months day by day: every act of every case at its own moment, in the order in which they happened.

Acts go through the real actions on the owner's connection, whose clock is shifted (allow_time_travel); each night
the sweep runs as it would have run then.
"""

from __future__ import annotations

import heapq
import io
import json
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.core.management import call_command
from django.db import connection

from applications.domain.clock import granted_until, guide_budget
from applications.domain.lifecycle import Status, StepKind, Verb
from applications.rehearsal.acts import Walk, act, begin
from applications.rehearsal.course import delay, next_stop, next_verb
from applications.rehearsal.desks import Desks
from applications.rehearsal.office_hours import OfficeHours
from applications.rehearsal.pick_up import pick_up
from applications.rehearsal.plans import Plan
from halls.domain.calendar import WorkCalendar
from halls.domain.worktime import ONE_DAY, start_of
from halls.models import Hall

# What time itself may end: a special procedure, the silence after a receipt, a supplement that does not come.
MOVED_BY_TIME = (Status.SUSPENDED, Status.RECEIVED, Status.CORRECTING)


class Rehearsal:
    """The cases of one process, and what each of them does next; `left_open` are those of an interrupted run."""

    def __init__(
        self,
        county: Hall,
        plans: Sequence[Plan],
        hours: OfficeHours,
        calendar: WorkCalendar,
        left_open: Sequence[int] = (),
    ) -> None:
        self.code, self.hours, self.calendar = county.code, hours, calendar
        self.desks = Desks(county)
        self.acts = 0
        self._plans = plans
        self._walks: dict[int, Walk] = {}
        self._agenda = [(plan.minute, index) for index, plan in enumerate(plans)]
        heapq.heapify(self._agenda)
        for index, (minute, walk) in enumerate(pick_up(left_open, self.desks, hours), start=len(plans)):
            self._walks[index] = walk
            self._plan_next(index, minute)

    @property
    def started(self) -> int:
        """How many of the plans were begun so far."""
        return sum(index < len(self._plans) for index in self._walks)

    def live(self, until: datetime) -> None:
        """Do everything that falls before this moment."""
        end = self.hours.minute(until)
        while self._agenda and self._agenda[0][0] < end:
            minute, index = heapq.heappop(self._agenda)
            travel_to(self.hours.moment(minute))
            if index in self._walks:
                self._go_on(self._walks[index], minute)
            else:
                self._walks[index] = begin(self._plans[index], self.desks, self.code)
            self.acts += 1
            self._plan_next(index, minute)

    def _go_on(self, walk: Walk, minute: float) -> None:
        if walk.application.status in MOVED_BY_TIME:
            walk.refresh()  # the sweep may have been quicker
        verb = next_verb(walk)
        if verb is None:
            return
        act(walk, verb, next_stop(walk) if verb is Verb.HAND_OVER else "")
        if verb is Verb.SUSPEND:
            walk.resume_after = self._end_of_special(walk, minute) - minute

    def _plan_next(self, index: int, minute: float) -> None:
        walk = self._walks[index]
        verb = next_verb(walk)
        if verb is not None:
            heapq.heappush(self._agenda, (minute + max(delay(walk, verb), 1), index))

    def _end_of_special(self, walk: Walk, minute: float) -> float:
        """Return when the procedure is over: a publicity after its last day, a survey when it is done."""
        step = walk.position.current
        assert step is not None
        assert step.kind == StepKind.SPECIAL
        last = granted_until(self.hours.moment(minute), guide_budget(max(step.days, 1), step.unit), self.calendar)
        morning_after = self.hours.minute(start_of(last + ONE_DAY))
        is_survey = step.unit == "wd" and "公示" not in step.name and "公告" not in step.name
        if is_survey:
            return minute + (morning_after - minute) * walk.random.uniform(0.3, 1.0)
        # A publicity has its last day to the end; then the watch ends it, and the organ goes on in the morning.
        return morning_after + walk.random.uniform(5, 90)


def travel_to(moment: datetime | None) -> None:
    """Make it that moment for every act on this connection; None is the present."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('halls.at', %s, false)", [moment.isoformat() if moment else ""])


def sweep(moment: datetime) -> None:
    """Let the watch find what became due up to this moment, and then what became due by its own waking of cases."""
    for minute in (0, 1):
        travel_to(moment + timedelta(minutes=minute))
        told = io.StringIO()
        call_command("sweep", "--json", stdout=told)
        if not json.loads(told.getvalue())["resumed"]:
            return
