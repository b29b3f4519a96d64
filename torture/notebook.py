"""What the people at work note down, outside the database: what they mean to do, and what they were told is done."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final, NamedTuple

from django.db import connection
from psycopg2.extras import execute_values

MEANT, DONE, REFUSED = "meant", "done", "refused"
TABLE: Final = """
DROP TABLE IF EXISTS pg_temp.torture_acted;
CREATE TEMP TABLE torture_acted (case_id bigint, verb text, seq int, is_done boolean);
"""


class Act(NamedTuple):
    """One act: the event it would be, and the version of the case that its page showed."""

    case_id: int
    verb: str
    seq: int
    version: int
    state: str = MEANT


class Notebook:
    """A file that only grows; a line that a death cut off is none."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def note(self, act: Act, state: str) -> None:
        """Have the kernel keep it before anything else happens: a killed process loses nothing that was written."""
        line = json.dumps([*act[:4], state]) + "\n"
        file = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(file, line.encode())
        finally:
            os.close(file)

    def read(self) -> Iterator[Act]:
        text = self.path.read_text() if self.path.exists() else ""
        for line in text.splitlines():
            yield Act(*json.loads(line))

    def unanswered(self) -> Act | None:
        """The act that was meant last, when nobody heard what became of it."""
        last = None
        for last in self.read():  # noqa: B007 - the last one is wanted
            pass
        return last if last is not None and last.state == MEANT else None


def acts_in(folder: Path) -> list[Act]:
    """Everything in the notebooks of this folder."""
    return [act for path in sorted(folder.glob("*.notes")) for act in Notebook(path).read()]


def note_acts(acted: Iterable[Act]) -> None:
    """Fill `torture_acted`, a table of this session: each act that was meant once, and whether it was answered."""
    states: dict[tuple[int, str, int], bool] = {}
    for act in acted:
        key = (act.case_id, act.verb, act.seq)
        states[key] = states.get(key, False) or act.state == DONE
    with connection.cursor() as cursor:
        cursor.execute(TABLE)
        execute_values(cursor, "INSERT INTO torture_acted VALUES %s", [(*key, done) for key, done in states.items()])
        cursor.execute("CREATE INDEX ON torture_acted (case_id)")
