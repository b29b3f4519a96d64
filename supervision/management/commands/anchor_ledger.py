"""`manage.py anchor_ledger`: append today's anchor of the ledger to the file outside the database."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from halls.management.answers import refusals_told
from supervision.actions.anchor_ledger import anchor_ledger


class Command(BaseCommand):
    help = "把到此刻为止的办件记录、文书和红黄牌的摘要写进库外的锚点文件，并打印可以印在公报上的锚点码。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--anew", action="store_true", help="原来的锚点接不上时重新起头；断点仍会被核验指出")

    def handle(self, *args: Any, **options: Any) -> None:
        with refusals_told(self, as_json=False):
            mark = anchor_ledger(anew=options["anew"])
            words = _("第 %(serial)d 个锚点，新锚定 %(events)d 条记录，%(at)s，锚点码 %(code)s。")
            made_at = f"{timezone.localtime(mark.made_at):%Y-%m-%d %H:%M}"
            told = {"serial": mark.serial, "events": mark.events, "at": made_at, "code": mark.code}
            self.stdout.write(words % told)
