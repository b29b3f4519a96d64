"""What watching costs: `python3 start.py bench --monitor --cases 600 --copies 20000`.

Each dashboard by role, every drill-down of every figure, the lists behind the monitor, and the weekly and monthly
papers. The yardstick is a read by primary key, interleaved; bytes are those on the wire (gzip).
"""

from __future__ import annotations

import gzip
import logging
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.conf import settings
from django.db import connection, transaction
from django.test import Client

from applications.models import Application
from halls.models import Hall, Level, User
from halls.selectors.work_calendar import read_moment
from supervision.actions.draft_bulletin import draft_bulletin
from supervision.domain.periods import PeriodKind, period_of
from supervision.models import Bulletin
from supervision.papers import bulletin_docx, bulletin_pdf, bulletin_xlsx
from supervision.selectors.bulletins import paged

ROUNDS, DRILL_ROUNDS = 11, 3
WATCHERS = ("supervisor", "township_director", "county_approver", "township_window", "village_clerk")
PLACES = (
    ("dashboard", "/supervision/"),
    ("statistics", "/supervision/statistics/"),
    ("figures (API)", "/api/v1/supervision/figures/"),
)
LISTS = (
    ("cards", "/supervision/warnings/?level=red"),
    ("ranking", "/supervision/cards/bodies/"),
    ("orders", "/supervision/orders/"),
    ("voices", "/supervision/voices/"),
    ("ratings", "/supervision/ratings/"),
    ("call-backs", "/supervision/ratings/callbacks/"),
    ("accountability", "/supervision/defaults/accountability/"),
    ("bulletins", "/supervision/bulletins/"),
    ("outbox", "/supervision/outbox/"),
    ("wall", "/wall/"),
)
WORST = 8


@dataclass
class Cost:
    name: str
    statements: int
    wire: int
    median_ms: float
    ratio: float

    def __str__(self) -> str:
        return (
            f"  {self.name:46} {self.statements:3} statements {self.wire / 1024:6.1f} KB gzip "
            f"{self.median_ms:8.1f} ms  ratio {self.ratio:6.1f}"
        )


def main(people: dict[str, User]) -> int:
    """Print the figures."""
    logging.disable(logging.INFO)
    key = Application.objects.order_by("pk").values_list("pk", flat=True)[0]

    def read() -> None:
        Application.objects.get(pk=key)

    told = [f"{Application.objects.count()} cases; ratio = median over the median of a read by primary key, same run"]
    for role in WATCHERS:
        client = _client(people[role])
        told += [str(cost) for place in PLACES if (cost := _cost(f"{place[0]} ({role})", client, place[1], read))]
    client = _client(people["supervisor"])
    told += [str(cost) for place in LISTS if (cost := _cost(f"{place[0]} (supervisor)", client, place[1], read))]
    told += _drill_downs(client, read)
    told += _papers()
    sys.stdout.write("\n".join(told) + "\n")
    return 0


def _client(user: User) -> Client:
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def _cost(name: str, client: Client, path: str, yardstick: Callable[[], None], *, rounds: int = ROUNDS) -> Cost | None:
    """None where the role may not see the page."""
    statements = [0]

    def count(execute: Callable[..., object], *rest: object) -> object:
        statements[0] += 1
        return execute(*rest)

    with connection.execute_wrapper(count):
        answer = client.get(path, secure=settings.SECURE_SSL_REDIRECT)
    if answer.status_code in (302, 403):
        return None
    if answer.status_code != 200:
        raise SystemExit(f"{path} answered {answer.status_code}")
    wire = len(gzip.compress(answer.content, 6))
    ours, theirs = [], []
    for _round in range(rounds):
        begun = time.perf_counter()
        yardstick()
        middle = time.perf_counter()
        client.get(path, secure=settings.SECURE_SSL_REDIRECT)
        ours.append(time.perf_counter() - middle)
        theirs.append(middle - begun)
    middle_ms = statistics.median(ours) * 1000
    return Cost(name, statements[0], wire, middle_ms, statistics.median(ours) / statistics.median(theirs))


def _drill_downs(client: Client, yardstick: Callable[[], None]) -> list[str]:
    """Every figure of the supervisor, opened: the first page of its rows, through the API as through the page."""
    figures = client.get("/api/v1/supervision/figures/", secure=settings.SECURE_SSL_REDIRECT).json()
    found = [
        cost
        for one in figures
        if (cost := _cost(f"{one['key']} = {one['value']}", client, one["rows"], yardstick, rounds=DRILL_ROUNDS))
    ]
    found.sort(key=lambda cost: cost.ratio, reverse=True)
    middle = statistics.median(cost.ratio for cost in found)
    most = max(cost.statements for cost in found)
    return [
        f"drill-downs: {len(found)} figures, at most {most} statements, median ratio {middle:.1f}; the slowest:",
        *(str(cost) for cost in found[:WORST]),
    ]


def _papers() -> list[str]:
    return ["papers", *_paper(PeriodKind.WEEK), *_paper(PeriodKind.MONTH)]


def _paper(kind: PeriodKind) -> Iterator[str]:
    """Draft the paper of the last period that has none, print it thrice, and undo all of it."""
    county = Hall.objects.get(tier=Level.COUNTY)
    period = period_of(kind, read_moment().at.date()).previous
    while Bulletin.objects.filter(county=county, kind=kind, first=period.first).exists():
        period = period.previous
    with transaction.atomic():
        begun = time.perf_counter()
        row = draft_bulletin(county, period)
        yield f"  {kind.value:6} drafted in {time.perf_counter() - begun:5.2f} s"
        content = paged(row)
        prints: dict[str, Callable[[], int]] = {
            "pdf": lambda: bulletin_pdf(content, f"bench-{time.time_ns()}").stat().st_size,
            "docx": lambda: len(bulletin_docx(content)),
            "xlsx": lambda: len(bulletin_xlsx(content)),
        }
        for form, act in prints.items():
            begun = time.perf_counter()
            size = act()
            yield f"    {form:5} {time.perf_counter() - begun:5.2f} s, {size / 1024:6.1f} KB"
        transaction.set_rollback(True)
