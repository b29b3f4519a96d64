"""C10, the other way round: a publicity that is not held, or ended before the public had its days."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from applications.actions.pass_on import pass_on
from applications.actions.resume import resume
from applications.actions.suspend import suspend
from applications.models import Application, Event
from applications.selectors.case_page import event_words
from halls.domain.errors import Invalid
from tests.clock.attack import shown
from tests.supervision.county import County, at

pytestmark = pytest.mark.django_db
LIST = "supervision_suspicions"


def last_act(case: Application) -> Event:
    return Event.objects.filter(application=case).latest("seq")


def words(case: Application) -> str:
    act = last_act(case)
    return event_words(act.verb, act.detail)


def page_of(county: County, case: Application, verb: str) -> str:
    client = Client()
    client.force_login(county.people["examiner0"])
    answer = client.get(reverse("case_verb", args=[case.number, verb]))
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize(
    ("moment", "left", "told"),
    [
        ("2026-03-02 10:01", 7, "提前 7 天结束"),
        ("2026-03-08 23:59", 1, "提前 1 天结束"),
        ("2026-03-09 17:00", 0, "最后一天未满即结束"),
    ],
)
def test_an_early_end_has_a_reason_and_is_told(county: County, moment: str, left: int, told: str) -> None:
    case = county.suspended(county.special_matter(days=7, unit="cd"))  # until Monday the 9th
    at(moment)
    with pytest.raises(Invalid, match="ended_early") as refusal:
        resume(case.pk, actor=county.actor("examiner0"), note=" ")
    assert refusal.value.field == "note"
    assert refusal.value.cure
    resume(case.pk, actor=county.actor("examiner0"), note="申请人催得急")
    assert last_act(case).detail["ended_early"] == left
    assert told in words(case)
    text = shown(county, LIST)
    for part in (case.display_number, told, "申请人催得急", county.townships[0].name):
        assert part in text
    assert case.display_number in shown(county, LIST, "director0")
    assert case.display_number not in shown(county, LIST, "director1")


def test_the_page_warns_before_the_button_while_days_are_left(county: County) -> None:
    case = county.suspended(county.special_matter(days=7, unit="cd"))
    at("2026-03-05 10:00")
    assert "还有 4 天没有满" in page_of(county, case, "resume")
    at("2026-03-09 10:00")
    assert "最后一天还没有过完" in page_of(county, case, "resume")
    at("2026-03-10 09:00")
    assert "提前结束" not in page_of(county, case, "resume")


def test_an_end_after_the_last_day_is_nobodys_suspicion(county: County) -> None:
    case = county.suspended(county.special_matter(days=7, unit="cd"))
    at("2026-03-10 09:00")
    resume(case.pk, actor=county.actor("examiner0"))
    assert "ended_early" not in last_act(case).detail
    assert case.display_number not in shown(county, LIST)


def test_a_survey_may_be_done_before_its_working_days_are_over(county: County) -> None:
    case = county.suspended(county.special_matter(days=5))
    assert "提前结束" not in page_of(county, case, "resume")
    resume(case.pk, actor=county.actor("examiner0"))
    assert "ended_early" not in last_act(case).detail
    assert case.display_number not in shown(county, LIST)


def test_a_publicity_that_was_left_out_has_a_reason_and_is_told(county: County) -> None:
    case = county.accepted(county.special_matter(days=7, unit="cd"))
    examiner = county.actor("examiner0")
    assert "还没有启动特别程序" in page_of(county, case, "pass_on")
    with pytest.raises(Invalid, match="skipped") as refusal:
        pass_on(case.pk, actor=examiner)
    assert refusal.value.field == "opinion"
    pass_on(case.pk, actor=examiner, opinion="上次已经公示")
    assert last_act(case).detail["skipped"] is True
    assert "未启动特别程序" in words(case)
    text = shown(county, LIST)
    for part in (case.display_number, "未启动", "上次已经公示"):
        assert part in text
    assert case.display_number not in shown(county, LIST, "director1")


def test_a_publicity_that_was_held_is_passed_on_without_a_word(county: County) -> None:
    case = county.suspended(county.special_matter(days=7, unit="cd"))
    at("2026-03-10 09:00")
    resume(case.pk, actor=county.actor("examiner0"))
    assert "还没有启动特别程序" not in page_of(county, case, "pass_on")
    pass_on(case.pk, actor=county.actor("examiner0"))
    assert "skipped" not in last_act(case).detail
    assert "未启动特别程序" not in words(case)


def test_after_ninety_days_it_is_off_the_list(county: County) -> None:
    case = county.suspended(county.special_matter(days=7, unit="cd"))
    resume(case.pk, actor=county.actor("examiner0"), note="误操作")
    at("2026-06-20 09:00")
    assert case.display_number not in shown(county, LIST)


def test_the_list_costs_the_same_for_one_case_and_for_many(county: County) -> None:
    matter = county.special_matter(days=7, unit="cd")
    client = Client()
    client.force_login(county.people["supervisor"])

    def cost() -> int:
        with CaptureQueriesContext(connection) as found:
            assert client.get(reverse(LIST)).status_code == 200
        return len(found)

    def cut_short() -> None:
        case = county.accepted(matter)
        suspend(case.pk, actor=county.actor("examiner0"), was_told=True)
        resume(case.pk, actor=county.actor("examiner0"), note="误操作")

    cut_short()
    cost()
    before = cost()
    for _ in range(3):
        cut_short()
    assert cost() == before


def test_who_stood_still_for_a_few_days_is_not_among_the_long_ones(county: County) -> None:
    ordinary = county.suspended(county.special_matter(days=5))
    at("2026-03-04 10:00")
    resume(ordinary.pk, actor=county.actor("examiner0"))
    at("2026-03-02 10:00")
    long = county.suspended(county.special_matter(days=15))
    at("2026-03-17 10:00")  # eleven working days
    text = shown(county, LIST)
    assert ordinary.display_number not in text
    assert long.display_number in text
    assert "超过 10 个工作日" in text
