"""不参加排名: signed by two, dated forward, told to whoever confirms; a ranking says whom it leaves out."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from halls.domain.errors import Invalid, NotPermitted, Refused
from supervision.actions.exclude import Span, confirm_exclusion, drop_exclusion, end_exclusion, propose_exclusion
from supervision.domain.periods import Period, PeriodKind
from supervision.models import ExclusionRule, Message
from supervision.selectors.bulletins import exclusions_of
from supervision.selectors.exclusions import exclusions_on
from tests.supervision.cards import staffed
from tests.supervision.county import at

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(county):
    return staffed(county)


def span(people, **changes):
    said = {"body": people.bureau.code, "starts_on": date(2026, 3, 2), "until": date(2026, 3, 31)}
    return Span(**said | {"document_no": "示例府发〔2026〕9号"} | changes)


def test_an_exclusion_holds_from_its_first_to_its_last_day_once_two_persons_signed(people):
    rule = propose_exclusion(span(people), actor=people.actor("supervisor"), reason="机构改革")
    assert exclusions_on(date(2026, 3, 2)) == []
    with pytest.raises(Refused, match="same_person"):
        confirm_exclusion(rule.pk, actor=people.actor("supervisor"))
    confirm_exclusion(rule.pk, actor=people.actor("second"))
    held = {
        day: bool(exclusions_on(day))
        for day in (date(2026, 3, 1), date(2026, 3, 2), date(2026, 3, 31), date(2026, 4, 1))
    }
    assert list(held.values()) == [False, True, True, False]


def test_an_exclusion_that_is_ended_holds_no_more_from_that_day_on(people):
    rule = propose_exclusion(span(people, until=None), actor=people.actor("supervisor"), reason="机构改革")
    confirm_exclusion(rule.pk, actor=people.actor("second"))
    at("2026-03-20 10:00")
    end_exclusion(rule.pk, actor=people.actor("second"), reason="改革完成")
    assert [bool(exclusions_on(day)) for day in (date(2026, 3, 19), date(2026, 3, 20))] == [True, False]
    with pytest.raises(Refused, match="not_in_force"):
        end_exclusion(rule.pk, actor=people.actor("supervisor"), reason="再结束")


@pytest.mark.parametrize("starts_on", [date(2026, 3, 31), date(2026, 3, 2)])
def test_a_rule_that_begins_within_a_period_leaves_nobody_out_of_it(people, starts_on):
    rule = propose_exclusion(
        span(people, body=people.townships[0].code, starts_on=starts_on, until=None),
        actor=people.actor("supervisor"),
        reason="机构改革",
    )
    confirm_exclusion(rule.pk, actor=people.actor("second"))
    march = Period(PeriodKind.MONTH, date(2026, 3, 1))
    assert exclusions_of(people.hall, march) == []
    (left_out,) = exclusions_of(people.hall, march.following)
    assert (left_out.path, left_out.name) == (people.townships[0].path, people.townships[0].name)


def test_whoever_may_confirm_an_exclusion_is_told_and_sees_that_it_waits(people):
    given = {
        "body": people.bureau.code, "starts_on": "2026-03-02", "until": "", "document_no": "示例府发〔2026〕9号",
        "reason": "机构改革",
    }  # fmt: skip
    client = Client()
    client.force_login(people.people["supervisor"])
    assert client.post(reverse("supervision_exclusions"), given).status_code == 302
    rule = ExclusionRule.objects.get()
    told = Message.objects.filter(key=f"sign:exclusion:{rule.pk}")
    assert people.people["second"].pk in told.values_list("user_id", flat=True)
    assert "示例府发〔2026〕9号" in told[0].words
    assert "待您确认：不参加排名" not in client.get(reverse("supervision")).content.decode()
    client.force_login(people.people["second"])
    page = client.get(reverse("supervision")).content.decode()
    assert "待您确认：不参加排名 1 项" in page
    assert reverse("supervision_exclusion", args=[rule.pk]) in page
    mine = told.get(user=people.people["second"])
    assert (
        reverse("supervision_exclusion", args=[rule.pk])
        in client.get(reverse("message", args=[mine.pk])).content.decode()
    )


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"body": "nowhere"}, "body"),
        ({"starts_on": date(2026, 3, 1)}, "starts_on"),
        ({"until": date(2026, 3, 1)}, "until"),
        ({"document_no": " "}, "document_no"),
    ],
)
def test_an_exclusion_is_dated_forward_and_has_a_document(people, changes, field):
    with pytest.raises(Invalid) as refusal:
        propose_exclusion(span(people, **changes), actor=people.actor("supervisor"), reason="机构改革")
    assert refusal.value.problems[0].field == field


def test_what_was_confirmed_too_late_does_not_begin_in_the_past(people):
    rule = propose_exclusion(span(people), actor=people.actor("supervisor"), reason="机构改革")
    at("2026-03-03 10:00")
    with pytest.raises(Refused, match="backwards"):
        confirm_exclusion(rule.pk, actor=people.actor("second"))
    drop_exclusion(rule.pk, actor=people.actor("second"))


@pytest.mark.parametrize("who", ["director0", "bureau_director", "window0"])
def test_nobody_below_the_county_takes_itself_out_of_a_ranking(people, who):
    with pytest.raises(NotPermitted):
        propose_exclusion(span(people), actor=people.actor(who), reason="机构改革")
