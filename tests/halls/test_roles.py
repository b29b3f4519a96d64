"""What the application's own role may do in the database, walked over every table there is."""

from __future__ import annotations

import psycopg2
import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from applications.models import AccessRecord, ClockFact, Document, Event
from halls.checks import the_clock_cannot_be_shifted
from halls.models import AppendOnly
from supervision.models import LimitWarning

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]

APPEND_ONLY = sorted(m._meta.db_table for m in apps.get_models() if issubclass(m, AppendOnly))
HISTORIES = sorted(m._meta.db_table for m in apps.get_models() if m.__name__.startswith("Historical"))
MODELS = sorted(
    {m._meta.db_table for m in apps.get_models(include_auto_created=True)} - set(APPEND_ONLY) - set(HISTORIES)
)


def refused_code(cursor, statement: str) -> str:
    with pytest.raises(psycopg2.Error) as refusal:
        cursor.execute(statement)
    return str(refusal.value.pgcode)


@pytest.fixture
def as_app(app_connection):
    with app_connection.cursor() as cursor:
        yield cursor


def test_the_walk_covers_the_ledgers():
    assert {m._meta.db_table for m in (Event, ClockFact, Document, AccessRecord, LimitWarning)} <= set(APPEND_ONLY)
    assert len(HISTORIES) >= 8
    assert len(MODELS) > 25


@pytest.mark.parametrize("table", MODELS)
def test_the_application_works_on_every_other_table(as_app, table):
    as_app.execute(f'SELECT count(*) FROM "{table}"')
    as_app.execute(f'DELETE FROM "{table}" WHERE false')
    as_app.execute("SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum = 1", [table])
    column = as_app.fetchone()[0]
    as_app.execute(f'UPDATE "{table}" SET "{column}" = "{column}" WHERE false')
    as_app.execute(f'INSERT INTO "{table}" SELECT * FROM "{table}" WHERE false')
    assert refused_code(as_app, f'TRUNCATE "{table}"') == "42501"


@pytest.mark.parametrize("table", APPEND_ONLY + HISTORIES)
def test_the_application_only_adds_to_ledgers_and_histories(as_app, table):
    as_app.execute(f'SELECT count(*) FROM "{table}"')
    as_app.execute(f'INSERT INTO "{table}" SELECT * FROM "{table}" WHERE false')
    as_app.execute("SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0", [table])
    for (column,) in as_app.fetchall():
        assert refused_code(as_app, f'UPDATE "{table}" SET "{column}" = "{column}"') == "42501"
    assert refused_code(as_app, f'DELETE FROM "{table}"') == "42501"
    assert refused_code(as_app, f'TRUNCATE "{table}"') == "42501"


@pytest.mark.parametrize("table", APPEND_ONLY)
def test_the_owner_too_is_refused_by_the_triggers(table):
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND tgenabled = 'O'", [table])
        assert {"append_only", "never_truncated"} <= {name for (name,) in cursor.fetchall()}
        with pytest.raises(IntegrityError, match="append-only") as refusal, transaction.atomic():
            cursor.execute(f"TRUNCATE {table} CASCADE")
        assert isinstance(refusal.value.__cause__, psycopg2.Error)
        assert refusal.value.__cause__.pgcode == "23001"


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE smuggled (id int)",
        "CREATE TEMPORARY TABLE smuggled (id int)",
        "CREATE SCHEMA smuggled",
        "CREATE FUNCTION smuggled() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "CREATE OR REPLACE FUNCTION halls_now() RETURNS timestamptz LANGUAGE sql AS 'SELECT now()'",
        "ALTER TABLE applications_event DISABLE TRIGGER append_only",
        "DROP TRIGGER chain_event ON applications_event",
        "ALTER TABLE applications_event ALTER COLUMN reason DROP NOT NULL",
        "DROP TABLE applications_event",
        "ALTER TABLE halls_user OWNER TO halls_app",
        "UPDATE django_migrations SET name = name",
        "DELETE FROM django_migrations",
        "INSERT INTO django_migrations (app, name, applied) VALUES ('halls', 'x', now())",
        "SELECT setval('applications_case_number', 1)",
        "SELECT nextval('django_migrations_id_seq')",
        "SET session_replication_role = replica",
        "SET SESSION AUTHORIZATION postgres",
        "SET ROLE halls_owner",
    ],
)
def test_the_application_defines_nothing(as_app, statement):
    assert refused_code(as_app, statement) in {"42501", "22023"}  # refused; or there is no such role to become


def test_the_application_draws_numbers_and_reads_the_clock(as_app):
    as_app.execute("SELECT nextval('applications_case_number'), nextval('applications_document_number')")
    as_app.execute("SELECT halls_now() - clock_timestamp() BETWEEN interval '-1 s' AND interval '1 s'")
    assert as_app.fetchone() == (True,)


def test_what_is_more_is_taken_back():
    role = settings.DATABASE_APP_ROLE
    with connection.cursor() as cursor:
        cursor.execute(f"GRANT UPDATE ON applications_event TO {role}")
        cursor.execute(f"GRANT UPDATE (content) ON applications_document TO {role}")
        cursor.execute(f"GRANT TRUNCATE ON halls_hall TO {role}")
        cursor.execute("GRANT DELETE ON applications_clockfact TO PUBLIC")
        cursor.execute("GRANT CREATE ON SCHEMA public TO PUBLIC")
        call_command("secure_database", verbosity=0)
        cursor.execute(
            """
            SELECT has_table_privilege(%(role)s, 'applications_event', 'UPDATE'),
                has_column_privilege(%(role)s, 'applications_document', 'content', 'UPDATE'),
                has_table_privilege(%(role)s, 'halls_hall', 'TRUNCATE'),
                has_table_privilege(%(role)s, 'applications_clockfact', 'DELETE'),
                has_schema_privilege(%(role)s, 'public', 'CREATE')
            """,
            {"role": role},
        )
        assert cursor.fetchone() == (False,) * 5


def test_securing_twice_changes_nothing():
    acl = "SELECT relname, relacl::text FROM pg_class WHERE relnamespace = 'public'::regnamespace ORDER BY 1"
    with connection.cursor() as cursor:
        cursor.execute(acl)
        before = cursor.fetchall()
        call_command("secure_database", verbosity=0)
        cursor.execute(acl)
        assert cursor.fetchall() == before


def test_a_mighty_role_is_refused(settings):
    with connection.cursor() as cursor:
        # Where the owner is no superuser there is another one; where it is, it may make a mighty role.
        cursor.execute("SELECT rolname FROM pg_roles WHERE rolsuper AND rolname <> session_user ORDER BY oid LIMIT 1")
        found = cursor.fetchone()
        if found is None:
            cursor.execute("CREATE ROLE mighty_for_a_test CREATEROLE")
        settings.DATABASE_APP_ROLE = found[0] if found else "mighty_for_a_test"
    with pytest.raises(CommandError, match="权限过大"):
        call_command("secure_database")


def test_without_the_role_a_demonstration_goes_on_and_a_county_stops(settings, capsys):
    settings.DATABASE_APP_ROLE = "nobody_here"
    call_command("secure_database")
    assert "nobody_here" in capsys.readouterr().err
    settings.DEMO = False
    with pytest.raises(CommandError, match="CREATE ROLE nobody_here"):
        call_command("secure_database")


# --- the clock --------------------------------------------------------------------------------------------------------


def test_the_owner_of_a_demonstration_travels(travel):
    moment = travel("2026-03-02 10:00")
    with connection.cursor() as cursor:
        cursor.execute("SELECT halls_now()")
        assert cursor.fetchone() == (moment,)
        cursor.execute("SELECT set_config('halls.at', '', false)")
        cursor.execute("SELECT clock_timestamp() - halls_now() < interval '5 s'")
        assert cursor.fetchone() == (True,)


def test_the_application_cannot_travel_whatever_it_sets(as_app):
    as_app.execute("SET halls.at = '2020-01-01 10:00+08'")
    as_app.execute("SELECT clock_timestamp() - halls_now() < interval '5 s'")
    assert as_app.fetchone() == (True,)


def test_outside_a_demonstration_nobody_travels(settings):
    settings.DEMO = False
    with pytest.raises(CommandError, match="正式环境"):
        call_command("allow_time_travel")


def test_the_deploy_check_reports_a_clock_that_was_replaced(settings):
    settings.DEMO = False
    assert [fault.id for fault in the_clock_cannot_be_shifted(databases=["default"])] == ["halls.E001"]
    settings.DEMO = True
    assert the_clock_cannot_be_shifted(databases=["default"]) == []


def test_the_deploy_check_is_content_with_the_clock_of_the_migration(settings):
    settings.DEMO = False
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE OR REPLACE FUNCTION halls_now() RETURNS timestamptz LANGUAGE sql AS $$ SELECT clock_timestamp() $$"
        )
    assert the_clock_cannot_be_shifted(databases=["default"]) == []
