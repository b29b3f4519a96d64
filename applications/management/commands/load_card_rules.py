"""`manage.py load_card_rules FILE`: the thresholds of warnings and cards of a new installation, from one file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from applications.actions.load_card_rules import load_card_rules
from halls.domain.errors import Invalid, Refused


class Command(BaseCommand):
    help = "安装时载入红黄牌规则：一个 JSON 文件；可重复执行，已在执行的规则不会被改动。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="规则文件，如 data/card_rules/default.json")
        parser.add_argument("--json", action="store_true", dest="as_json", help="以 JSON 输出结果")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report = load_card_rules(_content(options["file"]))
        except Invalid as refusal:
            lines = [f"{problem.field}：{problem.message}" for problem in refusal.problems]
            raise CommandError("\n".join([refusal.message, *lines, refusal.cure])) from refusal
        except Refused as refusal:
            raise CommandError(f"{refusal.message}{refusal.cure}") from refusal
        if options["as_json"]:
            self.stdout.write(json.dumps(report._asdict()))
            return
        self.stdout.write(_("红黄牌规则：新增 %(added)d，未变 %(unchanged)d") % report._asdict())


def _content(file: Path) -> Any:
    try:
        return json.loads(file.read_text(encoding="utf-8"))
    except OSError as fault:
        raise CommandError(_("无法读取文件 %(file)s（%(why)s）。") % {"file": file, "why": fault.strerror}) from fault
    except ValueError as fault:
        raise CommandError(_("文件 %(file)s 不是 JSON：%(why)s。") % {"file": file, "why": fault}) from fault
