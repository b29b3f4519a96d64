"""`manage.py secure_database`: give the application's role what it needs, and take away whatever is more.

Run by the owner of the tables after every migration; running it twice changes nothing. The role may read and write
every table, but on append-only tables and on histories it may only read and add, on django_migrations only read;
it truncates nothing and creates nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.utils.translation import gettext as _
from psycopg2 import sql
from simple_history.models import HistoricalChanges

from halls.models import AppendOnly

READ, ADD, WORK = ("SELECT",), ("SELECT", "INSERT"), ("SELECT", "INSERT", "UPDATE", "DELETE")
MIGRATIONS = "django_migrations"
OWN_TABLES = """
    SELECT c.relname, c.relkind::text FROM pg_class c
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'S')
      AND pg_has_role(current_user, c.relowner, 'USAGE')
    ORDER BY c.relname
"""
OWN_FUNCTIONS = """
    SELECT p.oid::regprocedure::text FROM pg_proc p
    WHERE p.pronamespace = 'public'::regnamespace AND pg_has_role(current_user, p.proowner, 'USAGE')
      AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
    ORDER BY 1
"""
# What no grant on an object can mend: such a role is refused.
TOO_MIGHTY = """
    SELECT rolsuper OR rolbypassrls OR rolcreaterole OR pg_has_role(r.oid, current_user, 'MEMBER')
        OR EXISTS (SELECT FROM pg_class c WHERE c.relowner = r.oid AND c.relnamespace = 'public'::regnamespace)
    FROM pg_roles r WHERE rolname = %s
"""


class Command(BaseCommand):
    help = "授予网站所用数据库角色恰好够用的权限，收回多余的权限；在每次 migrate 之后由所有者运行，可重复执行。"

    def handle(self, *args: Any, **options: Any) -> None:
        role = settings.DATABASE_APP_ROLE
        with connection.cursor() as cursor:
            if not _is_usable(cursor, role):
                self._go_without(role)
                return
        with transaction.atomic(), connection.cursor() as cursor:
            _secure_surroundings(cursor, role)
            tables = _secure_tables(cursor, role)
            _secure_functions(cursor, role)
        if options["verbosity"] > 1:
            words = _("角色 %(role)s 的权限已核对：%(all)d 张表，其中 %(add)d 张只能查询和新增。")
            self.stdout.write(words % {"role": role, "all": len(tables), "add": list(tables.values()).count(ADD)})

    def _go_without(self, role: str) -> None:
        """Let a demonstration run as the owner, loudly; refuse a county to."""
        words = _("没有可用的数据库角色 %(role)s，办件记录不受角色权限保护。") % {"role": role}
        if not settings.DEMO:
            cure = _("请由数据库管理员执行 CREATE ROLE %(role)s LOGIN，再重新运行。") % {"role": role}
            raise CommandError(words + cure)
        self.stderr.write(words)


def privileges_of(table: str) -> tuple[str, ...]:
    """Return what the application may do with a table."""
    if table == MIGRATIONS:
        return READ
    return ADD if table in _tables_that_only_grow() else WORK


def _tables_that_only_grow() -> frozenset[str]:
    kinds = (AppendOnly, HistoricalChanges)
    return frozenset(model._meta.db_table for model in apps.get_models() if issubclass(model, kinds))


def _is_usable(cursor: CursorWrapper, role: str) -> bool:
    cursor.execute("SELECT rolname = current_user FROM pg_roles WHERE rolname = %s", [role])
    if cursor.fetchone() != (False,):
        return False
    cursor.execute(TOO_MIGHTY, [role])
    if cursor.fetchone() != (False,):
        raise CommandError(
            _("角色 %(role)s 权限过大：是超级用户、可建角色、属于所有者或拥有数据表。请换一个普通角色。")
            % {"role": role}
        )
    return True


def _secure_surroundings(cursor: CursorWrapper, role: str) -> None:
    """Let it connect and look into the schema; nobody but the owner creates anything, temporary tables included."""
    names = {
        "role": sql.Identifier(role),
        "database": sql.Identifier(connection.settings_dict["NAME"]),
        "schema": sql.Identifier("public"),
    }
    for statement in (
        "REVOKE ALL ON DATABASE {database} FROM {role}",
        "REVOKE TEMPORARY ON DATABASE {database} FROM PUBLIC",
        "GRANT CONNECT ON DATABASE {database} TO {role}",
        "REVOKE ALL ON SCHEMA {schema} FROM {role}",
        "REVOKE CREATE ON SCHEMA {schema} FROM PUBLIC",
        "GRANT USAGE ON SCHEMA {schema} TO {role}",
    ):
        cursor.execute(sql.SQL(statement).format(**names))


def _secure_tables(cursor: CursorWrapper, role: str) -> dict[str, tuple[str, ...]]:
    """Return what is granted on every table."""
    cursor.execute(OWN_TABLES)
    found = cursor.fetchall()
    tables = {name: privileges_of(name) for name, kind in found if kind != "S"}
    sequences = [name for name, kind in found if kind == "S"]
    by_privileges: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for name, privileges in tables.items():
        by_privileges[privileges].append(name)
    _run(cursor, "REVOKE ALL ON TABLE {objects} FROM {role}, PUBLIC", role, tables)
    for privileges, names in by_privileges.items():
        _run(cursor, f"GRANT {', '.join(privileges)} ON TABLE {{objects}} TO {{role}}", role, names)
    _run(cursor, "REVOKE ALL ON SEQUENCE {objects} FROM {role}, PUBLIC", role, sequences)
    drawn = [name for name in sequences if not name.startswith(MIGRATIONS)]
    _run(cursor, "GRANT USAGE ON SEQUENCE {objects} TO {role}", role, drawn)
    return tables


def _run(cursor: CursorWrapper, statement: str, role: str, names: Iterable[str]) -> None:
    objects = sql.SQL(", ").join(sql.Identifier(name) for name in names)
    cursor.execute(sql.SQL(statement).format(objects=objects, role=sql.Identifier(role)))


def _secure_functions(cursor: CursorWrapper, role: str) -> None:
    cursor.execute(OWN_FUNCTIONS)
    names = [name for (name,) in cursor.fetchall()]
    objects = sql.SQL(", ").join(sql.SQL(name) for name in names)  # quoted by regprocedure
    identifier = sql.Identifier(role)
    cursor.execute(sql.SQL("REVOKE ALL ON FUNCTION {} FROM {}, PUBLIC").format(objects, identifier))
    cursor.execute(sql.SQL("GRANT EXECUTE ON FUNCTION {} TO {}").format(objects, identifier))
