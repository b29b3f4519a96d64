"""The entry, as a person at a terminal meets it."""

import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from config.machine import Failure
from config.site import RESTARTS, Site, table
from config.stores import Stores

ROOT = Path(__file__).resolve().parent.parent.parent


def environment(**changes: str) -> dict[str, str]:
    """The environment of a fresh terminal: none of the settings that this test run lives in."""
    ours = {"DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_APP_URL", "REDIS_URL", "DATA_DIR", "DJANGO_SETTINGS_MODULE"}
    return {name: value for name, value in os.environ.items() if name not in ours} | {"PYTHONUTF8": "1", **changes}


def start(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "start.py", *arguments],
        cwd=ROOT,
        env=environment(**variables),
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--port", "http"], "端口应为"),
        (["--port", "70000"], "端口应为"),
        (["--cases", "-1"], "--cases"),
        (["--cases", "many"], "办件数量应为"),
        (["--bogus"], "看不懂参数：--bogus"),
        (["run", "now"], "看不懂参数：now"),
    ],
)
def test_a_wrong_argument_is_named(arguments, sentence, tmp_path):
    done = start("--data", str(tmp_path / "data"), *arguments)
    assert done.returncode != 0
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr


def test_help_shows_every_command():
    done = start("--help")
    assert done.returncode == 0
    for command in ("test", "check", "manage", "stop", "bench", "torture", "--port", "--cases", "--data"):
        assert command in done.stdout


def test_a_busy_port_is_named(tmp_path):
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = str(holder.getsockname()[1])
        done = start("--data", str(tmp_path), "--port", port)
    assert done.returncode == 1
    assert f"端口 {port} 已被占用" in done.stderr


def test_a_database_that_is_down_is_named_without_its_password(tmp_path, closed_port):
    url = f"postgres://owner:very-secret@127.0.0.1:{closed_port}/halls"
    done = start("--data", str(tmp_path), DATABASE_URL=url)
    assert done.returncode == 1
    assert f"127.0.0.1:{closed_port}/halls 连不上" in done.stderr
    assert "very-secret" not in done.stdout + done.stderr


@pytest.mark.parametrize("url", ["mysql://owner:very-secret@127.0.0.1/halls", "very-secret", "postgres:///halls"])
def test_a_database_of_another_kind_is_refused_without_its_password(tmp_path, url):
    done = start("--data", str(tmp_path), DATABASE_URL=url)
    assert done.returncode == 1
    assert "只支持 PostgreSQL" in done.stderr
    assert "very-secret" not in done.stdout + done.stderr


def test_an_unwritable_data_directory_is_named(tmp_path):
    (tmp_path / "file").write_text("in the way")
    done = start("--data", str(tmp_path / "file" / "data"))
    assert done.returncode == 1
    assert "Traceback" not in done.stderr


def test_stop_without_a_running_site_says_so(tmp_path):
    done = start("--data", str(tmp_path), "stop")
    assert done.returncode == 0
    assert "没有在运行" in done.stdout


def test_lost_keys_are_not_replaced_by_new_ones(tmp_path):
    (tmp_path / "postgres" / "data").mkdir(parents=True)
    done = start("--data", str(tmp_path))
    assert done.returncode == 1
    assert "密钥文件" in done.stderr


def test_try_outs_that_keep_ending_are_given_up_without_the_site(tmp_path, capsys):
    site = Site(tmp_path, port=None, cases=None)
    site.address, site.stores, site.environment = "http://127.0.0.1:0/", Stores("", "", ""), dict(os.environ)
    site.log.mkdir()
    site.commands = {"tryout": ["-c", "raise SystemExit(1)"], "worker": ["-c", "raise SystemExit(1)"]}
    for name in site.commands:
        site._start_process(name)
    for _ in range(RESTARTS + 1):
        site.processes["tryout"].wait()
        site._start_again("tryout")
    assert list(site.processes) == ["worker"]
    assert "试办反复退出" in capsys.readouterr().out
    for _ in range(RESTARTS):
        site.processes["worker"].wait()
        site._start_again("worker")
    with pytest.raises(Failure, match="worker 反复退出"):
        site._start_again("worker")
    site.processes["worker"].wait()


def test_chinese_columns_line_up():
    assert table([["角色", "用户名"], ["窗口", "a"]]).splitlines() == ["角色  用户名", "────  ──────", "窗口  a"]


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_the_site_starts_serves_starts_again_without_doing_it_all_again_and_stops(tmp_path):
    data = str(tmp_path / "data")
    first = Run("--data", data, "--cases", "3")
    try:
        page = urllib.request.urlopen(first.address + "healthz", timeout=60)
        assert page.status == 200
        assert "已经在运行" in start("--data", data).stderr
        managed = start("--data", data, "manage", "showmigrations", "--plan")
        assert "[X]" in managed.stdout
        assert "[ ]" not in managed.stdout
    finally:
        first.end(signal.SIGINT)
    second = Run("--data", data)
    try:
        assert start("--data", data, "stop").stdout.strip() == "已停止。"
        assert second.process.wait(120) == 0
    finally:
        second.end(signal.SIGTERM)
    # Nothing is done again: that is what makes a second start take seconds.
    assert not re.search("建立|安装|载入|生成", "".join(second.said))
    assert not list(Path(data).glob("run.json"))


class Run:
    """A site started as a person would, once it says READY."""

    def __init__(self, *arguments: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "start.py", *arguments],
            cwd=ROOT,
            env=environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        assert self.process.stdout
        self.said: list[str] = []
        for line in self.process.stdout:
            self.said.append(line)
            if found := re.match(r"READY (http://127\.0\.0\.1:\d+/)", line):
                self.address = found.group(1)
                return
        self.process.wait()
        pytest.fail("".join(self.said[-40:]), pytrace=False)

    def end(self, with_signal: signal.Signals) -> None:
        if self.process.poll() is None:
            self.process.send_signal(with_signal)
            assert self.process.wait(120) in {0, 130}
