"""`manage.py revoke_delegation --document-no NO [--grantee U]`: take back what a letter of authority lent."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import transaction
from django.utils.translation import gettext as _

from halls.acting import owner_actor
from halls.actions.delegate import revoke_delegation
from halls.domain.errors import Invalid
from halls.management.answers import refusals_told
from halls.models import Delegation


class Command(BaseCommand):
    help = "撤回授权书所授的决定职责，立即生效；可重复执行。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--document-no", default="", help="授权书文号")
        parser.add_argument("--grantee", default="", help="只撤回这一受托人的；不写则撤回该文号的全部授权")
        parser.add_argument("--json", action="store_true", dest="as_json", help="以 JSON 输出结果")

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        with refusals_told(self, as_json=options["as_json"]):
            found = _letters(options["document_no"].strip(), options["grantee"].strip())
            before = [one.pk for one in found if one.revoked_on is not None]
            done = [revoke_delegation(one.pk, actor=owner_actor()) for one in found if one.revoked_on is None]
            if options["as_json"]:
                answer = {
                    "document_no": options["document_no"].strip(),
                    "revoked": [{"id": one.pk, "grantee": one.grantee.username} for one in done],
                    "already": len(before),
                }
                self.stdout.write(json.dumps(answer, ensure_ascii=False))
                return
            words = {"done": len(done), "before": len(before)}
            self.stdout.write(_("撤回 %(done)d 项授权；此前已撤回 %(before)d 项。") % words)


def _letters(document_no: str, grantee: str) -> list[Delegation]:
    letters = Delegation.objects.filter(document_no=document_no)
    found = list((letters.filter(grantee__username=grantee) if grantee else letters).order_by("pk"))
    if not found:
        message = _("没有文号为「%(number)s」的授权。") % {"number": document_no}
        raise Invalid("unknown_letter", message, field="document_no", cure=_("请核对授权书文号和受托人。"))
    return found
