"""Run the sweep once, now; what Celery beat does each minute."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from supervision.actions._claim import BATCH_SIZE
from supervision.actions.sweep import sweep


class Command(BaseCommand):
    help = "巡检一次：登记到点的预警、黄牌、红牌，恢复批准天数已满的特别程序；重复运行不会多记"
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", dest="as_json", help="以 JSON 输出结果")
        parser.add_argument("--batch-size", type=int, default=BATCH_SIZE, help="每批的时限个数")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["batch_size"] < 1:
            raise CommandError(_("--batch-size 应为正整数。"))
        swept = sweep(batch_size=options["batch_size"])
        if options["as_json"]:
            self.stdout.write(json.dumps(swept.as_dict(), ensure_ascii=False))
        else:
            words = _(
                "巡检完成：到点 %(scanned)d 个时限，新记 %(claimed)d 条，恢复计时 %(resumed)d 件，"
                "超时默认 %(defaulted)d 件，最迟 %(lag)d 秒"
            )
            self.stdout.write(words % {**swept.as_dict(), "lag": swept.lag_seconds})
        if swept.failed:
            words = _("有 %(failed)d 件到期而未能恢复计时或办理默认，原因见日志 resume_failed、default_failed。")
            raise CommandError(words % {"failed": swept.failed})
