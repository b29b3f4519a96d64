"""A case runs under the promise of the hall that accepts it, and says so wherever a date is explained."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from applications.actions.extend import extend
from applications.models import Application, Document, Event
from applications.progress_link import progress_path
from applications.selectors.papers import paper_of
from applications.selectors.position import position_of
from applications.selectors.progress import progress_of
from applications.selectors.promises import promise_of
from applications.selectors.statement import CaseStatements
from applications.selectors.timetable import timetable
from applications.selectors.waterfall import promised_waterfall
from halls.domain.worktime import day_of
from halls.selectors.work_calendar import read_moment
from matters.models import Matter, MatterVersion
from supervision.actions.prove_lights import prove_lights
from supervision.actions.sweep import sweep
from tests.clock.attack import found
from tests.clock.test_guards_of_promises import promised
from tests.supervision.conftest import _shared_county, county
from tests.supervision.county import County, at, clock_of

__all__ = ["_shared_county", "county"]
pytestmark = pytest.mark.django_db
OWN = "东乡便民服务中心自 2026-03-03 起的承诺，比办事指南的 10 个工作日短"


def due_on(case: Application, kind: str) -> str:
    due_at = clock_of(case, kind).due_at
    assert due_at is not None
    return day_of(due_at).isoformat()


def all_agree() -> None:
    sweep()  # cards that are due are written first
    assert (found(), prove_lights().differences) == (set(), ())


@pytest.fixture
def matter(county: County) -> Matter:
    """Accept 1, examine 4, decide 5; the first township promises six days from 3 March, the second eight."""
    made = county.bureau_matter(promised=10)
    promised(county, made, 6)
    promised(county, made, 8, place=1)
    return made


@pytest.fixture
def case(county: County, matter: Matter) -> Application:
    at("2026-03-03 10:00")
    return county.accepted(matter)


def test_each_hall_keeps_its_own_promise(county: County, matter: Matter) -> None:
    before = county.accepted(matter)
    assert (clock_of(before, "promised").amount, due_on(before, "promised")) == (10, "2026-03-16")
    at("2026-03-03 10:00")
    here, there = county.accepted(matter), county.accepted(matter, 1)
    assert (clock_of(here, "promised").amount, due_on(here, "promised")) == (6, "2026-03-11")
    assert (clock_of(there, "promised").amount, due_on(there, "promised")) == (8, "2026-03-13")
    before.refresh_from_db()
    assert (clock_of(before, "promised").amount, due_on(before, "promised")) == (10, "2026-03-16")
    all_agree()


def test_the_event_names_the_decision(case: Application, matter: Matter) -> None:
    own = matter.hall_promises.get(days=6)
    said = Event.objects.get(application=case, verb="accept").detail["clocks"]
    told = {clock["kind"]: clock.get("promise") for clock in said if clock["move"] == "start"}
    assert told == {"promised": own.pk, "step": None}
    promise = promise_of(case)
    assert (promise.days, promise.published, promise.number, promise.whose()) == (6, 10, own.pk, OWN)


def test_steps_fit_into_it_and_hand_on_what_they_save(county: County, case: Application) -> None:
    """Under six days the shares are 0, 3 and 3."""
    step = clock_of(case, "step")
    assert (step.amount, step.carried, due_on(case, "step")) == (3, 0, "2026-03-06")
    at("2026-03-05 10:00")  # the second day
    case = county.passed_on(case, "bureau_examiner")
    step = clock_of(case, "step")
    assert (step.amount, step.carried) == (4, 1)
    assert due_on(case, "step") == due_on(case, "promised") == "2026-03-11"
    at("2026-03-06 10:00")
    case = county.stepped_back(case, "bureau_approver")
    assert (clock_of(case, "step").amount, clock_of(case, "step").carried) == (3, 0)
    all_agree()


def test_an_extension_comes_on_top(county: County, case: Application) -> None:
    at("2026-03-05 10:00")
    case = county.passed_on(case, "bureau_examiner")
    extend(case.pk, actor=county.actor("bureau_approver"), days=5, reason="需要现场核实", was_told=True)
    assert due_on(case, "promised") == "2026-03-18"
    at("2026-03-06 10:00")
    case = county.stepped_back(case, "bureau_approver")
    at("2026-03-09 10:00")
    case = county.passed_on(case, "bureau_examiner")
    assert (clock_of(case, "step").amount, clock_of(case, "step").carried) == (7, 4)  # 3 + 5 less the four used
    all_agree()


def test_a_promise_taken_back_leaves_running_cases_alone(county: County, case: Application, matter: Matter) -> None:
    promised(county, matter, None, day="2026-03-05")
    assert clock_of(county.accepted(matter), "promised").amount == 6  # of today it still holds
    at("2026-03-05 10:00")
    assert clock_of(county.accepted(matter), "promised").amount == 10
    assert promise_of(case).days == 6
    all_agree()


@pytest.mark.parametrize(
    ("receipt", "over", "days", "due"),
    [
        ("2026-03-02 10:00", "2026-03-10 00:10", 10, "2026-03-16"),  # received a day before the promise
        ("2026-03-03 10:00", "2026-03-11 00:10", 6, "2026-03-11"),
    ],
)
def test_what_silence_accepts_has_the_promise_of_its_receipt(
    county: County, matter: Matter, receipt: str, over: str, days: int, due: str
) -> None:
    at(receipt)
    case = county.received(matter)
    at(over)
    sweep()
    case.refresh_from_db()
    assert (case.status, clock_of(case, "promised").amount, due_on(case, "promised")) == ("in_progress", days, due)
    all_agree()


def test_a_statute_as_long_as_the_guide_stands_behind_a_shorter_promise(county: County) -> None:
    """Equal to the guide's promise the law needs no clock of its own; behind a shorter one it does."""
    made = county.matter(promised=5, statutory_amount=5, statutory_unit="wd")
    promised(county, made, 3)
    alone = county.accepted(made)
    assert clock_of(alone, "promised").is_alone
    at("2026-03-03 10:00")
    case = county.accepted(made)
    assert (clock_of(case, "promised").is_alone, clock_of(case, "statutory").amount) == (False, 5)
    all_agree()


def test_a_guide_that_became_shorter_counts_itself(county: County, matter: Matter) -> None:
    guide = matter.current
    assert guide is not None
    MatterVersion.objects.filter(pk=guide.pk).update(promised_days=6)
    at("2026-03-03 10:00")
    case = county.accepted(matter)
    said = Event.objects.get(application=case, verb="accept").detail["clocks"]
    assert (clock_of(case, "promised").amount, promise_of(case).whose()) == (6, "")
    assert not any("promise" in clock for clock in said)
    assert found() == set()


# --- where it is told -------------------------------------------------------------------------------------------------


def test_statement_and_waterfall_cite_the_hall(county: County, case: Application) -> None:
    at("2026-03-05 10:00")
    case = county.passed_on(case, "bureau_examiner")
    statements = CaseStatements(case, read_moment())
    by_kind = {clock.kind: statements.of(clock) for clock in statements.clocks}
    assert by_kind["promised"].ground.startswith(OWN)
    assert by_kind["promised"].budget == "6个工作日"
    assert "按本厅承诺的 6 个工作日缩短" in by_kind["step"].ground
    drawn = promised_waterfall(position_of(case), statements.book, case.accept_path)
    assert drawn["limit"] == 6
    assert [row["slice"] for row in drawn["rows"]] == [3, 4]


def text_of(case: Application, kind: str) -> str:
    document = Document.objects.get(application=case, kind=kind)
    return str(paper_of(document, case, "", is_masked=False))


def test_papers_print_the_promise_of_the_case(county: County, case: Application) -> None:
    notice = text_of(case, "acceptance_notice")
    assert "最晚 2026年3月11日（含当日；承诺 6 个工作日）" in notice
    assert OWN in notice
    stops = Document.objects.get(application=case, kind="acceptance_notice").content["stops"]
    assert [stop["due"] for stop in stops] == ["2026-03-06", "2026-03-11"]
    at("2026-03-05 10:00")
    county.passed_on(case, "bureau_examiner")
    extend(case.pk, actor=county.actor("bureau_approver"), days=5, reason="需要现场核实", was_told=True)
    assert OWN in text_of(case, "extension_notice")


def test_the_timetable_told_beforehand_is_that_of_the_notice(county: County, matter: Matter) -> None:
    at("2026-03-03 10:00")
    case = county.received(matter)
    client = Client()
    client.force_login(county.people["window0"])
    html = client.get(reverse("case_verb", args=[case.number, "accept"])).content.decode()
    assert "承诺 6 个工作日" in html
    assert OWN in html
    stops = timetable(position_of(case), read_moment(), promised=6, published=10)
    assert [stop.due_on.isoformat() for stop in stops if stop.due_on] == ["2026-03-06", "2026-03-11"]


def pages(county: County, who: str, *addresses: str) -> list[str]:
    client = Client()
    client.force_login(county.people[who])
    return [client.get(address).content.decode() for address in addresses]


def test_receipts_and_pages_say_it(county: County, matter: Matter) -> None:
    at("2026-03-03 10:00")
    filed = county.filed(matter)
    screen, paper = pages(
        county, "clerk0", reverse("receipt", args=[filed.number]), reverse("receipt_print", args=[filed.number])
    )
    for html in (screen, paper):
        assert f"承诺 6 个工作日办结，从受理的第二天起算（{OWN}）" in html
    case = county.accepted(matter)
    way, limits = pages(
        county, "window0", *(f"{reverse('case', args=[case.number])}?tab={tab}" for tab in ("way", "limits"))
    )
    assert f"6 个工作日（{OWN}）" in way
    assert OWN in limits


def test_the_progress_page_says_it_in_the_same_statements(
    county: County, case: Application, django_assert_num_queries: Any
) -> None:
    assert case.number
    html = Client().get(progress_path(case.number)).content.decode()
    assert "承诺 6 个工作日办结" in html
    assert OWN in html
    with django_assert_num_queries(2):
        told = progress_of(case.number)
    assert told is not None
    assert (told.promise.days, told.promise.whose()) == (6, OWN)
    other = county.accepted(county.matter(promised=5))
    assert other.number
    assert "承诺 5 个工作日办结</p>" in Client().get(progress_path(other.number)).content.decode()
