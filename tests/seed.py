"""The real county for tests: 奉节县 with its halls, calendar, catalogue, card rules and people, but without cases.

A module that wants it says so once, at its top:

    pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]

Its tests then run on a database of their own that was seeded once per run; every other module keeps the empty one.
A transactional test (or one with a browser) gives it back as it found it: cases are emptied away, and whatever it
changed in halls, people or matters is restored.
"""

from __future__ import annotations

import io
import json
import os
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg2
import pytest
from django.conf import settings as django_settings
from django.core.management import call_command
from django.db import connection, transaction
from django.test import TransactionTestCase

from applications.rehearsal.accounts import appoint_county
from applications.rehearsal.crew import make_cases
from applications.selectors.rules import forget_rules
from halls.acting import Actor, acting_user
from halls.domain.worktime import SHANGHAI
from halls.models import Hall, User

DATA = Path(__file__).resolve().parent.parent / "data"
COUNTY = "500236"
# What a test leaves behind in these is thrown away; every other table is compared and restored.
OF_CASES = ("applications_", "supervision_", "axes_", "django_session", "authtoken_")
KEPT = ("applications_cardrule", "applications_ruleset", "supervision_ladderstep")


@dataclass
class Seed:
    """The seeded county: its people by the role of the demo accounts (see applications/rehearsal/people.py)."""

    database: str
    accounts: dict[str, dict[str, str]]

    def user(self, role: str) -> User:
        """Return a fresh user object: "village_clerk", "township_window", "county_approver" …, or a username."""
        return User.objects.get(username=self.accounts[role]["username"] if role in self.accounts else role)

    def actor(self, role: str) -> Actor:
        return acting_user(self.user(role))

    def hall(self, code: str = COUNTY) -> Hall:
        return Hall.objects.get(code=code)


@pytest.fixture(scope="session")
def _seed(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seed]:
    """Clone the migrated, empty test database and fill it, once per run."""
    empty = connection.settings_dict["NAME"]
    full = f"{empty}_seeded"
    accounts = tmp_path_factory.mktemp("seed") / "accounts.json"
    with django_db_blocker.unblock():
        connection.close()
        _on_server(f'DROP DATABASE IF EXISTS "{full}" WITH (FORCE)', f'CREATE DATABASE "{full}" TEMPLATE "{empty}"')
        _turn_to(full)
        fill_county(accounts)
        keep_copies()
        _turn_to(empty)
    rows = json.loads(accounts.read_text(encoding="utf-8"))
    yield Seed(full, {row["role"]: row for row in rows})
    with django_db_blocker.unblock():
        connection.close()
        _on_server(f'DROP DATABASE IF EXISTS "{full}" WITH (FORCE)')


@pytest.fixture(scope="module")
def seeded(_seed: Seed) -> Iterator[Seed]:
    """Run the tests of this module on the seeded database."""
    empty = connection.settings_dict["NAME"]
    _turn_to(_seed.database)
    yield _seed
    _turn_to(empty)


@pytest.fixture(scope="module")
def lived_in(seeded: Seed, django_db_blocker: Any, request: pytest.FixtureRequest) -> Iterator[Hall]:
    """Fill the county with as many cases as the module's CASES says, by the real actions; gone after the module."""
    with django_db_blocker.unblock(), transaction.atomic():
        county = seeded.hall()
        make_cases(county, request.module.CASES, processes=1, report=lambda _made, _of: None)
        yield county
        transaction.set_rollback(True)


@pytest.fixture
def travel() -> Iterator[Callable[[str], datetime]]:
    """Give `travel("2026-03-02 10:00")`: the moment of every act on this connection from now on (Shanghai time)."""

    def go(moment: str) -> datetime:
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('halls.at', %s, false)", [f"{moment}+08" if moment else ""])
        return datetime.fromisoformat(moment).replace(tzinfo=SHANGHAI) if moment else datetime.now(SHANGHAI)

    yield go
    if connection.connection is not None and connection.is_usable():
        go("")


@pytest.fixture
def app_connection(db: None) -> Iterator[Any]:
    """Connect to the database of this test as the application's role, with autocommit.

    It sees what is committed; what it changes is not rolled back.
    """
    with closing(connect_as_app()) as found:
        yield found


def connect_as_app() -> Any:
    """Return a psycopg2 connection of the role that web, worker and beat use."""
    here = connection.settings_dict
    parts = urlsplit(os.environ.get("DATABASE_APP_URL", ""))
    found = psycopg2.connect(
        dbname=here["NAME"],
        host=here["HOST"] or None,
        port=here["PORT"] or None,
        user=parts.username or django_settings.DATABASE_APP_ROLE,
        password=parts.password,
    )
    found.autocommit = True
    return found


@pytest.fixture(scope="session", autouse=True)
def _uploads_elsewhere(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Keep what tests upload out of the installation's own directory."""
    django_settings.MEDIA_ROOT = tmp_path_factory.getbasetemp() / "media"


@pytest.fixture(autouse=True)
def _rules_read_anew() -> None:
    """Forget the card rules that an earlier test left in memory, so that query counts do not depend on their order."""
    forget_rules()


# --- filling ----------------------------------------------------------------------------------------------------------


def fill_county(accounts: Path | None = None) -> None:
    """Load everything a county needs before its first case."""
    quiet: dict[str, Any] = {"verbosity": 0, "stdout": io.StringIO()}
    call_command("load_county", str(DATA / "divisions_500236.csv"), **quiet)
    call_command("load_calendar", str(DATA / "calendar"), **quiet)
    call_command("import_matters", str(DATA / "matters.json"), **quiet)
    call_command("import_bundles", str(DATA / "bundles.json"), **quiet)
    call_command("load_card_rules", str(DATA / "card_rules" / "default.json"), **quiet)
    call_command("load_ladder", str(DATA / "ladder.json"), **quiet)
    call_command("secure_database", verbosity=0)
    call_command("settle_calendar", **quiet)
    call_command("allow_time_travel")
    appoint_county(Hall.objects.get(code=COUNTY), accounts)


def _turn_to(database: str) -> None:
    """Make this process, its other threads included, work on another database."""
    connection.close()
    django_settings.DATABASES["default"]["NAME"] = database
    connection.settings_dict["NAME"] = database


def _on_server(*statements: str) -> None:
    with connection._nodb_cursor() as cursor:  # as Django's own test runner does
        for statement in statements:
            cursor.execute(statement)


# --- giving it back ---------------------------------------------------------------------------------------------------

TABLES = "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' ORDER BY 1"


def _column(sql: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return [name for (name,) in cursor.fetchall()]


def _tables() -> tuple[list[str], list[str]]:
    """The tables that are restored, and those that are emptied."""
    known = _column(TABLES)
    kept = [name for name in known if not name.startswith(OF_CASES) or name in KEPT]
    return kept, [name for name in known if name not in kept]


def keep_copies() -> None:
    """Copy every base table aside, and note what an unchanged one looks like."""
    kept, _emptied = _tables()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA IF EXISTS seed CASCADE")
        cursor.execute("CREATE SCHEMA seed")
        for table in kept:
            cursor.execute(f'CREATE TABLE seed."{table}" AS TABLE public."{table}"')
        cursor.execute("CREATE TABLE seed.prints (relname text PRIMARY KEY, print text)")
        cursor.execute(f"INSERT INTO seed.prints {_prints(kept)}")


def _prints(tables: list[str]) -> str:
    """A row per table: how many rows it has, and which transactions wrote them."""
    one = (
        "SELECT '{0}' AS relname, count(*) || '/' || coalesce(sum(xmin::text::bigint), 0) AS print FROM public.\"{0}\""
    )
    return " UNION ALL ".join(one.format(table) for table in tables)


def _changed(tables: list[str]) -> list[str]:
    return _column(f"SELECT now.relname FROM ({_prints(tables)}) now JOIN seed.prints USING (relname) "
                   "WHERE now.print <> prints.print")  # fmt: skip


def _filled(tables: list[str]) -> list[str]:
    return _column(
        " UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT FROM public.\"{name}\")" for name in tables)
    )


_GIVEN_BACK = count(1)
_LASTING: list[str] = []  # the module whose data stays after each of its tests


@pytest.fixture(scope="module")
def lasting(django_db_setup: None, django_db_blocker: Any, request: pytest.FixtureRequest) -> Iterator[None]:
    """What a module commits beside its tests stays until the last of them; they only read it."""
    with django_db_blocker.unblock():
        _LASTING.append(request.node.nodeid)
        yield
        _LASTING.clear()
        _give_back()


def _give_back() -> None:
    """Only what a test touched is emptied or restored: to truncate every table takes longer than most tests."""
    if _LASTING:
        return
    kept, emptied = _tables()
    with transaction.atomic(), connection.cursor() as cursor:
        changed = _changed(kept)
        touched = [*changed, *_filled(emptied)]
        for table in touched:  # the ledger's own guards refuse
            cursor.execute(f'ALTER TABLE public."{table}" DISABLE TRIGGER USER')
        for table in touched:
            cursor.execute(f'DELETE FROM public."{table}"')
        for table in changed:
            cursor.execute(f'INSERT INTO public."{table}" TABLE seed."{table}"')
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in touched:
            cursor.execute(f'ALTER TABLE public."{table}" ENABLE TRIGGER USER')
        if changed:
            cursor.execute("DELETE FROM seed.prints WHERE relname = ANY(%s)", [changed])
            cursor.execute(f"INSERT INTO seed.prints {_prints(changed)}")
    if next(_GIVEN_BACK) % 20 == 0:  # what was deleted lies in the way of every later scan; nobody else sweeps it up
        with connection.cursor() as cursor:
            cursor.execute("VACUUM")


@pytest.fixture(scope="session", autouse=True)
def _give_back_what_was_changed() -> Iterator[None]:
    """After a transactional test the database is restored instead of emptied, the seeded one like the empty one."""
    flush = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]
    TransactionTestCase._fixture_teardown = lambda _self: _give_back()  # type: ignore[attr-defined]
    yield
    TransactionTestCase._fixture_teardown = flush  # type: ignore[attr-defined]


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """Remember the empty database as its migrations left it."""
    with django_db_blocker.unblock():
        keep_copies()
