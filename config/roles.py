"""Make the database and its two roles: `python -m config.roles` reads what to make from standard input.

A program of its own because it needs the driver, which start.py cannot count on, and because passwords do not belong
on a command line. It prints {"ok": true, "app": bool} or {"ok": false, "reason": ..., "detail": ...}.
"""

import json
import sys
from contextlib import closing
from typing import Any
from urllib.parse import unquote, urlsplit

import psycopg2
from psycopg2 import errors, sql

OLDEST_VERSION = 150000


def main() -> None:
    order = json.load(sys.stdin)
    try:
        answer = carry_out(order)
    except psycopg2.OperationalError as error:
        answer = {"ok": False, "reason": "connect", "detail": str(error).strip()}
    except psycopg2.Error as error:
        answer = {"ok": False, "reason": "refused", "detail": str(error).strip()}
    print(json.dumps(answer, ensure_ascii=False))


def carry_out(order: dict[str, Any]) -> dict[str, Any]:
    """Make what is missing; "owner" and "database" are only given for a private server, which is ours."""
    with closing(psycopg2.connect(order["url"], connect_timeout=5)) as connection:
        connection.autocommit = True  # CREATE DATABASE refuses to run in a transaction
        if connection.server_version < OLDEST_VERSION:
            return {"ok": False, "reason": "version", "detail": str(connection.server_version // 10000)}
        with connection.cursor() as cursor:
            if "owner" in order:
                _make_database(cursor, order["owner"], order["database"])
            cursor.execute("SHOW server_encoding")
            (encoding,) = cursor.fetchone() or ("",)
            if encoding != "UTF8":
                return {"ok": False, "reason": "encoding", "detail": encoding}
            return {"ok": True, "app": "app" in order and _make_app_role(cursor, order)}


def _make_database(cursor: Any, owner: dict[str, str], database: str) -> None:
    _make_role(cursor, owner, sql.SQL("LOGIN CREATEDB"))
    cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database])
    if cursor.fetchone() is None:
        names = {"database": sql.Identifier(database), "owner": sql.Identifier(owner["name"])}
        cursor.execute(sql.SQL("CREATE DATABASE {database} OWNER {owner}").format(**names))


def _make_app_role(cursor: Any, order: dict[str, Any]) -> bool:
    """Return whether the application can connect as its own role afterwards."""
    app = order["app"]
    owner = order["owner"]["name"] if "owner" in order else unquote(urlsplit(order["url"]).username or "")
    try:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [app["name"]])
        if cursor.fetchone() is None or "owner" in order:
            _make_role(cursor, app, sql.SQL("LOGIN"))
        names = {"app": sql.Identifier(app["name"]), "owner": sql.Identifier(owner)}
        # So that the owner can act in the application's place: the tests of the grants do.
        cursor.execute(sql.SQL("GRANT {app} TO {owner}").format(**names))
    except errors.InsufficientPrivilege:
        return _can_connect(order["url"], app)
    return _can_connect(order["url"], app)


def _make_role(cursor: Any, role: dict[str, str], attributes: sql.SQL) -> None:
    cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role["name"]])
    verb = sql.SQL("ALTER" if cursor.fetchone() else "CREATE")
    parts = {"verb": verb, "name": sql.Identifier(role["name"]), "attributes": attributes}
    statement = sql.SQL("{verb} ROLE {name} WITH {attributes} PASSWORD %s").format(**parts)
    cursor.execute(statement, [role["password"]])


def _can_connect(url: str, app: dict[str, str]) -> bool:
    try:
        psycopg2.connect(url, user=app["name"], password=app["password"], connect_timeout=5).close()
    except psycopg2.OperationalError:
        return False
    return True


if __name__ == "__main__":
    main()
