"""Prove every stored date and light from the facts; exit 1 when one differs."""

from __future__ import annotations

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from supervision.actions.prove_lights import prove_lights
from supervision.domain.disagreement import cures, sentence


class Command(BaseCommand):
    help = "用另一套逐日计数的办法核对到期日、灯和红黄牌；有不符时列出并以 1 退出"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", dest="as_json", help="以 JSON 输出结果")
        parser.add_argument("--all", action="store_true", dest="is_whole", help="核对全部办件，不只在办和近期办结的")

    def handle(self, *args: Any, **options: Any) -> None:
        proof = prove_lights(is_whole=options["is_whole"])
        if options["as_json"]:
            self.stdout.write(json.dumps(proof.as_dict(), ensure_ascii=False))
        else:
            for difference in proof.differences:
                self.stdout.write(f"{difference.number or difference.case_id} {sentence(difference.as_dict())}")
            for step in cures([difference.as_dict() for difference in proof.differences]):
                self.stdout.write(step)
            words = _("核对办件 %(cases)d 件、时限 %(clocks)d 个，不符 %(differences)d 处")
            counts = {"cases": proof.cases, "clocks": proof.clocks, "differences": len(proof.differences)}
            self.stdout.write(words % counts)
        if proof.differences:
            sys.exit(1)
