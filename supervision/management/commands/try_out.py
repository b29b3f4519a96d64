"""`manage.py try_out [CODE ...] [--all] [--watch]`: play the scenarios of guides under a frozen clock, as the owner."""

from __future__ import annotations

import json
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from halls.domain.errors import DomainError
from matters.actions.request_tryout import request_tryout
from matters.models import Matter, MatterVersion
from supervision.actions.try_out import try_out, try_out_waiting

EVERY_SECONDS = 5


class Command(BaseCommand):
    help = "试办办事指南：在冻结的时钟下走一遍全部场景，走完全部撤回；由数据库所有者运行。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("codes", nargs="*", help="事项编码；不写则试办排队中的")
        parser.add_argument("--all", action="store_true", help="试办全部现行指南")
        parser.add_argument("--watch", action="store_true", help="一直等着试办排队中的")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["watch"]:
                self._watch()
            elif options["all"] or options["codes"]:
                self._try(options["codes"], is_json=options["json"])
            else:
                self.stdout.write(_("试办了 %(n)d 件。") % {"n": try_out_waiting()})
        except DomainError as refusal:
            raise CommandError(f"{refusal.message}{refusal.cure}") from refusal

    def _watch(self) -> None:
        while True:
            try_out_waiting()
            time.sleep(EVERY_SECONDS)

    def _try(self, codes: list[str], *, is_json: bool) -> None:
        versions = MatterVersion.objects.filter(pk__in=Matter.objects.values("current")).order_by("matter__code")
        failed = []
        for version in versions.filter(matter__code__in=codes) if codes else versions:
            done = try_out(request_tryout(version.content, actor=None).pk)
            if done is None:
                continue
            failed += [] if done.passed else [done.code]
            if is_json:
                shown = {"code": done.code, "passed": done.passed, "missed": done.missed, "results": done.results}
                self.stdout.write(json.dumps(shown, ensure_ascii=False))
            else:
                found = "；".join(word for result in done.results for word in result["found"])
                self.stdout.write(f"{done.code} {'通过' if done.passed else '没有通过'} {found}".rstrip())
        if failed:
            raise CommandError(_("没有通过：%(codes)s") % {"codes": "、".join(failed)})
