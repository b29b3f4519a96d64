"""催办: who urges whom, how often, when not; it stands in the record of the case and is answered once."""

from html import unescape

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from applications.domain.lifecycle import ENDED, Status
from halls.domain.duties import PostKind
from halls.domain.errors import Invalid, NotFound, NotPermitted, Refused
from halls.models import User
from halls.selectors.work_calendar import read_moment
from supervision.actions.answer_urge import answer_urge
from supervision.actions.urge import urge
from supervision.domain.urging import MOST_A_DAY, why_not_again, why_not_urge
from supervision.figures import Present
from supervision.figures_orders import URGE_FIGURES
from supervision.models import Message, Urge, UrgeAnswer
from supervision.selectors import group_orders
from supervision.selectors.scope import scope_of
from tests.factories.halls import person_in_post
from tests.supervision.county import at
from tests.supervision.test_defaults import correcting, with_materials

pytestmark = pytest.mark.django_db


def outcome(act):
    try:
        act()
    except (NotFound, NotPermitted, Refused, Invalid) as refusal:
        return refusal.code
    return "done"


def push(county, case, by="supervisor", reason="临近到期，请抓紧办理"):
    return urge(case.number, actor=county.actor(by), reason=reason)


def visitor(county, role):
    client = Client()
    client.force_login(User.objects.get(pk=county.people[role].pk))
    return client


def test_who_urges_what(county):
    case = county.passed_on(county.accepted(county.bureau_matter()), "bureau_examiner")
    mine = {"supervisor": "done", "director0": "done", "bureau_director": "done", "director1": "not_found"}
    for who in county.people:
        with transaction.atomic():
            found = outcome(lambda who=who: push(county, case, by=who))
            transaction.set_rollback(True)
        assert found == mine.get(who, "no_supervision"), who


def test_whoever_holds_the_case_now_is_told_with_the_chief_representative(county):
    case = county.accepted(county.matter())  # to be decided in the township
    row = push(county, case)
    assert {one["user"] for one in row.whom} == {county.people["approver0"].pk}
    bureau = county.accepted(county.bureau_matter())
    second = push(county, bureau)
    people = {county.people[name].pk for name in ("bureau_examiner", "bureau_approver")}
    assert {one["user"] for one in second.whom} == people
    message = Message.objects.get(key=f"urge:{second.pk}", user=county.people["bureau_examiner"])
    assert bureau.display_number in message.words
    assert "请抓紧办理" in message.words
    assert message.detail["page"] == reverse("urge", args=[second.pk])


STANDING = {
    "ended": (lambda county: county.withdrawn(county.filed(county.matter())), "case_ended"),
    "declined": (lambda county: county.declined(county.received(county.matter())), "case_ended"),
    "suspended": (lambda county: county.suspended(county.special_matter()), "case_suspended"),
    "filed": (lambda county: county.filed(county.matter()), "done"),
    "received": (lambda county: county.received(county.matter()), "done"),
}


@pytest.mark.parametrize("standing", STANDING)
def test_a_case_that_waits_for_nobody_at_work_is_not_urged(county, standing):
    make, expected = STANDING[standing]
    case = make(county)
    assert outcome(lambda: push(county, case)) == expected
    page = visitor(county, "supervisor").get(reverse("case_urge", args=[case.number]))
    assert page.status_code == (200 if expected == "done" else 409)


def test_while_the_applicant_is_asked_for_papers_nobody_is_urged(county):
    case = correcting(county, with_materials(county.matter()))
    assert outcome(lambda: push(county, case)) == "case_waits_for_applicant"


def test_one_office_urges_once_a_day_and_all_of_them_three_times(county):
    case = county.passed_on(county.accepted(county.bureau_matter()), "bureau_examiner")
    county.people["village_watch"] = person_in_post(PostKind.SUPERVISOR, county.villages[0])
    push(county, case)
    assert outcome(lambda: push(county, case)) == "urged_today"
    push(county, case, by="director0")
    push(county, case, by="bureau_director")
    assert outcome(lambda: push(county, case, by="village_watch")) == "urged_enough"
    at("2026-03-03 00:00")
    assert outcome(lambda: push(county, case, by="village_watch")) == "done"
    assert Urge.objects.count() == 4


def test_what_is_urged_on_free_days_counts_with_the_next_working_day(county):
    case = county.passed_on(county.accepted(county.bureau_matter(promised=20)), "bureau_examiner")
    for moment in ("2026-03-07 10:00", "2026-03-08 23:59:59", "2026-03-09 08:00"):  # Saturday, Sunday, Monday
        at(moment)
        push(county, case)
    assert {str(day) for day in Urge.objects.values_list("workday", flat=True)} == {"2026-03-09"}
    assert outcome(lambda: push(county, case, by="director0")) == "urged_enough"
    at("2026-03-10 08:00")
    assert outcome(lambda: push(county, case, by="director0")) == "done"


def test_it_says_why(county):
    case = county.accepted(county.matter())
    assert [outcome(lambda text=text: push(county, case, reason=text)) for text in ("", " ", "长" * 301)] == [
        "words_missing"
    ] * 3


def test_whoever_was_urged_answers_once_in_one_line(county):
    case = county.accepted(county.bureau_matter())
    row = push(county, case)
    said = {"words": "等补件，\n 周五办完"}
    assert outcome(lambda: answer_urge(row.pk, actor=county.actor("approver0"), **said)) == "not_urged"
    assert outcome(lambda: answer_urge(row.pk, actor=county.actor("approver1"), **said)) == "not_found"
    answer_urge(row.pk, actor=county.actor("bureau_examiner"), **said)
    assert UrgeAnswer.objects.get().words == "等补件， 周五办完"
    assert outcome(lambda: answer_urge(row.pk, actor=county.actor("bureau_approver"), **said)) == "already_answered"
    assert Message.objects.filter(user=county.people["supervisor"], key=f"urge:{row.pk}:answer").count() == 1


def test_it_stands_in_the_record_of_the_case_for_everybody_who_sees_it(county):
    case = county.accepted(county.bureau_matter())
    row = push(county, case)
    answer_urge(row.pk, actor=county.actor("bureau_examiner"), words="周五办完")
    for who in ("window0", "supervisor", "bureau_examiner"):
        text = unescape(visitor(county, who).get(f"{reverse('case', args=[case.number])}?tab=record").content.decode())
        assert "临近到期，请抓紧办理" in text
        assert "周五办完" in text
    page = visitor(county, "supervisor").get(reverse("case", args=[case.number])).content.decode()
    assert reverse("case_urge", args=[case.number]) in page
    other = visitor(county, "window0").get(reverse("case", args=[case.number])).content.decode()
    assert reverse("case_urge", args=[case.number]) not in other


def test_the_figure_counts_the_urges_of_ones_own_places_this_month(county):
    def count(who):
        present = Present.at(read_moment().at)
        return (
            group_orders.URGES.rows(scope_of(county.actor(who)))
            .filter(URGE_FIGURES["urges_month"].condition(present))
            .count()
        )

    for place in (0, 1):
        push(county, county.accepted(county.matter(promised=40), place))
    assert [count(who) for who in ("supervisor", "director0", "director1", "window0")] == [2, 1, 1, 1]
    at("2026-04-01 00:00")
    assert count("supervisor") == 0


@given(st.integers(0, 9), st.integers(0, 9))
def test_the_bounds_hold_for_every_count(by_office, in_all):
    assert (why_not_again(by_office, in_all) is None) == (by_office == 0 and in_all < MOST_A_DAY)


@pytest.mark.parametrize("status", Status)
def test_every_status_says_whether_it_is_urged(status):
    still = ENDED | {Status.DRAFT, Status.CORRECTING, Status.SUSPENDED}
    assert (why_not_urge(status) is None) == (status not in still)
