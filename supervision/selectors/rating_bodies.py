"""Which bodies took part in the service that was rated, and which of them were late."""

from __future__ import annotations

from collections import defaultdict

from django.db.models import F
from django.utils.translation import gettext as _

from applications.domain.transitions import ClockKind
from applications.models import ApplicationStep, Clock
from supervision.models import Rating
from supervision.selectors.supervised import names_of

# A promise and a limit of the law span the case; these are of whoever held it.
_OF_A_SEAT = (ClockKind.PRE_REVIEW, ClockKind.ACCEPTANCE, ClockKind.STEP, ClockKind.DELIVERY)


def bodies_of(rating: Rating) -> tuple[str, ...]:
    """The paths of the rated hall, of whoever accepted the case, and of every step: one statement."""
    steps = ApplicationStep.objects.filter(application=rating.application_id).order_by("seq")
    paths = (rating.path, rating.application.accept_path, *steps.values_list("path", flat=True))
    return tuple(dict.fromkeys(path for path in paths if path))


def told_bodies(rating: Rating) -> list[tuple[str, str]]:
    """Each of them by its name, with the limits that ran out in its hands: what a judgement starts from."""
    paths = bodies_of(rating)
    names, late = names_of(paths), defaultdict(list)
    over = Clock.objects.filter(application=rating.application_id, kind__in=_OF_A_SEAT, stopped_at__gt=F("due_at"))
    for clock in over.order_by("started_at", "pk"):
        late[clock.seat_path].append(str(clock.get_kind_display()))
    told = []
    for path in paths:
        limits = "、".join(dict.fromkeys(late[path]))
        words = _("超期：%(limits)s") % {"limits": limits} if limits else _("没有超期")
        told.append((path, _("%(name)s（%(words)s）") % {"name": names.get(path, path), "words": words}))
    return told
