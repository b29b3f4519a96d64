"""What goes wrong: SIGKILL, best in the middle of a claim, a telling or an act of people; Redis forgets or dies;
PostgreSQL stops.
"""

from __future__ import annotations

import contextlib
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Final

import psycopg2
import redis

from torture.crew import Crew, children_of, kill
from torture.servers import Servers

KILLS: Final = ("pool child", "clerk", "sweeper", "worker", "clerk", "sweeper", "beat")
AIM_SECONDS: Final = 0.8
AIM_AT_PEOPLE_SECONDS: Final = 4.0  # there are few of them, and whoever was killed needs a while to come back
DOWN_SECONDS: Final = (0.3, 2.0)
# Which of these sessions is in the middle of claiming or telling just now; only the owner of the cluster may read it.
BUSY: Final = """
SELECT application_name FROM pg_stat_activity
WHERE application_name = ANY(%s) AND state <> 'idle' AND query LIKE ANY(%s) LIMIT 1
"""
AT_WORK: Final = [
    "%supervision_limitwarning%",  # claiming
    "%supervision_untold%",  # telling
    "%supervision_message%",
    "%supervision_accountability%",  # a default
    "%INTO applications_event%",
    '%INTO "applications_%',  # people's acts: clocks, facts, papers
    'UPDATE "applications_%',
]


@dataclass
class Nemesis:
    """Does one evil at a time; `told` counts them, `aimed` those that hit a claim or a telling at work."""

    servers: Servers
    crew: Crew
    random: Random
    told: Counter[str] = field(default_factory=Counter)
    aimed: int = 0

    def plan(self, kills: int) -> list[str]:
        """The evils of one run, shuffled: the kills, and for every ten of them stops of both servers and a flush."""
        evils = [KILLS[number % len(KILLS)] for number in range(kills)]
        evils += ["postgres stop", "redis stop", "redis flush"] * max(kills // 10, 1)
        self.random.shuffle(evils)
        return evils

    def do(self, evil: str) -> None:
        {
            "redis flush": self._flush,
            "redis stop": self._stop_redis,
            "postgres stop": self._stop_postgres,
        }.get(evil, lambda: self._kill(evil))()
        self.told[evil] += 1

    def _kill(self, kind: str) -> None:
        """Kill one of the kind, best one that is in the middle of its work; when none runs, wait for the guardian."""
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            pids = self._pids("worker" if kind == "pool child" else kind, of_child=kind == "pool child")
            if not pids:
                time.sleep(0.1)
                continue
            hit = (
                ""
                if kind == "beat"
                else self._wait_for_work(list(pids), AIM_AT_PEOPLE_SECONDS if kind == "clerk" else AIM_SECONDS)
            )
            with contextlib.suppress(ProcessLookupError):
                kill(pids[hit or self.random.choice(list(pids))])
                self.aimed += bool(hit)
                return
        raise RuntimeError(f"no {kind} is running")

    def _pids(self, kind: str, *, of_child: bool) -> dict[str, int]:
        found = {}
        for member in self.crew.of_kind(kind):
            assert member.process is not None
            pids = children_of(member.process.pid) if of_child else [member.process.pid]
            if pids:
                found[member.name] = pids[0]
        return found

    def _wait_for_work(self, names: list[str], seconds: float = AIM_SECONDS) -> str:
        """Wait a moment for one of these processes to be in the middle of its work; which one is, or ""."""
        deadline = time.monotonic() + seconds
        with self._admin() as cursor:
            while cursor is not None and time.monotonic() < deadline:
                cursor.execute(BUSY, [names, AT_WORK])
                row = cursor.fetchone()
                if row:
                    return str(row[0])
                time.sleep(0.005)
        return ""

    @contextlib.contextmanager
    def _admin(self) -> Iterator[psycopg2.extensions.cursor | None]:
        try:
            connection = psycopg2.connect(self.servers.admin_url, connect_timeout=2)
        except psycopg2.OperationalError:
            yield None
            return
        connection.autocommit = True
        try:
            with connection.cursor() as cursor:
                yield cursor
        finally:
            connection.close()

    def _flush(self) -> None:
        with contextlib.suppress(redis.RedisError):
            redis.Redis.from_url(self.servers.redis.url(), socket_timeout=2).flushall()

    def _stop_redis(self) -> None:
        self.servers.crash(self.servers.redis)
        time.sleep(self.random.uniform(*DOWN_SECONDS))
        self.servers.revive(self.servers.redis)

    def _stop_postgres(self) -> None:
        names = [member.name for member in self.crew.of_kind("sweeper")]
        self.aimed += bool(self._wait_for_work(names))
        self.servers.crash(self.servers.postgres)
        time.sleep(self.random.uniform(*DOWN_SECONDS))
        self.servers.revive(self.servers.postgres)
