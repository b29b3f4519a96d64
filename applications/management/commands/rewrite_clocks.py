"""Derive the dates of open clocks anew, after a calendar year or a card rule was loaded."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from applications.actions.rewrite_clocks import rewrite_clocks


class Command(BaseCommand):
    help = "按现在的工作日历和红黄牌规则重算所有未停止的时限；重复运行不再改变"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", dest="as_json", help="以 JSON 输出结果")

    def handle(self, *args: Any, **options: Any) -> None:
        done = rewrite_clocks()
        if options["as_json"]:
            self.stdout.write(json.dumps(done._asdict()))
        else:
            self.stdout.write(_("重算 %(cases)d 件，日期有变的 %(changed)d 件") % done._asdict())
