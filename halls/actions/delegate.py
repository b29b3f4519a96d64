"""Lend deciding power to another person for dates, by a letter of authority (授权书); and take it back."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from halls import scopes
from halls.acting import SYSTEM_USERNAME, Actor
from halls.domain.duties import Duty
from halls.domain.errors import Invalid, NotFound, NotPermitted, Problem, Refused
from halls.domain.persons import is_same_person
from halls.domain.worktime import day_of
from halls.models import Delegation, Department, Hall, User
from halls.selectors.work_calendar import read_moment


@transaction.atomic
def delegate(  # noqa: PLR0913 - what a letter of authority says
    *,
    actor: Actor,
    grantor: User,
    grantee: User,
    node: Hall | Department,
    document_no: str,
    starts_on: date,
    ends_on: date,
) -> Delegation:
    """Lend the grantor's power to decide on this node and below it; the last day is included.

    The actor is the grantor, or administers the node and registers the letter. Nothing but deciding is lent, and it
    lapses with the grantor's own power. Raises NotPermitted, Invalid (number, dates, longer than a year), Refused
    (same person, grantor does not decide there by a post of their own, lent already for some of these days).
    Source: 民法典 §165 (what a letter of authority says).
    """
    _require_may(actor, grantor, node, "办理授权委托")
    today = day_of(read_moment().at)
    _require_letter(document_no, starts_on, ends_on, today)
    User.objects.select_for_update().get(pk=grantor.pk)  # two letters at once would not see each other
    _require_two_people(grantor, grantee)
    where = scopes.nodes_of_grantor(grantor, max(today, starts_on))
    if not any(node.path.startswith(prefix) for prefix in where):
        raise Refused(
            "grantor_decides_nothing_here",
            f"{grantor.full_name}在{node.name}没有本人岗位上的决定职责，不能授权。",
            field="grantor",
            cure="请由该机构在任的审批人授权；受托得来的权力不能再转授。",
        )
    on = {
        "hall": node if isinstance(node, Hall) else None,
        "department": node if isinstance(node, Department) else None,
    }
    lent = Delegation.objects.filter(grantor=grantor, grantee=grantee, revoked_on__isnull=True, **on)
    double = lent.filter(starts_on__lte=ends_on, ends_on__gte=starts_on).first()
    if double is not None:
        raise Refused(
            "delegation_overlaps",
            f"同一授权已经登记：{double.document_no}，{double.starts_on} 至 {double.ends_on}。",
            field="starts_on",
            cure="请改用不重叠的日期，或先撤回原授权。",
        )
    return Delegation.objects.create(
        grantor=grantor, grantee=grantee, document_no=document_no, starts_on=starts_on, ends_on=ends_on, **on
    )


@transaction.atomic
def revoke_delegation(delegation_id: int, *, actor: Actor) -> Delegation:
    """Take back what was lent; it ends at once, and the letter stays on record with the day.

    Raises NotFound, NotPermitted (neither the grantor nor who administers the node), Refused (taken back before).
    """
    found = Delegation.objects.select_for_update(of=("self",)).select_related(
        "grantor", "grantee", "hall", "department"
    )
    delegation = found.filter(pk=delegation_id).first()
    if delegation is None:
        raise NotFound("没有找到这份授权。")
    node = delegation.department or delegation.hall
    assert node is not None  # one node: database constraint
    _require_may(actor, delegation.grantor, node, "撤回授权委托")
    if delegation.revoked_on is not None:
        raise Refused(
            "already_revoked", f"这份授权已于 {delegation.revoked_on} 撤回。", field="document_no", cure="不必再撤回。"
        )
    delegation.revoked_on = day_of(read_moment().at)
    delegation.save(update_fields=["revoked_on"])
    return delegation


def _require_may(actor: Actor, grantor: User, node: Hall | Department, act: str) -> None:
    if actor.user_id != grantor.pk and not actor.holds(Duty.ADMINISTER, node.path):
        raise NotPermitted("no_duty_here", f"您不能{act}。", cure="请由授权人本人，或该机构的系统管理员办理。")


def _require_letter(document_no: str, starts_on: date, ends_on: date, today: date) -> None:
    problems = []
    longest = Delegation._meta.get_field("document_no").max_length or 0
    if not document_no.strip() or len(document_no) > longest or not document_no.isprintable():
        problems.append(Problem("document_no", "授权书文号没有填写或过长。", f"请填 {longest} 字以内的文号。"))
    if ends_on < starts_on:
        problems.append(Problem("ends_on", "结束日期早于开始日期。", "请核对日期。"))
    elif ends_on < today:
        problems.append(Problem("ends_on", "授权期限已经过去。", "授权不能补办，请核对日期。"))
    elif ends_on > _a_year_after(starts_on):
        problems.append(Problem("ends_on", "授权期限超过一年。", "请缩短到一年以内，到期后重新授权。"))
    elif starts_on < today:  # a trigger holds the same: nobody becomes a deputy for what was decided before
        problems.append(Problem("starts_on", "授权不能从今天以前开始。", "授权不能补办，请填今天或以后的日期。"))
    if problems:
        raise Invalid("delegation_unsound", "授权信息有误。", problems=tuple(problems))


def _a_year_after(day: date) -> date:
    """The corresponding day of the next year, or the last day of that month. Source: 民法典 §202."""
    try:
        return day.replace(year=day.year + 1)
    except ValueError:  # 29 February
        return date(day.year + 1, 2, 28)


def _require_two_people(grantor: User, grantee: User) -> None:
    if grantor.pk == grantee.pk or is_same_person(grantor.person_code, grantee.person_code):
        raise Refused(
            "delegation_to_oneself",
            "授权人和受托人是同一个人。",
            field="grantee",
            cure="请授权给另一人；按人员编号认定，换一个账号也不行。",
        )
    if not grantee.is_active or grantee.username == SYSTEM_USERNAME:
        raise Refused(
            "grantee_cannot_act",
            f"账号 {grantee.username} 已停用，或不是工作人员，不能受托。",
            field="grantee",
            cure="请授权给在用账号的工作人员。",
        )
