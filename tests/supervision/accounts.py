"""Records of accountability that orders open, as tests make them, and their pages as a visitor reads them."""

import re
from datetime import date, datetime
from html import unescape

from django.test import Client

from halls.domain.worktime import SHANGHAI
from halls.models import User
from supervision.actions.settle_account import Deed, settle_account
from supervision.models import Accountability
from tests.supervision.county import at
from tests.supervision.ordering import give_up, issue, reply

DUE, LATE = "2026-03-09 23:59:59", "2026-03-12 10:00"  # of an order issued on Monday 2 March
TALK = Deed("handle", "当面约谈", "talk", "东乡负责人", "县政务服务局", date(2026, 3, 2), "示例约〔2026〕1号")
REFERRED = Deed("refer", "线索移送", document_no="示例移〔2026〕1号", done_on=date(2026, 3, 2))
CLOSED = Deed("close", "已处理完毕")


def shanghai(text):
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def names(account):
    return [one["name"] for one in account.holders]


def failed(county, organ=None, *, answered_by="director0", **about):
    """An order that was answered in time, and not well enough; returns its record."""
    order = issue(county, organ, **about)
    reply(county, order, by=answered_by)
    give_up(county, order)
    return Accountability.objects.get(order=order)


def missed(county, organ=None, **about):
    """An order that nobody answered; returns its record."""
    order = issue(county, organ, **about)
    at(LATE)
    give_up(county, order)
    return Accountability.objects.get(order=order)


def settle(county, account, deed, who="supervisor"):
    return settle_account(account.pk, deed, actor=county.actor(who))


def visitor(county, role):
    client = Client()
    client.force_login(User.objects.get(pk=county.people[role].pk))
    return client


def text_of(answer):
    assert answer.status_code == 200
    return unescape(re.sub(r"<[^>]+>", " ", answer.content.decode()))
