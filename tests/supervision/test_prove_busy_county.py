"""The nightly proof over a county full of cases."""

import pytest

from applications.models import Application, Clock
from supervision.actions.prove_lights import prove_lights
from supervision.actions.sweep import sweep
from tests.supervision.county import at

pytestmark = pytest.mark.django_db


def test_all_is_right_in_a_busy_county_after_every_sweep(busy):
    for moment in ("2026-03-12 10:00", "2026-03-16 00:01", "2026-04-20 09:00"):
        at(moment)
        sweep()
        proof = prove_lights(is_whole=True)
        assert [difference.as_dict() for difference in proof.differences] == []
        assert proof.cases == Application.objects.exclude(status="draft").count()
        assert proof.clocks == Clock.objects.count()


def test_a_chunk_costs_eight_statements_whatever_its_size(busy, django_assert_num_queries):
    # the present, sets, their rules, days, years, notices; cases, clocks, warnings, their reviews, facts, what is said,
    # colours; the empty next chunk; the brake, calendars that are not settled, cards and rungs nobody was told of; the
    # moment again and the limits that are no case's; the end, one for the record
    sweep()
    with django_assert_num_queries(22):
        prove_lights()
