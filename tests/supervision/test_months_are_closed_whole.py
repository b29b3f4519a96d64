"""Whoever has the site's database role closes no month with less than the books keep."""

import pytest
from django.core.management import call_command
from django.db import connection

from supervision.actions.close_month import close_month, digest_of, last_event
from supervision.domain.columns import KEPT
from tests.clock.attack import GUARDED, as_application, blocked_as_application, run
from tests.supervision.bulletins import MARCH
from tests.supervision.county import at
from tests.supervision.rating import ended

pytestmark = pytest.mark.django_db
CLOSE = (
    "INSERT INTO supervision_monthclose (county_id, first, figures, columns, digest, events, closed_at)"
    " VALUES (%s, '2026-03-01', %s, %s, 'x', 0, now())"
)


@pytest.fixture
def people(county):
    call_command("secure_database", verbosity=0)
    return county


def test_the_books_are_not_closed_empty(people):
    at("2026-04-02 09:00")
    for figures, columns in (("{}", "[]"), ("{}", '["late"]'), (f'{{"{people.hall.path}": {{}}}}', '["late"]')):
        blocked_as_application(CLOSE, people.hall.pk, figures, columns, by=(GUARDED,))


def test_the_site_closes_them_with_the_digest_and_the_event_of_the_database(people):
    ended(people)
    at("2026-04-02 09:00")
    with as_application():
        closed = close_month(people.hall, MARCH)
    said = digest_of(closed.figures)
    closed.refresh_from_db()
    assert (closed.digest, closed.events) == (said, last_event())
    run("SET CONSTRAINTS ALL IMMEDIATE")
    run("ALTER TABLE supervision_monthclose DISABLE TRIGGER append_only")
    run("DELETE FROM supervision_monthclose")
    with as_application():
        close = '["' + '","'.join(KEPT) + '"]'
        run(CLOSE, people.hall.pk, f'{{"{people.hall.path}": {{"late": 0}}}}', close)
    with connection.cursor() as cursor:
        cursor.execute("SELECT digest, events FROM supervision_monthclose")
        assert cursor.fetchone() == (digest_of({people.hall.path: {"late": 0}}), last_event())


def test_the_database_knows_every_column_that_is_kept():
    with connection.cursor() as cursor:
        cursor.execute("SELECT supervision_kept_columns()")
        assert set(cursor.fetchone()[0]) == set(KEPT)
