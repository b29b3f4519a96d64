"""不参加排名: one person proposes, another confirms, somebody ends it; dated, by a document, for everybody to see."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from halls.acting import Actor
from halls.actions import sign
from halls.domain.errors import Invalid, NotFound, Refused
from halls.domain.worktime import day_of
from halls.models import Department, Hall
from halls.selectors.work_calendar import read_moment
from supervision.actions._cards import sound_reason
from supervision.models import ExclusionRule

LONGEST_NUMBER = 100


@dataclass(frozen=True, slots=True)
class Span:
    """Which body (code of a hall or department) is not ranked from when until when, and by which document."""

    body: str
    starts_on: date
    until: date | None
    document_no: str


@transaction.atomic
def propose_exclusion(span: Span, *, actor: Actor, reason: str) -> ExclusionRule:
    """Propose it; nothing changes before another person confirms. Raises NotPermitted, Invalid."""
    sign.require_signer(actor)
    hall = Hall.objects.filter(code=span.body).first()
    department = None if hall else Department.objects.filter(code=span.body).first()
    if hall is None and department is None:
        raise Invalid("unknown_body", _("没有这个单位。"), field="body", cure=_("请从清单里选择单位。"))
    today = day_of(read_moment().at)
    if span.starts_on < today:
        raise Invalid("backwards", _("不能从过去的日期起不参加排名。"), field="starts_on", cure=_("最早填今天。"))
    if span.until is not None and span.until < span.starts_on:
        raise Invalid("ends_before", _("截止日期早于开始日期。"), field="until", cure=_("请核对日期，或留空。"))
    number = span.document_no.strip()
    if not 0 < len(number) <= LONGEST_NUMBER:
        raise Invalid("document_missing", _("请填写依据的文号。"), field="document_no", cure=_("填批准文件的文号。"))
    row = ExclusionRule(
        hall=hall, department=department, starts_on=span.starts_on, until=span.until, document_no=number
    )
    sign.propose(row, actor=actor, reason=reason)
    row.save()
    return row


@transaction.atomic
def confirm_exclusion(rule_id: int, *, actor: Actor) -> ExclusionRule:
    """Put it into force. Raises NotFound, NotPermitted, Refused (`same_person`, `already_closed`, `backwards`)."""
    row = _locked(rule_id, actor)
    sign.confirm(row, actor=actor)
    if row.starts_on < day_of(read_moment().at):
        raise Refused(
            "backwards", _("开始日期已经过去，不能倒过来生效。"), cure=_("请撤下这条，从今天以后的日期重新提出。")
        )
    row.save(update_fields=["confirmed_by", "confirmed_person", "confirmed_at"])
    return row


@transaction.atomic
def drop_exclusion(rule_id: int, *, actor: Actor) -> ExclusionRule:
    """Take a proposal off the table. Raises NotFound, NotPermitted, Refused (`already_closed`)."""
    row = _locked(rule_id, actor)
    sign.drop(row, actor=actor)
    row.save(update_fields=["dropped_by", "dropped_at"])
    return row


@transaction.atomic
def end_exclusion(rule_id: int, *, actor: Actor, reason: str) -> ExclusionRule:
    """End it today: the body is ranked again. Raises NotFound, NotPermitted, Invalid, Refused (`not_in_force`)."""
    row = _locked(rule_id, actor)
    words = sound_reason(reason)
    if not row.is_in_force or row.ended_at is not None:
        raise Refused("not_in_force", _("这条规则没有生效，或已经结束。"), cure=_("请刷新页面，查看最新状态。"))
    row.ended_by_id, row.ended_person, row.end_reason = actor.user_id, actor.person_code, words
    row.ended_at = read_moment().at  # the trigger stamps the moment
    row.save(update_fields=["ended_by", "ended_person", "end_reason", "ended_at"])
    return row


def _locked(rule_id: int, actor: Actor) -> ExclusionRule:
    sign.require_signer(actor)
    row = ExclusionRule.objects.select_for_update(no_key=True).filter(pk=rule_id).first()
    if row is None:
        raise NotFound(_("没有这条不参加排名的规则。"))
    return row
