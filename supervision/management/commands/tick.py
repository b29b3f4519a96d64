"""One turn of the watch: sweep, tell, deliver, rehearse. A timer may call it beside Celery beat, or instead of it."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from supervision.actions.deliver import deliver
from supervision.actions.raise_alarm import raise_alarm
from supervision.actions.rehearse_whole import rehearse_waiting
from supervision.actions.sweep import sweep_unless_running
from supervision.actions.tell import tell


class Command(BaseCommand):
    help = "巡检、告知、外发各一次，供 systemd 定时器每分钟调用；与 beat 同时运行也不会重复"
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", dest="as_json", help="以 JSON 输出结果")

    def handle(self, *args: Any, **options: Any) -> None:
        swept = sweep_unless_running()
        told, delivered = tell(), deliver()
        rehearse_waiting()
        raise_alarm()
        if options["as_json"]:
            swept_words = swept.as_dict() if swept else None
            answer = {"swept": swept_words, "told": asdict(told), "delivered": asdict(delivered)}
            self.stdout.write(json.dumps(answer, ensure_ascii=False))
        else:
            claimed = _("另一个巡检正在进行") if swept is None else _("新记 %(n)d 条") % {"n": swept.claimed}
            words = _("%(claimed)s，告知 %(messages)d 人次，外发 %(sent)d 条，没有发出 %(failed)d 条")
            counts = {"messages": told.messages, "sent": delivered.sent, "failed": delivered.failed}
            self.stdout.write(words % {"claimed": claimed, **counts})
        if swept and swept.failed:
            words = _("有 %(failed)d 件到期而未能恢复计时或办理默认，原因见日志 resume_failed、default_failed。")
            raise CommandError(words % {"failed": swept.failed})
