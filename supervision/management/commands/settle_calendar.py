"""`manage.py settle_calendar [--again] [--json]`: bring cases behind the calendar now, not with the next sweep."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from supervision.actions.settle_calendar import settle_calendar


class Command(BaseCommand):
    help = "按已生效的工作日历重算办件的时限：每件有变的办件记一条，不再成立的红黄牌提出撤销建议；可重复执行"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--again", action="store_true", help="已完成的也从头核对一遍；核对完以前，没有核对到的办件不登记红黄牌"
        )
        parser.add_argument("--json", action="store_true", dest="as_json", help="以 JSON 输出结果")

    def handle(self, *args: Any, **options: Any) -> None:
        done = settle_calendar(patience=float("inf"), again=options["again"])
        if options["as_json"]:
            self.stdout.write(json.dumps(asdict(done)))
        else:
            words = _(
                "查看 %(looked_at)d 件，日期有变的 %(moved)d 件，建议撤销 %(proposed)d 张牌，未能重算 %(failed)d 件"
            )
            self.stdout.write(words % asdict(done))
