"""`manage.py open_hall CODE --kind market --digits 258 --opens 08:00 --closes 12:00 --since 2026-01-01`."""

from __future__ import annotations

from datetime import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from halls.actions.open_hall import open_hall
from halls.domain.errors import Invalid
from halls.domain.openings import KIND_LABELS, Opening, OpeningKind
from halls.management.answers import day_of, needed_day_of, refusals_told
from halls.models import Department
from halls.selectors.staff import node_of


class Command(BaseCommand):
    help = "登记大厅的开放时间（对外办公、赶场日、延时服务）；只供群众查看，不影响任何时限"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("hall", help="大厅代码")
        parser.add_argument("--kind", choices=[kind.value for kind in OpeningKind], default=OpeningKind.REGULAR.value)
        parser.add_argument("--weekdays", default="", help="星期几，如 1,2,3,4,5")
        parser.add_argument("--digits", default="", help="赶场日逢几（公历日的尾数），如 258")
        parser.add_argument("--opens", required=True, help="开门，如 08:30")
        parser.add_argument("--closes", required=True, help="关门，如 17:30")
        parser.add_argument("--since", required=True, help="起用日期，如 2026-01-01")
        parser.add_argument("--until", default="", help="停用日期")

    def handle(self, *args: Any, **options: Any) -> None:
        with refusals_told(self, as_json=False):
            hall = node_of(options["hall"])
            if isinstance(hall, Department):
                raise Invalid("not_a_hall", _("这是部门，不是大厅。"), field="hall", cure=_("请填大厅的代码。"))
            kind, hours = (
                OpeningKind(options["kind"]),
                (_time(options["opens"], "opens"), _time(options["closes"], "closes")),
            )
            weekdays = [int(day) if day.isdigit() else 0 for day in options["weekdays"].split(",") if day]
            lines = [Opening(kind, *hours, weekday=weekday) for weekday in weekdays]
            if options["digits"]:
                lines.append(Opening(kind, *hours, digits=options["digits"]))
            since, until = needed_day_of(options["since"], "since"), day_of(options["until"], "until")
            added = open_hall(hall, lines, since=since, until=until)
            label = KIND_LABELS[kind]
            self.stdout.write(
                _("%(hall)s：%(kind)s登记 %(added)d 条") % {"hall": hall.name, "kind": label, "added": added}
            )


def _time(text: str, field: str) -> time:
    try:
        return time.fromisoformat(text)
    except ValueError:
        message = _("「%(text)s」不是时间。") % {"text": text}
        raise Invalid("bad_time", message, field=field, cure=_("请写成 08:30 的样子。")) from None
