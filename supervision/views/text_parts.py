"""What pages say of a text to a villager: that it left, that it waits, or that somebody has to tell them otherwise."""

from __future__ import annotations

from typing import Final

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from supervision.channels import channels
from supervision.models import Outbox

REASONS: Final = {
    "nobody_in_post": gettext_lazy("从承办机构到县级都没有在任人员，请核对岗位"),
    "no_ladder": gettext_lazy("没有载入提醒层级，请运行 load_ladder"),
    "NoChannel": gettext_lazy("这个通道已经停用"),
    "NoNumber": gettext_lazy("收件人没有留手机号"),
    "TimeoutError": gettext_lazy("通道没有应答"),
    "ConnectionError": gettext_lazy("连不上通道"),
}


def evidence(text: Outbox | None, *, has_phone: bool) -> str:
    """Return whether and when the villager was told by text, or that they have to be told in another way."""
    if not has_phone:
        return _("没有留电话，请用电话以外的方式告知。")
    if text is None:
        return _("没有发短信，请电话告知。")
    if text.state == Outbox.State.SENT and text.sent_at is not None:
        channel = channels().get(text.channel)
        note = f"（{channel.note}）" if channel and channel.note else ""
        return _("已发短信告知 %(at)s%(note)s") % {"at": _clock(text.sent_at), "note": note}
    reason = REASONS.get(text.last_error, text.last_error)
    if text.state == Outbox.State.FAILED:
        return _("短信发不出去（%(reason)s），请电话告知。") % {"reason": reason}
    if text.last_error:
        return _("短信还没有发出（%(reason)s），%(at)s 再试。") % {"reason": reason, "at": _clock(text.next_try_at)}
    return _("短信待发，最早 %(at)s。") % {"at": _clock(text.not_before)}


def _clock(moment: object) -> str:
    return f"{timezone.localtime(moment):%-m月%-d日 %H:%M}"  # type: ignore[arg-type]
