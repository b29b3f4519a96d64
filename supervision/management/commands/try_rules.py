"""`manage.py try_rules --preset enshi --from 2026-09-01 --to 2026-10-31`: what other rules would have issued."""

from __future__ import annotations

import json
from argparse import ArgumentTypeError
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from applications.domain.card_rules import LEVEL_LABELS
from applications.models import Application
from applications.selectors.rule_presets import ORDER, preset
from applications.selectors.rules import by_clock
from halls.domain.errors import Invalid
from halls.selectors.work_calendar import read_moment
from supervision.selectors.try_rules import try_rules


class Command(BaseCommand):
    help = "用一套规则在历史办件上试算：各级各时限会发多少牌，现行规则发多少，实际登记多少。不改动任何内容。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--preset", required=True, choices=ORDER, help="要试的规则")
        parser.add_argument("--from", required=True, type=_day, dest="since", help="起算日期从，如 2026-09-01")
        parser.add_argument("--to", required=True, type=_day, dest="until", help="起算日期到（含）")
        parser.add_argument("--json", action="store_true", dest="as_json", help="以 JSON 输出结果")

    def handle(self, *args: Any, **options: Any) -> None:
        candidate = by_clock(entry.rule for entry in preset(options["preset"]).entries)
        try:
            trial = try_rules(Application.objects.all(), candidate, options["since"], options["until"], read_moment())
        except Invalid as refusal:
            raise CommandError(f"{refusal.message}{refusal.cure}") from refusal
        if options["as_json"]:
            self.stdout.write(json.dumps({"preset": options["preset"], **trial.as_dict()}, ensure_ascii=False))
            return
        for level, wanted, today, issued in trial.totals():
            words = _("%(level)s：这套规则会发 %(wanted)d，现行规则发 %(today)d，实际登记 %(issued)d")
            counts = {"wanted": wanted, "today": today, "issued": issued}
            self.stdout.write(words % {"level": LEVEL_LABELS[level], **counts})
        words = _("办件 %(cases)d 件，时限 %(clocks)d 个，其中 %(differing)d 个结果不同")
        self.stdout.write(words % {"cases": trial.cases, "clocks": trial.clocks, "differing": len(trial.differing)})


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"日期应写成 2026-09-01，收到 {text}") from None
