"""`manage.py verify_ledger [--json]`: prove that no event was changed, removed, added or back-dated."""

from __future__ import annotations

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from applications.selectors.ledger import prove_ledger


class Command(BaseCommand):
    help = "逐条核验办件记录链：内容、顺序、时间、状态是否被改动；发现问题时返回 1。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", dest="as_json", help="以 JSON 输出结果")

    def handle(self, *args: Any, **options: Any) -> None:
        proof = prove_ledger()
        told = proof.as_dict()
        if options["as_json"]:
            self.stdout.write(json.dumps(told, ensure_ascii=False))
        else:
            for fault in told["faults"]:
                self.stderr.write(
                    f"{fault['number'] or fault['application'] or ''} #{fault['seq'] or '-'} {fault['message']}"
                )
            words = _(
                "核验 %(applications)d 件 %(events)d 条记录，每秒 %(events_per_second)d 条，问题 %(faults_found)d 个。"
            )
            self.stdout.write(words % told)
        if proof.found:
            sys.exit(1)
