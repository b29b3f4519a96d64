"""The figures of ratings: one named condition each over Rating, and the rates made of two of them.

A rate is numerator over denominator, both conditions on the same rows; what was excluded, or found without ground,
counts in neither (国办发〔2019〕51号). UNRATED is a condition on cases: nobody's silence is counted as content.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Count, Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from applications.domain.lights import Colour
from halls.acting import Actor
from supervision.domain.ratings import Act
from supervision.figures import Figure, Present, Text
from supervision.models import CallbackCall, RatingAct, Term
from supervision.selectors.ratings import COUNTED, OPEN, PENDING_APPEAL, SUSPICIOUS, held_ratings, unrated
from supervision.selectors.terms import term_colour

CONTENT: Final = COUNTED & Q(level__gte=3)
BAD: Final = COUNTED & Q(level__lte=2)


@dataclass(frozen=True, slots=True)
class Ratio:
    """A share in a hundred; both conditions list their rows."""

    key: str
    label: Text
    definition: Text
    numerator: Callable[[Present], Q]
    denominator: Callable[[Present], Q]


def _always(condition: Q) -> Callable[[Present], Q]:
    return lambda _present: condition


def _this_month(condition: Q) -> Callable[[Present], Q]:
    return lambda present: condition & Q(rated_at__gte=present.month, rated_at__lt=present.next_month)


def _met(term: str) -> Q:
    return Q(**{f"{term}__stopped_at__lte": F(f"{term}__due_at")})


def _owed(term: str) -> Callable[[Present], Q]:
    """Bad ratings whose limit was met, or is over."""

    def condition(present: Present) -> Q:
        stopped = Q(**{f"{term}__state": Term.State.STOPPED})
        return BAD & (stopped | Q(**{f"{term}__due_at__lt": present.now}))

    return condition


def _both(first: Callable[[Present], Q], second: Q) -> Callable[[Present], Q]:
    return lambda present: first(present) & second


def _has(act: Act, **more: Any) -> Q:
    return Q(Exists(RatingAct.objects.filter(rating=OuterRef("pk"), act=act, **more)))


# What is held against whoever is watched: counted over `held_ratings`.
_HELD: Final = (
    Figure(
        "rated_month",
        _("本月收到的评价"),
        _("本月收到、没有被剔除的评价；差评核实前计在收件的大厅，核实属实的计在责任单位"),
        _this_month(COUNTED),
        is_of_the_month=True,
    ),
    Figure(
        "bad_month",
        _("本月收到的差评"),
        _("本月收到的不满意、非常不满意，核实属实的计在责任单位；两人核实、确认没有依据的和申诉剔除的不计"),
        _this_month(BAD),
        is_of_the_month=True,
    ),
)
# What is still to be done about ratings: counted over `visible_ratings`, for whoever handles them.
_AT_WORK: Final = (
    Figure(
        "bad_open",
        _("未办结的差评"),
        _("差评还在联系、核实、整改、反馈、回访或待公开"),
        _always(OPEN & Q(level__lte=2)),
    ),
    Figure(
        "contact_late",
        _("超期未联系的差评"),
        _("差评超过 1 个工作日还没有联系评价人"),
        lambda present: term_colour(Colour.RED, present.now, "contact_term__"),
        light="red",
    ),
    Figure(
        "rectify_late",
        _("超期未整改的差评"),
        _("核实属实的差评超过期限还没有整改完"),
        lambda present: term_colour(Colour.RED, present.now, "rectify_term__"),
        light="red",
    ),
    Figure("appeals", _("待裁定的评价申诉"), _("提出了申诉，县监察员还没有裁定"), _always(Q(PENDING_APPEAL))),
    Figure(
        "excluded", _("已剔除的评价"), _("申诉成立、不再计入的评价；原评价和理由保留"), _always(Q(validity="excluded"))
    ),
)
HELD_FIGURES: Final = {figure.key: figure for figure in _HELD}
WORK_FIGURES: Final = {figure.key: figure for figure in _AT_WORK}
# Counted over those of `visible_ratings` that are watched from above (`from_above`).
DOUBTED: Final = Figure(
    "suspicious",
    _("可疑评价"),
    _("同一设备一天内、或同一网络一小时内，此前已有 2 条以上评价；只给上一级的监察岗位看"),
    _always(SUSPICIOUS),
)
RATING_FIGURES: Final = HELD_FIGURES | WORK_FIGURES | {DOUBTED.key: DOUBTED}
UNRATED: Final = Figure(
    "unrated",
    _("未评价的办件"),
    _("近一年送达、超过 7 个自然日没有评价的办件；单独统计，不算满意；只给监察岗位看"),
    lambda present: unrated(present.now),
)
_RATES: Final = (
    Ratio(
        "satisfaction",
        _("满意率"),
        _("非常满意、满意、基本满意的合计 ÷ 全部有效评价；核实属实的差评计在责任单位；未评价的不在其中"),
        _always(CONTENT),
        _always(COUNTED),
    ),
    Ratio(
        "contacted_in_time",
        _("差评按时联系率"),
        _("1 个工作日内联系了评价人、或者打了三次没有接通的差评 ÷ 已经联系、打了三次没有接通或期限已过的差评"),
        _both(_owed("contact_term"), _met("contact_term")),
        _owed("contact_term"),
    ),
    Ratio(
        "rectified_in_time",
        _("差评按时整改率"),
        _("期限内整改完的差评 ÷ 核实属实、已经整改或期限已过的差评"),
        _both(_owed("rectify_term"), _met("rectify_term")),
        _owed("rectify_term"),
    ),
    Ratio(
        "rectified",
        _("差评整改率"),
        _("已经整改的差评 ÷ 核实属实的差评；目标 100%"),
        _always(Q(validity="valid", rectify_term__state=Term.State.STOPPED)),
        _always(Q(validity="valid")),
    ),
    Ratio(
        "revisited",
        _("差评回访率"),
        _("已经回访的差评 ÷ 核实属实、已经整改的差评"),
        _always(Q(validity="valid", rectify_term__state=Term.State.STOPPED) & _has(Act.REVISIT)),
        _always(Q(validity="valid", rectify_term__state=Term.State.STOPPED)),
    ),
    Ratio(
        "content_again",
        _("回访满意率"),
        _("回访时表示满意的 ÷ 已经回访的差评"),
        _always(COUNTED & _has(Act.REVISIT, is_content=True)),
        _always(COUNTED & _has(Act.REVISIT)),
    ),
)
RATES: Final = {rate.key: rate for rate in _RATES}


def rate_counts(actor: Actor, present: Present) -> dict[str, tuple[int, int]]:
    """Numerator and denominator of every rate over what is held against whom the actor watches: one statement."""
    counts = {}
    for key, rate in RATES.items():
        counts[f"{key}_part"] = Count("pk", filter=rate.numerator(present))
        counts[f"{key}_whole"] = Count("pk", filter=rate.denominator(present))
    found = held_ratings(actor).order_by().aggregate(**counts)
    return {key: (found[f"{key}_part"], found[f"{key}_whole"]) for key in RATES}


def _called(**more: Any) -> Q:
    return Q(Exists(CallbackCall.objects.filter(callback=OuterRef("pk"), is_reached=True, **more)))


def _called_this_month(**more: Any) -> Callable[[Present], Q]:
    return lambda present: _called(at__gte=present.month, at__lt=present.next_month, **more)


_ALL_CALLBACKS: Final = (
    Figure(
        "callbacks_waiting",
        _("待回访的代办件"),
        _("抽中回访、还没有接通的代办件"),
        _always(~_called()),
    ),
    Figure(
        "callbacks_month",
        _("本月回访的代办件"),
        _("本月接通回访电话的代办件，按接通时间计"),
        _called_this_month(),
        is_of_the_month=True,
    ),
    Figure(
        "callbacks_paid_month",
        _("本月回访反映收费的代办件"),
        _("本月接通回访电话的代办件中，群众反映被收过费用的"),
        _called_this_month(has_paid=True),
        light="red",
        is_of_the_month=True,
    ),
)
# Conditions on Callback, over `visible_callbacks(actor)`; of one week: those that were drawn from it.
CALLBACK_FIGURES: Final = {figure.key: figure for figure in _ALL_CALLBACKS}
_OF_A_WEEK: Final = (
    Figure("drawn", _("抽中"), _("抽中回访的代办件"), _always(Q())),
    Figure("done", _("已回访"), _("已经接通回访电话的代办件"), _always(_called())),
    Figure("paid", _("反映收费"), _("接通回访电话、群众反映被收过费用的代办件"), _always(_called(has_paid=True))),
)
WEEK_FIGURES: Final = {figure.key: figure for figure in _OF_A_WEEK}
