"""Who is reached: the desk, one level up, the next rung, and never nobody. And the file that says who is told when."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from halls.domain.errors import Invalid
from supervision.actions.load_ladder import LoadedLadder, load_ladder
from supervision.domain.reach import Present, Rung, Seat, ancestors, reach
from supervision.models import LadderStep
from tests.factories.halls import DATA

COUNTY, TOWN, VILLAGE = "1/", "1/2/", "1/2/3/"
BUREAU, STATION, OFFICE = "1/~B/", "1/~B/~S/", "1/2/~O/"
CLERK, SECOND, EXAMINER, CHIEF, DIRECTOR, WATCHER, COLLEAGUE, ADMIN = range(1, 9)
DEFAULT = json.loads((DATA / "ladder.json").read_text(encoding="utf-8"))
RED = [step["audience"] for step in DEFAULT["steps"] if step["level"] == "red"]


def roster(**changes):
    """A township with an A and a B window, an examiner, a chief and a director; a county with a supervisor."""
    town = {
        CLERK: Present(CLERK, frozenset({"accept", "issue"})),
        SECOND: Present(SECOND, frozenset({"accept", "issue"}), backs_up="window_clerk"),
        EXAMINER: Present(EXAMINER, frozenset({"examine"})),
        CHIEF: Present(CHIEF, frozenset({"decide"})),
        DIRECTOR: Present(DIRECTOR, frozenset({"supervise"})),
    }
    county = {
        WATCHER: Present(WATCHER, frozenset({"supervise"})),
        COLLEAGUE: Present(COLLEAGUE, frozenset({"accept", "examine"})),
        ADMIN: Present(ADMIN, frozenset({"administer"})),
    }
    gone = changes.get("without", ())
    present = {
        TOWN: tuple(one for user, one in town.items() if user not in gone),
        COUNTY: tuple(one for user, one in county.items() if user not in gone),
    }
    return present | changes.get("more", {})


def told(rungs, seat, **changes):
    return reach(rungs, seat, roster(**changes)).people


ACCEPTING, EXAMINING = Seat(TOWN, "accept"), Seat(TOWN, "examine")


def test_the_way_up_from_a_seat():
    assert ancestors(STATION) == [STATION, BUREAU, COUNTY]
    assert ancestors(COUNTY) == [COUNTY]


def test_a_warning_reaches_the_handler_alone():
    assert told(["handler"], ACCEPTING) == {CLERK: []}


def test_a_red_card_reaches_everybody_up_to_the_county_in_their_own_right():
    assert told(RED, ACCEPTING) == {CLERK: [], SECOND: [], CHIEF: [], DIRECTOR: [], WATCHER: []}


@pytest.mark.parametrize(
    ("gone", "instead"),
    [
        ((CLERK,), SECOND),
        ((CLERK, SECOND), CHIEF),
        ((CLERK, SECOND, CHIEF), COLLEAGUE),
        ((CLERK, SECOND, CHIEF, COLLEAGUE), DIRECTOR),
        ((CLERK, SECOND, CHIEF, COLLEAGUE, DIRECTOR), WATCHER),
        ((CLERK, SECOND, CHIEF, COLLEAGUE, DIRECTOR, WATCHER), ADMIN),
    ],
)
def test_trap_15_where_nobody_is_in_post_the_next_rung_is_told_and_marked(gone, instead):
    assert told(["handler"], ACCEPTING, without=gone) == {instead: ["handler"]}


def test_a_county_without_anybody_reaches_nobody_so_that_the_rung_waits():
    assert told(RED, ACCEPTING, without=range(1, 9)) == {}


def test_a_desk_without_a_second_person_is_no_gap_while_its_first_is_there():
    assert told(["handler", "backup"], EXAMINING) == {EXAMINER: []}
    assert told(["backup"], EXAMINING, without=[EXAMINER]) == {CHIEF: ["backup"]}


def test_somebody_told_anyway_still_reads_for_whom_they_stand_in():
    people = told(["handler", "chief"], EXAMINING, without=[EXAMINER])
    assert people == {CHIEF: ["handler"]}


def test_the_people_of_a_township_hall_are_the_desk_of_its_offices():
    assert told(["handler", "chief"], Seat(OFFICE, "examine")) == {EXAMINER: [], CHIEF: []}


def test_a_station_without_people_falls_to_its_bureau():
    bureau = {BUREAU: (Present(20, frozenset({"examine"})),)}
    assert told(["handler"], Seat(STATION, "examine"), more=bureau) == {20: ["handler"]}


def test_a_county_organ_has_no_township_director_and_nobody_is_called_absent_for_it():
    assert told(["township_director"], Seat(BUREAU, "examine")) == {WATCHER: []}
    assert told(["township_director"], ACCEPTING, without=[DIRECTOR]) == {WATCHER: ["township_director"]}


def test_who_has_the_case_in_hand_is_told_and_not_the_whole_desk():
    more = {VILLAGE: (Present(30, frozenset({"file"})), Present(31, frozenset({"file"}), backs_up="village_clerk"))}
    assert told(["handler"], Seat(VILLAGE, "file"), more=more) == {30: []}
    assert told(["handler"], Seat(VILLAGE, "file", own=31), more=more) == {31: []}
    assert told(["handler"], Seat(VILLAGE, "file", own=99), more=more) == {30: []}


def test_the_rungs_of_the_domain_are_audiences_of_the_table():
    assert {rung.value for rung in Rung} <= set(LadderStep.Audience.values)


# --- the file ---------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_ladder_that_ships_is_loaded_once():
    assert load_ladder(DEFAULT) == LoadedLadder(added=len(DEFAULT["steps"]), changed=0, removed=0, unchanged=0)
    assert load_ladder(DEFAULT).unchanged == len(DEFAULT["steps"])
    shorter = {"steps": [{**DEFAULT["steps"][0], "delay_days": 2}]}
    assert load_ladder(shorter) == LoadedLadder(added=0, changed=1, removed=len(DEFAULT["steps"]) - 1, unchanged=0)
    assert LadderStep.objects.get().delay_days == 2


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ([], "格式不对"),
        ({"steps": []}, "格式不对"),
        ({"steps": ["x"]}, "不认识"),
        ({"steps": [{"level": "warning", "audience": "handler", "phone": "1"}]}, "不认识"),
        ({"steps": [{"level": "purple", "audience": "handler"}]}, "level"),
        ({"steps": [{"level": "red", "audience": "everybody"}]}, "audience"),
        ({"steps": [{"level": "red", "audience": "chief", "delay_days": 61}]}, "60"),
        ({"steps": [{"level": "red", "audience": "chief", "delay_days": "soon"}]}, "delay_days"),
        ({"steps": [{"level": "red", "audience": "chief", "clock": "sundial"}]}, "clock_kind"),
        ({"steps": [{"level": "red", "audience": "chief"}] * 2}, "重复"),
    ],
)
def test_a_faulty_ladder_is_refused_whole(content, fault):
    load_ladder(DEFAULT)
    with pytest.raises(Invalid) as refusal:
        load_ladder(content)
    assert fault in refusal.value.message + "".join(problem.message for problem in refusal.value.problems)
    assert LadderStep.objects.count() == len(DEFAULT["steps"])


@pytest.mark.django_db
def test_the_command_says_what_it_did_and_what_is_wrong(tmp_path):
    out = io.StringIO()
    call_command("load_ladder", str(DATA / "ladder.json"), "--json", stdout=out)
    assert json.loads(out.getvalue())["added"] == len(DEFAULT["steps"])
    bad = tmp_path / "bad.json"
    bad.write_text("{")
    with pytest.raises(CommandError, match="不是 JSON"):
        call_command("load_ladder", str(bad))
    with pytest.raises(CommandError, match="无法读取"):
        call_command("load_ladder", str(tmp_path / "none.json"))
