"""One torture from the empty cluster to the verdict."""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any, Final

import psycopg2
from django.db import InterfaceError, OperationalError, connection

from applications.selectors.ledger import prove_ledger
from config.machine import Failure, say
from halls.acting import acting_user
from halls.models import User
from halls.selectors.work_calendar import load_calendar
from supervision.actions.brake import release_brake
from supervision.domain.quiet import next_opening
from supervision.selectors.brakes import open_brake
from supervision.selectors.watch import heartbeat
from torture import clock, county
from torture.checker import check, drained_as_of
from torture.crew import Crew
from torture.nemesis import Nemesis
from torture.notebook import DONE, acts_in
from torture.sabotage import prepare_database
from torture.servers import Servers

DRAIN_SECONDS: Final = 120.0
BATCH: Final = 25
CLERKS: Final = 2
PEOPLE_SECONDS: Final = 180.0
# How long the claims of all thresholds take together, and the most that one row may be held up.
CLAIMING_MILLISECONDS: Final = 60_000
MOST_A_ROW: Final = 40
MINUTES_AFTER: Final = (1, 3, 8, 25, 9 * 60 + 30)  # found in time, or late; in the last case in office hours
SHARE_SKIPPED: Final = 0.2  # the watch sleeps over these thresholds and finds them with the next


class Run:
    def __init__(self, options: argparse.Namespace, servers: Servers, environment: dict[str, str], home: Path) -> None:
        self.options, self.servers, self.environment = options, servers, environment
        self.home = home
        self.log = home / "log"
        self.log.mkdir(exist_ok=True)
        self.random = Random(options.seed)
        self.seconds: dict[str, float] = {}
        self.jumps = 0
        asked = options.transitions
        self.transitions: int = options.thresholds // 5 if asked is None else asked

    def report(self) -> dict[str, Any]:
        with self._timed("prepare"):
            cases = county.fill(county.build(), self.options.thresholds, self.options.seed, self._say_how_far)
            moments = county.note_what_must_come(self.options.thresholds)
            county.post_a_witness(min(CLAIMING_MILLISECONDS / self.options.thresholds, MOST_A_ROW))
            clock.install(self.servers.stores.owner_url, county.START)
            prepare_database(self.options.plant)
            before = prove_ledger()
            connection.close()
        if before.found:
            raise Failure(f"记录链在开始之前就不完整：{before.faults[:3]}")
        people = {"sweepers": self.options.sweepers, "clerks": CLERKS if self.transitions else 0}
        crew = Crew.gather(self.environment, self.log, **people, batch=BATCH)
        nemesis = Nemesis(self.servers, crew, self.random)
        say(f"{cases} 件、{before.events} 条记录已备好；时间从 {county.START:%Y-%m-%d} 走到 {moments[-1]:%Y-%m-%d}。")
        crew.start()
        try:
            with self._timed("torture"):
                self._let_time_run(nemesis, moments)
                self._let_people_finish()
                crew.dismiss("clerk")
            with self._timed("drain"):
                as_of = self._drain()
        finally:
            crew.stop()
        with self._timed("check"):
            acted = acts_in(self.log)
            verdict = check(county.START, as_of, acted)
            done = len({(act.case_id, act.seq) for act in acted if act.state == DONE})
            # A load that was not there proves nothing.
            verdict.note("transitions not made", max(self.transitions - done, 0))
        return {
            "clean": verdict.is_clean,
            "faults": verdict.faults,
            "shown": verdict.shown,
            "cases": cases,
            "texts": self._texts(),
            "transitions": {"asked": self.transitions, "acknowledged": done},
            **verdict.figures,
            "kills": dict(sorted(nemesis.told.items())),
            "kills in the middle of work": nemesis.aimed,
            "deaths": {member.name: member.deaths for member in crew.members},
            "jumps of time": self.jumps,
            "until": moments[-1],
            "planted": self.options.plant,
            "seconds": self.seconds,
        }

    def _let_time_run(self, nemesis: Nemesis, moments: list[datetime]) -> None:
        """Jump from threshold to threshold; after each jump, when everybody claims, comes the evil of the hour."""
        last = len(moments) - 1
        chosen = [m for n, m in enumerate(moments) if n in {0, last} or self.random.random() > SHARE_SKIPPED]
        evils = nemesis.plan(self.options.kills)
        begun = time.monotonic()
        done = 0
        for number, moment in enumerate(chosen, start=1):
            self._jump(moment + timedelta(minutes=self.random.choice(MINUTES_AFTER)))
            for evil in evils[done : len(evils) * number // len(chosen)]:
                nemesis.do(evil)
            self._let_the_brake_go()
            done = len(evils) * number // len(chosen)
            time.sleep(max(begun + self.options.seconds * number / len(chosen) - time.monotonic(), 0))
        # Texts leave in office hours only.
        self._jump(next_opening(moments[-1] + timedelta(hours=1), load_calendar()) + timedelta(minutes=40))

    def _let_people_finish(self) -> None:
        """Wait until as many acts were acknowledged as were asked for, or people do nothing more."""
        deadline = time.monotonic() + PEOPLE_SECONDS
        while time.monotonic() < deadline:
            if sum(act.state == DONE for act in acts_in(self.log)) >= self.transitions:
                return
            time.sleep(0.5)

    def _jump(self, moment: datetime) -> None:
        """Set the clock ahead; while PostgreSQL is down, wait for it."""
        deadline = time.monotonic() + 60
        while True:
            try:
                clock.set_ahead(self.servers.stores.owner_url, moment)
                self.jumps += 1
                return
            except psycopg2.OperationalError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.1)

    def _drain(self) -> datetime:
        """Wait until nothing is due and the watch has gone round since time last jumped.

        When that takes too long, the verdict will say what is left.
        """
        deadline = time.monotonic() + DRAIN_SECONDS
        while True:
            moment = drained_as_of()
            if moment is not None and heartbeat().is_alive:
                return moment
            self._let_the_brake_go()
            if time.monotonic() > deadline:
                with connection.cursor() as cursor:
                    cursor.execute("SELECT halls_now()")
                    now: datetime = cursor.fetchone()[0]
                return now
            time.sleep(0.3)

    def _let_the_brake_go(self) -> None:
        """After an outage default actions wait for the county's supervisor: here she is."""
        with suppress(OperationalError, InterfaceError):
            connection.close_if_unusable_or_obsolete()
            if open_brake() is not None:
                release_brake(actor=acting_user(User.objects.get(username="supervisor")), reason="演练：查明是停机")

    def _texts(self) -> dict[str, int]:
        """What the gateway was handed: a text whose sender died before noting it down comes again, with its key."""
        lines = [line for file in (self.home / "outbox").glob("*.jsonl") for line in file.read_text().splitlines()]
        keys = [json.loads(line)["key"] for line in lines]
        return {"handed over": len(keys), "again with the same key": len(keys) - len(set(keys))}

    def _say_how_far(self, present: int, wanted: int) -> None:
        if not self.jumps and present % 10 == 0:
            say(f"正在准备办件：{present} / {wanted} 个时刻 ……")

    @contextmanager
    def _timed(self, what: str) -> Iterator[None]:
        begun = time.monotonic()
        yield
        self.seconds[what] = round(time.monotonic() - begun, 1)
