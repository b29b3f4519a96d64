"""What a supervisor watches: the cases below the nodes of the duty, narrowed by place, organ and matter."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet, Value
from django.utils.translation import gettext as _

from applications.models import Application, ApplicationStep
from applications.querysets import ApplicationQuerySet
from halls.acting import Actor
from halls.domain.duties import Duty
from halls.domain.errors import Invalid, NotPermitted
from halls.models import Department, Hall
from matters.models import Matter
from supervision.models import LimitWarning

# What the address of a list may be narrowed by.
PLACE: Final = "hall"  # filed in this hall or below
DESK: Final = "desk"  # filed in this very hall
ORGAN: Final = "department"  # held now by this department or its stations; NO_ORGAN: by a hall's own window
MATTER: Final = "matter"
BLAMED: Final = "blamed"  # of cards only: issued against this very hall or department
TAKES_PART: Final = "part"  # this department or a station of it is on the route, or accepts
NO_ORGAN: Final = "none"


def require_duty(actor: Actor) -> None:
    """Raises NotPermitted, in words that explain it, for somebody who supervises nothing."""
    if not actor.supervises:
        raise NotPermitted(
            "no_supervision",
            _("您现在的岗位没有监察职责，所以没有可以查看的范围。"),
            cure=_("电子监察由县监察员和乡镇负责人查看。如果您应当有这项职责，请联系系统管理员核对岗位和任期。"),
        )


def supervised(actor: Actor) -> ApplicationQuerySet:
    """Every filed case below the nodes where the actor supervises: `visible_to`, for that duty alone."""
    return Application.objects.visible_to(replace(actor, nodes={Duty.SUPERVISE.value: actor.supervises}))


def supervised_cards(actor: Actor) -> QuerySet[LimitWarning]:
    """Every warning and card of those cases."""
    return LimitWarning.objects.filter(application__in=supervised(actor).order_by().values("pk"))


@dataclass(frozen=True, slots=True)
class Narrowing:
    """One narrowing of a list, with its name for people."""

    key: str
    code: str
    name: str
    condition: Q
    path: str = ""  # of the hall or department it names: what is no case is narrowed by it


@dataclass(frozen=True, slots=True)
class Named:
    """A hall, department or matter that an address names."""

    kind: str
    code: str
    name: str
    path: str
    pk: int


def narrowings(asked: Mapping[str, str]) -> list[Narrowing]:
    """Return the narrowings an address asks for: one statement, none when it asks for nothing.

    Raises Invalid for a code that nothing has.
    """
    wanted = {key: asked[key] for key in (PLACE, DESK, ORGAN, TAKES_PART, MATTER, BLAMED) if asked.get(key)}
    known = _named(wanted)
    found = []
    for key, code in wanted.items():
        if key == ORGAN and code == NO_ORGAN:
            found.append(Narrowing(key, code, _("大厅窗口"), Q(seat_department__isnull=True)))
            continue
        if key == BLAMED:
            named = known.get((PLACE, code)) or known.get((ORGAN, code))
        else:
            named = known.get(({DESK: PLACE, TAKES_PART: ORGAN}.get(key, key), code))
        if named is None:
            raise Invalid(
                "unknown_narrowing", _("没有这个筛选条件。"), field=key, cure=_("请从监察首页重新点开要看的数字。")
            )
        found.append(Narrowing(key, code, _label(key, named), _condition(key, named), named.path))
    return found


def _condition(key: str, named: Named) -> Q:
    if key == BLAMED:  # of a card, not of its case
        return Q(seat_path=named.path)
    if key == PLACE:
        return Q(path__startswith=named.path)
    if key == DESK:
        return Q(path=named.path)
    if key == ORGAN:
        return Q(seat_department=named.pk) | Q(seat_department__parent=named.pk)
    if key == TAKES_PART:
        route = ApplicationStep.objects.filter(application=OuterRef("pk"), path__startswith=named.path)
        return Q(Exists(route)) | Q(accept_path__startswith=named.path)
    return Q(matter=named.pk)


def _label(key: str, named: Named) -> str:
    return own_desk(named.name) if key == DESK else named.name


def _named(wanted: Mapping[str, str]) -> dict[tuple[str, str], Named]:
    halls = {wanted[key] for key in (PLACE, DESK, BLAMED) if key in wanted}
    parts: list[QuerySet[Any, Any]] = []
    if halls:
        rows = Hall.objects.filter(code__in=halls).order_by()
        parts.append(rows.values_list(_kind(PLACE), F("code"), F("short_name"), F("path"), F("pk")))
    organs = {wanted[key] for key in (ORGAN, TAKES_PART, BLAMED) if wanted.get(key, NO_ORGAN) != NO_ORGAN}
    if organs:
        offices = Department.objects.filter(code__in=organs).order_by()
        parts.append(offices.values_list(_kind(ORGAN), F("code"), F("name"), F("path"), F("pk")))
    if MATTER in wanted:
        matters = Matter.objects.filter(code=wanted[MATTER]).order_by()
        empty = Value("", output_field=CharField())
        parts.append(matters.values_list(_kind(MATTER), F("code"), F("name"), empty, F("pk")))
    if not parts:
        return {}
    first, *others = parts
    found = [Named(*row) for row in first.union(*others, all=True)]
    return {(named.kind, named.code): named for named in found}


def names_of(paths: Collection[str]) -> dict[str, str]:
    """Return the names of the halls and departments at these paths: one statement, none for no path."""
    if not paths:
        return {}
    halls = Hall.objects.filter(path__in=paths).order_by().values_list("path", "name")
    return dict(halls.union(Department.objects.filter(path__in=paths).order_by().values_list("path", "name"), all=True))


def own_desk(name: str) -> str:
    """How the cases that a hall itself took in are told from those of the halls below it."""
    return _("%(name)s（本级）") % {"name": name}


def _kind(kind: str) -> Value:
    return Value(kind, output_field=CharField())
