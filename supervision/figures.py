"""The figures of the dashboard: one named condition each, which both counts them and lists their rows.

To add a figure: add a row to FIGURES (its condition may use every column of the case) and its key to TILES.
A condition is told the present and reads no clock; days, weeks and months begin at midnight in Asia/Shanghai.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.db.models import Exists, F, OuterRef, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from applications.domain.lifecycle import OPEN, Status
from applications.domain.lights import Colour
from applications.domain.transitions import ClockKind
from applications.models import Clock
from applications.selectors.lights import colour_condition
from halls.domain.worktime import ONE_DAY, day_of, start_of
from supervision.models import CardReview, LimitWarning
from supervision.models.card_review import acted, is_pending, is_standing

Text = str | Promise
FLOW_DAYS: Final = 30  # today is one of them
THIS_MONTH: Final = "本月"
THIRTY_DAYS: Final = "近 30 天"


@dataclass(frozen=True, slots=True)
class Present:
    """The present, the ends of its day, week and month, and where the last thirty days begin."""

    now: datetime
    today: datetime
    tomorrow: datetime
    next_week: datetime
    month: datetime
    next_month: datetime
    thirty_days: datetime

    @classmethod
    def at(cls, now: datetime, month: date | None = None) -> Present:
        """`month`: the first day of an earlier month, whose figures are wanted instead of this one's."""
        today = day_of(now)
        first = month or today.replace(day=1)
        return cls(
            now=now,
            today=start_of(today),
            tomorrow=start_of(today + ONE_DAY),
            next_week=start_of(today + timedelta(days=7 - today.weekday())),
            month=start_of(first),
            next_month=start_of(date(first.year + first.month // 12, first.month % 12 + 1, 1)),
            thirty_days=start_of(today - timedelta(days=FLOW_DAYS - 1)),
        )

    @property
    def is_earlier(self) -> bool:
        """Whether the month is over: what is counted of now has no past, and is not shown beside it."""
        return self.next_month <= self.now

    @property
    def so_far(self) -> datetime:
        """Where what has happened in the month ends: its own end, or the present."""
        return min(self.now, self.next_month)

    @property
    def month_name(self) -> str:
        """本月, 2026年2月."""
        return f"{self.month.year}年{self.month.month}月" if self.is_earlier else THIS_MONTH

    @property
    def month_text(self) -> str:
        """As an address and a field have it: 2026-02."""
        return f"{self.month:%Y-%m}"

    def short(self, label: Text) -> str:
        """A label under a heading that names its month or its thirty days."""
        return str(label).removeprefix(THIS_MONTH).removeprefix(THIRTY_DAYS)

    def within(self, definition: Text) -> str:
        """A definition under a heading that names the month."""
        return str(definition).replace(THIS_MONTH, "当月") if self.is_earlier else str(definition)

    def worded(self, text: Text) -> str:
        """A label or definition as it reads for the month."""
        return str(text).replace(THIS_MONTH, self.month_name)


@dataclass(frozen=True, slots=True)
class Figure:
    """A number that opens exactly the rows it counted.

    `light`: the light whose colour and shape the number wears. `is_of_the_month`: listed newest first.
    `moment`: the column of time by which a list of its rows may be narrowed to one day.
    """

    key: str
    label: Text
    definition: Text
    condition: Callable[[Present], Q]
    light: str = ""
    is_of_the_month: bool = False
    moment: str = ""

    @property
    def follows_the_month(self) -> bool:
        """Whether it is counted of the month asked for: its definition says so, and a test holds it to that."""
        return THIS_MONTH in str(self.definition)


def _coloured(colour: Colour) -> Callable[[Present], Q]:
    return lambda present: colour_condition(colour, present.now)


def _due_before(end: Callable[[Present], datetime]) -> Callable[[Present], Q]:
    def condition(present: Present) -> Q:
        running = colour_condition(Colour.GREEN, present.now) | colour_condition(Colour.YELLOW, present.now)
        return running & Q(late_at__lt=end(present))

    return condition


def _this_month(field: str) -> Callable[[Present], Q]:
    return lambda present: Q(**{f"{field}__gte": present.month, f"{field}__lt": present.next_month})


_ended_this_month = _this_month("ended_at")


def _concluded(present: Present) -> Q:
    return Q(status=Status.DELIVERED) & _ended_this_month(present)


LATE: Final = Q(due_at__isnull=False, decided_at__gt=F("due_at"))


# Whoever withdrew before the promise ran out is owed no decision any more.
OWED: Final = Q(decided_at__isnull=False) | Q(ended_at__isnull=True) | Q(ended_at__gt=F("due_at"))
KEPT_DUE: Final = Q(decided_at__lte=F("due_at"))


def _fell_due(present: Present) -> Q:
    """The promise ran out in the month, done or not."""
    return Q(due_at__gte=present.month, due_at__lt=present.so_far) & OWED


def _outslept(present: Present) -> Q:
    granted = Clock.objects.filter(
        application=OuterRef("pk"), kind=ClockKind.SPECIAL, state=Clock.State.RUNNING, due_at__lt=present.now
    )
    return Q(Exists(granted), status=Status.SUSPENDED)


_ALL: Final = (
    Figure(
        "open",
        _("在办"),
        _("已经提交、还没有送达或终止的办件，含补正中和挂起"),
        lambda present: Q(status__in=sorted(OPEN)),
    ),
    Figure(
        "yellow",
        _("黄灯"),
        _("有一个时限已进入预警期，都还没有超过"),
        _coloured(Colour.YELLOW),
        light="yellow",
    ),
    Figure(
        "red",
        _("红灯"),
        _("有一个正在计时的时限已经超过；当天到期不算超过"),
        _coloured(Colour.RED),
        light="red",
    ),
    Figure("green", _("绿灯"), _("所有时限都没有进入预警期"), _coloured(Colour.GREEN), light="green"),
    Figure("paused", _("挂起"), _("特别程序中，承诺和环节时限暂停计时"), _coloured(Colour.PAUSED), light="paused"),
    Figure(
        "none",
        _("不计时"),
        _("没有正在计时的时限，例如等待申请人补正"),
        _coloured(Colour.NONE),
        light="none",
    ),
    Figure(
        "due_today",
        _("今日到期"),
        _("最近的到期时间在今天 24 时以前，还没有超过"),
        _due_before(lambda present: present.tomorrow),
    ),
    Figure(
        "due_week",
        _("本周到期"),
        _("最近的到期时间在本周日 24 时以前，还没有超过"),
        _due_before(lambda present: present.next_week),
    ),
    Figure(
        "overdue",
        _("超期未办结"),
        _("承诺的到期时间已过，还没有作出决定"),
        lambda present: Q(status=Status.IN_PROGRESS, due_at__lt=present.now),
        light="red",
    ),
    Figure(
        "outslept",
        _("到期未恢复"),
        _("特别程序的批准天数已满，还没有恢复计时"),
        _outslept,
        light="red",
    ),
    Figure(
        "received_month",
        _("本月收件"),
        _("本月窗口收件的办件"),
        _this_month("received_at"),
        is_of_the_month=True,
        moment="received_at",
    ),
    Figure(
        "concluded_month",
        _("本月办结"),
        _("本月送达申请人的办件；通报按决定日计，叫“作出决定”"),
        _concluded,
        is_of_the_month=True,
        moment="ended_at",
    ),
    Figure(
        "on_time_month",
        _("本月按时办结"),
        _("本月办结的办件中，决定没有超过承诺的到期时间"),
        lambda present: _concluded(present) & ~LATE,
        is_of_the_month=True,
    ),
    Figure(
        "late_month",
        _("本月超期办结"),
        _("本月办结的办件中，决定超过了承诺的到期时间"),
        lambda present: _concluded(present) & LATE,
        light="red",
        is_of_the_month=True,
    ),
    Figure(
        "due_month",
        _("本月到期的办件"),
        _("承诺期限在本月已经届满的办件，不论办没办、何时作出决定；当天到期的，当天过完才计；届满前撤回的不计"),
        _fell_due,
        is_of_the_month=True,
    ),
    Figure(
        "due_kept_month",
        _("本月到期、按时决定的办件"),
        _("本月到期的办件中，届满时已经作出决定的"),
        lambda present: _fell_due(present) & KEPT_DUE,
        is_of_the_month=True,
    ),
)
FIGURES: Final = {figure.key: figure for figure in _ALL}
# The lights that divide 在办: every open case is counted in exactly one of them.
LIGHTS: Final = ("red", "yellow", "green", "paused", "none")
TILES: Final = ("open", "yellow", "red", "paused", "due_today", "due_week", "overdue")
# What has its days in a month that is over.
FLOW_OF_MONTH: Final = tuple(FIGURES[key] for key in ("received_month", "concluded_month"))
MONTH_TILES: Final = ("received_month", "concluded_month", "late_month")


def issued_in_month(present: Present) -> Q:
    """Issued in the month: by itself when it came on record, else when a supervisor confirmed it; as in a bulletin."""
    span = {"at__gte": present.month, "at__lt": present.next_month}
    by_itself = Q(mode=LimitWarning.Mode.AUTO) & _this_month("recorded_at")(present)
    return by_itself | ~Q(mode=LimitWarning.Mode.AUTO) & Q(acted(CardReview.Act.CONFIRM, **span))


def _card(level: LimitWarning.Level) -> Callable[[Present], Q]:
    return lambda present: Q(level=level) & issued_in_month(present) & ~Q(acted(CardReview.Act.REVOKE))


def _acted_this_month(act: CardReview.Act) -> Callable[[Present], Q]:
    return lambda present: Q(acted(act, at__gte=present.month, at__lt=present.next_month))


def to_review(_present: Present) -> Q:
    """Somebody has to decide: a proposal or an appeal that nobody answered, about a card that stands."""
    asked = acted(CardReview.Act.PROPOSE, answer__isnull=True), acted(CardReview.Act.APPEAL, answer__isnull=True)
    return is_standing() & (Q(asked[0]) | Q(asked[1]))


# Conditions on warnings and cards (LimitWarning), by the moment at which they were issued: a rung that is found reached
# issues by itself, what waits is issued when it is confirmed. What was revoked is in the list, marked so, and in no
# number of standing cards; what was cancelled before it was issued is in none at all.
_ALL_CARDS: Final = (
    Figure(
        "warnings_month",
        _("本月预警"),
        _("本月记录、没有撤销的预警，按记录时间计"),
        _card(LimitWarning.Level.WARNING),
        is_of_the_month=True,
    ),
    Figure(
        "yellow_cards_month",
        _("本月黄牌"),
        _("本月发出、没有撤销的黄牌，按发牌时间计：自动的为记录时间，经确认的和人工的为确认时间"),
        _card(LimitWarning.Level.YELLOW),
        light="yellow",
        is_of_the_month=True,
    ),
    Figure(
        "red_cards_month",
        _("本月红牌"),
        _("本月发出、没有撤销的红牌，按发牌时间计：自动的为记录时间，经确认的和人工的为确认时间"),
        _card(LimitWarning.Level.RED),
        light="red",
        is_of_the_month=True,
    ),
)
CARD_FIGURES: Final = {figure.key: figure for figure in _ALL_CARDS}
_ALL_REVIEWS: Final = (
    Figure(
        "to_review",
        _("待复核的红黄牌"),
        _(
            "建议撤销（日历改动后、夜间核对或监察员提出）或被申诉，还没有人决定撤销还是维持；一张牌只计一次，申诉中的也在其中"
        ),
        to_review,
    ),
    Figure(
        "to_confirm",
        _("待发的红黄牌"),
        _("规则要求先由监察员确认的，和人工提出的，还没有人确认发出或取消；不计入任何数字，也没有告知被发牌单位"),
        lambda _present: is_pending(),
    ),
    Figure(
        "appealed",
        _("待复核的红黄牌中申诉的"),
        _("待复核的红黄牌中，被发牌单位提出申诉，还没有人决定撤销还是维持；决定以前照旧计入"),
        lambda _present: is_standing() & Q(acted(CardReview.Act.APPEAL, answer__isnull=True)),
    ),
    Figure(
        "issued_month",
        _("本月发出的红黄牌"),
        _("本月发出的黄牌和红牌，按发牌时间计，后来撤销的也算在内；减去撤销的另看本月撤销"),
        lambda present: Q(level__in=("yellow", "red")) & issued_in_month(present),
        is_of_the_month=True,
    ),
    Figure(
        "revoked_month",
        _("本月撤销的预警和红黄牌"),
        _("本月撤销的预警和红黄牌，按撤销时间计"),
        _acted_this_month(CardReview.Act.REVOKE),
    ),
    Figure(
        "cancelled_month",
        _("本月取消的待发红黄牌"),
        _("本月取消的待发红黄牌，按取消时间计；没有发出过，不计入任何数字，记录保留"),
        _acted_this_month(CardReview.Act.CANCEL),
    ),
)
REVIEW_FIGURES: Final = {figure.key: figure for figure in _ALL_REVIEWS}
CARD_LISTS: Final = CARD_FIGURES | REVIEW_FIGURES
