"""Finding what ran out is a range of an index, whatever else runs in the county."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from applications.models import Clock
from supervision.selectors.overrun import overruns
from tests.supervision.county import at
from tests.supervision.test_defaults import publish

pytestmark = pytest.mark.django_db


def plans(queries):
    """How PostgreSQL finds each statement's clocks where reading the whole table is out of the question."""
    found = []
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        for query in queries:
            if f'FROM "{Clock._meta.db_table}"' in query["sql"]:
                cursor.execute(f"EXPLAIN {query['sql']}")
                found.append("\n".join(line for (line,) in cursor.fetchall()))
    return found


def test_every_look_for_clocks_is_a_range_of_the_index_of_those_that_ran_out(county):
    matter = county.bureau_matter()
    publish(county, matter, place="step", policy="escalate", step=2)
    publish(county, matter, place="supplement", policy="escalate")
    publish(county, matter, place="renewal", policy="escalate")
    county.accepted(matter)
    county.received(matter)
    moment = at("2026-04-20 09:00")
    with CaptureQueriesContext(connection) as queries:
        assert len(overruns(moment)) == 3  # silent acceptance, a step, and its promise
    looks = plans(queries)
    assert len(looks) == 5
    for plan in looks:
        assert "clock_run_out" in plan, plan
        assert "due_at < " in plan, plan
        assert f"Seq Scan on {Clock._meta.db_table}" not in plan, plan


def test_while_nothing_is_published_only_acceptance_is_looked_at(county):
    county.accepted(county.bureau_matter())
    moment = at("2026-04-20 09:00")
    with CaptureQueriesContext(connection) as queries:
        assert overruns(moment) == []
    assert len(queries) == 2
