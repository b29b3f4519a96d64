"""C12: the window never presses "accept"."""

import pytest
from django.test import Client
from django.urls import reverse

from applications.actions._checks import Finding
from applications.actions.accept import accept
from applications.actions.deem_accepted import deem_accepted
from applications.actions.request_correction import request_correction
from applications.actions.supply import supply
from applications.domain.lifecycle import AFTER_SILENCE, TABLE, Status, Verb
from applications.models import Application
from applications.permissions import available_verbs
from applications.selectors.position import position_of
from halls.acting import system_actor
from halls.domain.errors import Invalid, Refused
from halls.selectors.work_calendar import read_moment
from matters.models import Matter
from supervision.actions.sweep import sweep
from supervision.models import LimitWarning
from tests.clock.attack import blocked_as_application, found
from tests.clock.test_guards_of_acts import EVENT, told
from tests.supervision.county import County, at, clock_of
from tests.supervision.test_defaults import with_materials

pytestmark = pytest.mark.django_db
FAULTY = {1: Finding("missing", "没有交申请表")}


def offered(county: County, case: Application, who: str = "window0") -> list[str]:
    case = Application.objects.get(pk=case.pk)
    return [row.verb for row in available_verbs(county.actor(who), case, position_of(case), read_moment().at)]


def evade(county: County, case: Application, verb: Verb) -> Application:
    """What a window would do instead of accepting."""
    if verb is Verb.DECLINE:
        return county.declined(case)
    return request_correction(case.pk, FAULTY, actor=county.actor("window0"))


def test_after_five_working_days_the_law_has_accepted_since_the_receipt(county: County) -> None:
    case = county.received(county.matter(promised=5))
    at("2026-03-09 23:00")
    with pytest.raises(Refused):
        deem_accepted(case.pk, actor=system_actor())
    at("2026-03-10 00:10")
    case = deem_accepted(case.pk, actor=system_actor())
    assert case.status == Status.IN_PROGRESS
    assert case.accepted_at == case.received_at
    promised = clock_of(case, "promised")
    assert promised.started_at == case.received_at
    assert promised.due_at is not None
    assert promised.due_at.date().isoformat() == "2026-03-09"  # the five days of silence are used up
    assert found() == set()


def test_whoever_accepts_late_gains_nothing(county: County) -> None:
    case = county.received(county.matter(promised=5))
    at("2026-03-11 10:00")
    case = accept(case.pk, {}, actor=county.actor("window0"))
    assert case.accepted_at == case.received_at
    assert clock_of(case, "promised").started_at == case.received_at
    assert found() == set()


def test_the_silence_itself_is_warned_of(county: County) -> None:
    case = county.received(county.matter(promised=5))
    at("2026-03-09 10:00")
    sweep()
    assert LimitWarning.objects.filter(application=case, clock_kind="acceptance").exists()


@pytest.mark.parametrize("verb", [Verb.REQUEST_CORRECTION, Verb.DECLINE])
def test_what_silence_has_accepted_is_neither_sent_back_nor_declined(county: County, verb: Verb) -> None:
    # Received on Monday 2 March: the five working days end on Monday the 9th. Nobody swept since.
    case = county.received(with_materials(county.matter(promised=5)))
    at("2026-03-12 10:00")
    with pytest.raises(Refused) as refusal:
        evade(county, case, verb)
    assert refusal.value.code == "accepted_by_silence"
    assert "自收到材料之日起即为受理" in refusal.value.message
    assert "受理" in refusal.value.cure
    assert Application.objects.get(pk=case.pk).status == Status.RECEIVED
    case = accept(case.pk, {1: Finding("ok")}, actor=county.actor("window0"))
    assert case.accepted_at == case.received_at
    assert found() == set()


@pytest.mark.parametrize("verb", [Verb.REQUEST_CORRECTION, Verb.DECLINE])
def test_until_the_last_second_of_the_fifth_day_both_are_lawful(county: County, verb: Verb) -> None:
    case = county.received(with_materials(county.matter(promised=5)))
    at("2026-03-09 23:59:59")
    assert verb in offered(county, case)
    assert evade(county, case, verb).status in (Status.CORRECTING, Status.DECLINED)


def test_nothing_is_offered_that_will_be_refused_after_the_silence(county: County) -> None:
    case = county.received(with_materials(county.matter(promised=5)))
    assert offered(county, case) == [Verb.REQUEST_CORRECTION, Verb.ACCEPT, Verb.DECLINE, Verb.WITHDRAW]
    at("2026-03-10 00:00")
    assert offered(county, case) == [Verb.ACCEPT, Verb.WITHDRAW]
    assert offered(county, case, "clerk0") == [Verb.WITHDRAW]
    at_the_window = {row.verb for row in TABLE if Status.RECEIVED in row.sources}
    assert at_the_window - AFTER_SILENCE == {Verb.REQUEST_CORRECTION, Verb.DECLINE}


def test_the_applicant_may_withdraw_after_the_silence(county: County) -> None:
    case = county.received(county.matter(promised=5))
    at("2026-03-12 10:00")
    assert county.withdrawn(case).status == Status.WITHDRAWN


def test_silence_after_the_supplement_accepts_since_the_supplement(county: County) -> None:
    case = county.received(with_materials(county.matter(promised=5)))
    evade(county, case, Verb.REQUEST_CORRECTION)
    at("2026-03-04 10:00")
    supply(case.pk, actor=county.actor("clerk0"))
    at("2026-03-11 23:59")  # the fifth working day after the 4th
    assert Verb.DECLINE in offered(county, case)
    at("2026-03-12 00:00")
    with pytest.raises(Refused):
        county.declined(case)
    case = accept(case.pk, {1: Finding("ok")}, actor=county.actor("window0"))
    assert case.accepted_at is not None
    assert case.accepted_at.date().isoformat() == "2026-03-04"


def test_faulty_papers_are_no_reason_left_to_send_the_case_back(county: County) -> None:
    case = county.received(with_materials(county.matter(promised=5)))
    at("2026-03-12 10:00")
    with pytest.raises(Invalid) as refusal:
        accept(case.pk, FAULTY, actor=county.actor("window0"))
    for cure in (refusal.value.cure, refusal.value.problems[0].cure):
        assert "请发出一次性告知" not in cure
        assert "不予受理" not in cure.replace("不能再一次性告知或不予受理", "")
        assert "视为受理" in cure


def test_the_pages_of_the_window_say_so_and_offer_neither(county: County) -> None:
    matter: Matter = with_materials(county.matter(promised=10))
    case = county.received(matter)
    window = Client()
    window.force_login(county.people["window0"])
    check = reverse("case_verb", args=[case.number, "accept"])
    words = window.get(check).content.decode()
    assert "发出一次性告知" in words
    assert "不予受理" in words
    at("2026-03-12 10:00")
    words = window.get(check).content.decode()
    assert "发出一次性告知" not in words
    assert reverse("case_verb", args=[case.number, "decline"]) not in words
    assert "2026年3月2日" in words  # since when it counts as accepted
    assert "2026-03-16" in words  # ten working days after that, not after today
    for verb in ("decline", "request_correction"):
        answer = window.get(reverse("case_verb", args=[case.number, verb]))
        assert answer.status_code == 409
        assert "即为受理" in answer.content.decode()


@pytest.mark.parametrize("verb", [Verb.REQUEST_CORRECTION, Verb.DECLINE])
def test_the_database_knows_it_too(county: County, verb: Verb) -> None:
    case = county.received(county.matter(promised=5))
    at("2026-03-10 00:00")
    blocked_as_application(EVENT, *told(case, county.people["window0"], verb=verb.value), by=("23001",))
