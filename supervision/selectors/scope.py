"""Whose cases a dashboard counts: those one watches, of one's hall or department, or worked on oneself."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, replace
from functools import reduce
from operator import and_
from typing import Final

from django.db.models import Q
from django.utils.translation import gettext as _

from applications.domain.lifecycle import Status
from applications.models import Application, Event
from applications.querysets import ApplicationQuerySet
from halls.acting import Actor
from halls.domain.duties import Duty
from halls.domain.errors import Invalid, NotPermitted
from supervision.querysets import reader
from supervision.selectors.supervised import BLAMED, DESK, MATTER, Narrowing, narrowings, require_duty, supervised

WATCH: Final = "watch"
POST: Final = "post"
OWN: Final = "own"
SCOPES: Final = (WATCH, POST, OWN)


@dataclass(frozen=True, slots=True)
class Scope:
    """One of the three for one actor, narrowed. `cases` is the only source of every figure and every row."""

    key: str
    actor: Actor
    narrowed: tuple[Narrowing, ...] = ()

    @property
    def cases(self) -> ApplicationQuerySet:
        rows = self._all()
        for narrowing in self.narrowed:
            if narrowing.key != BLAMED:
                rows = rows.filter(narrowing.condition)
        return rows

    @property
    def asked(self) -> Hashable:
        """What two scopes share that hold the same cases."""
        return self.key, reader(self.actor), tuple((one.key, one.code, one.path) for one in self.narrowed)

    @property
    def blamed(self) -> Q:
        """What narrows cards alone: whom they were issued against."""
        conditions = (narrowing.condition for narrowing in self.narrowed if narrowing.key == BLAMED)
        return reduce(and_, conditions, Q())

    @property
    def reader(self) -> Actor:
        """The actor with the duties of this scope alone: what `visible_...(actor)` of other rows is asked with."""
        if self.key != WATCH:
            return self.actor.at_work
        return replace(self.actor, nodes={Duty.SUPERVISE.value: self.actor.supervises})

    def elsewhere(self, path: str, matter: str) -> Q:
        """The narrowing of rows that are no cases: by the hall or department they are about, and by their matter."""
        conditions = [Q()]
        for narrowing in self.narrowed:
            if narrowing.key == MATTER:
                conditions.append(Q(**{f"{matter}__code": narrowing.code}))
            elif narrowing.path:
                lookup = path if narrowing.key == DESK else f"{path}__startswith"
                conditions.append(Q(**{lookup: narrowing.path}))
        return reduce(and_, conditions)

    def _all(self) -> ApplicationQuerySet:
        if self.key == WATCH:
            return supervised(self.actor)
        rows = Application.objects.visible_to(self.actor.at_work).exclude(status=Status.DRAFT)
        if self.key == POST:
            return rows
        return rows.filter(pk__in=Event.objects.filter(user=self.actor.user_id).order_by().values("application"))


def scopes_of(actor: Actor) -> tuple[str, ...]:
    """The scopes this actor has, the widest first; none for whoever has no business in cases."""
    watching = (WATCH,) if actor.supervises else ()
    return watching + ((POST, OWN) if actor.at_work.case_prefixes else ())


def scope_of(actor: Actor, key: str = "", asked: Mapping[str, str] | None = None) -> Scope:
    """Return the scope asked for, or the widest one; one statement if it is narrowed, else none.

    Raises NotPermitted, in words that explain it, for somebody without it, Invalid for a scope nobody has.
    """
    known = scopes_of(actor)
    if key and key not in SCOPES:
        raise Invalid("unknown_scope", _("没有这个范围。"), field="scope", cure=_("范围有：watch、post、own。"))
    if key == WATCH:
        require_duty(actor)
    if not known or (key and key not in known):
        raise NotPermitted(
            "no_cases_to_count",
            _("您现在的岗位不办理也不监察办件，所以没有可以统计的范围。"),
            cure=_(
                "办件统计由监察员、大厅和部门的经办人员查看。如果您应当有这样的岗位，请联系系统管理员核对岗位和任期。"
            ),
        )
    return Scope(key or known[0], actor, tuple(narrowings(asked)) if asked else ())
