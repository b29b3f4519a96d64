"""Finding what ran out is a range of an index, whatever else runs in the county."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from applications.models import Application, Clock
from supervision.selectors.overrun import overruns
from tests.factories.tampering import unguarded
from tests.supervision.county import at
from tests.supervision.test_defaults import publish

pytestmark = pytest.mark.django_db


COPIES = 3000
FILL = """
INSERT INTO applications_application
SELECT (jsonb_populate_record(a, jsonb_build_object(
  'id', %(first)s + n, 'number', 'N' || %(first)s + n, 'key', gen_random_uuid(), 'applicant_id', NULL))).*
FROM applications_application a, generate_series(1, %(copies)s) n WHERE a.id = %(case)s;
INSERT INTO applications_clock
SELECT (jsonb_populate_record(c, jsonb_build_object(
  'id', %(first)s + c.id * %(copies)s + n, 'application_id', %(first)s + n,
  'due_at', CASE c.state WHEN 'running' THEN now() + interval '9 years' ELSE c.due_at END))).*
FROM applications_clock c, generate_series(1, %(copies)s) n WHERE c.application_id = %(case)s;
"""


def fill(*cases):
    """Many more cases, whose limits are far from over, as a county has them; the tables are analysed."""
    tables = (Application._meta.db_table, Clock._meta.db_table)
    with unguarded(*tables), connection.cursor() as cursor:
        for number, case in enumerate(cases, start=1):
            cursor.execute(FILL, {"case": case.pk, "copies": COPIES, "first": number * 10**9})
        for table in tables:
            cursor.execute(f"ANALYZE {table}")


def plans(queries):
    """How PostgreSQL would find each statement's clocks, left to itself."""
    found = []
    with connection.cursor() as cursor:
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
    fill(county.accepted(matter), county.received(matter))
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
