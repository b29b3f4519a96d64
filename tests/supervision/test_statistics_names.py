"""What a number is called says of what it counts; and what nobody does lowers a rate."""

import pytest
from django.urls import reverse

from supervision.actions.sweep import sweep
from supervision.selectors.figure_groups import GROUPS
from tests.supervision.county import at
from tests.supervision.test_statistics import PARTS, act_on, figures_of, pages_of, rows_behind, visitor

pytestmark = pytest.mark.django_db


@pytest.fixture
def swept(busy):
    sweep()
    act_on(busy)
    return busy


def test_every_name_says_of_what_it_counts_wherever_it_stands(swept):
    nouns = {
        "cases": ("办件",), "cards": ("预警", "牌"), "times": ("时限",), "orders": ("督办单",), "urges": ("催办",),
        "voices": ("投诉", "咨询", "「多次跑」"), "ratings": ("评价", "差评"), "rating_work": ("评价", "差评"),
        "doubted": ("评价",), "unrated": ("办件",), "callbacks": ("代办件",),
    }  # fmt: skip
    named = {key: group.name_of(one) for group in GROUPS for key, one in group.figures.items()}
    assert len(set(named.values())) == len(named)
    for group in GROUPS:
        for key in group.figures:
            assert any(noun in named[key] for noun in nouns[group.key]), named[key]
    client = visitor(swept, "supervisor")
    assert {key: one["label"] for key, one in figures_of(client).items()} == named
    page = client.get(reverse("supervision_statistics"))  # a heading names the month, and no tile below it does
    parts = [part["tiles"] for part in (*page.context["card_parts"], *page.context["act_parts"])]
    for tile in (tile for tiles in (page.context["month_tiles"], *parts) for tile in tiles):
        assert not tile["label"].startswith("本月"), tile["label"]
    rows = client.get(reverse("supervision_rows"), {"figure": "voices_extended_month"})
    assert rows.context["page_title"] == "本月延期的投诉"


def test_what_fell_due_and_was_not_done_lowers_a_rate(swept):
    client = visitor(swept, "supervisor")
    rates = {one["key"]: one for one in client.get(reverse("api_rates")).json()}
    before = rates["due_rate"]
    assert 0 < before["numerator"]["value"] < before["denominator"]["value"]
    assert "到期不办的也在分母里" in before["definition"]
    tile = next(
        one for one in client.get(reverse("supervision")).context["month_tiles"] if one["label"] == "到期按时率"
    )
    told = before["denominator"]["value"], before["numerator"]["value"]
    assert tile["note"] == f"到期 {told[0]} 件，其中按时 {told[1]} 件"
    assert rows_behind(client, tile["url"]) == told[0]
    idle = swept.accepted(swept.matter(promised=1), 0)
    at("2026-03-30 10:00")  # nobody answers any more
    after = {one["key"]: one for one in client.get(reverse("api_rates")).json()}
    assert after["due_rate"]["denominator"]["value"] > told[0]
    ids = [{row["id"] for row in pages_of(client, after["due_rate"][part]["rows"])} for part in PARTS]
    assert idle.pk in ids[1] - ids[0]
    assert after["on_time_rate"]["numerator"] == rates["on_time_rate"]["numerator"]  # this one they do not lower
