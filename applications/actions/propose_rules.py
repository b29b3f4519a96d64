"""Propose, confirm or drop a set of card rules: two persons put it into force, from a day to come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction

from applications.actions.load_card_rules import write_set
from applications.domain.rule_file import RuleSheet
from applications.models import RuleSet
from applications.selectors.rules import forget_rules
from halls.acting import Actor
from halls.actions import sign
from halls.domain.citation import mentions_document
from halls.domain.errors import Invalid, NotFound, Problem, Refused
from halls.domain.worktime import ONE_DAY, day_of
from halls.models import Department
from halls.selectors.work_calendar import read_moment
from matters.models import Matter

# Nobody proposes today what is to hold in some years.
LONGEST_AHEAD = timedelta(days=366)


@dataclass(frozen=True)
class Reach:
    """For whom a set is proposed, and for how long; without a code it is for the whole county."""

    effective_on: date
    ended_on: date | None = None
    department_code: str = ""
    matter_code: str = ""


@transaction.atomic
def propose_rules(sheet: RuleSheet, reach: Reach, *, actor: Actor, reason: str) -> RuleSet:
    """Put a set on the table; it governs nothing until another person confirms it.

    It will govern what starts from `effective_on` (tomorrow at the earliest), never what runs already. Raises
    NotPermitted, Invalid (a reason without a document, dates, an unknown department or matter), Refused
    (`rules_that_day`).
    """
    row = _placed(reach)
    sign.propose(row, actor=actor, reason=reason)
    if not mentions_document(row.reason):
        raise Invalid(
            "no_document",
            "理由里看不出依据哪个文件。",
            field="reason",
            cure="请写明文件名或文号，如《××办法》、恩施州政发〔2020〕5号。",
        )
    _require_dates(reach)
    _require_free(row)
    return write_set(row, sheet)


@transaction.atomic
def confirm_rules(rule_set_id: int, *, actor: Actor, digest: str) -> RuleSet:
    """Put a proposed set into force from its day. `digest`: of the rules that the person saw.

    Raises NotFound, NotPermitted, Refused (`same_person`, `already_closed`, `too_late`: its day has come,
    `not_what_was_seen`, `rules_that_day`).
    """
    row = _locked(rule_set_id)
    sign.confirm(row, actor=actor)
    if row.effective_on <= day_of(read_moment().at):
        raise Refused(
            "too_late",
            "起用日期已到，不能再确认：在办件一直按起算那天的规则。",
            cure="请撤下这项提议，另写一个起用日期重新提出。",
        )
    if digest != row.digest or not row.is_as_proposed():
        raise Refused("not_what_was_seen", "规则内容与您看到的不一致。", cure="请撤下这项提议，重新提出。")
    _require_free(row)
    row.save(update_fields=["confirmed_by", "confirmed_person", "confirmed_at"])
    transaction.on_commit(forget_rules)
    return row


@transaction.atomic
def drop_rules(rule_set_id: int, *, actor: Actor) -> RuleSet:
    """Take a proposal off the table; it stays on record. Raises NotFound, NotPermitted, Refused (`already_closed`)."""
    row = _locked(rule_set_id)
    sign.drop(row, actor=actor)
    row.save(update_fields=["dropped_by", "dropped_at"])
    return row


def _locked(rule_set_id: int) -> RuleSet:
    row = RuleSet.objects.select_for_update().filter(pk=rule_set_id).first()
    if row is None:
        raise NotFound("没有这套规则。")
    return row


def _placed(reach: Reach) -> RuleSet:
    row = RuleSet(scope=RuleSet.Scope.COUNTY, effective_on=reach.effective_on, ended_on=reach.ended_on)
    if reach.department_code and reach.matter_code:
        raise Invalid("two_scopes", "部门和事项只能选一个。", field="matter", cure="请只留一个，或都不填（全县）。")
    if reach.department_code:
        row.scope = RuleSet.Scope.DEPARTMENT
        row.department = Department.objects.filter(code=reach.department_code).first()
        if row.department is None:
            raise Invalid("unknown_department", "没有这个部门。", field="department", cure="请重新选择部门。")
    if reach.matter_code:
        row.scope = RuleSet.Scope.MATTER
        row.matter = Matter.objects.filter(code=reach.matter_code).first()
        if row.matter is None:
            raise Invalid("unknown_matter", "没有这个事项代码。", field="matter", cure="请照事项目录填写代码。")
    return row


def _require_dates(reach: Reach) -> None:
    tomorrow = day_of(read_moment().at) + ONE_DAY
    problems = []
    if reach.effective_on < tomorrow:
        problems.append(Problem("effective_on", "起用日期最早是明天。", "规则只管起用以后起算的时限。"))
    elif reach.effective_on > tomorrow + LONGEST_AHEAD:
        problems.append(Problem("effective_on", "起用日期太远。", "请写一年以内的日期。"))
    if reach.ended_on is not None and reach.ended_on < reach.effective_on:
        problems.append(Problem("ended_on", "最后一天早于起用日期。", "请核对日期，长期有效的不填。"))
    if problems:
        raise Invalid("rule_dates_unsound", "日期有误。", problems=tuple(problems))


def _require_free(row: RuleSet) -> None:
    """Raises Refused when another set begins on that day for the same scope."""
    held = RuleSet.objects.filter(
        scope=row.scope,
        department=row.department,
        matter=row.matter,
        effective_on=row.effective_on,
        confirmed_at__isnull=False,
    )
    if held.exclude(pk=row.pk).exists():
        raise Refused("rules_that_day", "同一范围在这一天已有规则起用。", cure="请另选一个起用日期。")
