"""督办单: its number, its limit with lights and rungs, and the figures that count it."""

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from applications.domain.lights import Colour
from halls.domain.duties import PostKind
from halls.domain.worktime import SHANGHAI
from halls.models import Hall, User
from halls.selectors.work_calendar import read_moment
from supervision.actions.prove_lights import prove_lights
from supervision.actions.sweep import sweep
from supervision.figures import Present
from supervision.figures_orders import ORDER_FIGURES
from supervision.models import Message, SupervisionOrder, Term, TermWarning
from supervision.selectors.orders import Organ, visible_orders
from supervision.selectors.terms import colour_of_term
from tests.factories.calendar import publish_2027
from tests.factories.halls import DepartmentFactory, HallFactory, person_in_post
from tests.supervision.accounts import shanghai
from tests.supervision.county import at
from tests.supervision.ordering import (
    accept,
    give_up,
    issue,
    reply,
    send_back,
)

pytestmark = pytest.mark.django_db


# --- number -------------------------------------------------------------------------------------------------------


def test_numbers_run_through_midnight_and_months_and_begin_anew_with_the_year(county):
    publish_2027()
    moments = ("2026-03-02 10:00", "2026-03-31 23:59:59", "2026-04-01 00:00", "2026-12-31 23:59:59",
               "2027-01-01 00:00", "2027-01-04 09:00")  # fmt: skip
    numbers = []
    for n, moment in enumerate(moments):
        at(moment)
        numbers.append(issue(county, title=f"第 {n} 件").number)
    assert numbers == [
        "督〔2026〕1号",
        "督〔2026〕2号",
        "督〔2026〕3号",
        "督〔2026〕4号",
        "督〔2027〕1号",
        "督〔2027〕2号",
    ]
    assert SupervisionOrder.objects.get(year=2027, serial=1).issued_at == shanghai("2027-01-01 00:00")


def test_each_county_counts_for_itself(county):
    other: Any = HallFactory(short_name="邻县", name="邻县政务服务中心")
    person = person_in_post(PostKind.SUPERVISOR, other)
    county.people["neighbour"] = User.objects.get(pk=person.pk)
    assert [issue(county).serial, issue(county, county.bureau).serial] == [1, 2]
    order = issue(county, other, by="neighbour")
    assert (order.serial, order.county_code) == (1, other.code[:6])


def test_each_office_counts_for_itself_and_no_number_comes_twice(county):
    by_county = [issue(county).number, issue(county, county.bureau).number]
    by_townships = [
        issue(county, county.villages[n], by=f"director{n}", title=f"台账不全 {time}").number
        for n in (0, 1)
        for time in (1, 2)
    ]
    assert by_county == ["督〔2026〕1号", "督〔2026〕2号"]
    assert by_townships == ["东乡督〔2026〕1号", "东乡督〔2026〕2号", "西镇督〔2026〕1号", "西镇督〔2026〕2号"]
    told = Message.objects.filter(key__startswith="signature:order", user=county.people["director1"])
    assert any("签发（西镇督〔2026〕2号）" in row.words for row in told)


def test_offices_of_one_name_count_each_for_itself_and_name_their_hall(county):
    numbers = []
    for township in county.townships:
        office: Any = DepartmentFactory(kind="office", hall=township, name="民政办")
        county.people[office.path] = person_in_post(PostKind.SUPERVISOR, office)
        numbers += [issue(county, office, by=office.path, title=f"台账不全 {time}").number for time in (1, 2)]
    assert numbers == [
        "东乡民政办督〔2026〕1号",
        "东乡民政办督〔2026〕2号",
        "西镇民政办督〔2026〕1号",
        "西镇民政办督〔2026〕2号",
    ]


def test_an_office_that_is_renamed_goes_on_counting(county):
    first = issue(county, county.villages[0], by="director0", title="台账不全 1")
    Hall.objects.filter(pk=county.townships[0].pk).update(short_name="新东乡")
    second = issue(county, county.villages[0], by="director0", title="台账不全 2")
    assert [first.number, second.number] == ["东乡督〔2026〕1号", "新东乡督〔2026〕2号"]


@pytest.mark.parametrize("path", ["999999/", "{county}999/", "{county}~NOBODY/"])
def test_no_order_is_of_an_office_that_there_is_not(county, monkeypatch, path):
    nobody = Organ(path.format(county=county.hall.path), "", "无此单位", "")
    monkeypatch.setattr("supervision.actions.issue_order.issuer_of", lambda _organ, _actor: nobody)
    with pytest.raises(IntegrityError, match="an office that there is"), transaction.atomic():
        issue(county)


# --- its limit ----------------------------------------------------------------------------------------------------


def test_five_working_days_its_lights_and_rungs(county):
    order = issue(county)  # Monday 2 March
    term = Term.objects.get(pk=order.term_id)
    assert term.due_at == shanghai("2026-03-09 23:59:59")
    days = {"2026-03-02 11:00": Colour.GREEN, "2026-03-09 10:00": Colour.YELLOW, "2026-03-10 00:01": Colour.RED}
    assert {day: colour_of_term(term, at(day)) for day in days} == days
    at("2026-03-13 09:00")
    sweep()
    sweep()
    levels = TermWarning.objects.filter(term=term).order_by("pk").values_list("level", flat=True)
    assert list(levels) == ["warning", "yellow", "red"]
    reached = Message.objects.filter(key=f"term:{term.pk}:yellow").values_list("user_id", flat=True)
    assert county.people["director0"].pk in set(reached)
    assert not prove_lights().differences


def test_a_reply_stops_the_limit_and_being_sent_back_begins_a_new_one(county):
    order = issue(county)
    at("2026-03-04 16:00")
    reply(county, order)
    first = Term.objects.get(begun_by__order=order, begun_by__act="issue")
    assert (first.state, first.stopped_at) == ("stopped", shanghai("2026-03-04 16:00"))
    at("2026-03-05 09:00")
    send_back(county, order)
    order.refresh_from_db()
    assert order.term_id != first.pk
    assert order.term.due_at == shanghai("2026-03-12 23:59:59")
    at("2026-03-30 09:00")
    sweep()
    assert set(TermWarning.objects.values_list("term", flat=True)) == {order.term_id}
    assert not prove_lights().differences


# --- figures ------------------------------------------------------------------------------------------------------


def test_every_figure_counts_what_it_says(county):
    def count(key, who="supervisor"):
        present = Present.at(read_moment().at)
        return visible_orders(county.actor(who)).filter(ORDER_FIGURES[key].condition(present)).count()

    closed, failed, waiting, late = (issue(county, title=f"第 {n} 件") for n in range(4))
    issue(county, county.bureau)
    for order in (closed, failed, waiting):
        reply(county, order)
    accept(county, closed)
    give_up(county, failed)
    at("2026-03-20 10:00")
    reply(county, late)
    keys = ("orders_open", "orders_overdue", "orders_replied_in_time_month", "orders_closed_month",
            "orders_unrectified_month")  # fmt: skip
    assert [count(key) for key in keys] == [3, 1, 3, 1, 1]
    assert [count(key, "director0") for key in keys] == [2, 0, 3, 1, 1]
    assert [count(key, "director1") for key in keys] == [0] * 5
    at("2026-04-01 00:00")
    assert [count(key) for key in keys] == [3, 1, 0, 0, 0]
    assert date(2026, 4, 1) == Present.at(read_moment().at).month.astimezone(SHANGHAI).date()
