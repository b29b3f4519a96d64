"""A hall writes its local elements of a matter, pauses it here, or takes it in again."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from halls.acting import Actor
from halls.domain.errors import Invalid, Problem, Refused, Stale
from halls.domain.plain_text import CURE, hidden_sign
from halls.domain.worktime import day_of
from halls.selectors.work_calendar import read_moment
from matters.actions._catalogue import next_change
from matters.actions._hall import begin_at
from matters.domain.hall_lines import is_phone, why_no_hours
from matters.models import HallMatter, Matter

LONGEST = {"place": 120, "window": 60, "hours": 120, "phone": 40}
LABELS = {"place": "办理地点", "window": "窗口", "hours": "办理时间", "phone": "咨询电话"}
LONGEST_REASON = 300


@dataclass(frozen=True, slots=True)
class LocalElements:
    """What a hall may say itself. Empty: as the guide and the hall say."""

    place: str = ""
    window: str = ""
    hours: str = ""
    phone: str = ""


@transaction.atomic
def keep_local(
    hall_code: str, matter_code: str, elements: LocalElements, *, actor: Actor, version: int | None = None
) -> HallMatter:
    """Write the local elements. Raises NotFound, NotPermitted, Refused (`not_taken_in_here`), Invalid, Stale."""
    row = _lock(hall_code, matter_code, actor, version)
    problems = []
    for name, longest in LONGEST.items():
        text = " ".join(str(getattr(elements, name)).split())
        if len(text) > longest:
            problems.append(Problem(name, f"{LABELS[name]}不能超过 {longest} 字。", "请精简。"))
        elif hidden := hidden_sign(text):
            problems.append(Problem(name, f"{LABELS[name]}里有看不见的字符（{hidden}）。", CURE))
        elif name == "phone" and text and not is_phone(text):
            problems.append(Problem(name, "电话号码不对。", "请填如 023-56560001 或 13900000000；几个号码用顿号隔开。"))
        elif name == "hours" and text and (why := why_no_hours(text)):
            problems.append(Problem(name, f"办理时间{why}", "请写哪几天、几点到几点，如：周一至周五 9:00–12:00。"))
        setattr(row, name, text)
    if problems:
        raise Invalid("local_elements_invalid", "本厅信息有误。", problems=tuple(problems))
    return _save(row, "本厅信息")


@transaction.atomic
def pause_here(
    hall_code: str, matter_code: str, *, actor: Actor, reason: str, version: int | None = None
) -> HallMatter:
    """Take nothing in here for a while; other halls go on. Raises as keep_local, and Refused (`already_paused`)."""
    row = _lock(hall_code, matter_code, actor, version)
    reason = reason.strip()
    if row.paused_on is not None:
        raise Refused("already_paused", "本厅已经暂停这个事项。", cure="请刷新页面。")
    if hidden := hidden_sign(reason):
        raise Invalid("hidden_sign", f"理由里有看不见的字符（{hidden}）。", field="reason", cure=CURE)
    if not reason or len(reason) > LONGEST_REASON:
        raise Invalid(
            "reason_missing",
            f"请写明暂停的理由（{LONGEST_REASON} 字以内）。",
            field="reason",
            cure="群众会看到，如：窗口改造，3 月 20 日恢复，请到乡镇便民服务中心办理。",
        )
    row.paused_on, row.paused_reason = day_of(read_moment().at), reason
    return _save(row, reason)


@transaction.atomic
def reopen_here(hall_code: str, matter_code: str, *, actor: Actor, version: int | None = None) -> HallMatter:
    """Take it in again. Raises as keep_local, and Refused (`not_paused`)."""
    row = _lock(hall_code, matter_code, actor, version)
    if row.paused_on is None:
        raise Refused("not_paused", "本厅没有暂停这个事项。", cure="请刷新页面。")
    row.paused_on, row.paused_reason = None, ""
    return _save(row, "恢复办理")


def _lock(hall_code: str, matter_code: str, actor: Actor, version: int | None) -> HallMatter:
    hall, matter, _guide = begin_at(hall_code, matter_code, actor)
    row = HallMatter.objects.select_for_update().filter(hall=hall, matter=matter).first()
    if version is not None and version != (row.version if row else 0):
        raise Stale("stale_page", "这条信息刚刚被别人改过。", field="version", cure="请刷新页面，核对后再改。")
    return row or HallMatter(hall=hall, matter=matter, version=0)


def _save(row: HallMatter, reason: str) -> HallMatter:
    row.version += 1
    row._change_reason = reason  # type: ignore[attr-defined]
    row.save()
    Matter.objects.filter(pk=row.matter_id).update(changed_at=next_change())
    return row
