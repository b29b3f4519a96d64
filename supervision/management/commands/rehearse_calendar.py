"""`manage.py rehearse_calendar [--json]`: count now, not with the next task, what the proposed calendars would do."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from supervision.actions.rehearse_whole import rehearse_waiting


class Command(BaseCommand):
    help = "对等待确认的日历提议演算全县办件，演算完成后才能确认；可重复执行"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", dest="as_json", help="以 JSON 输出结果")

    def handle(self, *args: Any, **options: Any) -> None:
        looked_at = rehearse_waiting(patience=float("inf"))
        words = json.dumps({"looked_at": looked_at}) if options["as_json"] else _("演算了 %(n)d 件") % {"n": looked_at}
        self.stdout.write(words)
