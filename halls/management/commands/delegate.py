"""`manage.py delegate`: register a letter of authority (授权书) that lends deciding power for dates."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from halls.acting import owner_actor
from halls.actions.delegate import delegate
from halls.management.answers import needed_day_of, refusals_told
from halls.selectors.staff import node_of, user_of


class Command(BaseCommand):
    help = "登记授权书：审批人把决定职责在一段日期内授权给另一人（不超过一年，不得转授）。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--grantor", default="", help="授权人的用户名")
        parser.add_argument("--grantee", default="", help="受托人的用户名")
        parser.add_argument("--node", default="", help="大厅或部门的代码；对其下级同样有效")
        parser.add_argument("--document-no", default="", help="授权书文号")
        parser.add_argument("--from", dest="starts_on", help="开始日期")
        parser.add_argument("--to", dest="ends_on", help="结束日期（含当日）")
        parser.add_argument("--json", action="store_true", dest="as_json", help="以 JSON 输出结果")

    def handle(self, *args: Any, **options: Any) -> None:
        with refusals_told(self, as_json=options["as_json"]):
            grantor = user_of(options["grantor"], field="grantor")
            grantee = user_of(options["grantee"], field="grantee")
            node = node_of(options["node"])
            lent = delegate(
                actor=owner_actor(),
                grantor=grantor,
                grantee=grantee,
                node=node,
                document_no=options["document_no"].strip(),
                starts_on=needed_day_of(options["starts_on"], "from"),
                ends_on=needed_day_of(options["ends_on"], "to"),
            )
            answer = {
                "id": lent.pk,
                "document_no": lent.document_no,
                "grantor": grantor.username,
                "grantee": grantee.username,
                "node": node.code,
                "starts_on": lent.starts_on.isoformat(),
                "ends_on": lent.ends_on.isoformat(),
            }
            if options["as_json"]:
                self.stdout.write(json.dumps(answer, ensure_ascii=False))
                return
            words = answer | {"giver": grantor.full_name, "taker": grantee.full_name, "place": node.name}
            said = _(
                "已登记 %(document_no)s：%(giver)s授权%(taker)s在%(place)s作出决定，%(starts_on)s 至 %(ends_on)s。"
            )
            self.stdout.write(said % words)
