"""Every group of figures, by the model whose rows it counts. To add one: docs/dashboard-tiles.md."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext as _

from halls.domain.errors import Invalid
from supervision.figures import Figure, Present
from supervision.selectors import group_cards, group_cases, group_orders, group_ratings, group_times, group_voices
from supervision.selectors.figure_group import Group

GROUPS: Final = (
    group_cases.GROUP,
    group_cards.GROUP,
    group_times.GROUP,
    group_orders.GROUP,
    group_orders.URGES,
    group_voices.GROUP,
    group_ratings.GROUP,
    group_ratings.WORK,
    group_ratings.DOUBTED_ONES,
    group_ratings.UNRATED_CASES,
    group_ratings.CALLBACKS,
)
_BY_FIGURE: Final = {key: group for group in GROUPS for key in group.figures}


def group_of(key: str) -> Group:
    """Return the group of a figure. Raises Invalid for a figure that nobody defined."""
    group = _BY_FIGURE.get(key)
    if group is None:
        raise Invalid("unknown_figure", _("没有这个数字。"), field="figure", cure=_("请从统计页点开要看的数字。"))
    return group


def require_month(figure: Figure, present: Present) -> None:
    """Raises Invalid for a figure of now in a month that is over: nobody knows what was red then."""
    if present.is_earlier and not figure.follows_the_month:
        raise Invalid(
            "figure_is_of_now",
            _("这个数字是此刻的，没有以前月份的。"),
            field="month",
            cure=_("去掉 month，或改看按月的数字；月末的在办见当月的统计通报。"),
        )


def figure_of(key: str) -> Figure:
    """Raises Invalid for a figure that nobody defined."""
    return group_of(key).figures[key]
