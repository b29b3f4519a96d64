"""What a large catalogue costs: `python3 start.py bench --guides 5000`.

The matters are copies of those that ship, under other codes and names. Yardsticks, interleaved in the same run: a read
of one row by its primary key through the ORM; the same rows written by hand in one transaction.
"""

from __future__ import annotations

import gzip
import json
import logging
import os
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import brotli
import psycopg2
from django.conf import settings
from django.db.models import JSONField
from django.test import Client
from psycopg2.extras import execute_values

from matters.actions.import_matters import import_matters
from matters.models import Condition, LegalBasis, Material, Matter, MatterVersion, Step
from matters.selectors.search import find_matters, nearest, on_shelf

ROUNDS = 40
BATCH = 1000
SHOWN = 41  # as the page asks for
# What is typed: a theme, initials, pinyin, plain words, two words, a name in full.
WORDS = ("宅基地", "zjd", "dibao", "盖房子", "老人钱", "登记 养老", "医疗救助给付", "残疾人证")
SLIPS = ("盖房子要什么手续", "shenfenzeng", "低宝申请")
TABLES = (Matter, MatterVersion, Condition, LegalBasis, Material, Step)
PLACES = (
    "永安",
    "白帝",
    "草堂",
    "汾河",
    "康乐",
    "大树",
    "竹园",
    "公平",
    "朱衣",
    "甲高",
    "羊市",
    "吐祥",
    "兴隆",
    "青龙",
)


def main(guides: int) -> int:
    """Print the figures; 1 when the search is slower than ten reads by primary key."""
    logging.disable(logging.INFO)
    told = [f"a catalogue of {guides} guides", *_report_import(guides)]
    search, slow = _report_search()
    told += [*search, *_report_page()]
    sys.stdout.write("\n".join(told) + "\n")
    return 1 if slow else 0


def _files(guides: int) -> Iterator[bytes]:
    shipped = json.loads((settings.BASE_DIR / "data" / "matters.json").read_text(encoding="utf-8"))
    made = []
    for number in range(guides - Matter.objects.count()):
        one, round_ = shipped[number % len(shipped)], number // len(shipped)
        place = PLACES[round_ % len(PLACES)]
        made.append({**one, "id": f"B{round_}-{one['id']}", "name": f"{one['name']}({place}{round_})", "core": False})
    for start in range(0, len(made), BATCH):
        yield json.dumps(made[start : start + BATCH], ensure_ascii=False).encode()


def _report_import(guides: int) -> list[str]:
    """Import all, the first thousand timed against the same rows written by hand."""
    took, rows = [], 0
    for number, content in enumerate(_files(guides)):
        before = _count()
        begun = time.perf_counter()
        import_matters(content)
        took.append(time.perf_counter() - begun)
        if not number:
            rows = _count() - before
            first = took[0]
            raw = _by_hand(BATCH)
    with closing(psycopg2.connect(os.environ["DATABASE_OWNER_URL"])) as owner, owner.cursor() as cursor:
        owner.autocommit = True
        cursor.execute("VACUUM ANALYZE")
    if not took:
        return ["nothing to import"]
    return [
        f"import of {BATCH} matters: {first:.1f} s, {rows} rows without histories, {rows / first:.0f} rows/s",
        f"  the same rows by hand: {raw:.1f} s, {rows / raw:.0f} rows/s, ratio of the two {raw / first:.2f}",
        f"  all {sum(took):.1f} s",
    ]


def _count() -> int:
    return sum(model._default_manager.count() for model in TABLES)


def _by_hand(most: int) -> float:
    """Seconds to write the rows of the newest matters again, by hand in one transaction, which is undone."""
    newest = list(Matter.objects.order_by("-pk").values_list("pk", flat=True)[:most])
    versions = list(MatterVersion.objects.filter(matter__in=newest).values_list("pk", flat=True))
    with closing(psycopg2.connect(os.environ["DATABASE_OWNER_URL"])) as owner, owner.cursor() as cursor:
        copies: list[tuple[str, str, list[tuple[Any, ...]]]] = []
        for model in TABLES:
            fields = [field for field in model._meta.concrete_fields if not field.primary_key]
            read = ", ".join(f'"{f.column}"{"::text" if isinstance(f, JSONField) else ""}' for f in fields)
            written = ", ".join(f'"{field.column}"' for field in fields)
            of = {Matter: "id", MatterVersion: "matter_id"}.get(model, "version_id")
            table = model._meta.db_table
            keys = versions if of == "version_id" else newest
            cursor.execute(f"SELECT {read} FROM {table} WHERE {of} = ANY(%s)", [keys])
            copies.append((table, written, cursor.fetchall()))
            cursor.execute(f"CREATE TEMPORARY TABLE bench_{table} (LIKE {table} INCLUDING ALL EXCLUDING CONSTRAINTS)")
        begun = time.perf_counter()
        for table, columns, rows in copies:
            execute_values(cursor, f"INSERT INTO bench_{table} ({columns}) VALUES %s", rows, page_size=500)
        took = time.perf_counter() - begun
        owner.rollback()
    return took


def _report_search() -> tuple[list[str], bool]:
    key = Matter.objects.values_list("pk", flat=True)[0]

    def read() -> None:
        Matter.objects.get(pk=key)

    def find(words: str) -> Callable[[], object]:
        return lambda: [matter.current.name for matter in find_matters(words)[:SHOWN] if matter.current]

    def come_near(words: str) -> Callable[[], object]:
        return lambda: list(nearest(on_shelf(), words)[:10])

    told, worst = ["search, first page, all rounds interleaved with a read by primary key"], 0.0
    for words in WORDS:
        middle, ratio, milliseconds = _measure(find(words), read)
        worst = max(worst, ratio)
        told.append(
            f"  {words:12} p95 {milliseconds:6.1f} ms, {ratio:5.1f} reads by primary key; median {middle:.1f} reads"
        )
    for words in SLIPS:
        _middle, ratio, milliseconds = _measure(come_near(words), read)
        told.append(f"  {words:12} p95 {milliseconds:6.1f} ms, {ratio:5.1f} reads (only when nothing answers)")
    told.append(f"  worst {worst:.1f}, goal 10")
    return told, worst > 10


def _measure(act: Callable[[], object], yardstick: Callable[[], object]) -> tuple[float, float, float]:
    """Return median and p95 of the act, each over that of the yardstick, and the act's p95 in milliseconds."""
    ours, theirs = [], []
    for _round in range(ROUNDS):
        begun = time.perf_counter()
        yardstick()
        middle = time.perf_counter()
        act()
        ours.append(time.perf_counter() - middle)
        theirs.append(middle - begun)
    medians = statistics.median(ours) / statistics.median(theirs)
    p95 = [statistics.quantiles(times, n=20)[-1] for times in (ours, theirs)]
    return medians, p95[0] / p95[1], p95[0] * 1000


def _report_page() -> list[str]:
    client = Client(SERVER_NAME="127.0.0.1")
    told = []
    for path in ("/guides/", "/guides/NY-003/", "/guides/?q=盖房子"):
        begun = time.perf_counter()
        body = client.get(path, secure=settings.SECURE_SSL_REDIRECT).content
        took = (time.perf_counter() - begun) * 1000
        packed, squeezed = len(gzip.compress(body, 6)), len(brotli.compress(body, quality=5))
        told.append(f"  {path:24} {len(body)} bytes, gzip {packed}, brotli {squeezed}, {took:.0f} ms")
    return ["public pages", *told]
