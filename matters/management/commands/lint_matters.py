"""Lint the catalogue: what in which guide breaks which rule."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from matters.actions.lint_catalogue import lint_catalogue
from matters.domain.lint import SEVERITIES, SEVERITY_LABELS
from matters.selectors.lint import LintOverview, lint_overview, reports_of

FAILS = {"error": ("errors",), "warning": ("errors", "warnings")}


class Command(BaseCommand):
    help = "检查全部事项的办事指南，列出每条规则、每个部门的问题"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--department", default="", help="只看这个部门（代码，如 500236-MZ）")
        parser.add_argument("--json", action="store_true", dest="as_json", help="以 JSON 输出每个事项的全部问题")
        parser.add_argument(
            "--strict", nargs="?", const="error", choices=FAILS, help="有错误（或 warning：有警告）时以状态码 1 结束"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        lint_catalogue()
        overview = lint_overview(options["department"])
        if options["department"] and not overview.guides:
            raise CommandError(_("没有部门 %(code)s 的指南。") % {"code": options["department"]})
        if options["as_json"]:
            self.stdout.write(json.dumps(reports_of(options["department"]), ensure_ascii=False))
        else:
            self._print(overview)
        failed = FAILS.get(options["strict"], ())
        if any(getattr(line, name) for line in overview.departments for name in failed):
            sys.exit(1)

    def _print(self, overview: LintOverview) -> None:
        self.stdout.write(_("%(guides)d 份指南，平均 %(score)s 分。") % asdict(overview))
        self.stdout.write("")
        self.stdout.write(_("| 部门 | 指南 | 得分 | 有错误 | 有警告 | 有提示 |"))
        self.stdout.write("|---|---|---|---|---|---|")
        for line in overview.departments:
            self.stdout.write(
                f"| {line.name} | {line.guides} | {line.score} | {line.errors} | {line.warnings} | {line.hints} |"
            )
        for severity in SEVERITIES:
            rules = [line for line in overview.rules if line.rule.severity == severity]
            if rules:
                self.stdout.write("")
                self.stdout.write(_("| %(kind)s | 规则 | 指南 |") % {"kind": SEVERITY_LABELS[severity]})
                self.stdout.write("|---|---|---|")
            for rule_line in rules:
                self.stdout.write(f"| {rule_line.rule.title} | {rule_line.rule.code} | {rule_line.guides} |")
