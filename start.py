#!/usr/bin/env python3
"""县乡村政务服务大厅：一条命令运行，一条命令测试。

  python3 start.py                 准备好一切并启动网站（首次几分钟，之后十秒内），Ctrl-C 停止
  python3 start.py test [参数…]    运行全部测试；参数交给 pytest
  python3 start.py check           格式、静态检查、类型、分层、模板、迁移
  python3 start.py manage 命令 …   运行一条管理命令
  python3 start.py stop            从另一个终端停止
  python3 start.py bench [参数…]   测量速度
  python3 start.py torture [参数…] 反复杀死后台和办件进程、停掉数据库和 Redis，核对预警、红黄牌和办件不丢、不重、不提前

  --port N     网站端口（默认优先用 8000，被占用时另选）
  --cases N    示例办件数量（首次默认 300；已有更多时不变，不够时补足）
  --data 目录  数据目录（默认 .local）：数据库、密钥、上传材料、日志、演示账号

只需要 Python 3.11 以上。其余由本程序完成：
  1. 建立 .venv，按校验值安装锁定的依赖；
  2. 数据库用 DATABASE_URL 指定的，否则用本机的 PostgreSQL 程序，否则用安装包里的，在回环地址上另起一个私有的；
     Redis 同样（REDIS_URL）。两者的数据都在数据目录下，不影响本机已有的服务；
  3. 用 npm 按锁定的校验值取图表程序库（本机没有 Node 时临时用安装包里的；取不到时统计页只显示表格）；
  4. 建表、授权、载入区划、日历和事项，生成示例办件；
  5. 启动网站、后台任务和定时器，等 /readyz 正常后打印地址和演示账号。
只给出 DATABASE_URL 时，它应是表的所有者；程序会尝试建立权限较小的 halls_app 供网站使用。
两个角色都已备好时，用 DATABASE_OWNER_URL 指定所有者，DATABASE_URL 指定 halls_app。
"""

from __future__ import annotations

import sys

if sys.version_info < (3, 11) or sys.platform == "win32":
    sys.exit("本系统需要 Linux 或 macOS 上的 Python 3.11 以上（Debian 12、Ubuntu 24.04 及以后自带）。")

import argparse
import errno
import os
import signal
import subprocess
from pathlib import Path

from config import machine
from config.charts import ensure_charts
from config.machine import ROOT, Failure, say
from config.site import Site, stop_running
from config.stores import surroundings

COMMANDS = ("run", "test", "check", "manage", "stop", "bench", "torture")
CHECKS = {
    "格式": ["-m", "ruff", "format", "--check", "--quiet", "."],
    "静态检查": ["-m", "ruff", "check", "--quiet", "."],
    "类型": ["-m", "mypy", "."],
    "分层": ["-c", "from importlinter.cli import lint_imports_command as run; run()"],
    "模板": ["-m", "djlint", "templates", "--lint", "--quiet"],
    "迁移齐全": ["manage.py", "makemigrations", "--check", "--dry-run"],
    "迁移安全": ["manage.py", "lintmigrations"],
}


def main() -> int:
    own, command, rest = split_arguments(sys.argv[1:])
    options = parse_options(own + (rest if command in {"run", "check", "stop"} else []))
    data: Path = options.data.expanduser().resolve()
    data.mkdir(parents=True, exist_ok=True, mode=0o711)
    log = data / "log"
    log.mkdir(exist_ok=True, mode=0o700)
    if command == "stop":
        return stop_running(data)
    if command == "run":
        machine.ensure_environment(dev=False, log=log / "setup.log")
        ensure_charts(log / "setup.log")
        return Site(data, port=options.port, cases=options.cases).run_alone()
    if command == "manage":
        machine.ensure_environment(dev=False, log=log / "setup.log")
        with surroundings(data) as environment:
            return run_python(["manage.py", *rest], environment)
    machine.ensure_environment(dev=True, log=log / "setup.log")
    if command in ("test", "bench"):
        ensure_charts(log / "setup.log")
    return {"test": test, "check": check, "bench": bench, "torture": torture}[command](rest, data)


def split_arguments(arguments: list[str]) -> tuple[list[str], str, list[str]]:
    """Split at the first command word: what stands before it is for us, what follows is for the command."""
    for index, word in enumerate(arguments):
        if word in COMMANDS and (index == 0 or arguments[index - 1] not in {"--port", "--cases", "--data"}):
            return arguments[:index], word, arguments[index + 1 :]
    return arguments, "run", []


def parse_options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="start.py",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        usage=argparse.SUPPRESS,
    )
    parser.add_argument("--port", type=port_number, help=argparse.SUPPRESS)
    parser.add_argument("--cases", type=case_count, help=argparse.SUPPRESS)
    parser.add_argument("--data", type=Path, default=ROOT / ".local", help=argparse.SUPPRESS)
    options, unknown = parser.parse_known_args(arguments)
    if unknown:
        raise Failure(f"看不懂参数：{' '.join(unknown)}。用法见 python3 start.py --help")
    return options


def port_number(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError("端口应为 1 至 65535 的整数")
    return int(text)


def case_count(text: str) -> int:
    if not text.isdecimal() or int(text) > 100_000:
        raise argparse.ArgumentTypeError("办件数量应为 0 至 100000 的整数")
    return int(text)


# --- test, check, bench: each on servers of its own that are thrown away ----------------------------------------------


def test(arguments: list[str], data: Path) -> int:
    chosen = [word for word in arguments if not word.startswith("-") and Path(word.split("::")[0]).exists()]
    if not chosen:
        machine.ensure_browser(data / "log" / "setup.log")
    is_single = chosen or any(word.startswith(("-n", "--pdb", "-p")) for word in arguments)
    parallel = (
        [] if is_single else ["-n", "2", "--dist", "loadfile", "--no-loadscope-reorder"]
    )  # what a file builds is built once
    with surroundings(data, throw_away="test") as environment:
        return run_python(["-m", "pytest", *parallel, *arguments], environment)


def check(_rest: list[str], data: Path) -> int:
    failed = []
    with surroundings(data, throw_away="check") as environment:
        for label, command in CHECKS.items():
            say(f"== {label}")
            if run_python(command, environment):
                failed.append(label)
    say(f"没有通过：{'、'.join(failed)}" if failed else "全部通过。")
    return 1 if failed else 0


def bench(arguments: list[str], data: Path) -> int:
    with surroundings(data, throw_away="bench") as environment:
        return run_python(["-m", "bench", *arguments], environment)


def torture(arguments: list[str], data: Path) -> int:
    """It starts and stops servers of its own, under the data directory."""
    return run_python(["-m", "torture", *arguments], {**os.environ, "DATA_DIR": str(data)})


def run_python(arguments: list[str], environment: dict[str, str]) -> int:
    """Run our Python in the foreground; Ctrl-C goes to it, and we wait for its end."""
    with subprocess.Popen([machine.python(), *arguments], cwd=ROOT, env=environment) as child:
        while True:
            try:
                return child.wait()
            except KeyboardInterrupt:
                continue


def end_politely(*_: object) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, end_politely)
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # nohup means to outlive its terminal
        signal.signal(signal.SIGHUP, end_politely)
    os.chdir(ROOT)
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    try:
        sys.exit(main())
    except Failure as failure:
        sys.exit(f"\n{failure}")
    except KeyboardInterrupt:
        sys.exit(130)
    except OSError as error:
        if error.errno == errno.ENOSPC:
            sys.exit("\n磁盘已满，请腾出空间后重试。")
        if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.EEXIST}:
            sys.exit(f"\n不能使用 {error.filename}（{error.strerror}）。请检查权限，或用 --data 指定可写的数据目录。")
        raise
