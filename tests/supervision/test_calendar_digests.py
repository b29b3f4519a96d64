"""One digest per person and calendar, whatever the number of cases; whoever filed a case tells its villager."""

import pytest
from django.test import Client
from django.urls import reverse

from applications.actions.recalculate import recalculate
from halls.models import CalendarNotice, User
from supervision.actions import settle_calendar as settling
from supervision.actions import tell_people as telling
from supervision.actions.prove_lights import prove_lights
from supervision.actions.settle_calendar import settle_calendar
from supervision.actions.sweep import sweep
from supervision.models import Message
from tests.factories.calendar import load_days
from tests.supervision.county import at

pytestmark = pytest.mark.django_db
MOVED = (Message.Kind.DATES_MOVED, Message.Kind.TELL_VILLAGER)


def told(county, role):
    return list(Message.objects.filter(user=county.people[role], kind__in=MOVED).order_by("pk"))


def test_many_batches_make_one_digest_for_each_person(county, monkeypatch):
    monkeypatch.setattr(settling, "BATCH", 2)
    cases = [county.accepted(county.matter(promised=5)) for _ in range(5)]
    load_days(2026, off=["2026-03-04"])
    assert settle_calendar().moved == 5
    [digest] = told(county, "approver0")
    assert "5 件" in digest.words
    assert {line["number"] for line in digest.detail["cases"]} == {case.number for case in cases}
    settle_calendar(again=True)
    assert len(told(county, "approver0")) == 1


def test_a_worker_that_dies_before_the_end_leaves_the_digest_to_the_next(county, monkeypatch):
    monkeypatch.setattr(settling, "BATCH", 2)
    for _ in range(3):
        county.accepted(county.matter(promised=5))
    load_days(2026, off=["2026-03-04"])
    assert settle_calendar(patience=0).moved == 1
    assert told(county, "approver0") == []

    def dies(*_args, **_options):
        raise KeyboardInterrupt

    monkeypatch.setattr(settling, "tell_settled", dies)
    with pytest.raises(KeyboardInterrupt):
        settle_calendar()
    assert CalendarNotice.objects.latest("pk").settled_at is None
    monkeypatch.undo()
    sweep()
    [digest] = told(county, "approver0")
    assert "3 件" in digest.words


def test_a_case_that_cannot_be_moved_keeps_nobody_else_in_the_dark_for_long(county, monkeypatch):
    bad, good = (county.accepted(county.matter(promised=5)) for _ in range(2))
    load_days(2026, off=["2026-03-04"])
    monkeypatch.setattr(
        settling, "recalculate", lambda pk, **options: 1 / 0 if pk == bad.pk else recalculate(pk, **options)
    )
    settle_calendar()
    assert told(county, "approver0") == []  # it may be free in a minute, and then there is one digest
    at("2026-03-02 12:00")
    settle_calendar()
    settle_calendar()
    [digest] = told(county, "approver0")
    assert {line["number"] for line in digest.detail["cases"]} == {good.number}
    monkeypatch.undo()
    settle_calendar()
    assert {line["number"] for line in told(county, "approver0")[1].detail["cases"]} == {bad.number}


def test_whoever_filed_the_case_is_to_tell_the_villager_the_new_promise(county):
    case = county.accepted(county.matter(promised=5))
    waiting = county.received(county.matter(promised=5))
    load_days(2026, off=["2026-03-04"])
    settle_calendar()
    [task] = told(county, "clerk0")
    assert task.kind == Message.Kind.TELL_VILLAGER
    assert "其中 1 件请把新的日期告知申请人" in task.words
    to_tell = {line["number"] for line in task.detail["cases"] if line["tell"]}
    assert to_tell == {case.number}  # the limit for accepting was promised to nobody
    assert waiting.number in {line["number"] for line in task.detail["cases"]}
    [digest] = told(county, "approver0")
    assert (digest.kind, "告知申请人" in digest.words) == (Message.Kind.DATES_MOVED, False)


def test_a_pause_that_ends_later_is_told_to_the_villager_too(county):
    case = county.suspended(county.special_matter(days=3))
    load_days(2026, off=["2026-03-04"])
    settle_calendar()
    [task] = told(county, "clerk0")
    assert task.kind == Message.Kind.TELL_VILLAGER
    assert [line["number"] for line in task.detail["cases"] if line["tell"]] == [case.number]


def test_the_message_leads_to_the_list_of_all_its_cases(county, monkeypatch):
    monkeypatch.setattr("supervision.views.messages.SHOWN", 2)
    monkeypatch.setattr("supervision.views.messages.PAGE", 2)
    cases = [county.accepted(county.matter(promised=5)) for _ in range(3)]
    load_days(2026, off=["2026-03-04"])
    settle_calendar()
    [digest] = told(county, "clerk0")
    client = Client()
    client.force_login(User.objects.get(pk=county.people["clerk0"].pk))
    page, listed = reverse("message", args=[digest.pk]), reverse("message_cases", args=[digest.pk])
    shown = client.get(page).content.decode()
    assert listed in shown
    assert [case.number in shown for case in cases].count(True) == 2
    pages = [client.get(f"{listed}?page={number}").content.decode() for number in (1, 2, 3)]
    assert "须告知申请人" in pages[0]
    # Two limits each: the promise, which is to be told, comes before the step.
    assert [sum(html.count(f">{case.number}<") for html in pages) for case in cases] == [2, 2, 2]
    for page in ("0", "x", "9" * 30):
        assert client.get(f"{listed}?page={page}").status_code == 200
    other = Client()
    other.force_login(User.objects.get(pk=county.people["clerk1"].pk))
    assert other.get(listed).status_code == 404


def test_a_digest_keeps_so_many_lines_and_counts_the_rest(county, monkeypatch):
    monkeypatch.setattr(telling, "CASES_LISTED", 2)
    for _ in range(3):
        county.accepted(county.matter(promised=5))
    load_days(2026, off=["2026-03-04"])
    settle_calendar()
    [digest] = told(county, "clerk0")
    assert (len(digest.detail["cases"]), digest.detail["more"]) == (2, 1)


# --- what ended long ago -------------------------------------------------------------------------------------------


def test_what_ended_long_before_a_calendar_keeps_its_dates_and_raises_no_alarm(county):
    case = county.delivered(county.granted(county.accepted(county.matter(promised=5))))
    at("2026-06-01 10:00")
    load_days(2026, off=["2026-03-04"])
    assert settle_calendar().looked_at == 0
    assert prove_lights(is_whole=True).differences == ()
    later = county.accepted(county.matter(promised=5))
    load_days(2026, off=["2026-06-03"])
    assert settle_calendar().moved == 1
    sweep()
    assert prove_lights(is_whole=True).differences == ()
    assert case.pk < later.pk


def test_what_ended_lately_is_moved_and_stays_proved_when_it_grows_old(county):
    county.delivered(county.granted(county.accepted(county.matter(promised=5))))
    at("2026-04-20 10:00")
    load_days(2026, off=["2026-03-04"])
    assert settle_calendar().moved == 1
    at("2026-08-20 10:00")
    assert prove_lights(is_whole=True).differences == ()
    settle_calendar(again=True)
    assert prove_lights(is_whole=True).differences == ()


def test_a_settling_that_comes_late_reaches_the_same_cases(county):
    case = county.delivered(county.granted(county.accepted(county.matter(promised=5))))
    at("2026-04-30 10:00")
    load_days(2026, off=["2026-03-04"])
    at("2026-05-20 10:00")  # more than 62 days behind the end of the case by now
    assert settle_calendar().moved == 1
    assert prove_lights(is_whole=True).differences == ()
    assert case.pk
