"""`manage.py end_post --username U --node CODE [--on DATE] [--post KIND]`: leave a post on a date."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from halls.acting import owner_actor
from halls.actions.end_post import end_post
from halls.management.answers import day_of, kind_of, refusals_told
from halls.selectors.staff import node_of, user_of


class Command(BaseCommand):
    help = "办理离任：某人在某机构的岗位到某日为止（含当日）；可重复执行。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--username", default="", help="用户名")
        parser.add_argument("--node", default="", help="大厅或部门的代码")
        parser.add_argument("--on", help="在任的最后一天，默认今天")
        parser.add_argument("--post", default="", help="只结束这一种岗位；不写则结束他在该机构的全部岗位")
        parser.add_argument("--json", action="store_true", dest="as_json", help="以 JSON 输出结果")

    def handle(self, *args: Any, **options: Any) -> None:
        with refusals_told(self, as_json=options["as_json"]):
            user, node = user_of(options["username"]), node_of(options["node"])
            day = day_of(options["on"], "on") or timezone.localdate()
            kind = kind_of(options["post"]) if options["post"] else None
            posts = end_post(actor=owner_actor(), user=user, node=node, on=day, kind=kind)
            if options["as_json"]:
                rows = [{"kind": post.kind, "title": post.title, "ends_on": day.isoformat()} for post in posts]
                answer = {"username": user.username, "node": node.code, "posts": rows}
                self.stdout.write(json.dumps(answer, ensure_ascii=False))
                return
            for post in posts:
                words = {"name": user.full_name, "place": node.name, "title": post.title, "day": day}
                self.stdout.write(_("%(name)s的%(place)s%(title)s岗位到 %(day)s 为止。") % words)
