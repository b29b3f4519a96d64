"""What a person was told: the inbox of everybody who logs in. Nobody sees anybody else's."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.contrib import messages as notices
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from applications.domain.lifecycle import Status, Verb
from applications.domain.lights import COLOUR_LABELS, Colour
from applications.models import Application
from halls.acting import Actor, acting_user
from halls.domain.errors import Invalid
from halls.models import User
from halls.paging import LONGEST_ID
from halls.permissions import may_sign
from halls.selectors.work_calendar import read_moment
from supervision.actions.read_messages import read_all, read_message
from supervision.banners import SIGNED_AT
from supervision.channels import channel_for_staff, channels
from supervision.forms.phone import PhoneForm
from supervision.models import CardReview, Message
from supervision.selectors.cards import visible_cards
from supervision.selectors.messages import InboxPage, inbox_page, is_of_limit, over_since
from supervision.selectors.opening import may_open
from supervision.views.parts import address

SHOWN = 50  # lines of a digest on its own page
PAGE = 50
LONGEST_PAGE = 6  # digits
_TAGS = {"red": "stale", "default_action": "stale"}
_CARDS = ("yellow", "red")
_ACTS = ("appeal", "review")  # keys of what is told of an act about a card


@login_required
@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """Unread first, then what was read; each line opens its message."""
    actor = acting_user(request.user)
    page = inbox_page(actor, request.GET.get("after", ""))
    context = {
        "may_see_cards": bool(actor.at_work.case_prefixes),
        "page_title": _("提醒"),
        "page_lead": _("只有您自己看得到。手机上收到的是同样的提醒，只写编号和事项。"),
        "rows": _rows(page.rows, read_moment().at),
        "newest_unread": _newest_unread(page),
        "next_url": address("messages", after=page.next_cursor) if page.next_cursor else "",
        "first_url": reverse("messages") if request.GET.get("after") else "",
    }
    return render(request, "supervision/messages.html", context)


@login_required
@require_safe
def message(request: HttpRequest, message_id: int) -> HttpResponse:
    """One message; opening it is reading it."""
    actor = acting_user(request.user)
    found = read_message(message_id, actor=actor)
    cases = found.detail.get("cases", ())
    links = _links(found, actor)
    context = {
        "page_title": found.get_kind_display(),
        "breadcrumbs": [{"label": _("提醒"), "url": reverse("messages")}, {"label": found.get_kind_display()}],
        "message": _rows([found], read_moment().at)[0],
        "is_closed": not links and bool(found.detail.get("page") or found.application_id),
        "cases": [_moved(case) for case in cases[:SHOWN]],
        "all_url": reverse("message_cases", args=[found.pk]) if len(cases) > SHOWN else "",
        "more": found.detail.get("more", 0),
        "links": links,
    }
    return render(request, "supervision/message.html", context)


@login_required
@require_safe
def message_cases(request: HttpRequest, message_id: int) -> HttpResponse:
    """All cases of a digest, page by page."""
    found = read_message(message_id, actor=acting_user(request.user))
    own, page = reverse("message", args=[found.pk]), _page(request.GET.get("page", ""))
    cases = found.detail.get("cases", ())
    first = (page - 1) * PAGE
    listed = reverse("message_cases", args=[found.pk])
    context = {
        "page_title": _("到期日有变动的办件"),
        "page_lead": found.words,
        "breadcrumbs": [
            {"label": _("提醒"), "url": reverse("messages")},
            {"label": found.get_kind_display(), "url": own},
            {"label": _("全部办件")},
        ],
        "cases": [_moved(case) for case in cases[first : first + PAGE]],
        "back_url": own,
        "prev_url": f"{listed}?page={page - 1}" if page > 1 else "",
        "next_url": f"{listed}?page={page + 1}" if first + PAGE < len(cases) else "",
    }
    return render(request, "supervision/message_cases.html", context)


def _page(text: str) -> int:
    """The number of the page; whatever is none is the first."""
    return max(int(text), 1) if text.isascii() and text.isdecimal() and len(text) <= LONGEST_PAGE else 1


@login_required
@require_POST
def read_everything(request: HttpRequest) -> HttpResponse:
    """全部已读: up to the newest message that the page showed."""
    until = request.POST.get("until", "")
    if not until.isascii() or not until.isdecimal() or len(until) > LONGEST_ID:
        raise Invalid("until_missing", _("没有说明读到哪一条。"), field="until", cure=_("请从提醒页面点「全部已读」。"))
    count = read_all(actor=acting_user(request.user), until=int(until))
    notices.success(request, _("%(n)d 条提醒已标为已读。") % {"n": count})
    return redirect("messages")


def _rows(found: Sequence[Message], now: datetime) -> list[dict[str, Any]]:
    over = over_since(found, now)
    return [_row(message, is_over=message.pk in over) for message in found]


def _row(found: Message, *, is_over: bool) -> dict[str, Any]:
    case = found.application
    return {
        "url": reverse("message", args=[found.pk]),
        "words": found.words,
        "kind": _level_words(found, is_over=is_over) or found.get_kind_display(),
        "tag": _TAGS.get(found.level, "waiting"),
        "number": case.display_number if case else "",
        "matter": case.matter.name if case else "",
        "made_at": timezone.localtime(found.made_at),
        "is_unread": found.read_at is None,
    }


def _is_of_card(found: Message) -> bool:
    """Whether a card exists: limits of complaints, orders and ratings have lights alone."""
    return found.level in _CARDS and found.key.partition(":")[0] in ("warning", "pending", *_ACTS)


def _card_id(found: Message) -> int | None:
    """The card that the message is about, directly or by an act about it."""
    head, _colon, number = found.key.partition(":")
    if not number.isdecimal():
        return None
    if head in _ACTS:
        return CardReview.objects.filter(pk=int(number)).values_list("card", flat=True).first()
    return int(number) if _is_of_card(found) else None


def _level_words(found: Message, *, is_over: bool) -> str:
    """The level as the list of its limit calls it; of a yellow light that has turned red since, both."""
    if found.level not in _CARDS or not is_of_limit(found):
        return found.get_level_display()
    label = COLOUR_LABELS[Colour(found.level)]
    if not is_over:
        return label
    return _("%(light)s（补记，现已红灯）" if "（补记）：" in found.words else "%(light)s（现已红灯）") % {
        "light": label
    }


def _newest_unread(page: InboxPage) -> int:
    return max((found.pk for found in page.rows if found.read_at is None), default=0)


def _moved(case: dict[str, Any]) -> dict[str, Any]:
    return {
        "number": case["number"],
        "url": reverse("case", args=[case["number"]]),
        "matter": case["matter"],
        "tell": case.get("tell", False),
        "before": parse_date(case["before"]),
        "after": parse_date(case["after"]),
    }


def _links(found: Message, actor: Actor) -> list[dict[str, str]]:
    """Where to act. Whoever has left the post since does not see the case any more, and signs nothing."""
    case = found.application
    if page := found.detail.get("page"):  # of a limit that is no case's
        return [{"label": _("去办理"), "url": page}] if may_open(actor, page) else []
    asked = found.detail.get("sign")
    if asked and may_sign(actor):
        return [{"label": _("核对并确认"), "url": reverse(SIGNED_AT[asked["kind"]][0], args=[asked["id"]])}]
    if case is None or not Application.objects.visible_to(actor).filter(pk=case.pk).exists():
        return []
    links = [{"label": _("打开办件"), "url": reverse("case", args=[case.number])}]
    card = _card_id(found)
    if card is not None and visible_cards(actor).filter(pk=card).exists():
        links.append({"label": _("看这张牌"), "url": reverse("supervision_card", args=[card])})
    if found.kind == Message.Kind.TELL_VILLAGER and case.status == Status.CORRECTING:
        links.insert(0, {"label": _("登记已告知"), "url": reverse("case_verb", args=[case.number, Verb.TELL.value])})
    if found.clock_id:
        statement = reverse("clock_statement", args=[case.number, found.clock_id])
        links.append({"label": _("看时限说明单"), "url": statement})
    return links


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def own_phone(request: HttpRequest) -> HttpResponse:
    """The telephone of whoever asks; nobody sets anybody else's."""
    actor = acting_user(request.user)
    user = request.user
    form = PhoneForm(request.POST or None, initial={"phone": user.phone if isinstance(user, User) else ""})
    if request.method == "POST" and form.is_valid():
        number = form.save(actor)
        if number is not None:
            notices.success(request, _("已保存手机号。") if number else _("已去掉手机号，提醒只在系统内。"))
            return redirect("messages")
    names = [channel for channel in channels().values() if channel.name == channel_for_staff()]
    context = {
        "page_title": _("手机提醒"),
        "breadcrumbs": [{"label": _("提醒"), "url": reverse("messages")}, {"label": _("手机提醒")}],
        "form": form,
        "note": names[0].note if names else _("本系统没有设置外发通道，留了号码也只在系统内提醒。"),
    }
    return render(request, "supervision/phone.html", context, status=422 if form.errors else 200)
