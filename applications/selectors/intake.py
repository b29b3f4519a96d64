"""What the intake pages show: drafts, matters to pick, the checklist, a twin of the case, the way it will take."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Count, F, Prefetch, Q, Window
from django.db.models.functions import RowNumber

from applications.domain.lifecycle import OPEN, Status
from applications.models import Application, ApplicationMaterial, MaterialFile
from applications.querysets import ApplicationQuerySet
from halls.acting import Actor
from halls.domain.duties import Duty
from halls.domain.errors import NotFound
from halls.domain.worktime import day_of
from halls.models import Department, Hall
from halls.selectors.work_calendar import Moment
from matters.domain.routing import where_taken_in
from matters.models import Material, Matter
from matters.querysets import MatterQuerySet
from matters.selectors.guide_paper import paused_everywhere, paused_here
from matters.selectors.hall_promises import Promised, promises_here
from matters.selectors.local import Here, local_here
from matters.selectors.routing import route_of
from matters.selectors.search import find_matters

COMMON = 12  # matters offered before anybody types
RECENT = timedelta(days=180)
FOUND = 20


def filing_halls(actor: Actor) -> list[Hall]:
    """The halls in which the actor files, the own one first: one statement."""
    halls = Hall.objects.filter(path__in=actor.nodes.get(Duty.FILE, ()), retired_on__isnull=True)
    return sorted(halls.order_by("path"), key=lambda hall: hall.path != actor.hall_path)


def drafts_of(actor: Actor) -> ApplicationQuerySet:
    """What the actor's halls began and did not send, newest first; each with its checklist counted."""
    unanswered = Q(materials__declared=ApplicationMaterial.Declared.UNKNOWN)
    return (
        Application.objects.visible_to(actor)
        .filter(status=Status.DRAFT)
        .select_related("matter", "applicant", "hall")
        .annotate(lines=Count("materials"), unanswered=Count("materials", filter=unanswered))
        .order_by("-created_at", "-pk")
    )


def case_by_key(actor: Actor, key: uuid.UUID) -> Application:
    """The case behind an intake address, a draft or already sent. Raises NotFound."""
    case = (
        Application.objects.visible_to(actor)
        .select_related("matter", "guide", "applicant", "hall")
        .filter(key=key)
        .first()
    )
    if case is None:
        raise NotFound("没有找到这份草稿，或者它不是您所在的服务点填的。")
    return case


def untouched_draft(actor: Actor, matter_code: str, hall_code: str) -> Application | None:
    """The actor's own draft of this matter in which nothing was filled in yet."""
    return (
        Application.objects.visible_to(actor)
        .filter(
            status=Status.DRAFT,
            matter__code=matter_code,
            hall__code=hall_code,
            filed_by_id=actor.user_id,
            version=1,
        )
        .order_by("-pk")
        .first()
    )


# --- picking a matter ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Choice:
    """A matter to pick. `elsewhere` says where it is taken in when it is not taken in here, `paused` why not now."""

    code: str
    name: str
    theme: str
    time: str
    elsewhere: str = ""
    paused: str = ""


def common_matters(hall: Hall, moment: Moment) -> list[Choice]:
    """The matters this hall filed most in the last months, filled up with the core ones: three statements."""
    recent = Q(applications__hall=hall, applications__created_at__gt=moment.at - RECENT)
    here = Matter.objects.open_to_public().accepted_at(hall.tier)
    used = list(
        here.filter(recent).annotate(times=Count("applications")).order_by("-times", "sort_key", "code")[:COMMON]
    )
    if len(used) < COMMON:
        known = [matter.pk for matter in used]
        used += spread(here.exclude(pk__in=known))[: COMMON - len(used)]
    return _choices(used, hall, day_of(moment.at))


def spread(matters: MatterQuerySet) -> MatterQuerySet:
    """Core matters first, and of every theme the first before the second: a dozen shows what there is."""
    order = [F("is_core").desc(), F("sort_key").asc()]
    place = Window(RowNumber(), partition_by=[F("theme")], order_by=order)
    return matters.annotate(place_in_theme=place).order_by("-is_core", "place_in_theme", "sort_key", "code")


def matching_matters(words: str, hall: Hall, moment: Moment) -> tuple[list[Choice], bool]:
    """The matters that answer the words, and whether there are more than are shown: three statements."""
    found = list(find_matters(words, with_paused=True)[: FOUND + 1])
    return _choices(found[:FOUND], hall, day_of(moment.at)), len(found) > FOUND


def _choices(matters: list[Matter], hall: Hall, day: date) -> list[Choice]:
    guides = [matter.current for matter in matters if matter.current is not None]
    own, local = promises_here(hall.path, hall.tier, guides, day), local_here(hall.path, guides)
    return [_choice(matter, hall, own.get(matter.current_id or 0), local.get(matter.pk)) for matter in matters]


def _choice(matter: Matter, hall: Hall, own: Promised | None, here: Here | None) -> Choice:
    guide = matter.current
    assert guide is not None  # open_to_public
    days = own.days if own is not None else guide.promised_days
    return Choice(
        code=matter.code,
        name=matter.name,
        theme=matter.theme,
        time=f"{days} 个工作日" if days else "当场办结",
        elsewhere=where_taken_in(hall.tier, guide.accept_levels),
        paused=_paused(matter, here),
    )


def _paused(matter: Matter, here: Here | None) -> str:
    if matter.paused_on is not None:
        return paused_everywhere(matter.paused_on, matter.closing_reason)
    return paused_here(here) if here is not None and here.paused_on is not None else ""


# --- the checklist ---------------------------------------------------------------------------------------------------


def checklist(case: Application) -> list[ApplicationMaterial]:
    """The lines of the case with their materials and the files that were kept: two statements."""
    files = MaterialFile.objects.filter(removed_at__isnull=True).order_by("uploaded_at", "pk")
    return list(case.materials.select_related("material").prefetch_related(Prefetch("files", files)).order_by("seq"))


@dataclass(frozen=True)
class Tally:
    """How far the checklist has come."""

    lines: Sequence[ApplicationMaterial] = field(repr=False)

    @property
    def unanswered(self) -> list[ApplicationMaterial]:
        return [line for line in self.lines if line.declared == ApplicationMaterial.Declared.UNKNOWN]

    @property
    def lacking(self) -> list[ApplicationMaterial]:
        """Necessary papers that are to follow."""
        return [
            line
            for line in self.lines
            if line.declared == ApplicationMaterial.Declared.LATER
            and line.material.necessity == Material.Necessity.REQUIRED
        ]

    @property
    def is_begun(self) -> bool:
        return len(self.unanswered) < len(self.lines)


# --- the same person, the same matter --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Twin:
    """An open case of the same person for the same matter. Of a foreign one only `ask` is known."""

    ask: str
    phone: str = ""
    number: str = ""
    display_number: str = ""
    key: str = ""  # of a draft


def twins_of(case: Application, actor: Actor) -> list[Twin]:
    """Open cases (and own drafts) of the same person for the same matter: one or two statements.

    The one look beyond `visible_to`: by the blind index, and what comes back of a case that the actor
    cannot see is the township hall to ask, nothing of the case.
    """
    if case.applicant is None:
        return []
    rows = list(
        Application.objects.filter(
            status__in=sorted({*OPEN, Status.DRAFT}),
            matter_id=case.matter_id,
            applicant__id_index=case.applicant.id_index,
            path__startswith=case.path.split("/")[0] + "/",
        )
        .exclude(pk=case.pk)
        .only("number", "key", "path", "status")
    )
    if not rows:
        return []
    visible = Application.objects.visible_to(actor).filter(pk__in=[row.pk for row in rows])
    seen = set(visible.values_list("pk", flat=True))
    own = [
        Twin(ask="", number=row.number or "", display_number=row.display_number, key="" if row.number else str(row.key))
        for row in rows
        if row.pk in seen
    ]
    foreign = {_township_path(row.path) for row in rows if row.pk not in seen and row.status != Status.DRAFT}
    halls = Hall.objects.filter(path__in=foreign).order_by("path") if foreign else ()
    return own + [Twin(ask=hall.name, phone=hall.phone) for hall in halls]


def _township_path(path: str) -> str:
    return "".join(f"{code}/" for code in path.split("/")[:2] if code)


# --- where it goes ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Place:
    """An organ people can ask."""

    name: str
    path: str
    phone: str = ""
    address: str = ""


def acceptor_of(case: Application) -> Place:
    """Who accepts the case: as its route says once it was sent, before that as the guide plans it.

    Raises Refused when the guide is no longer taken in at this hall.
    """
    return place_at(case.accept_path or route_of(case.guide, case.hall).accept.path)


def place_at(path: str) -> Place:
    """The hall or department at a path: one statement."""
    if "~" in path:
        department = Department.objects.select_related("hall").get(path=path)
        hall = department.hall
        return Place(department.name, path, department.phone or hall.phone, hall.address)
    hall = Hall.objects.get(path=path)
    return Place(hall.name, path, hall.phone, hall.address)


def names(lines: Iterable[ApplicationMaterial]) -> str:
    """「甲」「乙」, as a sentence quotes papers."""
    return "".join(f"「{line.material.name}」" for line in lines)
