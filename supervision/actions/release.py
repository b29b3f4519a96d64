"""放行: a named person grants what the law counts as renewed; nothing is ever granted by itself."""

from __future__ import annotations

from applications.actions.grant import grant
from applications.models import Application
from halls.acting import Actor
from halls.domain.errors import Invalid, NotFound
from halls.domain.worktime import day_of
from supervision.selectors.timeout import pending_releases


def release(account_id: int, *, actor: Actor, note: str, version: int | None = None) -> Application:
    """Grant a renewal whose limit ran out, by the ordinary verb: the decider's duty, not the acceptor's person.

    Raises NotFound (decided already, too), NotPermitted, Refused (not at the deciding step, `accepted_by_decider`),
    Invalid (no note), Stale. Source: 行政许可法 §50(2).
    """
    account = pending_releases(actor).filter(pk=account_id).first()
    if account is None:
        raise NotFound("没有这项待放行的延续，或者它不在您的办理范围内。")
    note = note.strip()
    if not note:
        raise Invalid("note_missing", "请写明放行意见。", field="note", cure="写清核对了什么，如：许可条件没有变化。")
    day = day_of(account.breached_at)
    opinion = f"{note}（原许可有效期于{day:%Y年%m月%d日}届满未作决定，依{account.citation}视为准予延续）"
    return grant(account.case.pk, actor=actor, opinion=opinion, version=version)
