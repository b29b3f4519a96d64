"""Lists of cases: the actor's own, in pages by key, filtered, and found by exact numbers."""

from typing import Any

import pytest

from applications.models import Application
from tests.factories.cases import a_case, an_id_number
from tests.seed import COUNTY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]
JIANSHAN = "500236272203"  # the neighbour village


def _numbers(answer):
    assert answer.status_code == 200, answer.content.decode()
    return [row["number"] for row in answer.json()["results"]]


def test_pages_go_forth_and_back_without_a_gap(caller):
    made = [a_case().number for _ in range(7)]
    clerk = caller("village_clerk")
    seen, address = [], "applications/?page_size=3"
    pages = []
    while address:
        answer = clerk.get(address)
        pages.append(_numbers(answer))
        seen += pages[-1]
        address = answer.json()["next"]
        address = address and address.removeprefix("http://testserver")
    assert seen == made[::-1]
    assert [len(page) for page in pages] == [3, 3, 1]
    back = answer.json()["previous"].removeprefix("http://testserver")
    answer = clerk.get(back)
    assert _numbers(answer) == pages[1]
    answer = clerk.get(answer.json()["previous"].removeprefix("http://testserver"))
    assert _numbers(answer) == pages[0]
    assert answer.json()["previous"] is None
    assert answer.json()["next"]


def test_a_page_stays_itself_while_cases_arrive(caller):
    first = [a_case().number for _ in range(4)]
    clerk = caller("village_clerk")
    answer = clerk.get("applications/", page_size=2)
    a_case()
    following = clerk.get(answer.json()["next"].removeprefix("http://testserver"))
    assert _numbers(following) == first[1::-1]


def test_each_filter_gives_exactly_its_rows(caller):
    submitted, other_matter = a_case(), a_case(matter="MZ-001")
    correcting, suspended, ended = a_case("correcting"), a_case("suspended"), a_case("withdrawn")
    draft = a_case("draft")
    clerk = caller("village_clerk")
    everything = {submitted.number, other_matter.number, correcting.number, suspended.number, ended.number, None}
    assert set(_numbers(clerk.get("applications/"))) == everything
    filters: list[tuple[dict[str, Any], set[Application]]] = [
        ({"status": "submitted"}, {submitted, other_matter}),
        ({"matter": "MZ-001"}, {other_matter}),
        ({"pile": "correcting"}, {correcting}),
        ({"pile": "done"}, {ended}),
        ({"pile": "drafts"}, {draft}),
        ({"pile": "todo"}, {correcting, suspended}),
        ({"light": "paused"}, {suspended}),
        ({"light": "done"}, {ended}),
        ({"light": "none"}, {correcting}),
        ({"hall": "500236272202", "status": "correcting"}, {correcting}),
        ({"hall": JIANSHAN}, set()),
        ({"q": submitted.number}, {submitted}),
        ({"q": f" {submitted.display_number} "}, {submitted}),
    ]
    for query, expected in filters:
        assert set(_numbers(clerk.get("applications/", **query))) == {case.number for case in expected}, query


def test_the_light_of_a_row_is_a_comparison_with_now(caller, travel):
    travel("2026-03-02 10:00")
    early = a_case("received")
    travel("2026-03-09 10:00")
    late = a_case("received")
    window = caller("township_window")
    travel("2026-03-10 10:00")
    assert _numbers(window.get("applications/", light="red")) == [early.number]
    assert _numbers(window.get("applications/", light="green")) == [late.number]
    row = window.get("applications/", q=early.number).json()["results"][0]
    assert row["light"] == {"colour": "red", "words": "已超 1 个工作日", "days": -1}
    assert row["next_due_at"] == "2026-03-09T23:59:59+08:00"


def test_what_is_due_before_a_day(caller, travel):
    travel("2026-03-02 10:00")
    case = a_case("accepted")
    window = caller("township_window")
    assert _numbers(window.get("applications/", due_before="2026-03-17")) == [case.number]
    assert _numbers(window.get("applications/", due_before="2026-03-16T23:59:59+08:00")) == []


def test_everybody_sees_their_own_cases_only(caller):
    here, there = a_case("accepted"), a_case("accepted", village=JIANSHAN)
    draft = a_case("draft", village=JIANSHAN)
    both = {here.number, there.number}
    for role, expected in [
        ("village_clerk", {here.number}),
        ("neighbour_clerk", {there.number, None}),
        ("township_window", both),
        ("township_director", both),
        ("supervisor", both),
        ("county_window", both),
        ("county_examiner", set()),
        ("station_police_clerk", set()),
        ("catalogue_editor", set()),
        ("administrator", set()),
    ]:
        assert set(_numbers(caller(role).get("applications/"))) == expected, role
    for role in ("village_clerk", "township_window", "supervisor"):
        assert caller(role).get(f"applications/{draft.key}/").status_code == 404


def test_an_identity_number_finds_its_cases_in_the_own_scope_only(caller):
    number = an_id_number()
    here, there = a_case(id_number=number), a_case(id_number=number, village=JIANSHAN)
    spaced = f"{number[:6]} {number[6:14]} {number[14:].lower()}"
    found = caller("village_clerk").post("applications/search/", {"id_number": spaced})
    assert _numbers(found) == [here.number]
    found = caller("township_window").post("applications/search/", {"id_number": number})
    assert _numbers(found) == [there.number, here.number]
    assert _numbers(caller("township_window").post("applications/search/", {"id_number": number[:17]})) == []
    assert number not in found.content.decode()


def test_the_lights_count_the_rows_of_the_list(caller, travel):
    travel("2026-03-02 10:00")
    for village in ("500236272202", "500236272202", JIANSHAN, "500236001001"):
        a_case("received", village=village)
    a_case("suspended")
    travel("2026-03-10 10:00")
    told = caller("supervisor").get("lights/").json()
    assert told["counts"] == {"red": 4, "yellow": 0, "green": 0, "paused": 1, "none": 0}
    assert [(row["code"], row["counts"]["red"]) for row in told["townships"]] == [("500236001", 1), ("500236272", 3)]
    clerk = caller("village_clerk")
    told = clerk.get("lights/").json()
    assert told["counts"]["red"] == len(_numbers(clerk.get("applications/", light="red"))) == 2
    assert told["townships"] == []
    assert caller("catalogue_editor").get("lights/").json()["counts"]["red"] == 0


def test_the_rows_of_the_lights_add_up_to_the_total_with_what_the_county_hall_took_in(caller, travel):
    travel("2026-03-02 10:00")
    a_case("received")
    a_case("submitted", matter="RS-008", village=COUNTY)
    told = caller("supervisor").get("lights/").json()
    assert [row["code"] for row in told["townships"]] == [COUNTY, "500236272"]
    assert told["townships"][0]["name"].endswith("（本级）")
    for colour, total in told["counts"].items():
        assert total == sum(row["counts"][colour] for row in told["townships"])
    assert sum(told["counts"].values()) == 2
    township = caller("township_director").get("lights/").json()
    assert [row["code"] for row in township["townships"]] == ["500236272"]


def test_a_detail_shows_personal_data_masked(caller):
    number = an_id_number()
    case = a_case("accepted", name="欧阳测试", id_number=number, phone="13912345678")
    Application.objects.filter(pk=case.pk).update(form={"家庭人口": 4})
    answer = caller("township_window").get(f"applications/{case.number}/")
    text = answer.content.decode()
    assert "欧阳测试" not in text
    assert number not in text
    assert "13912345678" not in text
    told = answer.json()
    assert told["applicant"]["name"] == "欧***"
    assert told["form"] == {"家庭人口": 4}
    assert told["query_code"]
    watched = caller("supervisor").get(f"applications/{case.number}/").json()
    assert watched["form"] == {}
    assert watched["query_code"] is None
    assert watched["available_verbs"] == []
    assert watched["due_at"] == told["due_at"]
