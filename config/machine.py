"""What start.py needs from the machine it runs on: a Python environment, system packages, ports, processes, secrets.

Standard library only: this runs before anything is installed.
"""

from __future__ import annotations

import base64
import contextlib
import fcntl
import hashlib
import json
import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
STOP_SECONDS = 20.0
LARGEST_LOG = 20_000_000
NEW_KEYS = "new-keys"  # there from the making of the keys until they have met the database they are for


class Failure(Exception):  # noqa: N818  (it is shown to a person, not handled by code)
    """Something a person has to know: what happened, and what to do about it."""


def say(*words: str) -> None:
    print(*words, flush=True)


def is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def write_private(path: Path, text: str) -> None:
    """Write a file that only this user can read, whole or not at all."""
    draft = path.with_name(path.name + ".new")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as stream:
        stream.write(text)
    draft.replace(path)


def read_json(path: Path) -> dict[str, Any]:
    """Return the object in the file, or {} if there is no such file or it was cut short."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


# --- secrets ---------------------------------------------------------------------------------------------------------


def load_secrets(data: Path) -> dict[str, str]:
    """Return this installation's keys and passwords; made once and kept in secrets.json, mode 0600."""
    path = data / "secrets.json"
    known = {name: value for name, value in read_json(path).items() if isinstance(value, str)}
    if not known and (data / "postgres" / "data").exists():
        raise Failure(
            f"密钥文件 {path} 不见了，而数据库还在：没有它，数据无法解密，也无法登录数据库。\n"
            f"请找回该文件；如果只是演示数据，删除 {data} 后重新运行即可。"
        )
    wanted = {
        "SECRET_KEY": secrets.token_urlsafe(48),
        "FIELD_KEYS": "v1:" + _new_key(),
        "BLIND_INDEX_KEY": _new_key(),
        "QUERY_CODE_KEY": _new_key(),
        "ANCHOR_KEY": _new_key(),
        **{
            name: secrets.token_urlsafe(24)
            for name in ("admin_password", "owner_password", "app_password", "redis_password")
        },
    }
    if missing := wanted.keys() - known.keys():
        if "FIELD_KEYS" in missing:
            (data / NEW_KEYS).touch()
        known |= {name: wanted[name] for name in missing}
        write_private(path, json.dumps(known, indent=1))
    return known


def _new_key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


# --- the Python environment ------------------------------------------------------------------------------------------


def python() -> str:
    return str(VENV / "bin" / "python")


def ensure_environment(*, dev: bool, log: Path) -> None:
    """Make .venv and install the locked requirements, unless the lock is the one installed last time."""
    with locked(ROOT / ".venv.lock", wait=True):
        _install(dev=dev, log=log)


def _install(*, dev: bool, log: Path) -> None:
    _ensure_venv(log)
    runtime, everything = ROOT / "requirements.txt", ROOT / "requirements-dev.txt"
    # The lock for development holds the runtime lock too, so having it is enough for both.
    if _is_installed(everything) or (not dev and _is_installed(runtime)):
        return
    lock = everything if dev else runtime
    say(f"安装依赖（{lock.name}，首次约需一分钟）……")
    pip_install("-r", str(lock), log=log)
    _marker(lock).write_text(_digest(lock), encoding="utf-8")


def pip_install(*wanted: str, log: Path) -> None:
    command = [*_pip(), "install", "--disable-pip-version-check", "--require-hashes", "--only-binary=:all:", *wanted]
    done = _logged(command, log)
    if done.returncode == 0:
        return
    for sign, meaning in _PIP_TROUBLE.items():
        if re.search(sign, done.stdout):
            raise Failure(f"安装 Python 依赖失败：{meaning}\n详情见 {log}。")
    raise Failure(f"安装 Python 依赖失败，pip 的最后几行是：\n{_tail(done.stdout)}\n完整输出见 {log}。")


_PIP_TROUBLE = {
    r"No space left on device": "磁盘空间不足，请腾出至少 1 GB 后重试。",
    r"DO NOT MATCH THE HASHES": "下载的文件与锁定的校验值不符。请清除 pip 缓存后重试，仍不行请核对软件源。",
    r"NewConnectionError|Name or service not known|Temporary failure|timed out|NameResolution|ProxyError|SSLError": (
        "连不上 Python 软件源。请检查网络，或用 pip config set global.index-url 设置能访问的镜像后重试。"
    ),
    r"No matching distribution|Could not find a version": (
        "软件源中没有适合本机的安装包。请检查网络与镜像；本系统支持 Python 3.11 至 3.13。"
    ),
}


def _ensure_venv(log: Path) -> None:
    if VENV.exists() and _prints([python(), "-c", "import sys; print(sys.version_info >= (3, 11))"]) == "True":
        return
    if VENV.exists():
        shutil.rmtree(VENV)  # made by another Python, or cut short
    say("建立 Python 环境 .venv ……")
    base = getattr(sys, "_base_executable", None) or sys.executable
    if _logged([base, "-m", "venv", str(VENV)], log).returncode == 0:
        return
    shutil.rmtree(VENV, ignore_errors=True)
    if is_root() and shutil.which("apt-get"):
        apt_install(["python3-venv"], log=log)
        made = _logged([base, "-m", "venv", str(VENV)], log).returncode == 0
    else:
        # Without ensurepip, a pip outside can still fill an empty environment.
        made = _prints([base, "-m", "pip", "--version"]) != "" and (
            _logged([base, "-m", "venv", "--without-pip", str(VENV)], log).returncode == 0
        )
    if not made:
        shutil.rmtree(VENV, ignore_errors=True)
        raise Failure(
            f"无法建立 Python 环境，缺少 python3-venv。请管理员运行：apt install python3-venv\n详情见 {log}。"
        )


def _pip() -> list[str]:
    if _prints([python(), "-m", "pip", "--version"]):
        return [python(), "-m", "pip"]
    return [sys.executable, "-m", "pip", "--python", python()]


def _marker(lock: Path) -> Path:
    return VENV / f".installed-{lock.stem}"


def _is_installed(lock: Path) -> bool:
    marker = _marker(lock)
    return marker.exists() and marker.read_text(encoding="utf-8") == _digest(lock)


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


# --- system packages -------------------------------------------------------------------------------------------------


def apt_install(packages: list[str], *, log: Path) -> None:
    """Install Debian packages; raise Failure with the command to run if this user may not."""
    names = " ".join(packages)
    if not shutil.which("apt-get"):
        raise Failure(f"缺少系统软件：{names}。本机没有 apt-get，请用系统自带的方式安装后重试。")
    if not is_root():
        raise Failure(f"缺少系统软件：{names}。请管理员运行：apt-get update && apt-get install -y {names}")
    say(f"安装系统软件 {names} ……")
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    _logged(["apt-get", "update"], log, env=quiet)
    done = _logged(["apt-get", "install", "-y", "--no-install-recommends", *packages], log, env=quiet)
    if done.returncode:
        raise Failure(
            f"安装 {names} 失败，最后几行是：\n{_tail(done.stdout)}\n完整输出见 {log}。请检查网络与软件源后重试。"
        )


def ensure_browser(log: Path) -> None:
    """Have a Chromium and a Chinese font, for the tests that look at pages."""
    missing = []
    if not find_browser():
        missing.append("chromium")
    if not _has_chinese_font():
        missing.append("fonts-noto-cjk")
    # The program that steers the browser comes in a wheel, and asks for one library that a small system lacks.
    if not _prints([str(driver) for driver in VENV.glob(_DRIVER)] + ["--version"]):
        missing.append("libatomic1")
    if missing:
        apt_install(missing, log=log)


_DRIVER = "lib/python*/site-packages/playwright/driver/node"


def find_browser() -> str | None:
    """Return the Chromium to drive: $CHROME, else one in PATH."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge")
    return os.environ.get("CHROME") or next(filter(None, map(shutil.which, names)), None)


def _has_chinese_font() -> bool:
    if shutil.which("fc-list"):
        return _prints(["fc-list", ":lang=zh-cn", "file"]) != ""
    return any(Path("/usr/share/fonts").rglob("*CJK*"))


# --- ports and processes ---------------------------------------------------------------------------------------------


def free_port(preferred: int = 0) -> int:
    """Return the preferred port if it is free on loopback, else any free one."""
    for port in (preferred, 0):
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
            return int(probe.getsockname()[1])
    raise Failure("本机回环地址上没有可用的端口，请检查网络设置。")


def started_at(pid: int) -> str:
    """Return a mark that tells this process from a later one with the same pid; empty if it is gone."""
    stat = Path(f"/proc/{pid}/stat")
    if stat.parent.parent.joinpath("self").exists():
        try:
            fields = stat.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        except OSError:
            return ""
        return "" if fields[0] == "Z" else fields[19]
    return _prints(["ps", "-o", "lstart=", "-p", str(pid)])


def mark(pid: int) -> dict[str, object]:
    """Return what run.json keeps of a process."""
    return {"pid": pid, "mark": started_at(pid)}


def is_alive(process: dict[str, object]) -> bool:
    return started_at(int(str(process["pid"]))) == process["mark"]


def spawn(command: list[str], *, log: Path, **options: Any) -> subprocess.Popen[bytes]:
    """Start a process in a session of its own, so that Ctrl-C reaches only us and we stop it in order."""
    if log.exists() and log.stat().st_size > LARGEST_LOG:
        log.replace(log.with_suffix(".old"))
    with log.open("ab") as stream:
        return subprocess.Popen(command, stdout=stream, stderr=stream, start_new_session=True, **options)


def stop_pid(pid: int, started: str, *, first: signal.Signals = signal.SIGTERM, seconds: float = STOP_SECONDS) -> None:
    """Ask the process to end and, if it does not, end it with its group; never touch a later owner of the pid."""
    if not started or started_at(pid) != started:
        return
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.kill(pid, first)
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with contextlib.suppress(ChildProcessError):
            os.waitpid(pid, os.WNOHANG)
        if started_at(pid) != started:
            return
        time.sleep(0.05)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)


def tail(path: Path, lines: int = 12) -> str:
    return _tail(path.read_text(encoding="utf-8", errors="replace"), lines) if path.exists() else ""


def _tail(text: str, lines: int = 12) -> str:
    return "\n".join(f"  {line}" for line in text.strip().splitlines()[-lines:])


def _logged(command: list[str], log: Path, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """Run a command to its end; its output goes to the log and is returned."""
    try:
        done = subprocess.run(
            command, env=env, text=True, errors="replace", stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
        )
    except OSError as error:
        done = subprocess.CompletedProcess(command, 127, stdout=str(error))
    with log.open("a", encoding="utf-8") as stream:
        stream.write(f"$ {' '.join(command)}\n{done.stdout}\n")
    return done


def _prints(command: list[str]) -> str:
    """Return what a command prints, or an empty text if it cannot be run."""
    try:
        done = subprocess.run(command, text=True, capture_output=True, check=False)
    except OSError:
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


@contextlib.contextmanager
def locked(path: Path, *, wait: bool = False) -> Iterator[None]:
    """Hold the lock file for this process alone; raise BlockingIOError if another holds it and we do not wait."""
    with path.open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        yield
