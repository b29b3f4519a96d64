"""`manage.py catch_up`: verify and anchor the ledger and prove the dates if the last night did not."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from supervision.actions.catch_up import catch_up


class Command(BaseCommand):
    help = "昨夜没有做成的核验、锚定和核对，现在补做；都做过的，什么也不做。"

    def handle(self, *args: Any, **options: Any) -> None:
        done = catch_up()
        if done.verdict is not None:
            words = _("核验 %(n)d 条记录，问题 %(faults)d 个。")
            self.stdout.write(words % {"n": done.verdict.ledger.events, "faults": done.verdict.found})
        if done.mark is not None:
            self.stdout.write(_("锚点码 %(code)s。") % {"code": done.mark.code})
        if done.proof is not None:
            words = _("核对 %(n)d 个时限，不符 %(differences)d 处。")
            self.stdout.write(words % {"n": done.proof.clocks, "differences": len(done.proof.differences)})
        if done.refusal is not None:
            self.stderr.write(f"{done.refusal.message}{done.refusal.cure}")
