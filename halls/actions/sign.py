"""Two signatures: one person proposes, another puts into force.

The caller locks its own row and writes its own content; these functions hold the rule that is the same for
calendars, card rules and timeout policies.
"""

from __future__ import annotations

from halls.acting import Actor, acting_user
from halls.domain.errors import Invalid, NotPermitted, Refused
from halls.domain.persons import is_same_person
from halls.models import TwoPersons
from halls.permissions import may_sign

LONGEST_REASON = 500


def require_signer(actor: Actor) -> None:
    """Raises NotPermitted unless the actor administers or supervises the whole county."""
    if actor.is_system or not may_sign(actor):
        raise NotPermitted(
            "no_county_duty",
            "您没有全县的管理或监察职责，不能改动全县的规则。",
            cure="请由县系统管理员或县监察员提出，由另一人确认。",
        )


def propose(row: TwoPersons, *, actor: Actor, reason: str) -> None:
    """Put the first signature under an unsaved row. Raises NotPermitted, Invalid (no reason)."""
    require_signer(actor)
    row.reason = _reason(reason)
    row.proposed_by_id, row.proposed_person = actor.user_id, actor.person_code


def confirm(row: TwoPersons, *, actor: Actor) -> None:
    """Put the second signature under a locked row.

    Raises NotPermitted, Refused (`same_person`, `already_closed`).
    """
    _require_open(row, actor)
    if is_same_person(actor.person_code, row.proposed_person):
        raise Refused("same_person", "提出和确认不能是同一个人。", cure="请由另一位县管理员或县监察员确认。")
    _require_proposer(row)
    row.confirmed_by_id, row.confirmed_person = actor.user_id, actor.person_code
    row.confirmed_at = row.proposed_at  # the trigger stamps the moment


def drop(row: TwoPersons, *, actor: Actor) -> None:
    """Take a locked proposal off the table; either person may. Raises NotPermitted, Refused (`already_closed`)."""
    _require_open(row, actor)
    row.dropped_by_id, row.dropped_at = actor.user_id, row.proposed_at


def _require_proposer(row: TwoPersons) -> None:
    """Two persons stand behind what comes into force: the first must still be one of those who may."""
    user = row.proposed_by
    if user is not None and user.is_active and may_sign(acting_user(user)):
        return
    raise Refused(
        "proposer_gone", "提出人已经不在全县的管理或监察岗位上。", cure="请撤下这项提议，由在任的人重新提出。"
    )


def _require_open(row: TwoPersons, actor: Actor) -> None:
    require_signer(actor)
    if not row.is_waiting:
        word = "已经生效" if row.is_in_force else "已经撤下"
        raise Refused("already_closed", f"这项提议{word}。", cure="请刷新页面，查看最新状态。")


def _reason(reason: str) -> str:
    reason = reason.strip()
    if not reason:
        raise Invalid("reason_missing", "请写明理由。", field="reason", cure="一两句话写清依据哪个文件、为什么改。")
    if len(reason) > LONGEST_REASON:
        raise Invalid("reason_too_long", f"理由不能超过 {LONGEST_REASON} 字。", field="reason", cure="请精简。")
    return reason
