"""Ratings as they are seen: in scope by staff, published by everybody; and the cases that nobody has rated."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final

from django.core.cache import cache
from django.db.models import CharField, Count, Exists, F, Func, OuterRef, Q, QuerySet

from applications.domain.lifecycle import ENDED, Status
from applications.models import AccessRecord, Application
from applications.querysets import below
from halls.acting import Actor
from halls.domain.duties import Duty
from halls.domain.persons import plain_code
from halls.models import Department, Hall, Level
from halls.paging import PageList
from halls.selectors.work_calendar import read_moment
from supervision.domain.ratings import OPEN_STATES, SUSPICIOUS_FROM, UNRATED_AFTER, Act, State, superior_of
from supervision.models import Callback, CallbackCall, Rating, RatingAct

NEWEST: Final = PageList(("pk",), is_descending=True)  # as they came: a cursor holds no moment that a hall is not told
NEWEST_CALLBACKS: Final = PageList(("pk",), is_descending=True)
PAGE: Final = 30
_LEVELS_KEY: Final = "ratings:levels"
_LEVELS_SECONDS: Final = 60
LOOKED_BACK: Final = timedelta(days=365)
# Found without ground it counts until another person has confirmed that.
COUNTED: Final = Q(validity__in=("", "valid")) | Q(validity="invalid", state=State.EXPLAINING)
GROUNDLESS: Final = Q(validity="invalid", state=State.CLOSED)
OPEN: Final = Q(state__in=OPEN_STATES)
# Shown and counted with `from_above` alone: a hall is not told which of its ratings came from one device.
SUSPICIOUS: Final = Q(earlier__gte=SUSPICIOUS_FROM)
PENDING_APPEAL: Final = Exists(
    RatingAct.objects.filter(rating=OuterRef("pk"), act=Act.APPEAL).exclude(
        rating__acts__act__in=(Act.EXCLUDE, Act.UPHOLD)
    )
)


def visible_ratings(actor: Actor) -> QuerySet[Rating]:
    """Every rating the actor may see: the only source of lists, pages, counts and the API.

    Whoever watches sees those of the halls below; a hall sees its own, and whoever has to put one right that one.
    """
    watched = below("path", actor.supervises) | below("rectify_term__seat_path", actor.supervises)
    issues = actor.nodes.get(Duty.ISSUE, ())
    own = Q(path__in=issues) | Q(rectify_term__seat_path__in=issues)
    examined = Q(rectify_term__seat_path__in=[path for path in actor.nodes.get(Duty.EXAMINE, ()) if "~" in path])
    return Rating.objects.filter(watched | own | examined)


def held_ratings(actor: Actor) -> QuerySet[Rating]:
    """Of what the actor may see what is held against whoever they watch or work for: what figures and rates count.

    A rating is given at the hall that took the case in; found valid, it counts against the responsible body.
    """
    desks = Q(held_path__in=actor.nodes.get(Duty.ISSUE, ()))
    examined = Q(held_path__in=[path for path in actor.nodes.get(Duty.EXAMINE, ()) if "~" in path])
    return Rating.objects.filter(below("held_path", actor.supervises) | desks | examined)


def with_rows(ratings: QuerySet[Rating]) -> QuerySet[Rating]:
    """What a row of a list shows, in two statements."""
    return ratings.select_related(
        "application__matter", "application__applicant", "hall", "contact_term", "rectify_term"
    )


def acted_on_by(actor: Actor) -> Q:
    """What waits for an act of this person, among the ratings that they see: the next step of a bad one by whoever
    watches from right above, what is to be put right by the desk that did it, an appeal by the county; what has no
    ground by whoever did not find that, and a revisit by whoever did not call first. Nobody is asked to judge what they
    appealed against, nor to decide an appeal of theirs or about what they judged (permissions.ratings.own_part).

    The county may act about every village; what waits for a township is not its work, but what needs a second person.
    """
    above, appeals = Q(pk__in=[]), Q(pk__in=[])
    for node in actor.supervises:
        above |= Q(path__regex=f"^{re.escape(node)}[^/]+/$")
        if superior_of(node) == node:
            above |= Q(path=node)
            appeals |= Q(path__startswith=node)
    explaining, revisiting = Q(state=State.EXPLAINING), Q(state=State.REVISITING)
    plain = Func(F("person_code"), function="halls_plain_code", output_field=CharField())
    coded = RatingAct.objects.filter(rating=OuterRef("pk")).annotate(code=plain)
    own = coded.filter(code=plain_code(actor.person_code))
    found = Exists(own.filter(act=Act.INVALID))
    called = Exists(own.filter(act__in=(Act.CONTACT, Act.ATTEMPT)))
    appealed = Exists(own.filter(act=Act.APPEAL))
    judged = Exists(own.filter(act__in=(Act.VALID, Act.INVALID, Act.EXPLAIN)))
    second = (explaining & ~Q(found) & ~Q(appealed)) | (revisiting & ~Q(called))
    desks = [path for path in actor.nodes.get(Duty.ISSUE, ()) if "~" not in path]
    desks += [path for path in actor.nodes.get(Duty.EXAMINE, ()) if "~" in path]
    rectifying = Q(state=State.RECTIFYING)
    here = Q(rectify_term__seat_path__in=desks) | Q(rectify_term=None, path__in=desks)
    first = OPEN & ~rectifying & ~explaining & ~revisiting & ~(Q(state=State.VERIFYING) & Q(appealed))
    asked = (first & above) | (second & from_above(actor))
    return asked | (rectifying & here) | (Q(PENDING_APPEAL) & appeals & ~Q(judged) & ~Q(appealed))


def narrowed(ratings: QuerySet[Rating], tab: str, actor: Actor) -> QuerySet[Rating]:
    """The ratings of one tab of the work list."""
    return {
        "mine": ratings.filter(acted_on_by(actor)),
        "open": ratings.filter(OPEN | Q(PENDING_APPEAL)),
        "bad": ratings.filter(level__lte=2),
        "appeals": ratings.filter(PENDING_APPEAL),
        "suspicious": ratings.filter(SUSPICIOUS, from_above(actor)),
        "all": ratings,
    }[tab]


def from_above(actor: Actor, path: str = "path") -> Q:
    """The condition of `is_watched`, on rows with the path of the rated hall in this column."""
    found = Q(pk__in=[])
    for node in actor.supervises:
        here = Q(**{f"{path}__startswith": node})
        found |= here if superior_of(node) == node else here & ~Q(**{path: node})
    return found


def is_watched(actor: Actor, rating: Rating) -> bool:
    """Whether the actor sees which case it was; a hall never does, so that nobody is asked why they complained.

    Whoever watches from above does: a township's director is of the hall that they watch, and is told no more of it.
    """
    return actor.holds(Duty.SUPERVISE, superior_of(rating.path))


def unrated(now: datetime) -> Q:
    """The condition, on cases, of 未评价: delivered within a year, over seven days ago, and nobody said anything."""
    return Q(
        status=Status.DELIVERED,
        ended_at__gte=now - LOOKED_BACK,
        ended_at__lt=now - UNRATED_AFTER,
        rating__isnull=True,
    )


def case_to_rate(number: str) -> Application | None:
    """An ended case with its rating, for whoever holds its paper."""
    cases = Application.objects.filter(number=number, status__in=sorted(ENDED))
    return cases.select_related("matter", "hall", "rating").defer("form").first()


def has_looked(actor: Actor, application_id: int) -> bool:
    """Whether the actor looked at the telephone of this case within a day, as whoever calls has to."""
    looks = AccessRecord.objects.filter(application=application_id, kind=AccessRecord.Kind.REVEAL)
    return looks.filter(user=actor.user_id, at__gt=read_moment().at - timedelta(days=1)).exists()


# --- in public -------------------------------------------------------------------------------------------------------


def levels_by_township(now: datetime) -> list[tuple[Hall | Department, dict[int, int]]]:
    """Ratings of a year by level: of the county's own hall, of every township with all below it, and of those
    departments of the county that are responsible for a bad one.
    """
    counts = _levels(now)
    found: dict[str, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for path, levels in counts.items():
        top = "/".join(path.split("/")[:2]) + "/" if path.count("/") > 1 else path
        for level, number in levels.items():
            found[top][level] += number
    halls = Hall.objects.filter(tier__in=(Level.COUNTY, Level.TOWNSHIP), retired_on__isnull=True).order_by("path")
    bodies: list[Hall | Department] = [*halls, *_departments(found)]
    return [(one, dict(found[one.path])) for one in bodies]


def levels_below(hall: Hall, now: datetime) -> list[tuple[Hall | Department, dict[int, int]]]:
    """The hall itself and whoever is right below it and has ratings, each with its own ratings of a year by level."""
    own = Q(pk=hall.pk) if hall.tier == Level.COUNTY else Q(path__startswith=hall.path)
    counts = _levels(now)
    offices = {path: levels for path, levels in counts.items() if _is_below(hall, path)}
    halls: list[Hall | Department] = [*Hall.objects.filter(own).order_by("path"), *_departments(offices)]
    return [(one, counts.get(one.path, {})) for one in halls if one.pk == hall.pk or one.path in counts]


def _is_below(hall: Hall, path: str) -> bool:
    """Of a county's hall only its own departments: its townships have pages of their own."""
    return path.startswith(f"{hall.path}~" if hall.tier == Level.COUNTY else hall.path)


def _departments(paths: Collection[str]) -> list[Department]:
    wanted = [path for path in paths if "~" in path]
    return list(Department.objects.filter(path__in=wanted).order_by("path")) if wanted else []


def _levels(now: datetime) -> dict[str, dict[int, int]]:
    """Ratings of a year by hall and level; anybody may ask, so they are counted once a minute and not for each."""
    kept: dict[str, dict[int, int]] | None = cache.get(_LEVELS_KEY)
    if kept is None:
        kept = _counted_levels(now)
        cache.set(_LEVELS_KEY, kept, _LEVELS_SECONDS)
    return kept


def _counted_levels(now: datetime) -> dict[str, dict[int, int]]:
    rows = Rating.objects.filter(COUNTED, rated_at__gte=now - LOOKED_BACK).order_by()
    found: dict[str, dict[int, int]] = defaultdict(dict)
    for path, level, number in rows.values_list("held_path", "level").annotate(number=Count("pk")):
        found[path][level] = number
    return dict(found)


def published(hall: Hall) -> QuerySet[Rating]:
    """Bad ratings of the hall and of the villages below it whose handling is public, and what was left out, after an
    appeal or as without ground: why.
    """
    own = _held_below(hall)
    told = Exists(RatingAct.objects.filter(rating=OuterRef("pk"), act=Act.PUBLISH))
    shown = Rating.objects.filter(own, Q(told) | Q(validity="excluded") | GROUNDLESS)
    return shown.select_related("hall").prefetch_related("acts")


def _held_below(hall: Hall) -> Q:
    if hall.tier == Level.COUNTY:
        return Q(held_path=hall.path) | Q(held_path__startswith=f"{hall.path}~")
    return Q(held_path__startswith=hall.path)


def left_out_below(hall: Hall, now: datetime) -> dict[str, int]:
    """How many ratings of a year were left out: after an appeal, and as without ground."""
    rows = Rating.objects.filter(_held_below(hall), rated_at__gte=now - LOOKED_BACK).order_by()
    return rows.aggregate(
        excluded=Count("pk", filter=Q(validity="excluded")), groundless=Count("pk", filter=GROUNDLESS)
    )


# --- call-backs ------------------------------------------------------------------------------------------------------


def visible_callbacks(actor: Actor) -> QuerySet[Callback]:
    """The call-backs of halls that the actor watches from above: whoever filed the case never calls."""
    # From a township downwards: its own hall is the county's to call back.
    counties = tuple(node for node in actor.supervises if node.count("/") == 1 and "~" not in node)
    townships = tuple(node for node in actor.supervises if node.count("/") == 2 and "~" not in node)
    seen = below("path", counties) | (below("path", townships) & ~Q(path__in=townships))
    return Callback.objects.filter(seen)


def with_calls(callbacks: QuerySet[Callback]) -> QuerySet[Callback]:
    answered = CallbackCall.objects.filter(callback=OuterRef("pk"), is_reached=True)
    shown = callbacks.select_related("draw", "application__matter", "application__hall", "application__applicant")
    return shown.annotate(is_answered=Exists(answered)).prefetch_related("calls__user")
