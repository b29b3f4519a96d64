"""Which PostgreSQL and Redis a command works on, and the environment that tells it so. Standard library only."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, urlsplit

from config import machine
from config.embedded import APP, DATABASE, OWNER, Postgres, Redis, Server, make_roles
from config.machine import Failure, say


@dataclass
class Stores:
    """Where the data is, and the private servers that hold it (none if the county's own are used)."""

    app_url: str
    owner_url: str
    redis_url: str
    servers: list[Server] = field(default_factory=list)

    def close(self) -> None:
        for server in reversed(self.servers):
            server.stop()


def open_stores(data: Path, keys: dict[str, str], *, durable: bool = True, outside: bool = True) -> Stores:
    """Use the servers that DATABASE_URL and REDIS_URL name, or start private ones."""
    stores = Stores("", "", "")
    try:
        if outside and "DATABASE_URL" in os.environ:
            stores.app_url, stores.owner_url = _outside_database(keys)
        else:
            _private_database(stores, data, keys, durable=durable)
        if outside and "REDIS_URL" in os.environ:
            stores.redis_url = os.environ["REDIS_URL"]
        else:
            _private_redis(stores, data, keys)
    except BaseException:
        stores.close()
        raise
    return stores


def _private_database(stores: Stores, data: Path, keys: dict[str, str], *, durable: bool) -> None:
    server = Postgres(data / "postgres", keys, durable=durable)
    server.start()
    stores.servers.append(server)
    _order(
        {
            "url": server.url(database="postgres"),
            "owner": {"name": OWNER, "password": keys["owner_password"]},
            "app": {"name": APP, "password": keys["app_password"]},
            "database": DATABASE,
        }
    )
    stores.app_url, stores.owner_url = server.url(APP), server.url(OWNER)


def _private_redis(stores: Stores, data: Path, keys: dict[str, str]) -> None:
    server = Redis(data / "redis", keys)
    try:
        server.start()
    except Failure as failure:
        say(f"没有 Redis 可用，网站照常启动，红黄灯和预警会滞后：{failure}")
        return
    stores.servers.append(server)
    stores.redis_url = server.url()


def _outside_database(keys: dict[str, str]) -> tuple[str, str]:
    """Return the application's and the owner's address on the county's own server."""
    url, owner_url = os.environ["DATABASE_URL"], os.environ.get("DATABASE_OWNER_URL")
    for one in filter(None, (url, owner_url)):
        if not re.match(r"postgres(ql)?://[^/]+/.", one):
            raise Failure("DATABASE_URL 应为 postgres://用户:口令@主机:端口/库名；本系统只支持 PostgreSQL。")
    if owner_url:
        _order({"url": url})
        _order({"url": owner_url})
        return url, owner_url
    if _order({"url": url, "app": {"name": APP, "password": keys["app_password"]}}):
        parts = urlsplit(url)
        where = parts.netloc.rpartition("@")[2]
        return parts._replace(netloc=f"{APP}:{quote(keys['app_password'])}@{where}").geturl(), url
    say(
        "警告：DATABASE_URL 的用户不能建立或使用角色 halls_app，网站将以表的所有者身份连接，\n"
        "      数据库不再防止改写办件记录。\n"
        "      正式使用前请建立 halls_app，并用 DATABASE_OWNER_URL 指定所有者、DATABASE_URL 指定 halls_app。"
    )
    return url, url


def _order(order: dict[str, object]) -> bool:
    """Have the database and roles made; return whether the application has a role of its own."""
    answer = make_roles(order)
    if answer["ok"]:
        return bool(answer["app"])
    where = urlsplit(str(order["url"]))
    place, detail = f"{where.hostname or '本机'}:{where.port or 5432}{where.path}", answer["detail"]
    raise Failure(
        {
            "connect": (
                f"数据库 {place} 连不上或拒绝登录：{detail}\n"
                "请确认服务已启动、地址和口令正确（环境变量 DATABASE_URL）。"
            ),
            "version": f"数据库 {place} 的版本是 {detail}，本系统需要 PostgreSQL 15 以上。",
            "encoding": f"数据库 {place} 的编码是 {detail}，请建立 UTF8 编码的数据库。",
        }.get(str(answer["reason"]), f"数据库 {place} 拒绝了操作：{detail}")
    )


def environment(data: Path, keys: dict[str, str], stores: Stores, *, settings: str = "demo") -> dict[str, str]:
    """Return the environment of our own processes."""
    sealed = ("SECRET_KEY", "FIELD_KEYS", "BLIND_INDEX_KEY", "QUERY_CODE_KEY", "ANCHOR_KEY")
    own = {name: keys[name] for name in sealed}
    own |= {
        "DJANGO_SETTINGS_MODULE": f"config.settings.{settings}",
        "DATABASE_URL": stores.app_url,
        "REDIS_URL": stores.redis_url,
        "DATA_DIR": str(data),
        "PYTHONUTF8": "1",
    }
    dropped = {"DATABASE_OWNER_URL", "DEBUG", "PYTHONPATH", "PYTHONHOME"}
    return {**{name: value for name, value in os.environ.items() if name not in dropped}, **own}


@contextlib.contextmanager
def surroundings(data: Path, *, throw_away: str = "") -> Iterator[dict[str, str]]:
    """Yield the environment of the running site, of stores opened for this command, or of stores thrown away after."""
    if throw_away:
        with _throw_away(data / throw_away) as found:
            yield found
        return
    running = machine.read_json(data / "run.json")
    if running and machine.is_alive(running["start"]) and all(running["stores"][:2]):
        stores = Stores(*running["stores"])
        yield environment(data, machine.load_secrets(data), stores) | {"DATABASE_OWNER_URL": stores.owner_url}
        return
    with hold(data):
        keys = machine.load_secrets(data)
        stores = open_stores(data, keys)
        try:
            yield environment(data, keys, stores) | {"DATABASE_OWNER_URL": stores.owner_url}
        finally:
            stores.close()


@contextlib.contextmanager
def hold(data: Path) -> Iterator[None]:
    """Keep the data directory for this process; raise Failure if another has it."""
    with contextlib.ExitStack() as stack:
        try:
            stack.enter_context(machine.locked(data / "start.lock"))
        except BlockingIOError:
            address = machine.read_json(data / "run.json").get("address", "管理命令")
            raise Failure(f"已经在运行（{address}）。要停止它：python3 start.py stop") from None
        yield


@contextlib.contextmanager
def _throw_away(place: Path) -> Iterator[dict[str, str]]:
    home = place / str(os.getpid())
    remove_leftovers(place)
    home.mkdir(parents=True, mode=0o711)
    keys = machine.load_secrets(home)
    stores = Stores("", "", "")
    try:
        stores = open_stores(home, keys, durable=False, outside=False)
        if place.name == "bench":
            yield environment(home, keys, stores) | {"DATABASE_OWNER_URL": stores.owner_url}
        else:
            # Tests make their own databases, as the owner; those that must be refused connect as the application.
            found = environment(home, keys, stores, settings="test")
            yield found | {"DATABASE_URL": stores.owner_url, "DATABASE_APP_URL": stores.app_url}
    finally:
        stores.close()
        shutil.rmtree(home, ignore_errors=True)


def remove_leftovers(place: Path) -> None:
    """Remove what runs that were killed left behind."""
    for home in place.glob("[0-9]*"):
        if not machine.started_at(int(home.name)):
            Postgres(home / "postgres", {}).stop_leftover()
            shutil.rmtree(home, ignore_errors=True)
