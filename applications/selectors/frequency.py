"""The cases a hall took in during the last twelve months, matter by matter."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Count

from applications.domain.lifecycle import Status
from applications.models import Application
from halls.models import Hall
from halls.selectors.work_calendar import Moment

YEAR = timedelta(days=365)


def cases_by_matter(hall: Hall, moment: Moment) -> dict[str, int]:
    """Return how many cases were filed in this very hall in the last twelve months, by matter (one query).

    Counts, not cases: what a hall is asked for is public (受理清单), who asked is not.
    """
    rows = (
        Application.objects.filter(hall=hall, submitted_at__gt=moment.at - YEAR)
        .exclude(status=Status.DRAFT)
        .values_list("matter__code")
        .annotate(cases=Count("pk"))
    )
    return dict(rows)
