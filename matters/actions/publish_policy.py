"""超时默认 is published for one limit of one matter, by two persons, on a basis, or not at all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from django.db import transaction

from halls.acting import Actor
from halls.actions.sign import confirm, drop, propose, require_signer
from halls.domain.citation import bare_title, has_number, names_article, names_document
from halls.domain.errors import Invalid, NotFound, Problem, Refused
from halls.domain.worktime import day_of
from halls.selectors.work_calendar import read_moment
from matters.domain.timeout import Policy, Where, forbidden
from matters.models import Matter, MatterVersion, Step, TimeoutPolicy
from matters.selectors.timeout import GROUND_LABELS, affair_of

LONGEST = {"law": 200, "article": 64, "document_no": 100}
BASIS = {
    "law": ("没有写明依据哪部法律法规或文件。", "请写全称，如：中华人民共和国行政许可法。"),
    "article": ("没有写明条款。", "请写到条，如：第五十条。"),
    "document_no": ("没有写明本县公布这项默认的文件文号。", "如：奉节府发〔2026〕12号；没有公布的不能施行。"),
}
NO_DOCUMENT = {
    "law": (names_document, "看不出是哪部法律法规或文件。", "请写全称，如《中华人民共和国行政许可法》，或写文号。"),
    "article": (names_article, "看不出是哪一条。", "请写到条，如：第五十条。"),
    "document_no": (has_number, "这不是文号。", "请照文件写全，如：奉节府发〔2026〕12号。"),
}
# Nobody publishes today what is to hold in some years; and an end that far away means there is none.
LONGEST_AHEAD = timedelta(days=731)
LONGEST_IN_FORCE = timedelta(days=3653)


@dataclass(frozen=True, slots=True)
class Proposal:
    """A policy as it was filled in; `step` is a step of the guide by number, `step_kind` means all steps of a kind."""

    matter_code: str
    place: str
    policy: str
    law: str
    article: str
    document_no: str
    effective_on: date
    ended_on: date | None = None
    step: int | None = None
    step_kind: str = ""


@transaction.atomic
def propose_policy(proposal: Proposal, *, actor: Actor, reason: str) -> TimeoutPolicy:
    """Put the first signature; nothing is in force yet.

    Raises NotPermitted; Invalid for a basis that names no document, a date behind or years ahead, a place that the
    guide does not have, and for what must stay with people (`default_forbidden`). Source: rules of practice, 行政许可法
    §§32, 47, 50, 57.
    """
    require_signer(actor)
    matter = Matter.objects.select_related("current").filter(code=proposal.matter_code).first()
    if matter is None or matter.current is None:
        raise Invalid("unknown_matter", "没有这个事项。", field="matter", cure="请填事项编码，如 SJ-001。")
    row = TimeoutPolicy(matter=matter, place=_known(Where, proposal.place, "place"))
    row.policy = _known(Policy, proposal.policy, "policy")
    _basis(row, proposal)
    _dates(row, proposal.effective_on, proposal.ended_on)
    if row.place == Where.STEP:
        _name_step(row, matter.current, proposal)
    _require_allowed(row, matter.current)
    propose(row, actor=actor, reason=reason)
    row.save()
    return row


@transaction.atomic
def confirm_policy(policy_id: int, *, actor: Actor) -> TimeoutPolicy:
    """Put the second signature: from its day on the policy holds for limits that begin then.

    Raises NotFound, NotPermitted, Refused (`same_person`, `already_closed`, `too_late`), Invalid (`default_forbidden`).
    """
    row = _lock(policy_id, actor)
    confirm(row, actor=actor)
    today = day_of(read_moment().at)
    if row.effective_on < today:
        raise Refused(
            "too_late",
            f"施行日期 {row.effective_on:%Y-%m-%d} 已经过去，不能倒签。",
            cure="请撤下这项提议，写明新的施行日期重新提出。",
        )
    if row.matter.current is not None:
        _require_allowed(row, row.matter.current)
    row.save()
    return row


@transaction.atomic
def drop_policy(policy_id: int, *, actor: Actor) -> TimeoutPolicy:
    """Take a proposal off the table. Raises NotFound, NotPermitted, Refused (`already_closed`)."""
    row = _lock(policy_id, actor)
    drop(row, actor=actor)
    row.save()
    return row


def _lock(policy_id: int, actor: Actor) -> TimeoutPolicy:
    require_signer(actor)
    rows = TimeoutPolicy.objects.select_for_update(of=("self",)).select_related("matter__current")
    row = rows.filter(pk=policy_id).first()
    if row is None:
        raise NotFound("没有这项超时默认。")
    return row


def _known(words: type[StrEnum], value: str, field: str) -> str:
    try:
        return words(value).value
    except ValueError:
        raise Invalid("unknown_choice", "没有这个选项。", field=field, cure="请在列表中选一项。") from None


def _basis(row: TimeoutPolicy, proposal: Proposal) -> None:
    problems = []
    for name, (message, cure) in BASIS.items():
        text = str(getattr(proposal, name)).strip()
        if not text:
            problems.append(Problem(name, message, cure))
        elif len(text) > LONGEST[name]:
            problems.append(Problem(name, f"不能超过 {LONGEST[name]} 字。", "请精简。"))
        elif not NO_DOCUMENT[name][0](text):
            problems.append(Problem(name, *NO_DOCUMENT[name][1:]))
        setattr(row, name, bare_title(text) if name == "law" else text)
    if problems:
        raise Invalid("no_basis", "没有依据的超时默认不能公布。", problems=tuple(problems))


def _dates(row: TimeoutPolicy, effective_on: date, ended_on: date | None) -> None:
    today = day_of(read_moment().at)
    if effective_on < today:
        raise Invalid(
            "too_late", "施行日期不能早于今天。", field="effective_on", cure="已经开始的时限不受新公布的默认影响。"
        )
    if effective_on > today + LONGEST_AHEAD:
        raise Invalid("too_far", "施行日期太远。", field="effective_on", cure="请写两年以内的日期，并核对年份。")
    if ended_on is not None and ended_on > effective_on + LONGEST_IN_FORCE:
        raise Invalid("too_far", "截止日期太远。", field="ended_on", cure="长期适用的请留空。")
    if ended_on is not None and ended_on < effective_on:
        raise Invalid("dates_crossed", "截止日期早于施行日期。", field="ended_on", cure="请改正，或留空。")
    row.effective_on, row.ended_on = effective_on, ended_on


def _name_step(row: TimeoutPolicy, guide: MatterVersion, proposal: Proposal) -> None:
    if proposal.step is None:
        if not Step.objects.filter(version=guide, kind=proposal.step_kind).exists():
            raise Invalid("unknown_step", "指南里没有这一类环节。", field="step", cure="请选指南里的一个环节。")
        row.step_kind = proposal.step_kind
        return
    step = Step.objects.filter(version=guide, seq=proposal.step).first()
    if step is None:
        raise Invalid("unknown_step", "指南里没有这个环节。", field="step", cure="请选指南里的一个环节。")
    row.step_seq, row.step_name, row.step_kind = step.seq, step.name, step.kind


def _require_allowed(row: TimeoutPolicy, guide: MatterVersion) -> None:
    grounds = forbidden(Policy(row.policy), Where(row.place), affair_of(guide), step_kind=row.step_kind)
    if grounds:
        why = "；".join(str(GROUND_LABELS[ground]) for ground in grounds)
        raise Invalid(
            "default_forbidden",
            f"这个事项不能适用「{row.get_policy_display()}」：{why}。",
            field="policy",
            cure="可以改为「逾期报上一级处理」。",
        )
