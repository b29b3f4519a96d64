"""Matching a guide's words to desks: no database."""

from __future__ import annotations

import pytest

from halls.domain.errors import Refused
from matters.domain.routing import GuideStep, Places, Route, Seat, check_filing, plan_route

COUNTY, TOWNSHIP, VILLAGE = Seat(1, None, "5/"), Seat(2, None, "5/51/"), Seat(3, None, "5/51/511/")
BUREAU, OFFICE, STATION, OWN = (
    Seat(1, 11, "5/~MZ/"), Seat(2, 12, "5/51/~LY/"), Seat(1, 13, "5/~GA/~GA01/"), Seat(1, 14, "5/~CL/"),
)  # fmt: skip
ORGANS = {"县民政局": BUREAU, "乡镇林业站": OFFICE, "派出所(片区所)": STATION, "县残疾人联合会": OWN}
V, T = "村(社区)便民服务中心", "乡镇(街道)便民服务中心"


def places(tier: str) -> Places:
    halls = {"county": COUNTY, "township": TOWNSHIP, "village": VILLAGE}
    reach = {"county": 1, "township": 2, "village": 3}[tier]
    return Places(tier=tier, halls=dict(list(halls.items())[:reach]), organs=ORGANS, own=OWN)


def steps(*written: str) -> list[GuideStep]:
    """Make steps from "kind level organ"."""
    made = []
    for seq, (kind, level, organ) in enumerate((text.split(" ", 2) for text in written), start=1):
        made.append(GuideStep(seq, kind, level, kind, organ, 1, "wd", counts=True))
    return made


def route(tier: str, *written: str, direct: bool = False) -> Route:
    return plan_route(steps(*written), places(tier), is_direct=direct)


PROXY = (f"accept village {V}", f"review township {T}", f"special village {V}", "decide county 县民政局")


@pytest.mark.parametrize(("tier", "seats", "skipped"), [
    ("village", [VILLAGE, TOWNSHIP, VILLAGE, BUREAU], ()),
    ("township", [TOWNSHIP, TOWNSHIP, BUREAU], (1,)),
    ("county", [BUREAU], (1, 2, 3)),
])  # fmt: skip
def test_a_case_enters_at_the_first_step_of_the_filing_hall(
    tier: str, seats: list[Seat], skipped: tuple[int, ...]
) -> None:
    planned = route(tier, *PROXY)
    assert [step.seat for step in planned.steps] == seats
    assert planned.skipped == skipped


@pytest.mark.parametrize(("tier", "acceptor"), [("village", TOWNSHIP), ("township", TOWNSHIP), ("county", COUNTY)])
def test_the_township_accepts_what_the_village_only_carries(tier: str, acceptor: Seat) -> None:
    assert route(tier, *PROXY).accept == acceptor


def test_the_village_accepts_what_it_decides_itself() -> None:
    planned = route("village", f"accept village {V}", f"decide village {V}", direct=True)
    assert planned.accept == VILLAGE
    assert [step.is_leading_accept for step in planned.steps] == [True, False]


def test_a_village_decision_filed_above_is_made_by_the_hall_that_took_it_in() -> None:
    planned = route("township", f"accept village {V}", f"decide village {V}", direct=True)
    assert planned.accept == TOWNSHIP
    assert [(step.seq, step.seat) for step in planned.steps] == [(2, TOWNSHIP)]


@pytest.mark.parametrize(("organ", "level", "seat"), [
    ("乡镇林业站", "township", OFFICE), ("派出所(片区所)", "township", STATION), ("县民政局", "county", BUREAU),
    ("经办银行", "county", OWN), ("县残联指定评定机构", "county", OWN), ("乡镇其他机构", "township", TOWNSHIP),
    ("某村合作社", "village", VILLAGE), (V, "village", VILLAGE), (T, "township", TOWNSHIP),
])  # fmt: skip
def test_every_organ_finds_its_desk(organ: str, level: str, seat: Seat) -> None:
    planned = route("village", f"accept village {V}", f"review {level} {organ}", "decide county 县民政局")
    assert planned.steps[1].seat == seat
    assert planned.steps[1].organ == organ


@pytest.mark.parametrize(("written", "acceptor"), [
    ((f"accept village {V}", "accept township 派出所(片区所)", "decide township 派出所(片区所)"), STATION),
    ((f"accept township {T}", "accept county 县民政局", "decide county 县民政局"), BUREAU),
    (("instant township 乡镇林业站",), OFFICE),
    (("instant county 县民政局",), BUREAU),
    (("accept township 派出所(片区所)", "decide county 县民政局"), STATION),
    ((f"review village {V}", f"decide township {T}"), TOWNSHIP),
])  # fmt: skip
def test_the_last_of_the_leading_accept_steps_accepts(written: tuple[str, ...], acceptor: Seat) -> None:
    assert route("village", *written).accept == acceptor


def test_the_last_decision_is_final_and_what_follows_is_marked() -> None:
    planned = route(
        "village", f"accept village {V}", f"decide village {V}", f"decide township {T}", f"special village {V}",
        f"review township {T}", f"deliver township {T}",
    )  # fmt: skip
    assert [step.is_final_decision for step in planned.steps] == [False, False, True, False, False, False]
    assert [step.is_after_decision for step in planned.steps] == [False, False, False, True, True, False]


def test_only_accept_steps_at_the_head_are_leading() -> None:
    planned = route(
        "village", f"accept village {V}", f"review township {T}", f"accept county {T}", f"decide county {T}"
    )
    assert [step.is_leading_accept for step in planned.steps] == [True, False, False, False]


@pytest.mark.parametrize(
    ("tier", "levels", "cure"),
    [
        ("county", ["village"], "请到村（社区）便民服务点办理。"),
        ("village", ["county", "township"], "请到乡镇（街道）便民服务中心或县政务服务中心办理。"),
    ],
)
def test_a_hall_that_does_not_take_the_matter_in_is_told_where_to_go(tier: str, levels: list[str], cure: str) -> None:
    with pytest.raises(Refused) as refused:
        check_filing(tier, levels, "低保")
    assert refused.value.code == "not_taken_in_here"
    assert "低保" in refused.value.message
    assert refused.value.cure == cure
