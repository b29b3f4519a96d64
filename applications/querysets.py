"""The one way to see cases."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q

from applications.domain.lifecycle import ENDED, OPEN, Status
from halls.paging import PageList

if TYPE_CHECKING:
    from applications.models import Application  # noqa: F401
    from halls.acting import Actor

URGENT_FIRST = PageList(("late_at", "pk"), is_nullable=True)
NEWEST_FIRST = PageList(("pk",), is_descending=True)


def below(field: str, prefixes: tuple[str, ...]) -> Q:
    """Rows whose path lies at or below any of the prefixes; none for no prefix."""
    condition = Q(pk__in=[])
    for prefix in prefixes:
        condition |= Q(**{f"{field}__startswith": prefix})
    return condition


class ApplicationQuerySet(models.QuerySet["Application"]):
    def visible_to(self, actor: Actor) -> ApplicationQuerySet:
        """Every case the actor may see: the only source of lists, pages, counts and exports.

        A duty on a hall shows what was filed there and below; a duty on a department shows what
        its organ takes part in. A draft is seen only in the hall that is writing it.
        """
        halls = tuple(p for p in actor.case_prefixes if "~" not in p)
        departments = tuple(p for p in actor.case_prefixes if "~" in p)
        seen = below("path", halls)
        if departments:
            route = apps.get_model("applications", "ApplicationStep").objects.filter(
                below("path", departments), application=OuterRef("pk")
            )
            seen |= Exists(route) | below("accept_path", departments)
        own_draft = Q(status=Status.DRAFT, path__in=actor.nodes.get("file", ()))
        return self.filter(Q(seen & ~Q(status=Status.DRAFT)) | own_draft)

    def filed_below(self, prefixes: tuple[str, ...]) -> ApplicationQuerySet:
        """Cases filed at or below any of these nodes."""
        return self.filter(below("path", prefixes))

    def seated_below(self, prefixes: tuple[str, ...]) -> ApplicationQuerySet:
        """Cases that an organ at or below any of these nodes holds now."""
        return self.filter(below("seat_path", prefixes))

    def open(self) -> ApplicationQuerySet:
        return self.filter(status__in=sorted(OPEN))

    def ended(self) -> ApplicationQuerySet:
        return self.filter(status__in=sorted(ENDED))

    def with_list_columns(self) -> ApplicationQuerySet:
        """What a row of a list shows, in one query.

        `late_is_provisional`: whether the next due date, the one a row shows, leans on a year without a notice. The
        case's own `is_provisional` speaks of all its dates.
        """
        clocks = apps.get_model("applications", "Clock").objects.filter(application=OuterRef("pk"))
        leaning = clocks.filter(due_at=OuterRef("late_at"), is_provisional=True).exclude(state="stopped")
        shown = self.select_related("matter", "applicant", "hall", "seat_hall", "seat_department")
        return shown.defer("form", "applicant__id_sealed", "applicant__phone_sealed").annotate(
            late_is_provisional=Exists(leaning)
        )
