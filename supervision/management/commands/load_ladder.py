"""`manage.py load_ladder FILE`: who is told at which rung, from one file. Idempotent."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from halls.domain.errors import Invalid
from supervision.actions.load_ladder import load_ladder


class Command(BaseCommand):
    help = "导入逐级提醒的层级：一个 JSON 文件；可重复执行，有错误时不改动任何内容。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="层级文件，如 data/ladder.json")
        parser.add_argument("--json", action="store_true", dest="as_json", help="以 JSON 输出结果")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report = load_ladder(_content(options["file"]))
        except Invalid as refusal:
            lines = [f"{problem.field}：{problem.message}" for problem in refusal.problems]
            raise CommandError("\n".join([refusal.message, *lines, refusal.cure])) from refusal
        if options["as_json"]:
            self.stdout.write(json.dumps(report._asdict()))
            return
        words = _("提醒层级：新增 %(added)d，更改 %(changed)d，撤下 %(removed)d，未变 %(unchanged)d")
        self.stdout.write(words % report._asdict())


def _content(file: Path) -> Any:
    try:
        return json.loads(file.read_text(encoding="utf-8"))
    except OSError as fault:
        raise CommandError(_("无法读取文件 %(file)s（%(why)s）。") % {"file": file, "why": fault.strerror}) from fault
    except ValueError as fault:
        raise CommandError(_("文件 %(file)s 不是 JSON：%(why)s。") % {"file": file, "why": fault}) from fault
