"""大厅信息: where a hall is, its telephone, and when it is open from a day on. No limit of any case moves by it."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.db import transaction
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from halls.acting import Actor
from halls.domain.errors import Invalid, NotFound, Problem, Stale
from halls.domain.opening_check import problems_of
from halls.domain.openings import Opening, in_force, turning_days
from halls.domain.plain_text import CURE, hidden_sign
from halls.domain.telephone import is_telephone
from halls.domain.worktime import ONE_DAY, day_of
from halls.models import Hall, HallOpening, User
from halls.permissions import require_writes_for
from halls.selectors.openings import opening_of, rows_ahead
from halls.selectors.work_calendar import read_moment

LONGEST_ADDRESS: Final = 200
LONGEST_REASON: Final = 100
FURTHEST: Final = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class HallFacts:
    """What a hall says of itself; what is empty is not published."""

    address: str = ""
    phone: str = ""
    openings: Sequence[Opening] = ()


@transaction.atomic
def keep_hall(
    hall_code: str, facts: HallFacts, *, since: date | None, reason: str, actor: Actor, version: int | None = None
) -> list[date]:
    """Publish address and telephone at once, and exactly these opening times from `since` on.

    What held up to the day before stays as it was. Where the hall has these opening times on `since` already, they and
    whatever is announced for later are left alone; else they replace what was announced. Returns the days on which
    another set would have begun. Raises NotFound, NotPermitted, Stale, Invalid.
    """
    hall = Hall.objects.select_for_update(no_key=True).filter(code=hall_code, retired_on__isnull=True).first()
    if hall is None:
        raise NotFound("没有这个大厅。")
    require_writes_for(actor, hall)
    if version is not None and version != hall.version:
        raise Stale("stale_page", "大厅信息刚刚被别人改过。", field="version", cure="请刷新页面，核对后再改。")
    today, reason = day_of(read_moment().at), reason.strip()
    problems = faults_in(hall, facts, since=since, reason=reason, today=today)
    if problems or since is None:
        raise Invalid("hall_facts_invalid", "大厅信息有误。", problems=tuple(problems))
    address, phone = _tidied(facts)
    is_moved = (address, phone) != (hall.address, hall.phone)
    rows = rows_ahead(hall, today)
    is_reopened = set(in_force(map(opening_of, rows), since)) != _wanted(facts.openings)
    if not is_moved and not is_reopened:
        raise Invalid(
            "nothing_changed", "和已经公布的一样，没有什么要改。", cure="请先改地址、电话或开放时间，再保存。"
        )
    who = User.objects.get(pk=actor.user_id)
    hall.address, hall.phone, hall.version = address, phone, hall.version + 1
    hall._change_reason, hall._history_user = reason, who  # type: ignore[attr-defined]
    hall.save(update_fields=["address", "phone", "version"])
    if not is_reopened:
        return []
    overtaken = [day for day in turning_days(map(opening_of, rows), today) if day >= since]
    _reopen(hall, rows, facts.openings, since=since, reason=reason, who=who)
    return overtaken


def faults_in(hall: Hall, facts: HallFacts, *, since: date | None, reason: str, today: date) -> list[Problem]:
    """Return everything that keeps these facts from being published."""
    address, phone = _tidied(facts)
    return [
        *_of_address(address),
        *_of_phone(phone),
        *problems_of(facts.openings),
        *_of_day(since, today, is_moved=(address, phone) != (hall.address, hall.phone)),
        *_of_reason(reason.strip()),
    ]


def _tidied(facts: HallFacts) -> tuple[str, str]:
    return " ".join(facts.address.split()), " ".join(unicodedata.normalize("NFKC", facts.phone).split())


def _wanted(openings: Sequence[Opening]) -> set[Opening]:
    """Return the lines as they are stored."""
    return {
        Opening(line.kind, line.opens, line.closes, line.weekday, "".join(sorted(line.digits))) for line in openings
    }


def _reopen(
    hall: Hall, rows: list[HallOpening], openings: Sequence[Opening], *, since: date, reason: str, who: User
) -> None:
    """End what is not said any more, take back what had not begun, add what is new; what goes on is not touched."""
    wanted = _wanted(openings)
    ended = []
    for row in rows:
        line = opening_of(row)
        if line in wanted and row.starts_on <= since and row.ends_on is None:
            wanted.remove(line)
        elif row.starts_on >= since:
            row._change_reason, row._history_user = reason, who  # type: ignore[attr-defined]
            row.delete()
        elif row.ends_on is None or row.ends_on >= since:
            row.ends_on = since - ONE_DAY
            ended.append(row)
    by = {"default_user": who, "default_change_reason": reason}
    bulk_update_with_history(ended, HallOpening, ["ends_on"], **by)
    bulk_create_with_history([_row(hall, line, since) for line in wanted], HallOpening, **by)


def _row(hall: Hall, line: Opening, since: date) -> HallOpening:
    return HallOpening(
        hall=hall,
        kind=line.kind.value,
        weekday=line.weekday,
        digits=line.digits,
        opens=line.opens,
        closes=line.closes,
        starts_on=since,
    )


def _of_address(address: str) -> list[Problem]:
    if len(address) > LONGEST_ADDRESS:
        return [Problem("address", f"地址不能超过 {LONGEST_ADDRESS} 字。", "请精简到街道、门牌和楼层。")]
    hidden = hidden_sign(address)
    return [Problem("address", f"地址里有看不见的字符（{hidden}）。", CURE)] if hidden else []


def _of_phone(phone: str) -> list[Problem]:
    if not phone or is_telephone(phone):
        return []
    cure = "请填一个号码，如 023-56560001 或 13900000000；某个事项另有电话的，写在那个事项的本厅信息里。"
    return [Problem("phone", "电话号码不对。", cure)]


def _of_day(since: date | None, today: date, *, is_moved: bool) -> list[Problem]:
    """Nothing is changed for days that are over; address and telephone have no days of their own."""
    if since is None or not today <= since <= today + FURTHEST:
        return [Problem("since", "起用日期最早是今天，最晚在一年以内。", f"请填 {today:%Y-%m-%d} 或以后的日期。")]
    if is_moved and since != today:
        message = "地址和电话保存后马上公布，不能等到起用日期。"
        return [
            Problem(
                "since", message, "今天就变的，起用日期填今天；到那天才变的，先只改开放时间，到那天再改地址和电话。"
            )
        ]
    return []


def _of_reason(reason: str) -> list[Problem]:
    if hidden := hidden_sign(reason):
        return [Problem("reason", f"理由里有看不见的字符（{hidden}）。", CURE)]
    if reason and len(reason) <= LONGEST_REASON:
        return []
    return [
        Problem("reason", f"请写明理由（{LONGEST_REASON} 字以内）。", "写进修改记录，如：冬季作息调整；搬到新大厅。")
    ]
