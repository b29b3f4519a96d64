"""The pages of timeout defaults: policies, what waits for a release, accountability."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from applications.domain.lifecycle import UNDECIDED
from applications.models import Application
from halls.acting import Actor
from halls.paging import PageList
from matters.domain.timeout import Policy
from matters.models import TimeoutPolicy
from supervision.models import Accountability

PAGE = 50
LATEST = PageList(("pk",), is_descending=True)


def policy_page(words: str, cursor: str) -> tuple[list[TimeoutPolicy], str]:
    """Return proposals and policies, the newest first, narrowed by matter (1 statement)."""
    rows = TimeoutPolicy.objects.select_related("matter", "proposed_by", "confirmed_by", "dropped_by")
    if words:
        rows = rows.filter(Q(matter__code__iexact=words) | Q(matter__name__contains=words))
    return LATEST.after(rows, cursor, PAGE)


def pending_releases(actor: Actor) -> QuerySet[Accountability]:
    """Return the renewals that wait for a named person, among the cases the actor sees (1 statement)."""
    cases = Application.objects.visible_to(actor).filter(status__in=sorted(UNDECIDED)).order_by().values("pk")
    rows = Accountability.objects.filter(act=Policy.DEEMED_RENEW, application__in=cases)
    shown = rows.select_related("application__matter", "application__seat_hall", "application__seat_department")
    return shown.order_by("breached_at", "pk")
