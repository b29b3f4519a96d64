"""`manage.py verify_ledger [--anchors] [--json]`: prove that no event was changed, removed, added or back-dated."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from supervision.actions.verify_ledger import verify_ledger


class Command(BaseCommand):
    help = "逐条核验办件记录链：内容、顺序、时间、状态是否被改动，办件和时限是否与记录一致；发现问题时返回 1。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", dest="as_json", help="以 JSON 输出结果")
        parser.add_argument("--anchors", action="store_true", dest="with_anchors", help="再与库外的锚点文件逐条比对")
        parser.add_argument("--file", type=Path, help="锚点文件，默认为 ANCHOR_FILE（即使原文件被毁，也可用副本核验）")
        parser.add_argument("--printed", default="", metavar="锚点码", help="公报上印的锚点码，如 3F2A-91BC-77D0")

    def handle(self, *args: Any, **options: Any) -> None:
        with_anchors = options["with_anchors"] or options["file"] is not None or bool(options["printed"])
        verdict = verify_ledger(with_anchors=with_anchors, file=options["file"], printed=options["printed"])
        told = verdict.as_dict()
        if options["as_json"]:
            self.stdout.write(json.dumps(told, ensure_ascii=False))
        else:
            self._tell(told)
        if verdict.found:
            sys.exit(1)

    def _tell(self, told: dict[str, Any]) -> None:
        for fault in told["faults"]:
            self.stderr.write(_anchor_line(fault) if "anchor" in fault else _event_line(fault))
        words = _(
            "核验 %(applications)d 件 %(events)d 条记录，每秒 %(events_per_second)d 条，问题 %(faults_found)d 个。"
        )
        self.stdout.write(words % told)
        if "anchors" in told:
            words = _("锚点 %(anchors)d 个，覆盖 %(rows)d 行，最新一个 %(newest_code)s（%(newest_at)s）。")
            self.stdout.write(words % told["anchors"])


def _event_line(fault: dict[str, Any]) -> str:
    return f"{fault['number'] or fault['application'] or ''} #{fault['seq'] or '-'} {fault['message']}"


def _anchor_line(fault: dict[str, Any]) -> str:
    line = _("锚点 %(serial)s：%(message)s") % {"serial": fault["anchor"] or "-", "message": fault["message"]}
    if fault["table"]:
        line += _("（%(table)s 第 %(after)d 至 %(to)d 号之间）") % fault
    return line
