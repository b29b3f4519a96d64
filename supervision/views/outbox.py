"""The outbox of a county: what waits, what does not leave, and the button that tries again."""

from __future__ import annotations

from typing import Any

from django.contrib import messages as notices
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from halls.acting import acting_user
from halls.domain.errors import Invalid
from halls.paging import LONGEST_ID
from supervision.actions.retry_texts import require_post_office, retry_texts
from supervision.channels import channels
from supervision.models import Outbox, Untold
from supervision.selectors.messages import NEWEST_FIRST, PAGE, stuck_rungs_of, texts_of
from supervision.views.parts import address
from supervision.views.text_parts import REASONS

State = Outbox.State
_HIDDEN = (
    "message__application__form",
    "voice_act__words",
    "rating_act__rating__text",
    *(f"voice_act__voice__{name}" for name in ("words", "evidence", "name_sealed", "phone_sealed")),
)


@login_required
@require_safe
def outbox(request: HttpRequest) -> HttpResponse:
    """The texts of one state, newest first; what found nobody to tell stands above them."""
    actor = acting_user(request.user)
    require_post_office(actor)
    state = request.GET.get("state", State.FAILED)
    if state not in State.values:
        raise Invalid("unknown_state", _("没有这种状态。"), field="state", cure=_("请点页面上的分类。"))
    rows = texts_of(actor).filter(state=state)
    rows = rows.select_related("user", "message__application__matter", "voice_act__voice", "rating_act__rating")
    found, cursor = NEWEST_FIRST.after(rows.defer(*_HIDDEN), request.GET.get("after", ""), PAGE)
    context = {
        "page_title": _("外发消息"),
        "page_lead": _("办公时间才发，每人每半小时最多一条。这里看不到消息内容，也看不到群众的号码。"),
        "breadcrumbs": [{"label": _("电子监察"), "url": reverse("supervision")}, {"label": _("外发消息")}],
        "tabs": [
            {"label": label, "url": address("supervision_outbox", state=value), "current": value == state}
            for value, label in State.choices
        ],
        "rows": [_row(text) for text in found],
        "rungs": [_rung(row) for row in stuck_rungs_of(actor)],
        "channels": [{"label": channel.label, "note": channel.note} for channel in channels().values()],
        "is_failed": state == State.FAILED,
        "next_url": address("supervision_outbox", state=state, after=cursor) if cursor else "",
        "first_url": address("supervision_outbox", state=state) if request.GET.get("after") else "",
    }
    return render(request, "supervision/outbox.html", context)


@login_required
@require_POST
def retry(request: HttpRequest) -> HttpResponse:
    """Try one text again, or everything that is stuck."""
    actor = acting_user(request.user)
    asked = request.POST.get("text", "")
    if asked and (not asked.isascii() or not asked.isdecimal() or len(asked) > LONGEST_ID):
        raise Invalid("unknown_text", _("没有这条消息。"), field="text", cure=_("请从外发消息页面点「重发」。"))
    count = retry_texts(actor=actor, text_id=int(asked) if asked else None)
    notices.success(request, _("%(n)d 条将重新发送，办公时间内一分钟左右发出。") % {"n": count})
    return redirect("supervision_outbox")


def _row(text: Outbox) -> dict[str, Any]:
    channel = channels().get(text.channel)
    return {
        "id": text.pk,
        "channel": channel.label if channel else text.channel,
        **_addressee(text),
        "attempts": text.attempts,
        "reason": REASONS.get(text.last_error, text.last_error),
        "at": timezone.localtime(text.sent_at or text.next_try_at),
    }


def _addressee(text: Outbox) -> dict[str, Any]:
    """To whom, about what and where to read on; of a rating no case: it would tell who rated."""
    if text.voice_act is not None:
        voice, about = text.voice_act.voice, text.voice_act.get_verb_display()
        url = reverse("voice", args=[voice.number])
        return {"to": _("提出的人"), "about": about, "number": voice.display_number, "url": url}
    if text.rating_act is not None:
        url = reverse("rating", args=[text.rating_act.rating_id])
        return {"to": _("评价人"), "about": text.rating_act.get_act_display(), "number": _("好差评"), "url": url}
    assert text.message is not None  # a constraint of the table
    message, case = text.message, text.message.application
    return {
        "to": text.user.full_name if text.user else _("申请人"),
        "about": message.get_level_display() or message.get_kind_display(),
        "number": case.display_number if case else "",
        "url": reverse("case", args=[case.number]) if case else "",
    }


def _rung(row: Untold) -> dict[str, Any]:
    return {
        **_subject(row),
        "attempts": row.attempts,
        "reason": REASONS.get(row.last_error, row.last_error),
    }


def _subject(row: Untold) -> dict[str, Any]:
    """What nobody was told of, and the page it is on."""
    if row.order_act is not None:
        order = row.order_act.order
        level = _("督办单%(act)s") % {"act": row.order_act.get_act_display()}
        return {"level": level, "number": order.number, "url": reverse("order", args=[order.pk]), "matter": order.title}
    if row.term_warning is not None:
        term = row.term_warning.term
        level = row.term_warning.get_level_display()
        return {"level": level, "number": term.get_kind_display(), "url": term.page, "matter": term.title}
    assert row.warning is not None  # a constraint of the table
    case, level = row.warning.application, row.warning.get_level_display()
    url = reverse("case", args=[case.number])
    return {"level": level, "number": case.display_number, "url": url, "matter": case.matter.name}
