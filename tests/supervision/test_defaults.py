"""What follows to limits that ran out: the law's own default, each published policy, and nothing else."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from applications.actions._checks import Finding
from applications.actions.request_correction import request_correction
from applications.actions.tell import tell
from applications.domain.lifecycle import Status
from applications.models import Application, Clock, Document, Event
from applications.selectors.papers import paper_of
from halls.acting import acting_user
from halls.domain.duties import PostKind
from halls.domain.worktime import SHANGHAI
from halls.models import Post
from matters.actions.publish_policy import Proposal, confirm_policy, propose_policy
from matters.models import Material, Matter, Step, TimeoutPolicy
from supervision.actions import defaults
from supervision.actions import sweep as sweeping
from supervision.actions._claim import claim_red
from supervision.actions.sweep import Swept, sweep
from supervision.models import Accountability, LimitWarning, Message, Untold
from tests.factories.halls import person_in_post
from tests.supervision.county import County, at, clock_of

pytestmark = pytest.mark.django_db
BASIS = {"law": "示例县超时默认办法", "article": "第八条", "document_no": "示府发〔2026〕3号"}
CITED = "《示例县超时默认办法》第八条；示府发〔2026〕3号"


def publish(county: County, matter: Matter, **said: Any) -> TimeoutPolicy:
    first = county.actor("supervisor")
    second = acting_user(person_in_post(PostKind.ADMINISTRATOR, county.hall))
    said = {"matter_code": matter.code, "effective_on": date(2026, 3, 2), **BASIS, **said}
    row = propose_policy(Proposal(**said), actor=first, reason="常务会议定")
    return confirm_policy(row.pk, actor=second)


def pass_the(clock: Clock, *, minutes: int = 1) -> None:
    """Go to just after the end of a limit; somebody swept shortly before."""
    assert clock.due_at is not None
    at(f"{(clock.due_at - timedelta(minutes=1)).astimezone(SHANGHAI):%Y-%m-%d %H:%M}")
    assert sweep().defaulted == 0
    at(f"{(clock.due_at + timedelta(minutes=minutes)).astimezone(SHANGHAI):%Y-%m-%d %H:%M}")


def fresh(case: Application) -> Application:
    return Application.objects.get(pk=case.pk)


def printed(case: Application, kind: str) -> str:
    """The words of the newest paper of this kind, as they are printed."""
    document = Document.objects.filter(application=case, kind=kind).latest("pk")
    return str(paper_of(document, fresh(case), "", is_masked=False))


def with_materials(matter: Matter) -> Matter:
    assert matter.current is not None
    Material.objects.create(version=matter.current, seq=1, name="申请表", necessity="required")
    return matter


def correcting(county: County, matter: Matter, days: int = 5) -> Application:
    case = county.received(matter)
    findings = {1: Finding("missing", "没有交申请表")}
    return request_correction(case.pk, findings, actor=county.actor("window0"), days=days)


def renewal_matter(county: County, *, promised: int = 5) -> Matter:
    steps: list[dict[str, Any]] = [{"kind": "accept"}, {"kind": "decide", "days": promised - 1}]
    return county.matter(promised=promised, steps=steps, kind="行政许可", name="人力资源服务许可延续")


# --- the law ----------------------------------------------------------------------------------------------------------


def test_five_days_of_silence_are_an_acceptance_from_the_day_of_receipt(county):
    case = county.received(county.matter(promised=10))
    received_at = case.received_at
    pass_the(clock_of(case, "acceptance"))
    assert sweep().defaulted == 1
    case = fresh(case)
    assert (case.status, case.accepted_at) == (Status.IN_PROGRESS, received_at)
    assert clock_of(case, "promised").started_at == received_at
    account = Accountability.objects.get()
    assert (account.act, account.policy, account.fault) == ("deemed_accept", None, "organ")
    assert account.citation == "本事项办事指南公布的受理时限，比照《中华人民共和国行政许可法》第三十二条第一款第四项"
    assert account.breached_at == datetime(2026, 3, 9, 23, 59, 59, tzinfo=SHANGHAI)
    assert account.card == LimitWarning.objects.get(clock=clock_of(case, "acceptance"), level="red")
    assert account.seat_name == "东乡便民服务中心"
    assert [one["person_code"] for one in account.holders] == [county.people["window0"].person_code]


def test_the_notice_of_a_deemed_acceptance_names_the_law_and_the_late_organ(county):
    case = county.received(county.matter(promised=10, kind="行政许可"))
    pass_the(clock_of(case, "acceptance"))
    sweep()
    paper = printed(case, "acceptance_notice")
    assert "东乡便民服务中心收到您的申请材料后，五个工作日内没有受理" in paper
    assert "《中华人民共和国行政许可法》第三十二条第一款第四项" in paper
    assert "自收到材料之日（2026年3月2日）起即为受理" in paper
    assert "申请行政复议" in paper
    assert Document.objects.get(application=case, kind="acceptance_notice").content["organ"] == "东乡便民服务中心"


def test_the_late_organ_and_those_above_it_are_told_once(county):
    case = county.received(county.matter(promised=10))
    pass_the(clock_of(case, "acceptance"))
    sweep()
    told = Message.objects.filter(key=f"default:{clock_of(case, 'acceptance').pk}:deemed_accept")
    names = set(told.values_list("user__person_code", flat=True))
    assert {county.people[who].person_code for who in ("window0", "director0", "supervisor")} <= names
    assert "视为受理" in told[0].words
    assert "行政许可法" in told[0].words
    sweep()
    assert told.count() == len(names)


def test_whoever_held_the_window_on_that_day_answers_not_whoever_holds_it_now(county):
    case = county.received(county.matter(promised=10))
    old = county.people["window0"]
    pass_the(clock_of(case, "acceptance"))
    Post.objects.filter(user=old).update(ends_on=date(2026, 3, 9))
    newcomer = person_in_post(PostKind.WINDOW_CLERK, county.townships[0])
    Post.objects.filter(user=newcomer).update(starts_on=date(2026, 3, 10))
    at("2026-03-10 00:30")
    sweep()
    assert [one["name"] for one in Accountability.objects.get().holders] == [old.full_name]


# --- off unless published ---------------------------------------------------------------------------------------------


def test_without_a_published_policy_nothing_follows_but_cards(county):
    step = county.accepted(county.bureau_matter())
    wait = correcting(county, with_materials(county.matter()))
    renewal = county.accepted(renewal_matter(county))
    before = [fresh(case).status for case in (step, wait, renewal)]
    at("2026-03-31 00:01")
    sweep()
    at("2026-04-30 00:01")
    assert sweep().defaulted == 0
    assert [fresh(case).status for case in (step, wait, renewal)] == before
    assert not Accountability.objects.exists()


def test_a_proposal_that_nobody_confirmed_lets_nothing_follow(county):
    matter = county.bureau_matter()
    said = {"matter_code": matter.code, "effective_on": date(2026, 3, 2), **BASIS}
    first = county.actor("supervisor")
    propose_policy(Proposal(place="step", policy="deemed_consent", step=2, **said), actor=first, reason="拟")
    case = county.accepted(matter)
    pass_the(clock_of(case, "step"))
    assert sweep().defaulted == 0
    assert fresh(case).step_seq == 2


# --- deemed consent ---------------------------------------------------------------------------------------------------


def test_a_silent_internal_step_counts_as_no_objection_with_a_red_card_and_an_account(county):
    matter = county.bureau_matter()
    policy = publish(county, matter, place="step", policy="deemed_consent", step=2)
    case = county.accepted(matter)
    clock = clock_of(case, "step")
    pass_the(clock)
    assert sweep().defaulted == 1
    case = fresh(case)
    assert (case.status, case.step_seq, case.step_kind) == (Status.IN_PROGRESS, 3, "decide")
    event = Event.objects.filter(application=case).latest("seq")
    assert event.verb == "deem_consent"
    assert CITED in event.reason
    account = Accountability.objects.get()
    assert (account.act, account.policy, account.citation) == ("deemed_consent", policy, CITED)
    assert (account.step_seq, account.step_name, account.seat_name) == (2, "环节2", "示例局")
    assert [one["name"] for one in account.holders] == [county.people["bureau_examiner"].full_name]
    assert account.card is not None
    assert (account.card.level, account.card.effective_at) == ("red", clock.due_at)
    assert sweep().defaulted == 0


def test_the_red_card_of_a_default_is_told_once(county):
    matter = county.bureau_matter()
    publish(county, matter, place="step", policy="deemed_consent", step=2)
    clock = clock_of(county.accepted(matter), "step")
    pass_the(clock)
    assert sweep().defaulted == 1
    card = LimitWarning.objects.get(clock=clock, level="red")
    assert not Untold.objects.filter(warning=card).exists()
    told = Message.objects.filter(kind=Message.Kind.LIMIT, level="red", clock=clock)
    before = told.count()
    assert before > 0
    sweep()
    assert told.count() == before


def test_the_red_card_of_a_default_waits_to_be_told_with_the_account_or_not_at_all(county, monkeypatch):
    matter = county.bureau_matter()
    publish(county, matter, place="step", policy="deemed_consent", step=2)
    clock = clock_of(county.accepted(matter), "step")
    pass_the(clock)
    monkeypatch.setattr(sweeping, "tell", lambda **_options: None)
    monkeypatch.setattr(defaults, "_tell", lambda *_given: 1 / 0)
    assert sweep().failed == 1
    cards = LimitWarning.objects.filter(clock=clock, level="red")
    assert not cards.exists()
    monkeypatch.setattr(defaults, "_tell", lambda *_given: None)
    assert sweep().defaulted == 1
    assert Untold.objects.filter(warning=cards.get()).count() == 1


def test_a_card_that_is_there_already_is_not_queued_again(county):
    clock = clock_of(county.accepted(county.bureau_matter()), "step")
    assert clock.due_at is not None
    now = at(f"{clock.due_at.astimezone(SHANGHAI) + timedelta(minutes=12):%Y-%m-%d %H:%M}")
    for _ in range(2):
        claim_red(clock, now)
    card = LimitWarning.objects.get(clock=clock, level="red")
    assert (card.arming, card.effective_at, card.is_late) == (1, clock.due_at, True)
    assert Untold.objects.filter(warning=card).count() == 1


def test_the_deciding_step_is_never_passed_by_silence(county):
    matter = county.bureau_matter()
    publish(county, matter, place="step", policy="deemed_consent", step=2)
    case = county.passed_on(county.accepted(matter), "bureau_examiner")
    at("2026-04-30 00:01")
    assert sweep().defaulted == 0
    assert fresh(case).status == Status.IN_PROGRESS


def test_a_limit_that_began_before_the_policy_is_not_touched(county):
    matter = county.bureau_matter()
    old = county.accepted(matter)
    publish(county, matter, place="step", policy="deemed_consent", step=2, effective_on=date(2026, 3, 3))
    at("2026-03-03 09:00")
    new = county.accepted(matter)
    pass_the(clock_of(new, "step"))
    assert sweep().defaulted == 1
    assert (fresh(old).step_seq, fresh(new).step_seq) == (2, 3)


def test_a_policy_that_the_case_s_own_guide_forbids_only_tells_a_superior(county):
    matter = county.bureau_matter()
    publish(county, matter, place="step", policy="deemed_consent", step=2)
    Step.objects.filter(version=matter.current, seq=3).update(name="公示后决定")
    case = county.accepted(matter)
    pass_the(clock_of(case, "step"))
    assert sweep().defaulted == 1
    assert fresh(case).step_seq == 2
    assert Accountability.objects.get().act == "escalate"


# --- escalation -------------------------------------------------------------------------------------------------------


def test_escalating_marks_once_and_moves_nothing(county):
    matter = county.bureau_matter()
    publish(county, matter, place="step", policy="escalate", step_kind="review")
    case = county.accepted(matter)
    pass_the(clock_of(case, "step"))
    before = fresh(case).event_seq
    assert [sweep().defaulted, sweep().defaulted] == [1, 0]
    account = Accountability.objects.get()
    assert (account.act, account.card) == ("escalate", None)
    assert fresh(case).event_seq == before


# --- deemed withdrawal ------------------------------------------------------------------------------------------------


def test_a_supplement_that_never_came_is_a_withdrawal_if_somebody_told_the_villager(county):
    matter = with_materials(county.matter())
    publish(county, matter, place="supplement", policy="deemed_withdraw")
    case = correcting(county, matter)
    at("2026-03-06 10:00")
    tell(case.pk, actor=county.actor("clerk0"), way="phone", note="本人接听")
    pass_the(clock_of(case, "supplement"))
    assert sweep().defaulted == 1
    assert fresh(case).status == Status.WITHDRAWN
    account = Accountability.objects.get()
    assert (account.act, account.fault, account.holders, account.card) == ("deemed_withdraw", "applicant", [], None)
    paper = printed(case, "termination_notice")
    for words in (CITED, "视为您撤回申请", "申请行政复议", "提起行政诉讼", "可以随时重新申请", "东乡便民服务中心"):
        assert words in paper, words
    clerk = Message.objects.get(key__startswith="default:")
    assert clerk.user == county.people["clerk0"]
    assert "终止办理告知书" in clerk.words


def test_who_was_not_told_loses_nothing_and_the_clerk_who_should_have_told_is_named(county):
    matter = with_materials(county.matter())
    publish(county, matter, place="supplement", policy="deemed_withdraw")
    case = correcting(county, matter)
    pass_the(clock_of(case, "supplement"))
    assert [sweep().defaulted, sweep().defaulted] == [1, 0]
    assert fresh(case).status == Status.CORRECTING
    account = Accountability.objects.get()
    assert (account.act, account.fault) == ("escalate", "organ")
    assert [one["name"] for one in account.holders] == [county.people["clerk0"].full_name]


def test_who_is_told_late_still_has_a_whole_working_day(county):
    matter = with_materials(county.matter())
    publish(county, matter, place="supplement", policy="deemed_withdraw")
    case = correcting(county, matter)
    pass_the(clock_of(case, "supplement"))  # Monday 9 March
    sweep()
    at("2026-03-10 09:00")
    tell(case.pk, actor=county.actor("clerk0"), way="visit", note="到家告知")
    at("2026-03-11 23:59")
    assert (sweep().defaulted, sweep().failed) == (0, 0)
    assert fresh(case).status == Status.CORRECTING
    at("2026-03-12 00:01")
    follow_the_brake(county)
    assert fresh(case).status == Status.WITHDRAWN


def follow_the_brake(county: County) -> Swept:
    """Sweep; after hours without a sweep a supervisor has to let go first."""
    from supervision.actions.brake import release_brake
    from supervision.selectors.brakes import open_brake

    done = sweep()
    if open_brake() is None:
        return done
    release_brake(actor=county.actor("supervisor"), reason="已查明，是演练")
    return sweep()
