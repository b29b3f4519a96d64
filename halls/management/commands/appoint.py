"""`manage.py appoint`: give a person an account and a post; how the first administrator of a county comes in.

The password is read from standard input or asked for at the terminal, never taken from the command line.
"""

from __future__ import annotations

import getpass
import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from halls.acting import owner_actor
from halls.actions.appoint import Appointment, Person, PostOrder, ensure_appointed
from halls.domain.duties import POST_LABELS
from halls.domain.errors import Invalid
from halls.management.answers import day_of, kind_of, refusals_told
from halls.models import Hall, User
from halls.selectors.staff import node_of


class Command(BaseCommand):
    help = "任命人员：建立账号并给一个岗位；已有的不改动，可重复执行。口令从标准输入读取，已有账号的口令不变。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--username", default="", help="用户名")
        parser.add_argument("--name", default="", help="姓名")
        parser.add_argument("--person-code", default="", help="人员编号；一人只有一个，受理审批分离按它认定")
        parser.add_argument("--post", default="", help="岗位，如 administrator")
        parser.add_argument("--node", default="", help="大厅或部门的代码")
        parser.add_argument("--title", default="", help="职务；不写则用岗位的名称")
        parser.add_argument("--from", dest="starts_on", help="任职日期，默认今天")
        parser.add_argument("--to", dest="ends_on", help="离任日期（含当日），默认不限")
        parser.add_argument("--backs-up", default="", help="担任 B 角时，A 角的用户名")
        parser.add_argument("--password-stdin", action="store_true", help="从标准输入读取口令（一行），不提问")
        parser.add_argument("--json", action="store_true", dest="as_json", help="以 JSON 输出结果")

    def handle(self, *args: Any, **options: Any) -> None:
        with refusals_told(self, as_json=options["as_json"]):
            order = _order(options)
            person = Person(
                options["username"].strip(),
                options["name"].strip(),
                options["person_code"].strip(),
                (order,),
                password=_password(options),
            )
            done = ensure_appointed(person, actor=owner_actor())
            self.stdout.write(_as_json(done, order) if options["as_json"] else _as_text(done))


def _order(options: dict[str, Any]) -> PostOrder:
    kind, node = kind_of(options["post"]), node_of(options["node"])
    return PostOrder(
        kind,
        options["title"].strip() or POST_LABELS[kind],
        day_of(options["starts_on"], "from") or timezone.localdate(),
        hall=node if isinstance(node, Hall) else None,
        department=None if isinstance(node, Hall) else node,
        ends_on=day_of(options["ends_on"], "to"),
        backs_up=options["backs_up"].strip(),
    )


def _password(options: dict[str, Any]) -> str:
    """Return the password of a new account. Whoever has an account is not asked."""
    is_new = not User.objects.filter(username=options["username"].strip()).exists()
    if not is_new and not options["password_stdin"]:
        return ""
    if sys.stdin.isatty() and not options["password_stdin"]:
        password = getpass.getpass(_("口令："))
        if password != getpass.getpass(_("再输入一次：")):
            raise Invalid("passwords_differ", _("两次输入的口令不同。"), field="password", cure=_("请重新运行。"))
    else:
        password = sys.stdin.readline().rstrip("\r\n")
    if is_new and not password:
        cure = _("请从标准输入给出口令（--password-stdin），或在终端上运行并按提示输入。")
        raise Invalid("no_password", _("没有给出口令。"), field="password", cure=cure)
    return password if is_new else ""


def _as_json(done: Appointment, order: PostOrder) -> str:
    (post,) = done.posts
    node = order.department or order.hall
    words = {True: "added", False: "unchanged"}
    return json.dumps(
        {
            "username": done.user.username,
            "full_name": done.user.full_name,
            "person_code": done.user.person_code,
            "account": words[done.is_new_user],
            "post": words[done.is_new_post],
            "kind": post.kind,
            "title": post.title,
            "node": node.code if node else "",
            "starts_on": post.starts_on.isoformat(),
            "ends_on": post.ends_on.isoformat() if post.ends_on else None,
            "backs_up": post.backup_of.user.username if post.backup_of else None,
        },
        ensure_ascii=False,
    )


def _as_text(done: Appointment) -> str:
    (post,) = done.posts
    node = post.department or post.hall
    words = {
        "name": done.user.full_name,
        "username": done.user.username,
        "place": node.name if node else "",
        "title": post.title,
        "since": post.starts_on,
    }
    if not done.is_new_post:
        return _("%(name)s（%(username)s）已任%(place)s%(title)s，没有改动。") % words
    return _("已任命%(name)s（%(username)s）为%(place)s%(title)s，自 %(since)s 起。") % words
