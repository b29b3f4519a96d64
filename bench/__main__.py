"""Pages and the public look-up on the database as it stands: statements, size, time as a ratio.

The yardstick is a primary-key read through the ORM, interleaved with what is measured.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.demo")
# The measured code answers as the site does: without the log lines of every page.
os.environ.setdefault("PROCESS_NAME", "bench")
if any(word.startswith("--guides") for word in sys.argv):  # whoever installs a catalogue owns the database
    os.environ["DATABASE_URL"] = os.environ.get("DATABASE_OWNER_URL", os.environ["DATABASE_URL"])
django.setup()

from django.conf import settings  # noqa: E402 - Django must be set up first
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402

from applications.models import Application  # noqa: E402
from bench import copies, guides, monitor, sweep  # noqa: E402
from halls.models import User  # noqa: E402

ROUNDS = 15


@dataclass
class Figure:
    name: str
    statements: int
    size: int
    median_ms: float
    ratio: float


def accounts() -> dict[str, User]:
    """One demo person per role."""
    path = Path(settings.DATA_DIR) / "demo-accounts.json"
    people = {row["role"]: row["username"] for row in json.loads(path.read_text(encoding="utf-8"))}
    return {role: User.objects.get(username=name) for role, name in people.items()}


def prepare(cases: int) -> None:
    """Make a demonstration county of so many cases, as the owner, unless it is there already."""
    owner = os.environ.get("DATABASE_OWNER_URL", os.environ["DATABASE_URL"])
    accounts_file = Path(settings.DATA_DIR) / "demo-accounts.json"
    command = [sys.executable, "-m", "config.prepare", "--cases", str(cases), "--accounts", str(accounts_file)]
    subprocess.run(command, env={**os.environ, "DATABASE_URL": owner}, check=True)


def timed(act: Callable[[], object]) -> float:
    begun = time.perf_counter()
    act()
    return (time.perf_counter() - begun) * 1000


def page(client: Client, path: str) -> Callable[[], int]:
    def get() -> int:
        response = client.get(path, secure=settings.SECURE_SSL_REDIRECT)
        if response.status_code != 200:
            raise SystemExit(f"{path} answered {response.status_code}")
        return len(response.content)

    return get


def measure(name: str, act: Callable[[], int], yardstick: Callable[[], object]) -> Figure:
    """Run once for the statements, then interleave with the yardstick."""
    act()
    statements: list[str] = []

    def count(execute: Callable[..., object], sql: str, *rest: object) -> object:
        statements.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(count):
        size = act()
    ours, theirs = [], []
    for _round in range(ROUNDS):
        theirs.append(timed(yardstick))
        ours.append(timed(act))
    ratio = statistics.median(o / t for o, t in zip(ours, theirs, strict=True))
    return Figure(name, len(statements), size, statistics.median(ours), ratio)


def figures(people: dict[str, User]) -> list[Figure]:
    some = Application.objects.filter(number__isnull=False).order_by("?").first()
    if some is None:
        raise SystemExit("There are no cases to measure: start with --cases 2000 first.")
    key = some.pk

    def read() -> object:
        return Application.objects.get(pk=key)

    found = []
    for role, name, path in PAGES:
        client = Client(SERVER_NAME="127.0.0.1")
        client.force_login(people[role], backend="django.contrib.auth.backends.ModelBackend")
        found.append(measure(f"{name} ({role})", page(client, path.format(number=some.number)), read))
    public = Client(SERVER_NAME="127.0.0.1")
    found += [measure(name, page(public, path), read) for name, path in PUBLIC]
    return found


PAGES = (
    ("village_clerk", "home", "/home/"),
    ("township_window", "list todo", "/cases/?pile=todo"),
    ("township_window", "list doing", "/cases/?pile=doing"),
    ("township_window", "list done", "/cases/?pile=done"),
    ("county_examiner", "list todo", "/cases/?pile=todo"),
    ("supervisor", "list doing", "/cases/?pile=doing"),
    ("supervisor", "list late", "/cases/?pile=late"),
    ("supervisor", "case page", "/cases/{number}/"),
    ("supervisor", "dashboard", "/supervision/"),
    ("supervisor", "statistics", "/supervision/statistics/"),
    ("supervisor", "rows of a figure", "/supervision/rows/?figure=township"),
    ("supervisor", "figures (API)", "/api/v1/supervision/figures/"),
    ("supervisor", "wall", "/wall/"),
)
PUBLIC = (("public guides", "/guides/"), ("public guide", "/guides/NY-003/"), ("public progress form", "/progress/"))


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--cases", type=int, default=300)
    parser.add_argument("--copies", type=int, default=0, help="copy the cases until there are about so many")
    parser.add_argument("--monitor", action="store_true", help="the cost of watching instead of the pages of cases")
    parser.add_argument("--sweep", action="store_true", help="the cost of the sweep instead of the pages")
    parser.add_argument("--clocks", type=int, default=100_000)
    parser.add_argument("--due", type=int, default=1_000)
    parser.add_argument("--guides", type=int, default=0, help="search and import with so many guides instead")
    options = parser.parse_args(argv)
    prepare(options.cases)
    if options.sweep:
        return sweep.main(options.clocks, options.due)
    if options.guides:
        return guides.main(options.guides)
    if options.copies:
        copies.fill(options.copies)
    if options.monitor:
        return monitor.main(accounts())
    found = figures(accounts())
    if options.json:
        sys.stdout.write(json.dumps([figure.__dict__ for figure in found], ensure_ascii=False, indent=1) + "\n")
        return 0
    cases = Application.objects.count()
    sys.stdout.write(f"{cases} cases. ratio = median time / median time of a primary-key read in the same run\n")
    for figure in found:
        sys.stdout.write(
            f"{figure.name:32} {figure.statements:3} statements {figure.size / 1024:7.1f} KB "
            f"{figure.median_ms:8.1f} ms  ratio {figure.ratio:7.1f}\n"
        )
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
