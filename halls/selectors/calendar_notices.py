"""What is signed about the years of the work calendar."""

from __future__ import annotations

from datetime import date

from django.db.models import Q

from halls.domain.calendar_file import Arrangement, arrangement_of
from halls.domain.county_days import CountyDays, county_days_of, county_made
from halls.models import CalendarNotice


def is_unsettled(case_id: int) -> bool:
    """Return whether a calendar in force may still move this case: what it says of its limits does not hold."""
    waiting = CalendarNotice.objects.filter(turn__isnull=False, settled_at__isnull=True)
    return waiting.filter(Q(settled_through__lt=case_id) | Q(left_over__contains=[case_id])).exists()


def last_notice(year: int) -> CalendarNotice | None:
    """Return the notice that holds for the year."""
    return CalendarNotice.objects.filter(year=year, turn__isnull=False).order_by("-turn").first()


def signed_years() -> frozenset[int]:
    """Return the years of which two persons, not the installation, put a State Council notice into force last."""
    rows = (
        CalendarNotice.objects.filter(turn__isnull=False, kind=CalendarNotice.Kind.STATE)
        .order_by("year", "-turn")
        .distinct("year")
        .values_list("year", "is_installed")
    )
    return frozenset(year for year, is_installed in rows if not is_installed)


def county_documents(year: int) -> tuple[CountyDays, ...]:
    """Return the county's own documents in force for the year, in their order."""
    rows = CalendarNotice.objects.filter(year=year, turn__isnull=False, kind=CalendarNotice.Kind.COUNTY)
    return tuple(county_days_of(content) for content in rows.order_by("turn").values_list("content", flat=True))


def county_days_in(notice: CalendarNotice) -> dict[date, str]:
    """Return the document of the county behind each day of its own in the year that this notice makes.

    As it was made when it came into force, or would be now while it waits or was dropped: one statement.
    """
    earlier = CalendarNotice.objects.filter(year=notice.year, turn__isnull=False)
    if notice.turn is not None:
        earlier = earlier.filter(turn__lt=notice.turn)
    rows = [*earlier.order_by("turn").values_list("kind", "content"), (notice.kind, notice.content)]
    states = [content for kind, content in rows if kind == CalendarNotice.Kind.STATE]
    documents = [county_days_of(content) for kind, content in rows if kind == CalendarNotice.Kind.COUNTY]
    return county_made(arrangement_of(states[-1]), documents) if states and documents else {}


def state_in_force(year: int) -> Arrangement | None:
    """Return the year as the State's notice alone has it; None when nobody published it."""
    rows = CalendarNotice.objects.filter(year=year, turn__isnull=False, kind=CalendarNotice.Kind.STATE)
    content = rows.order_by("-turn").values_list("content", flat=True).first()
    return None if content is None else arrangement_of(content)


def arrangement_in_force(year: int) -> Arrangement | None:
    """Return the whole year as it holds now, the county's documents included; None when nobody published it."""
    notice = last_notice(year)
    return None if notice is None else arrangement_of(notice.effective)
