"""More figures over cases: what came and went by day, how old the backlog is, how the concluded cases kept their dates.

Definitions of the rates: 湖南省政务服务电子监察 columns, with their denominators fixed here; the dates are compared in
Asia/Shanghai.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import TruncDate
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from applications.domain.lifecycle import OPEN, Status
from applications.domain.transitions import ClockKind
from applications.models import Clock
from halls.domain.worktime import SHANGHAI
from supervision.figures import FIGURES, LATE, Figure, Present, Text


def _lately(field: str) -> Callable[[Present], Q]:
    return lambda present: Q(**{f"{field}__gte": present.thirty_days, f"{field}__lt": present.tomorrow})


def _concluded_lately(present: Present) -> Q:
    return Q(status=Status.DELIVERED) & _lately("ended_at")(present)


def _ended_this_month(status: Status) -> Callable[[Present], Q]:
    return lambda present: Q(status=status, ended_at__gte=present.month, ended_at__lt=present.next_month)


_concluded = _ended_this_month(Status.DELIVERED)
_EARLY: Final = Q(due_at__isnull=False) & Q(
    decided_at__date__lt=TruncDate(F("due_at"), tzinfo=SHANGHAI)  # __date is of the current zone: Asia/Shanghai
)


def _statutory(**more: object) -> Exists:
    return Exists(Clock.objects.filter(application=OuterRef("pk"), kind=ClockKind.STATUTORY, **more))


_OVER_THE_LAW: Final = {"due_at__lt": OuterRef("decided_at")}

FLOW: Final = (
    Figure(
        "received_30",
        _("近 30 天收件"),
        _("含今天在内的 30 天里窗口收件的办件，按收件时间计"),
        _lately("received_at"),
        is_of_the_month=True,
        moment="received_at",
    ),
    Figure(
        "accepted_30",
        _("近 30 天受理"),
        _("含今天在内的 30 天里受理（含逾期视为受理）的办件，按受理时间计"),
        _lately("accepted_at"),
        is_of_the_month=True,
        moment="accepted_at",
    ),
    Figure(
        "concluded_30",
        _("近 30 天办结"),
        _("含今天在内的 30 天里送达申请人的办件，按送达时间计；撤回和不予受理不算办结"),
        _concluded_lately,
        is_of_the_month=True,
        moment="ended_at",
    ),
)

AGED: Final = "在办 "
# Days since submission, each beginning at midnight; None: no upper end.
AGES: Final[tuple[tuple[int, int | None], ...]] = ((0, 7), (8, 15), (16, 30), (31, 60), (61, None))


def _aged(first: int, last: int | None) -> Callable[[Present], Q]:
    def condition(present: Present) -> Q:
        age = Q(status__in=sorted(OPEN), submitted_at__lt=present.today - timedelta(days=first - 1))
        if last is None:
            return age
        return age & Q(submitted_at__gte=present.today - timedelta(days=last))

    return condition


def _age(first: int, last: int | None) -> Figure:
    words = format_lazy(_("{n} 天以上"), n=first) if last is None else format_lazy(_("{a}—{b} 天"), a=first, b=last)
    told = format_lazy(_("在办的办件中，从提交那天到今天的自然日数：{words}"), words=words)
    return Figure(f"age_{first}", format_lazy("{age}{words}", age=AGED, words=words), told, _aged(first, last))


AGE: Final = tuple(_age(first, last) for first, last in AGES)

KEPT: Final = (
    Figure(
        "early_month",
        _("本月提前办结"),
        _("本月办结的办件中，作出决定的那天早于承诺到期的那天"),
        lambda present: _concluded(present) & _EARLY,
        is_of_the_month=True,
    ),
    Figure(
        "on_day_month",
        _("本月当天按时办结"),
        _("本月办结的办件中，没有提前、也没有超过承诺的到期时间"),
        lambda present: _concluded(present) & ~_EARLY & ~LATE,
        is_of_the_month=True,
    ),
    Figure(
        "statutory_month",
        _("本月办结、有法定时限"),
        _("本月办结的办件中，事项另有法定时限的"),
        lambda present: _concluded(present) & Q(_statutory()),
        is_of_the_month=True,
    ),
    Figure(
        "statutory_kept_month",
        _("本月法定时限内办结"),
        _("本月办结、有法定时限的办件中，决定没有超过法定到期时间"),
        lambda present: _concluded(present) & Q(_statutory()) & ~Q(_statutory(**_OVER_THE_LAW)),
        is_of_the_month=True,
    ),
    Figure(
        "corrected_month",
        _("本月经补正办结"),
        _("本月办结的办件中，办理时要求过申请人补正"),
        lambda present: _concluded(present) & Q(was_corrected=True),
        is_of_the_month=True,
    ),
    Figure(
        "declined_month",
        _("本月不予受理的办件"),
        _("本月决定不予受理的办件，不计入办结"),
        _ended_this_month(Status.DECLINED),
        is_of_the_month=True,
    ),
    Figure(
        "withdrawn_month",
        _("本月撤回的办件"),
        _("本月申请人撤回或按撤回处理的办件，不计入办结"),
        _ended_this_month(Status.WITHDRAWN),
        is_of_the_month=True,
    ),
)
CASE_FIGURES: Final = FIGURES | {figure.key: figure for figure in (*FLOW, *AGE, *KEPT)}


@dataclass(frozen=True, slots=True)
class Rate:
    """A part of a whole. Both are figures, so that both open their rows."""

    key: str
    label: Text
    definition: Text
    part: str
    whole: str


RATES: Final = (
    Rate(
        "on_time_rate", _("按时办结率"), _("本月按时办结 ÷ 本月办结；撤回和不予受理不在其中"),
        "on_time_month", "concluded_month",
    ),
    Rate("early_rate", _("提前办结率"), _("本月提前办结 ÷ 本月办结"), "early_month", "concluded_month"),
    Rate("late_rate", _("超期率"), _("本月超期办结 ÷ 本月办结"), "late_month", "concluded_month"),
    Rate(
        "statutory_rate", _("法定按时率"), _("本月法定时限内办结 ÷ 本月有法定时限的办结"),
        "statutory_kept_month", "statutory_month",
    ),
    Rate(
        "due_rate", _("到期按时率"),
        _("本月到期、按时决定的办件 ÷ 本月到期的办件；到期不办的也在分母里，不会因为不办而提高"),
        "due_kept_month", "due_month",
    ),
    Rate(
        "orders_due_rate", _("督办到期按时回复率"),
        _("本月到期、按时回复的督办单 ÷ 本月到期的督办单；不回复的也在分母里"),
        "orders_due_kept_month", "orders_due_month",
    ),
    Rate(
        "voices_due_rate", _("投诉和咨询到期按时答复率"),
        _("本月到期、按时答复的投诉和咨询 ÷ 本月到期的投诉和咨询；不答复的也在分母里"),
        "voices_due_kept_month", "voices_due_month",
    ),
    Rate("corrected_rate", _("补正率"), _("本月经补正办结 ÷ 本月办结"), "corrected_month", "concluded_month"),
)  # fmt: skip
