"""Load a county's code list (区划清单) with its halls and departments."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from halls.actions.load_county import load_county
from halls.domain.division_file import CountyFileError, LineFault


class Command(BaseCommand):
    help = "装入一个县的区划、大厅、部门和片区所；重复装入不改变任何数据"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", help="CSV 文件：code,name,level,parent_code")
        parser.add_argument("--json", action="store_true", dest="as_json", help="以 JSON 输出结果")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report = load_county(_read(options["file"]), today=timezone.localdate())
        except CountyFileError as error:
            self._refuse(error, as_json=options["as_json"])
            sys.exit(1)
        counts = report.as_dict()
        if options["as_json"]:
            self.stdout.write(json.dumps(counts, ensure_ascii=False))
            return
        for label, tally in ((_("区划与大厅"), report.divisions), (_("部门与站所"), report.departments)):
            self.stdout.write(
                _("%(label)s：新增 %(added)d，更改 %(changed)d，撤销 %(retired)d，未变 %(unchanged)d")
                % {"label": label, **vars(tally)}
            )

    def _refuse(self, error: CountyFileError, *, as_json: bool) -> None:
        if as_json:
            faults = [
                {"line": fault.line, "field": fault.field, "message": fault.message, "cure": fault.cure}
                for fault in error.faults
            ]
            self.stdout.write(json.dumps({"errors": faults}, ensure_ascii=False))
            return
        self.stderr.write(error.message)
        for fault in error.faults:
            place = _("第 %(line)d 行") % {"line": fault.line} if fault.line else _("整个文件")
            self.stderr.write(f"{place} {fault.field}: {fault.message}{fault.cure}")


def _read(name: str) -> bytes:
    try:
        return Path(name).read_bytes()
    except OSError:
        raise CountyFileError([LineFault(0, "file", f"读不到文件 {name}。", "请核对路径和读取权限。")]) from None
