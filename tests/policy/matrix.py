"""matrix.csv: one row per route, method and case; one column per role."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from tests.policy.people import ROLES
from tests.policy.routes import all_routes
from tests.policy.rules import RULES

FILE = Path(__file__).with_name("matrix.csv")
KEY = ("route", "method", "case")
Row = dict[str, str]


def expected_rows() -> list[Row]:
    """The matrix as the rules make it, for the routes that exist."""
    known = {(route.name, route.method) for route in all_routes()}
    rows = [
        {"route": rule.route, "method": rule.method, "case": rule.case} | {role: rule.expected(role) for role in ROLES}
        for rule in RULES
        if (rule.route, rule.method) in known
    ]
    return sorted(rows, key=lambda row: [row[name] for name in KEY])


def without_rule() -> list[str]:
    """Routes that nobody has decided about."""
    ruled = {(rule.route, rule.method) for rule in RULES}
    return [f"{r.name} {r.method} {r.address}" for r in all_routes() if (r.name, r.method) not in ruled]


def without_route() -> list[str]:
    """Rules about routes that are gone."""
    known = {(route.name, route.method) for route in all_routes()}
    return [f"{rule.route} {rule.method}" for rule in RULES if (rule.route, rule.method) not in known]


def as_csv(rows: list[Row]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, [*KEY, *ROLES], lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def stored_rows() -> list[Row]:
    return list(csv.DictReader(io.StringIO(FILE.read_text(encoding="utf-8"))))
