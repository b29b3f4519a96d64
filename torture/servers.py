"""A private PostgreSQL and Redis as a county runs them, that can be killed and come back on the same port."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from config import machine
from config.embedded import APP, DATABASE, OWNER, Postgres, Redis, Server, make_roles
from config.stores import Stores

STOP_SECONDS = 20.0


class CountyPostgres(Postgres):
    """A cluster that acknowledges nothing before it is on disk, as PostgreSQL does by default."""

    def _options(self, port: int) -> Iterator[str]:
        yield from super()._options(port)
        yield from ("-c", "synchronous_commit=on")


@dataclass
class Servers:
    """Both servers of one torture; `crash` is what the nemesis calls, `revive` what heals it."""

    postgres: CountyPostgres
    redis: Redis

    @property
    def stores(self) -> Stores:
        postgres, redis = self.postgres, self.redis
        return Stores(postgres.url(APP), postgres.url(OWNER), redis.url(), [postgres, redis])

    @property
    def admin_url(self) -> str:
        return self.postgres.url()

    def crash(self, server: Server) -> None:
        """End it without a word: an immediate stop of PostgreSQL (recovery from the log), a SIGKILL of Redis."""
        process = server.process
        assert process is not None
        os.kill(process.pid, signal.SIGQUIT if server is self.postgres else signal.SIGKILL)
        process.wait(STOP_SECONDS)

    def revive(self, server: Server) -> None:
        """Start it again where its clients expect it."""
        port = server.port
        deadline = time.monotonic() + STOP_SECONDS
        while True:
            server.start()
            if server.port == port:
                return
            server.stop()  # the old port was not free yet
            server.port = port
            if time.monotonic() > deadline:
                raise machine.Failure(f"{server.name} 没有回到端口 {port}。")
            time.sleep(0.2)

    def close(self) -> None:
        for server in (self.redis, self.postgres):
            with contextlib.suppress(OSError):
                server.stop()


def open_servers(home: Path, keys: dict[str, str]) -> Servers:
    """Start both, with a database, its owner and the application's role."""
    servers = Servers(CountyPostgres(home / "postgres", keys), Redis(home / "redis", keys))
    started: list[Callable[[], None]] = []
    try:
        for server in (servers.postgres, servers.redis):
            server.start()
            started.append(server.stop)
        answer = make_roles(
            {
                "url": servers.postgres.url(database="postgres"),
                "owner": {"name": OWNER, "password": keys["owner_password"]},
                "app": {"name": APP, "password": keys["app_password"]},
                "database": DATABASE,
            }
        )
        if not answer["ok"] or not answer["app"]:
            raise machine.Failure(f"数据库角色没有建好：{answer}")
    except BaseException:
        for stop in started:
            stop()
        raise
    return servers
