"""`manage.py load_calendar PATH [--reason ...] [--keep-signed] [--json]`: publish years from a file or a directory.

Only for the owner of the database. A year that changes needs a reason and stays on record as a notice; open cases
follow with the next sweep, or at once with `manage.py settle_calendar`.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from halls.actions.load_calendar import LoadedYear, load_calendar
from halls.domain.calendar_file import Arrangement, read_arrangement
from halls.domain.errors import Invalid, NotPermitted, Problem

LARGEST = 1_000_000  # bytes; a year has some 5,000
RESULTS = {
    "added": gettext_lazy("新增"),
    "changed": gettext_lazy("更新"),
    "unchanged": gettext_lazy("无变化"),
    "kept": gettext_lazy("已由两人签署，保持不动"),
}


class Command(BaseCommand):
    help = "导入工作日历（节假日与调休）：文件或目录；可重复执行，有错误时不改动任何内容。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", type=Path, help="年度日历 JSON 文件，或存放这些文件的目录")
        parser.add_argument("--reason", default="", help="改动已有年度的理由：依据哪个文件、为什么改")
        parser.add_argument("--keep-signed", action="store_true", help="已由两人签署的年度保持不动")
        parser.add_argument("--json", action="store_true", help="以 JSON 输出结果")

    def handle(self, *args: Any, **options: Any) -> None:
        files = _files(options["path"])
        try:
            years = load_calendar(_read(files), reason=options["reason"], keep_signed=options["keep_signed"])
        except NotPermitted as refusal:
            raise CommandError(f"{refusal.message}{refusal.cure}") from refusal
        except Invalid as refusal:
            lines = [f"{problem.field}：{problem.message}" for problem in refusal.problems]
            raise CommandError("\n".join([refusal.message, *lines, refusal.cure])) from refusal
        self.stdout.write(_as_json(years) if options["json"] else _as_text(years))


def _files(path: Path) -> list[Path]:
    if path.is_dir():
        files = sorted(path.glob("*.json"))
        if not files:
            raise CommandError(_("目录 %(path)s 里没有 .json 文件。") % {"path": path}, returncode=2)
        return files
    if not path.is_file():
        raise CommandError(_("找不到文件或目录 %(path)s。") % {"path": path}, returncode=2)
    return [path]


def _read(files: list[Path]) -> list[Arrangement]:
    """Read all files before the first row is written, and collect the faults of all of them."""
    found: dict[int, Arrangement] = {}
    problems: list[Problem] = []
    refusal: Invalid | None = None
    for file in files:
        try:
            arrangement = read_arrangement(_content(file))
        except Invalid as fault:
            refusal = fault
            problems += [Problem(f"{file.name} {problem.field}", problem.message) for problem in fault.problems]
            continue
        if found.setdefault(arrangement.year, arrangement) is not arrangement:
            problems.append(
                Problem(f"{file.name} year", _("%(year)s 年出现在两个文件里。") % {"year": arrangement.year})
            )
    if problems:
        cure = refusal.cure if refusal else _("请每年只保留一个文件。")
        raise Invalid("calendar_files_faulty", _("日历没有导入，内容有错误："), cure=cure, problems=tuple(problems))
    return list(found.values())


def _content(file: Path) -> bytes:
    try:
        if file.stat().st_size > LARGEST:
            raise CommandError(_("文件 %(file)s 过大，不是年度日历。") % {"file": file})
        return file.read_bytes()
    except OSError as fault:
        raise CommandError(_("无法读取文件 %(file)s（%(why)s）。") % {"file": file, "why": fault.strerror}) from fault


def _as_json(years: list[LoadedYear]) -> str:
    by_result = {result: [year.year for year in years if year.result == result] for result in RESULTS}
    return json.dumps(by_result | {"years": [asdict(year) for year in years]}, ensure_ascii=False)


def _as_text(years: list[LoadedYear]) -> str:
    line = _(
        "%(year)s 年：%(result)s（第 %(version)s 版；新增 %(added)s 天，更改 %(changed)s 天，取消 %(removed)s 天）"
    )
    return "\n".join(line % {**asdict(year), "result": RESULTS[year.result]} for year in years)
