"""Every kind of difference that a proof can find is told without a name from the code."""

import re
from typing import Any

import pytest

from supervision.domain.disagreement import LEVELS, THINGS, cures, sentence, things
from supervision.selectors.proof import Difference

WHEN = "2026-03-09T23:59:59+08:00"


def difference(field: str, stored: str = "None", proved: str = WHEN, clock: str = "promised") -> dict[str, Any]:
    return Difference(1, "500236", 7, clock, field, stored, proved).as_dict()


@pytest.mark.parametrize(
    ("one", "words"),
    [
        (
            difference("due_at", WHEN, "2026-03-10T15:59:59+00:00"),
            "09日 23:59，按事实应为2026年03月10日",
        ),
        (difference("is_provisional", "True", "False"), "暂算标记存的是暂算，按事实应为确定"),
        (difference("light", "green", "red", clock=""), "灯存的是绿灯，按事实应为红灯。"),
        (difference("paused_until", clock=""), "恢复计时的日期存的是空"),
        (difference("card yellow"), "承诺时限2026年03月09日 23:59就该登记黄牌，没有登记。"),
        (difference("told red", "None", "red"), "承诺时限的红牌已经登记，却没有告知任何人"),
        (difference("deem_accepted", "received", clock="acceptance"), "依法视为受理，没有登记，现在是“收件”"),
        (difference("next_action_at"), "下次巡检的时间存的是空"),
    ],
)
def test_a_difference_is_a_sentence(one, words):
    said = sentence(one)
    assert words in said
    assert not re.search(r"[a-z_]{3,}|None|T\d\d:", said), said


def test_no_field_is_left_in_english():
    fields = [*(set(THINGS) - {"card", "told"}), *(f"{kind} {level}" for kind in ("card", "told") for level in LEVELS)]
    for field in fields:
        assert not re.search(r"[a-z_]{3,}", sentence(difference(field, WHEN, WHEN)))


def test_what_disagrees_is_counted_and_the_cure_fits_it():
    dates, card = difference("due_at"), difference("card red")
    assert things([dates, card, dates]) == [("到期日", 2), ("预警或红黄牌", 1)]
    assert cures([]) == []
    assert any("settle_calendar --again" in step for step in cures([dates]))
    assert not any("settle_calendar" in step for step in cures([card]))
    assert any("巡检" in step for step in cures([card]))
    assert not any("由巡检补做" in step for step in cures([dates]))
