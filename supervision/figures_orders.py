"""The figures of supervision orders and urges, in the shape of supervision/figures.py.

A condition on orders (selectors/group_orders.py) both counts an order figure and lists its rows; those of URGE_FIGURES
are conditions on urges. A condition is told the present and reads no clock.
"""

from __future__ import annotations

from typing import Any, Final

from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from applications.domain.lights import Colour
from supervision.domain.orders import OPEN, Act, State
from supervision.figures import Figure, Present
from supervision.models import OrderAct, Term
from supervision.selectors.terms import term_colour


def _acted(act: Act, present: Present, **more: Any) -> Exists:
    acts = OrderAct.objects.filter(order=OuterRef("pk"), act=act, at__gte=present.month, at__lt=present.next_month)
    return Exists(acts.filter(**more))


def _replied_in_time(present: Present) -> Q:
    """A limit of the order, the first or the one after it was sent back, was stopped by a reply this month, in time."""
    stopped = Term.objects.filter(
        begun_by__order=OuterRef("pk"),
        stopped_at__gte=present.month,
        stopped_at__lt=present.next_month,
        stopped_at__lte=F("due_at"),
    )
    return Q(_acted(Act.REPLY, present), Exists(stopped)) & ~Q(state=State.WITHDRAWN)


def _limits(present: Present) -> Any:
    """The limits of an order, the first and the one after it was sent back, that ran out in the month."""
    return Term.objects.filter(begun_by__order=OuterRef("pk"), due_at__gte=present.month, due_at__lt=present.so_far)


_MISSED: Final = Q(stopped_at__isnull=True) | Q(stopped_at__gt=F("due_at"))


def _missed(present: Present) -> Q:
    return Q(Exists(_limits(present).filter(_MISSED)))


def _kept(present: Present) -> Q:
    """Some were answered in time and none was missed; what was withdrawn in time is owed no answer."""
    replies = OrderAct.objects.filter(
        order=OuterRef("begun_by__order"), act=Act.REPLY, seq__gt=OuterRef("begun_by__seq")
    )
    return Q(Exists(_limits(present).filter(~_MISSED).filter(Exists(replies)))) & ~_missed(present)


_ALL_ORDERS: Final = (
    Figure(
        "orders_open",
        _("在办的督办单"),
        _("已经签发、还没有了结的督办单：待回复和待核验"),
        lambda _present: Q(state__in=sorted(OPEN)),
    ),
    Figure(
        "orders_overdue",
        _("超期未回复的督办单"),
        _("回复期限已过，承办单位还没有回复"),
        lambda present: Q(state=State.ISSUED) & term_colour(Colour.RED, present.now),
        light="red",
    ),
    Figure(
        "orders_replied_in_time_month",
        _("本月按时回复的督办单"),
        _("本月回复、没有超过期限的督办单；退回后再次按时回复的也算，一张单只计一次"),
        _replied_in_time,
        is_of_the_month=True,
    ),
    Figure(
        "orders_closed_month",
        _("本月办结的督办单"),
        _("本月核验通过、了结的督办单，按核验时间计"),
        lambda present: Q(_acted(Act.ACCEPT, present)),
        is_of_the_month=True,
    ),
    Figure(
        "orders_unrectified_month",
        _("本月未整改的督办单"),
        _("本月按未整改登记的督办单，按登记时间计"),
        lambda present: Q(_acted(Act.GIVE_UP, present)),
        light="red",
        is_of_the_month=True,
    ),
    Figure(
        "orders_due_month",
        _("本月到期的督办单"),
        _("回复期限在本月已经届满的督办单，不论回没回复；届满前撤回、登记未整改的不计"),
        lambda present: _missed(present) | _kept(present),
        is_of_the_month=True,
    ),
    Figure(
        "orders_due_kept_month",
        _("本月到期、按时回复的督办单"),
        _("本月到期的督办单中，每次届满时都已经回复的"),
        _kept,
        is_of_the_month=True,
    ),
)
ORDER_FIGURES: Final = {figure.key: figure for figure in _ALL_ORDERS}
_ALL_URGES: Final = (
    Figure(
        "urges_month",
        _("本月催办的次数"),
        _("本月发出的催办次数，按催办时间计"),
        lambda present: Q(at__gte=present.month, at__lt=present.next_month),
        is_of_the_month=True,
    ),
)
URGE_FIGURES: Final = {figure.key: figure for figure in _ALL_URGES}
