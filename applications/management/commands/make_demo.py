"""`manage.py make_demo --cases N [--accounts FILE]`: people and believable cases for a demonstration county."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from applications.rehearsal.accounts import appoint_county
from applications.rehearsal.crew import RehearsalFailed, make_cases
from halls.models import Hall, Level

SECONDS_BETWEEN_LINES = 5.0


class Command(BaseCommand):
    help = "为演示县生成人员和示例办件；只在演示和测试环境可用，可重复执行。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--cases", type=int, default=300, help="办件数量；已有这么多时不再增加")
        parser.add_argument("--accounts", type=Path, help="演示账号清单写到这个文件（仅本用户可读）")
        parser.add_argument("--processes", type=int, default=min(os.cpu_count() or 1, 2), help="同时使用的进程数")
        parser.add_argument("--county", default="", help="县的区划代码；只有一个县时不必写")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError(_("只有演示和测试环境可以生成示例数据。"))
        county = _county(options["county"])
        people = appoint_county(county, options["accounts"])
        self._last_line = 0.0
        try:
            cases = make_cases(county, options["cases"], processes=options["processes"], report=self._report)
        except RehearsalFailed as failure:
            raise CommandError(_("示例办件没有做完：%(why)s") % {"why": failure}) from failure
        if options["verbosity"]:
            words = _("示例数据：新增人员 %(people)d，新增办件 %(cases)d")
            self.stdout.write(words % {"people": people, "cases": cases})

    def _report(self, made: int, wanted: int) -> None:
        """Tell how far it is, every few seconds."""
        now = time.monotonic()
        if now - self._last_line >= SECONDS_BETWEEN_LINES:
            self._last_line = now
            self.stdout.write(_("已生成 %(made)d / %(wanted)d 件 ……") % {"made": made, "wanted": wanted})
            self.stdout.flush()


def _county(code: str) -> Hall:
    counties = Hall.objects.filter(tier=Level.COUNTY)
    county = counties.filter(code=code).first() if code else counties.order_by("code").first()
    if county is None:
        raise CommandError(_("没有这个县。请先运行 load_county 载入区划。"))
    return county
