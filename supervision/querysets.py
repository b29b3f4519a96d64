"""The one way to see complaints and inquiries, and what an accused hall may see of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable
from datetime import date
from typing import TYPE_CHECKING

from django.apps import apps
from django.db import models
from django.db.models import CharField, F, Func, Q
from django.utils import timezone

from applications.querysets import below
from halls.domain.duties import Duty, PostKind
from halls.domain.persons import plain_code
from supervision.domain.voices import OPEN, Keeper, Kind, barred_paths, plain, root_of

if TYPE_CHECKING:
    from halls.acting import Actor
    from supervision.models import Voice  # noqa: F401

ANSWERING: tuple[Duty, ...] = (Duty.ACCEPT, Duty.EXAMINE)
_INQUIRY = Q(kind=Kind.INQUIRY)


def barred_from(actor: Actor) -> frozenset[str]:
    """The accused nodes whose complaints this person never handles and never reads: one statement in a request."""
    if "barred" not in actor.known:
        code = plain_code(actor.person_code)
        actor.known["barred"] = barred_nodes([code], timezone.localdate()).get(code, frozenset())
    found: frozenset[str] = actor.known["barred"]
    return found


def reader(actor: Actor) -> Hashable:
    """Whatever decides which rows of supervision the actor sees: two with the same see the same."""
    return actor.key, barred_from(actor) if is_handed_complaints(actor) else None


def is_handed_complaints(actor: Actor) -> bool:
    return bool(actor.supervises or actor.nodes.get(Duty.ADMINISTER))


def barred_nodes(codes: Iterable[str], today: date) -> dict[str, frozenset[str]]:
    """The same for several people, by their plain person codes; who is barred from nothing is left out.

    By person, not by account: a second login changes nothing.
    """
    posts = apps.get_model("halls", "Post").objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=today), starts_on__lte=today
    )
    plain = Func(F("user__person_code"), function="halls_plain_code", output_field=CharField())
    mine = posts.annotate(code=plain).filter(code__in=[plain_code(code) for code in codes])
    working: dict[str, set[str]] = defaultdict(set)
    watching: dict[str, set[str]] = defaultdict(set)
    for code, kind, hall, department in mine.values_list("code", "kind", "hall__path", "department__path"):
        (watching if kind == PostKind.SUPERVISOR else working)[code].add(department or hall)
    people = working.keys() | watching.keys()
    return {code: barred_paths(frozenset(working[code]), frozenset(watching[code])) for code in people}


def _against(actor: Actor) -> Q:
    """About the actor's own hall, or naming the actor; by the names of today too, should one be newer than it."""
    own = Q(about_path__in=sorted(barred_from(actor))) | Q(named__contains=[plain_code(actor.person_code)])
    if name := plain(actor.name):
        own |= Q(accused_person__contains=name)  # kept without blanks
    return own


def _kept_by(actor: Actor) -> Q:
    """Complaints that the actor handles or watches; of those below them, as whoever is next in line."""
    kept = below("seat_path", actor.supervises)
    counties = tuple(path for path in actor.nodes.get(Duty.ADMINISTER, ()) if path and path == root_of(path))
    kept |= Q(keeper__in=(Keeper.ADMINISTRATOR, Keeper.DIRECTOR)) & below("seat_path", counties)
    return kept | Q(keeper=Keeper.DIRECTOR) & below("seat_path", tuple({root_of(path) for path in actor.supervises}))


class VoiceQuerySet(models.QuerySet["Voice"]):
    def visible_to(self, actor: Actor) -> VoiceQuerySet:
        """Everything the actor may read whole: the only source of lists, pages, counts, figures and API.

        A complaint is seen by those who supervise where it is handled or stand in for them, and by nobody of the
        accused hall nor by whom it names; an inquiry by those who answer or supervise where it lies.
        """
        answering = tuple({path for duty in ANSWERING for path in actor.nodes.get(duty, ())})
        inquiries = _INQUIRY & (below("seat_path", actor.supervises) | below("seat_path", answering))
        if not is_handed_complaints(actor):
            return self.filter(inquiries)  # nobody else is handed a complaint, so nobody need be barred from one
        return self.filter(inquiries | (~_INQUIRY & _kept_by(actor) & ~_against(actor)))

    def accusing(self, actor: Actor) -> VoiceQuerySet:
        """Complaints about the actor's own hall, or that name the actor."""
        return self.filter(~_INQUIRY & _against(actor))

    def released_to(self, actor: Actor) -> VoiceQuerySet:
        """Complaints about the actor's own hall that their handler asked it to explain: the released words alone."""
        return self.filter(~_INQUIRY, is_released=True, about_path__in=actor.case_prefixes)

    def open(self) -> VoiceQuerySet:
        return self.filter(state__in=sorted(OPEN))

    def seated_at(self, actor: Actor) -> VoiceQuerySet:
        """What lies on the actor's own desk, not on one below it."""
        watching = (Q(seat_path__in=actor.supervises) | ~Q(keeper=Keeper.SUPERVISOR) & _kept_by(actor)) & ~_INQUIRY
        answering = {path for duty in ANSWERING for path in actor.nodes.get(duty, ())}
        return self.filter(watching | Q(_INQUIRY, seat_path__in=sorted(answering)))
