"""The papers of a supervision order in 公文 manner: what was ordered, and what was answered.

An order is a 督办通知单 (督查督办 of whoever runs the hall, S4.1 §25). A 监察建议书 is none of its papers: a
监察建议 is what a supervisory commission makes under the 监察法, and whoever issues orders here is none.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from supervision.domain.orders import REPLY_DAYS, Act
from supervision.models import OrderAct, SupervisionOrder

TITLES: Final = {
    "notice": gettext_lazy("督办通知单"),
    "reply": gettext_lazy("督办事项回复单"),
}


def order_paper_of(order: SupervisionOrder, kind: str, qr_svg: str) -> dict[str, Any] | None:
    """Return the dict that components/official_paper.html prints; None for an unknown kind, or nothing replied yet.

    The order's acts and files are prefetched. Whoever signs heads the paper, with the place of the seal.
    """
    replies = [row for row in order.acts.all() if row.act == Act.REPLY]
    if kind not in TITLES or (kind == "reply" and not replies):
        return None
    paper: dict[str, Any] = {
        "title": str(TITLES[kind]),
        "number": order.number,
        "qr_svg": qr_svg,
        "qr_note": _("扫码打开督办单（须登录）"),
        "no_seal": not settings.DEMO,
        "seal_place": True,
        "sample": _("示例数据") if settings.DEMO else "",
        "compact": True,
    }
    return paper | (_reply(order, replies[-1]) if kind == "reply" else _asked(order))


def _asked(order: SupervisionOrder) -> dict[str, Any]:
    first = next(row for row in order.acts.all() if row.act == Act.ISSUE)
    assert first.term is not None
    return {
        "organ": order.issuer_name,
        "to": f"{order.organ_name}：",
        "paragraphs": [
            _("经查：%(facts)s") % {"facts": order.facts},
            _("依据%(basis)s，现督办如下：%(demand)s") % {"basis": order.basis, "demand": order.demand},
        ],
        "facts": [
            *_subject(order),
            {
                "term": _("回复期限"),
                "text": _("%(n)d 个工作日，最晚 %(day)s（含当日）") % {"n": REPLY_DAYS, "day": _day(first.term.due_at)},
                "provisional": first.term.is_provisional,
            },
        ],
        "after": [_("请在期限内书面回复办理情况并附相关材料。逾期不回复或者整改不到位的，移交责任追究。")],
        "sign_organ": order.issuer_name,
        "sign_date": timezone.localtime(order.issued_at),
        "receipt_lines": [_("承办单位签收："), _("日期：")],
    }


def _reply(order: SupervisionOrder, reply: OrderAct) -> dict[str, Any]:
    names = [one.name for one in reply.files.all()]
    return {
        "organ": order.organ_name,
        "number": "",  # the number is the issuer's; an organ that answers has its own
        "to": f"{order.issuer_name}：",
        "paragraphs": [
            _("%(you)s%(day)s签发的督办通知单（%(number)s）收悉，现将办理情况回复如下：")
            % {"you": _you(order.issuer_name), "day": _day(order.issued_at), "number": order.number},
            reply.words,
        ],
        "facts": [
            *_subject(order),
            {"term": _("回复人"), "text": f"{reply.user.full_name}（{_post(reply.post, order.organ_name)}）"},
            {"term": _("回复时间"), "text": f"{timezone.localtime(reply.at):%Y-%m-%d %H:%M}"},
        ],
        "columns": [_("序号"), _("附件")],
        "rows": [[str(n), name] for n, name in enumerate(names, 1)],
        "sign_organ": order.organ_name,
        "sign_date": timezone.localtime(reply.at),
    }


def _you(issuer: str) -> str:
    """How an office addresses the one above it, which is a 中心 as a rule."""
    return _("贵中心") if issuer.endswith("中心") else _("贵单位")


def _post(post: str, organ: str) -> str:
    """The post of whoever answered, which is kept behind its office and may begin with it once more."""
    office, _space, own = post.partition(" ")
    own = own if own.startswith(office) else post
    return own.removeprefix(organ).strip() or own


def _subject(order: SupervisionOrder) -> list[dict[str, str]]:
    """What it is about: a matter of the organ's own in the words of the issuer; a case, whose title says just that, by
    number and matter alone, for the paper goes from desk to desk.
    """
    case = order.application
    if case is None:
        return [{"term": _("事由"), "text": order.title}]
    return [{"term": _("办件编号"), "text": case.display_number}, {"term": _("事项"), "text": case.matter.name}]


def _day(moment: datetime) -> str:
    day = timezone.localtime(moment)
    return f"{day.year}年{day.month}月{day.day}日"
