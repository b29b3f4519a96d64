"""`manage.py check_sameness [--json] [--keep]`: 八统一核对."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from matters.actions.compare_guides import compare_guides
from matters.selectors.sameness import as_json, sameness


class Command(BaseCommand):
    help = "核对同一事项的基本要素是否处处一致（八统一）"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", dest="as_json")
        parser.add_argument("--keep", action="store_true", help="登记这次核对，在页面和接口上看得到")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["keep"]:
            report = compare_guides()
            found, count = report.found, report.differences
        else:
            found = [as_json(one) for one in sameness()]
            count = len(found)
        if options["as_json"]:
            self.stdout.write(json.dumps(found, ensure_ascii=False))
            return
        for one in found:
            self.stdout.write(f"{'、'.join(one['codes'])} {one['why_same']}相同，{one['label']}不一致")
        self.stdout.write(_("不一致 %(n)d 处。") % {"n": count})
