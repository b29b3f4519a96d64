"""Every matter of the catalogue can be walked from its counter to the applicant's hand, by people of the county."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from django.utils import timezone

from applications.models import Application, Event
from applications.rehearsal.office_hours import OfficeHours
from applications.rehearsal.plans import Plan
from applications.rehearsal.run import Rehearsal, travel_to
from halls.domain.worktime import ONE_DAY, start_of
from halls.models import Hall
from halls.selectors.work_calendar import read_moment
from matters.models import Matter, MatterVersion

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded"), pytest.mark.slow]
UPWARDS = ("village", "township", "county")
PLACES = {"village": "500236272202", "township": "500236272", "county": "500236"}


@pytest.mark.parametrize(("tiers", "fate"), [(UPWARDS, "grant"), (UPWARDS[::-1], "grant"), (UPWARDS, "refuse")])
def test_every_matter_reaches_its_end(seeded, tiers, fate):
    """From the lowest hall that takes it in, and from the highest; a refusal is delivered just as well."""
    halls = {tier: Hall.objects.get(code=code) for tier, code in PLACES.items()}
    guides = MatterVersion.objects.filter(pk__in=Matter.objects.values("current")).select_related("matter")
    if tiers[0] == "county":
        guides = guides.filter(accept_levels__len__gt=1)  # the others were walked already
    if fate == "refuse":
        guides = guides.filter(village_role="proxy")[:12]
    plans = [
        Plan(
            matter=guide.matter.code,
            hall=next(halls[tier] for tier in tiers if tier in guide.accept_levels),
            minute=float(number),
            seed=number,
            is_company="自然人" not in guide.service_objects,
            fate=fate,
            pace=0.3,
        )
        for number, guide in enumerate(guides)
    ]
    moment = read_moment()
    first = moment.at.date() - timedelta(days=150)
    rehearsal = Rehearsal(seeded.hall(), plans, OfficeHours(moment.calendar, first, moment.at.date()), moment.calendar)
    for number in range(151):
        rehearsal.live(min(start_of(first + (number + 1) * ONE_DAY), moment.at))
    travel_to(None)
    ends = Counter(Application.objects.values_list("status", "matter__code"))
    assert {code for status, code in ends if status != "delivered"} == set()
    assert sum(ends.values()) == len(plans)
    assert Event.objects.filter(verb=fate).count() == len(plans)
    assert timezone.now() >= max(Event.objects.values_list("at", flat=True))
