"""The running site: its stores, its processes, and what it tells the person who started it.

Standard library only; start.py is the way in.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import time
import unicodedata
import urllib.error
import urllib.request
from pathlib import Path

from config import machine, stores
from config.embedded import ping_redis
from config.machine import ROOT, Failure, say
from config.stores import Stores, environment, open_stores

PREFERRED_PORT = 8000
HEALTHY_SECONDS = 60.0
RESTARTS, RESTART_WINDOW = 5, 300.0
STATEMENT_TIMEOUT_MS = "15000"

GUNICORN = ["-m", "gunicorn", "config.wsgi", "--worker-class", "gthread", "--workers", "2", "--threads", "4",
            "--no-control-socket", "--timeout", "60", "--graceful-timeout", "10"]  # fmt: skip
CELERY = ["-m", "celery", "-A", "config.celery"]
WORKER = [*CELERY, "worker", "--loglevel", "WARNING", "--concurrency", "1",
          "--without-gossip", "--without-mingle", "--without-heartbeat"]  # fmt: skip
BEAT = [*CELERY, "beat", "--loglevel", "WARNING", "--pidfile", ""]
TRYOUT = ["manage.py", "try_out", "--watch"]


class Site:
    def __init__(self, data: Path, *, port: int | None, cases: int | None) -> None:
        self.data, self.cases = data, cases
        self.log = data / "log"
        self.wanted_port = port
        self.accounts = data / "demo-accounts.json"
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.commands: dict[str, list[str]] = {}
        self.restarted: dict[str, list[float]] = {}

    def run_alone(self) -> int:
        """Run, unless another process holds this data directory."""
        with stores.hold(self.data):
            return self.run()

    def run(self) -> int:
        """Serve until Ctrl-C; everything that was started is stopped again, whatever happens."""
        stop_processes(self.data)
        self.port = self._choose_port()
        self.address = f"http://127.0.0.1:{self.port}/"
        self.stores = Stores("", "", "")
        self._record()  # so that `stop` finds us while we are still preparing
        try:
            keys = machine.load_secrets(self.data)
            self.stores = open_stores(self.data, keys)
            self._record()
            self.environment = environment(self.data, keys, self.stores)
            self._prepare()
            self._start_processes()
            self._wait_until_healthy()
            self._announce()
            self._watch()
        except KeyboardInterrupt:
            say("\n正在停止 ……")
        finally:
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            self._stop()
        return 0

    def _choose_port(self) -> int:
        port = machine.free_port(self.wanted_port or PREFERRED_PORT)
        if self.wanted_port not in {None, port}:
            raise Failure(f"端口 {self.wanted_port} 已被占用。请用 --port 换一个，或不写 --port 由程序自选。")
        return port

    def _prepare(self) -> None:
        """Migrate, load and generate as the owner; the web never learns the owner's password."""
        as_owner = {**self.environment, "DATABASE_URL": self.stores.owner_url, "PROCESS_NAME": "prepare"}
        command = [machine.python(), "-m", "config.prepare", "--accounts", str(self.accounts)]
        command += [] if self.cases is None else ["--cases", str(self.cases)]
        with subprocess.Popen(command, cwd=ROOT, env=as_owner, start_new_session=True) as child:
            try:
                code = child.wait()
            except KeyboardInterrupt:
                machine.stop_pid(child.pid, machine.started_at(child.pid))
                raise
        if code:
            raise Failure("数据没有准备好，原因见上。改正后重新运行 python3 start.py 即可。")

    def _start_processes(self) -> None:
        self.commands["web"] = [*GUNICORN, "--bind", f"127.0.0.1:{self.port}"]
        if self.stores.redis_url:
            self.commands |= {"worker": WORKER, "beat": BEAT}
        self.commands["tryout"] = TRYOUT
        for name in self.commands:
            self._start_process(name)

    def _start_process(self, name: str) -> None:
        own = {**self.environment, "PROCESS_NAME": name}
        if name == "web":
            own["STATEMENT_TIMEOUT_MS"] = STATEMENT_TIMEOUT_MS
        if name == "tryout":  # it bends the clock inside transactions that are taken back: only the owner can
            own["DATABASE_URL"] = self.stores.owner_url
        command = [machine.python(), *self.commands[name]]
        self.processes[name] = machine.spawn(command, log=self.log / f"{name}.log", cwd=ROOT, env=own)
        self._record()

    def _record(self) -> None:
        """Write down what runs, for `stop`, `manage` and a later start after a crash."""
        running = {name: process.pid for name, process in self.processes.items()}
        running |= {server.name: server.process.pid for server in self.stores.servers if server.process}
        record = {
            "address": self.address,
            "start": machine.mark(os.getpid()),
            "processes": {name: machine.mark(pid) for name, pid in running.items()},
            "stores": [self.stores.app_url, self.stores.owner_url, self.stores.redis_url],
        }
        machine.write_private(self.data / "run.json", json.dumps(record, indent=1))

    def _wait_until_healthy(self) -> None:
        deadline = time.monotonic() + HEALTHY_SECONDS
        answer = ""
        while time.monotonic() < deadline and self.processes["web"].poll() is None:
            code, answer = _get(self.address + "readyz")
            if code == 200:
                return
            time.sleep(0.1)
        raise Failure(
            f"网站没有启动成功。/readyz 的回答：{answer or '无'}\n"
            f"日志最后几行是：\n{machine.tail(self.log / 'web.log')}\n完整日志：{self.log / 'web.log'}"
        )

    def _announce(self) -> None:
        people = json.loads(self.accounts.read_text(encoding="utf-8")) if self.accounts.exists() else []
        rows = [[str(one.get(name, "")) for name in ("role", "post", "username", "password")] for one in people]
        if rows:
            say("\n" + table([["角色", "岗位", "用户名", "口令"], *rows]) + "\n")
        else:
            say(f"\n找不到演示账号清单 {self.accounts}。\n")
        if not self.stores.redis_url:
            say("注意：没有 Redis，后台任务没有启动：红黄灯、预警和缓存会滞后，办件不受影响。请安装 redis-server。")
        elif not ping_redis(self.stores.redis_url):
            say("注意：Redis 现在连不上：红黄灯和预警会滞后，办件不受影响；Redis 恢复后自动赶上。")
        say(f"数据与日志：{self.data}　停止：Ctrl-C")
        say(f"READY {self.address}")

    def _watch(self) -> None:
        """Restart what ends by itself, until it ends too often."""
        while True:
            time.sleep(1)
            for server in self.stores.servers:
                if server.process and server.process.poll() is not None:
                    self._count_restart(server.name, server.log)
                    server.start()
                    self._record()
            for name, process in list(self.processes.items()):
                if process.poll() is not None:
                    self._start_again(name)

    def _start_again(self, name: str) -> None:
        """Start an ended process again. The halls can do without trying guides out: that one alone is given up."""
        log = self.log / f"{name}.log"
        try:
            self._count_restart(name, log)
        except Failure:
            if name != "tryout":
                raise
            del self.processes[name]
            self._record()
            say(f"试办反复退出，不再启动；办件不受影响。请查看日志 {log}，改正后重新运行。")
            return
        self._start_process(name)

    def _count_restart(self, name: str, log: Path) -> None:
        """Raises Failure when too much ended by itself of late; what the try-outs do is counted apart."""
        counted = "tryout" if name == "tryout" else ""
        now = time.monotonic()
        recent = [moment for moment in self.restarted.get(counted, []) if now - moment < RESTART_WINDOW]
        self.restarted[counted] = [*recent, now]
        if len(self.restarted[counted]) > RESTARTS:
            raise Failure(f"{name} 反复退出，已停止全部进程。日志最后几行是：\n{machine.tail(log)}\n完整日志：{log}")
        say(f"{name} 意外退出，正在重新启动（日志：{log}）")

    def _stop(self) -> None:
        marks = {process.pid: machine.started_at(process.pid) for process in self.processes.values()}
        for pid, mark in marks.items():  # all are asked at once, then each is waited for
            if mark:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGTERM)
        for pid, mark in marks.items():
            machine.stop_pid(pid, mark)
        self.stores.close()
        (self.data / "run.json").unlink(missing_ok=True)


# --- processes of other runs -----------------------------------------------------------------------------------------


def stop_running(data: Path) -> int:
    """Stop the site that another terminal started here, and whatever a killed one left behind."""
    running = machine.read_json(data / "run.json")
    if not running:
        say(f"没有在运行（数据目录 {data}）。")
        return 0
    start = running["start"]
    machine.stop_pid(start["pid"], start["mark"], seconds=60)
    stop_processes(data)
    say("已停止。")
    return 0


def stop_processes(data: Path) -> None:
    """Stop the processes that a killed start script left running, the stores last."""
    running = machine.read_json(data / "run.json")
    for name, process in running.get("processes", {}).items():
        first = signal.SIGINT if name == "postgres" else signal.SIGTERM
        machine.stop_pid(process["pid"], process["mark"], first=first)
    (data / "run.json").unlink(missing_ok=True)


def _get(url: str) -> tuple[int, str]:
    """Return status and body; a proxy set for the outside world must not come between us."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(url, timeout=5) as response:
            return response.status, response.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode(errors="replace")
    except OSError:
        return 0, ""


def table(rows: list[list[str]]) -> str:
    """Lay out rows in columns, counting a Chinese character as two cells."""
    widths = [max(map(_cells, column)) for column in zip(*rows, strict=True)]
    lines = [
        "  ".join(cell + " " * (width - _cells(cell)) for cell, width in zip(row, widths, strict=True)) for row in rows
    ]
    return "\n".join(line.rstrip() for line in [lines[0], "  ".join("─" * width for width in widths), *lines[1:]])


def _cells(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)
