"""The processes under torture, and the guardian that starts again what was killed, as systemd does."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from config import machine
from config.machine import ROOT

CELERY: Final = ["-m", "celery", "-A", "torture.fast_celery"]
WORKER: Final = [*CELERY, "worker", "--loglevel", "WARNING", "--concurrency", "1", "--pool", "prefork",
                 "--without-gossip", "--without-mingle", "--without-heartbeat"]  # fmt: skip
BEAT: Final = [*CELERY, "beat", "--loglevel", "WARNING", "--pidfile", ""]
REST_SECONDS: Final = 0.5


@dataclass
class Member:
    """One process that is always to run; its connections to the database carry its name."""

    name: str
    command: list[str]
    environment: dict[str, str]
    log: Path
    process: subprocess.Popen[bytes] | None = None
    ended_at: float = 0.0
    deaths: int = 0
    is_dismissed: bool = False

    def start(self) -> None:
        self.process = machine.spawn([machine.python(), *self.command], log=self.log, cwd=ROOT, env=self.environment)

    @property
    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None


@dataclass
class Crew:
    """All members. `tend` runs beside the test until `stop`."""

    members: list[Member] = field(default_factory=list)
    _over: threading.Event = field(default_factory=threading.Event)
    _guardian: threading.Thread | None = None

    @classmethod
    def gather(cls, environment: dict[str, str], log: Path, *, sweepers: int, clerks: int, batch: int) -> Crew:
        """Two workers, two beats, so many sweepers, so many people; their notebooks lie among the logs."""
        crew = cls()
        for kind, count, words in (
            ("worker", 2, WORKER),
            ("beat", 2, BEAT),
            ("sweeper", sweepers, ["-m", "torture.sweeper", str(batch)]),
            ("clerk", clerks, ["-m", "torture.clerk"]),
        ):
            for number in range(1, count + 1):
                name = f"{kind}{number}"
                notes = [str(number), str(count), str(log / f"{name}.notes")]
                command = [*words, *notes] if kind == "clerk" else words
                own = {**environment, "PROCESS_NAME": kind}
                own["DATABASE_URL"] += f"?application_name={name}"
                crew.members.append(Member(name, command, own, log / f"{name}.log"))
        return crew

    def start(self) -> None:
        for member in self.members:
            member.start()
        self._guardian = threading.Thread(target=self._tend, daemon=True)
        self._guardian.start()

    def of_kind(self, kind: str) -> list[Member]:
        """The members of a kind that run just now."""
        return [member for member in self.members if member.name.startswith(kind) and member.is_running]

    def dismiss(self, kind: str) -> None:
        """Let those of this kind go home for good, and wait for them."""
        for member in self.members:
            if member.name.startswith(kind):
                member.is_dismissed = True
        for member in self.of_kind(kind):
            assert member.process is not None
            member.process.terminate()
            member.process.wait(20)

    def stop(self) -> None:
        """End everybody politely, then those who do not listen, then what their deaths left behind."""
        self._over.set()
        if self._guardian:
            self._guardian.join(10)
        running = [m.process for m in self.members if m.process is not None and m.process.poll() is None]
        marks = {process.pid: machine.started_at(process.pid) for process in running}
        for process in running:
            process.send_signal(signal.SIGTERM)
        for pid, mark in marks.items():
            machine.stop_pid(pid, mark, seconds=2)

    def _tend(self) -> None:
        while not self._over.wait(0.1):
            for member in self.members:
                if member.is_running or member.is_dismissed:
                    continue
                if not member.ended_at:
                    member.ended_at = time.monotonic()
                    member.deaths += 1
                elif time.monotonic() - member.ended_at > REST_SECONDS:
                    member.ended_at = 0.0
                    member.start()


def children_of(pid: int) -> list[int]:
    """The processes that this one started: a worker's pool."""
    done = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], text=True, capture_output=True, check=False)
    pairs = (line.split() for line in done.stdout.splitlines())
    return [int(child) for child, parent in pairs if int(parent) == pid]


def kill(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)
