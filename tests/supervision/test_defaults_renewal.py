"""视为准予延续 (行政许可法 §50(2)): it follows to the end of the permit in hand, and to nothing else."""

from datetime import date, datetime
from typing import Any

import pytest

from applications.actions.deem_renewed import deem_renewed
from applications.actions.draft import draft
from applications.actions.fill import fill_applicant, fill_form
from applications.actions.grant import grant
from applications.actions.refuse import refuse
from applications.actions.submit import submit
from applications.domain.lifecycle import Status, Verb
from applications.models import Application, Event
from applications.permissions import available_verbs
from applications.selectors.position import position_of
from halls.acting import Actor, acting_user, system_actor
from halls.domain.duties import PostKind
from halls.domain.errors import Invalid, NotFound, NotPermitted, Refused
from halls.domain.worktime import SHANGHAI
from halls.selectors.work_calendar import read_moment
from matters.domain.timeout import permit_ends
from matters.models import Matter, Step
from supervision.actions.release import release
from supervision.actions.sweep import sweep
from supervision.models import Accountability, LimitWarning, Message
from supervision.selectors.timeout import pending_releases
from tests.clock.attack import GUARDED, blocked
from tests.factories.halls import person_in_post
from tests.supervision.county import APPLICANT, County, at, clock_of
from tests.supervision.test_defaults import CITED, fresh, publish, renewal_matter

pytestmark = pytest.mark.django_db


def pass_the_permit(day: str = "2026-03-31", after: str = "2026-04-01") -> None:
    """Go to just after the last day of the permit; somebody swept shortly before."""
    at(f"{day} 23:58")
    assert sweep().defaulted == 0
    at(f"{after} 00:01")


@pytest.fixture
def matter(county: County) -> Matter:
    made = renewal_matter(county)
    publish(county, made, place="renewal", policy="deemed_renew")
    return made


# --- when it follows --------------------------------------------------------------------------------------------------

ENDS = [
    (date(2026, 3, 31), "2026-03-31", "2026-04-01"),  # a Tuesday
    (date(2026, 3, 8), "2026-03-08", "2026-03-09"),  # a Sunday: the date on the permit does not move (not 民法典 §203)
    (date(2026, 5, 1), "2026-05-01", "2026-05-02"),  # 劳动节
    (date(2026, 3, 4), "2026-03-04", "2026-03-05"),  # long before the promise of five working days ends
]


@pytest.mark.parametrize(("end", "last", "following"), ENDS)
def test_it_follows_when_the_last_day_of_the_permit_is_over(
    county: County, matter: Matter, end: date, last: str, following: str
) -> None:
    county.permit_end = end
    case = county.accepted(matter)
    pass_the_permit(last, following)
    assert [sweep().defaulted, sweep().defaulted] == [1, 0]
    account = Accountability.objects.get()
    assert account.act == "deemed_renew"
    assert (
        account.breached_at == permit_ends(end) == datetime(end.year, end.month, end.day, 23, 59, 59, tzinfo=SHANGHAI)
    )
    event = Event.objects.filter(application=case).latest("seq")
    assert (event.verb, event.to_status, event.detail["permit_expires_on"]) == (
        "deem_renewed",
        "in_progress",
        end.isoformat(),
    )
    assert CITED in event.reason


def test_the_limits_of_the_office_are_not_the_end_of_the_permit(county: County) -> None:
    steps: list[dict[str, Any]] = [{"kind": "accept"}, {"kind": "decide", "days": 4}]
    guide: dict[str, Any] = {"kind": "行政许可", "statutory_amount": 20, "statutory_unit": "wd"}
    matter = county.matter(promised=5, steps=steps, name="人力资源服务许可延续", **guide)
    publish(county, matter, place="renewal", policy="deemed_renew")
    county.permit_end = date(2026, 6, 30)
    case = county.accepted(matter)
    at("2026-04-20 10:00")  # promise and statute are over
    sweep()
    assert not Accountability.objects.exists()
    assert {w.level for w in LimitWarning.objects.filter(clock=clock_of(case, "statutory"))} >= {"red"}
    pass_the_permit("2026-06-30", "2026-07-01")
    assert sweep().defaulted == 1
    account = Accountability.objects.get()
    assert account.clock == clock_of(case, "statutory")
    assert account.card is not None
    assert account.card.level == "red"


def test_without_the_end_of_the_permit_it_never_follows(county: County, matter: Matter) -> None:
    """A case of the time before anybody asked for it."""
    case = filed_before_it_was_asked(county, matter)
    at("2026-12-01 09:00")
    sweep()
    at("2026-12-01 09:05")
    assert sweep().defaulted == 0
    assert not Accountability.objects.exists()
    with pytest.raises(Refused) as refused:
        deem_renewed(case.pk, actor=system_actor(), basis="示例文件")
    assert refused.value.code == "no_permit_end"
    refuse(case.pk, actor=county.actor("approver0"), reason="不符合条件")


def filed_before_it_was_asked(county: County, matter: Matter) -> Application:
    assert matter.current is not None
    type(matter.current).objects.filter(pk=matter.current.pk).update(name="人力资源服务许可换证")
    case = county.accepted(Matter.objects.get(pk=matter.pk))
    assert case.permit_expires_on is None
    return case


def test_a_pause_does_not_stop_the_permit_from_ending(county: County) -> None:
    """§45 leaves days out of the limits for deciding; the permit ends all the same."""
    steps: list[dict[str, Any]] = [
        {"kind": "accept"},
        {"kind": "special", "days": 40, "unit": "wd", "counts_in_limit": False},
        {"kind": "decide", "days": 4},
    ]
    matter = county.matter(promised=5, steps=steps, kind="行政许可", name="人力资源服务许可延续")
    publish(county, matter, place="renewal", policy="deemed_renew")
    case = county.suspended(matter)
    pass_the_permit()
    assert sweep().defaulted == 1
    assert fresh(case).status == Status.SUSPENDED
    account = Accountability.objects.get()
    assert (account.act, account.card) == ("deemed_renew", None)  # its own clock stands still: no card was earned
    assert [one["name"] for one in account.holders] == [county.people["examiner0"].full_name]


def test_a_decision_on_the_last_day_is_in_time(county: County, matter: Matter) -> None:
    case = county.accepted(matter)
    at("2026-03-31 23:50")
    refuse(case.pk, actor=county.actor("approver0"), reason="不符合条件")
    at("2026-04-01 00:01")
    sweep()
    at("2026-04-01 00:05")
    assert sweep().defaulted == 0
    assert not Accountability.objects.exists()


def test_those_above_are_told_of_the_permit_not_of_the_promise(county: County, matter: Matter) -> None:
    county.accepted(matter)
    pass_the_permit()
    sweep()
    words = Message.objects.filter(key__startswith="default:").first()
    assert words is not None
    assert "原许可有效期于2026年03月31日届满，没有作出决定，视为准予延续" in words.words


# --- what may be done afterwards --------------------------------------------------------------------------------------


def test_a_renewal_waits_for_a_named_person_however_long_it_is_over(county: County, matter: Matter) -> None:
    case = county.accepted(matter)
    pass_the_permit()
    sweep()
    assert fresh(case).status == Status.IN_PROGRESS
    approver = county.actor("approver0")
    (waiting,) = pending_releases(approver)
    assert waiting.card is not None
    assert (waiting.act, waiting.card.level) == ("deemed_renew", "red")
    with pytest.raises(Invalid):
        release(waiting.pk, actor=approver, note=" ")
    with pytest.raises(NotPermitted):
        release(waiting.pk, actor=county.actor("window0"), note="可以")
    with pytest.raises(NotFound):
        release(waiting.pk, actor=county.actor("approver1"), note="可以")
    assert fresh(case).status == Status.IN_PROGRESS
    release(waiting.pk, actor=approver, note="许可条件没有变化")
    event = Event.objects.filter(application=case).latest("seq")
    assert (event.verb, event.person_code) == ("grant", approver.person_code)
    assert "许可条件没有变化" in event.reason
    assert CITED in event.reason
    assert not pending_releases(approver)
    with pytest.raises(NotFound):
        release(waiting.pk, actor=approver, note="再来一次")


def test_who_accepted_the_case_cannot_release_it(county: County, matter: Matter) -> None:
    county.accepted(matter)
    both = acting_user(person_in_post(PostKind.APPROVER, county.townships[0], user=county.people["window0"]))
    pass_the_permit()
    sweep()
    with pytest.raises(Refused) as refused:
        release(Accountability.objects.get().pk, actor=both, note="可以")
    assert refused.value.code == "accepted_by_decider"


def test_what_the_law_counts_as_renewed_is_not_refused_any_more(county: County, matter: Matter) -> None:
    case = county.accepted(matter)
    approver = county.actor("approver0")
    assert Verb.REFUSE in offered(approver, case)
    pass_the_permit()
    sweep()
    with pytest.raises(Refused) as refused:
        refuse(case.pk, actor=approver, reason="不符合条件")
    assert refused.value.code == "deemed_renewed"
    assert "视为准予延续" in refused.value.message
    assert "第六十九条" in refused.value.cure
    assert Verb.REFUSE not in offered(approver, case)
    assert Verb.GRANT in offered(approver, case)
    assert fresh(case).status == Status.IN_PROGRESS
    grant(case.pk, actor=approver)


def offered(actor: Actor, case: Application) -> set[Verb]:
    row = Application.objects.select_related("guide").get(pk=case.pk)
    return {one.verb for one in available_verbs(actor, row, position_of(row), read_moment().at)}


def test_the_database_refuses_it_too(county: County, matter: Matter) -> None:
    case = county.accepted(matter)
    columns = "application_id, from_status, to_status, user_id, person_code, actor_name, actor_post, place"
    event = (
        f"INSERT INTO applications_event ({columns}, verb, seq, at, reason, detail, prev_hash, hash)"
        f" SELECT {columns}, %s, 0, halls_now(), '', '{{}}', '', '' FROM applications_event"
        " WHERE application_id = %s ORDER BY seq DESC LIMIT 1"
    )
    blocked(event, "deem_renewed", case.pk, by=(GUARDED,))  # the permit is good for weeks
    blocked("UPDATE applications_application SET permit_expires_on = '2026-03-01'", by=(GUARDED,))
    pass_the_permit()
    sweep()
    for verb in ("refuse", "deem_renewed"):
        blocked(event, verb, case.pk, by=(GUARDED,))


def test_it_is_recorded_once_and_not_before_its_time(county: County, matter: Matter) -> None:
    case = county.accepted(matter)
    system = system_actor()
    at("2026-03-31 23:59")
    with pytest.raises(Refused) as early:
        deem_renewed(case.pk, actor=system, basis="示例文件")
    at("2026-04-01 00:00")
    with pytest.raises(Invalid):
        deem_renewed(case.pk, actor=system, basis=" ")
    with pytest.raises(NotPermitted):
        deem_renewed(case.pk, actor=county.actor("approver0"), basis="示例文件")
    deem_renewed(case.pk, actor=system, basis="示例文件")
    with pytest.raises(Refused) as again:
        deem_renewed(case.pk, actor=system, basis="示例文件")
    assert (early.value.code, again.value.code) == ("not_yet", "deemed_already")


def test_a_guide_that_forbids_it_only_tells_a_superior(county: County, matter: Matter) -> None:
    Step.objects.filter(version=matter.current, seq=2).update(name="听证后决定")
    case = county.accepted(matter)
    pass_the_permit()
    assert [sweep().defaulted, sweep().defaulted] == [1, 0]
    assert Accountability.objects.get().act == "escalate"
    refuse(case.pk, actor=county.actor("approver0"), reason="不符合条件")


# --- what is asked for ------------------------------------------------------------------------------------------------


def drafted(county: County, matter: Matter) -> Application:
    clerk = county.actor("clerk0")
    case = draft(actor=clerk, matter_code=matter.code, hall_code=county.villages[0].code)
    return fill_applicant(case.pk, APPLICANT, actor=clerk)


def test_a_renewal_is_not_sent_without_the_end_of_the_permit(county: County, matter: Matter) -> None:
    case, clerk = drafted(county, matter), county.actor("clerk0")
    with pytest.raises(Invalid) as missing:
        submit(case.pk, actor=clerk)
    assert missing.value.code == "permit_end_missing"
    fill_form(case.pk, {}, actor=clerk, permit_expires_on=date(2026, 3, 31))
    fill_form(case.pk, {}, actor=clerk, permit_expires_on=date(2026, 3, 30))  # a draft may be mended
    sent = submit(case.pk, actor=clerk)
    assert sent.permit_expires_on == date(2026, 3, 30)
    assert Event.objects.get(application=case, verb="submit").detail["permit_expires_on"] == "2026-03-30"


@pytest.mark.parametrize(
    ("end", "code"), [(date(2026, 3, 1), "permit_is_over"), (date(2200, 1, 1), "permit_end_too_far")]
)
def test_a_date_that_cannot_be_is_refused(county: County, matter: Matter, end: date, code: str) -> None:
    case = drafted(county, matter)
    with pytest.raises(Invalid) as refused:
        fill_form(case.pk, {}, actor=county.actor("clerk0"), permit_expires_on=end)
    assert (refused.value.code, refused.value.field) == (code, "permit_expires_on")


def test_the_last_day_itself_is_in_time_and_a_draft_may_grow_too_old(county: County, matter: Matter) -> None:
    case, clerk = drafted(county, matter), county.actor("clerk0")
    fill_form(case.pk, {}, actor=clerk, permit_expires_on=date(2026, 3, 2))
    at("2026-03-03 09:00")
    with pytest.raises(Invalid) as refused:
        submit(case.pk, actor=clerk)
    assert refused.value.code == "permit_is_over"


def test_other_matters_have_no_permit_to_end(county: County) -> None:
    case = drafted(county, county.matter())
    with pytest.raises(Invalid) as refused:
        fill_form(case.pk, {}, actor=county.actor("clerk0"), permit_expires_on=date(2026, 3, 31))
    assert refused.value.code == "permit_end_not_asked"
