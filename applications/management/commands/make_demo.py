"""`manage.py make_demo --cases N [--accounts FILE]`: people and believable cases for a demonstration county."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from applications.rehearsal.accounts import appoint_county
from halls.models import Hall, Level


class Command(BaseCommand):
    help = "为演示县生成人员和示例办件；只在演示和测试环境可用，可重复执行。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--cases", type=int, default=300, help="办件数量；已有这么多时不再增加")
        parser.add_argument("--accounts", type=Path, help="演示账号清单写到这个文件（仅本用户可读）")
        parser.add_argument("--county", default="", help="县的区划代码；只有一个县时不必写")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError(_("只有演示和测试环境可以生成示例数据。"))
        county = _county(options["county"])
        new = appoint_county(county, options["accounts"])
        if options["verbosity"]:
            self.stdout.write(_("人员：新增 %(new)d") % {"new": new})


def _county(code: str) -> Hall:
    counties = Hall.objects.filter(tier=Level.COUNTY)
    county = counties.filter(code=code).first() if code else counties.order_by("code").first()
    if county is None:
        raise CommandError(_("没有这个县。请先运行 load_county 载入区划。"))
    return county
