"""A timeout default is in force when two persons signed it on a basis, and not before."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from halls.acting import acting_user
from halls.domain.duties import PostKind
from halls.domain.errors import Invalid, NotFound, NotPermitted, Refused
from halls.models import User
from matters.actions.publish_policy import Proposal, confirm_policy, drop_policy, propose_policy
from matters.domain.timeout import Where
from matters.models import Matter, Step, TimeoutPolicy
from matters.selectors.timeout import Spot, governing, in_force, policies_of
from tests.factories.halls import HallFactory, UserFactory, person_in_post
from tests.factories.matters import MatterFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today(travel: Any, db: None) -> None:
    from django.core.management import call_command

    call_command("allow_time_travel")
    travel("2026-03-02 10:00")


@pytest.fixture
def hall() -> Any:
    return HallFactory(short_name="示例县")


@pytest.fixture
def first(hall: Any) -> Any:
    return acting_user(person_in_post(PostKind.SUPERVISOR, hall))


@pytest.fixture
def second(hall: Any) -> Any:
    return acting_user(person_in_post(PostKind.ADMINISTRATOR, hall))


@pytest.fixture
def matter(hall: Any) -> Matter:
    made: Any = MatterFactory(name="社会团体登记", department__hall=hall, current__promised_days=10)
    Step.objects.filter(version=made.current, seq=2).update(seq=3)
    Step.objects.create(
        version=made.current, seq=2, name="部门审查", level="county", actor="县示例局", kind="review", days=3,
        unit="wd", counts_in_limit=True,
    )  # fmt: skip
    found: Matter = made
    return found


def proposal(matter: Matter, **changes: Any) -> Proposal:
    said: dict[str, Any] = {
        "matter_code": matter.code, "place": "step", "policy": "deemed_consent", "step": 2, "law": "示例县政务服务办法",
        "article": "第十二条", "document_no": "示府发〔2026〕3号", "effective_on": date(2026, 3, 2),
    }  # fmt: skip
    return Proposal(**{**said, **changes})


def signed(matter: Matter, first: Any, second: Any, **changes: Any) -> TimeoutPolicy:
    row = propose_policy(proposal(matter, **changes), actor=first, reason="县政府常务会议定")
    return confirm_policy(row.pk, actor=second)


def spot(start: str = "2026-03-03", last: str = "2026-03-06", **changes: Any) -> Spot:
    from datetime import datetime

    from halls.domain.worktime import SHANGHAI

    said: dict[str, Any] = {"place": Where.STEP, "step_seq": 2, "step_name": "部门审查", "step_kind": "review"}
    moments = {
        "started": datetime.fromisoformat(f"{start} 10:00").replace(tzinfo=SHANGHAI),
        "due": datetime.fromisoformat(f"{last} 23:59:59").replace(tzinfo=SHANGHAI),
    }
    return Spot(**{**said, **moments, **changes})


def governs(matter: Matter, at: Spot) -> TimeoutPolicy | None:
    return governing(policies_of([matter.pk]).get(matter.pk, []), at)


def test_a_proposal_is_not_in_force_until_another_person_confirms_it(matter, first, second):
    row = propose_policy(proposal(matter), actor=first, reason="县政府常务会议定")
    assert governs(matter, spot()) is None
    with pytest.raises(Refused) as refused:
        confirm_policy(row.pk, actor=first)
    assert refused.value.code == "same_person"
    confirm_policy(row.pk, actor=second)
    assert governs(matter, spot()) == row
    assert (row.step_name, row.step_kind) == ("部门审查", "review")


def test_the_same_person_under_another_account_is_the_same_person(hall, matter, first):
    row = propose_policy(proposal(matter), actor=first, reason="县政府常务会议定")
    twin: Any = UserFactory(person_code=first.person_code)
    with pytest.raises(Refused):
        confirm_policy(row.pk, actor=acting_user(person_in_post(PostKind.ADMINISTRATOR, hall, user=twin)))
    with pytest.raises(IntegrityError), transaction.atomic():
        TimeoutPolicy.objects.filter(pk=row.pk).update(
            confirmed_at=row.proposed_at, confirmed_by=twin, confirmed_person=twin.person_code
        )


@pytest.mark.parametrize("field", ["law", "article", "document_no"])
def test_without_a_basis_nothing_is_published(matter, first, field):
    with pytest.raises(Invalid) as refused:
        propose_policy(proposal(matter, **{field: "  "}), actor=first, reason="县政府常务会议定")
    assert [problem.field for problem in refused.value.problems] == [field]
    assert not TimeoutPolicy.objects.exists()


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"matter_code": "NO-999"}, "unknown_matter"),
        ({"place": "moon"}, "unknown_choice"),
        ({"policy": "grant"}, "unknown_choice"),
        ({"step": 9}, "unknown_step"),
        ({"step": None, "step_kind": "special"}, "unknown_step"),
        ({"effective_on": date(2026, 3, 1)}, "too_late"),
        ({"ended_on": date(2026, 3, 1)}, "dates_crossed"),
        ({"effective_on": date(9999, 12, 31)}, "too_far"),
        ({"effective_on": date(2028, 3, 3)}, "too_far"),
        ({"ended_on": date(9999, 12, 31)}, "too_far"),
        ({"law": "长" * 201}, "no_basis"),
        ({"law": "aaa"}, "no_basis"),
        ({"article": "aaa"}, "no_basis"),
        ({"document_no": "aaa"}, "no_basis"),
        ({"step": 3}, "default_forbidden"),
        ({"place": "acceptance", "policy": "deemed_accept"}, "default_forbidden"),
        ({"place": "renewal", "policy": "deemed_renew"}, "default_forbidden"),
    ],
)
def test_what_cannot_be_published_says_so_and_leaves_nothing(matter, first, changes, code):
    with pytest.raises(Invalid) as refused:
        propose_policy(proposal(matter, **changes), actor=first, reason="县政府常务会议定")
    assert refused.value.code == code
    assert all(problem.field and problem.cure for problem in refused.value.problems if code in ("too_far", "no_basis"))
    assert not TimeoutPolicy.objects.exists()


def test_the_marks_of_a_title_are_set_once(matter, first):
    row = propose_policy(proposal(matter, law="《示例县政务服务办法》"), actor=first, reason="县政府常务会议定")
    assert row.citation == "《示例县政务服务办法》第十二条；示府发〔2026〕3号"


def test_a_guide_that_got_a_public_notice_meanwhile_stops_the_second_signature(matter, first, second):
    row = propose_policy(proposal(matter), actor=first, reason="县政府常务会议定")
    Step.objects.filter(version=matter.current, seq=3).update(name="公示")
    with pytest.raises(Invalid) as refused:
        confirm_policy(row.pk, actor=second)
    assert "听证、公示" in refused.value.message
    assert TimeoutPolicy.objects.get().confirmed_at is None


def test_only_who_watches_or_runs_the_whole_county_signs(hall, matter, first):
    township: Any = HallFactory(township=True, parent=hall)
    for actor in (
        acting_user(person_in_post(PostKind.SUPERVISOR, township)),
        acting_user(person_in_post(PostKind.APPROVER, hall)),
        acting_user(person_in_post(PostKind.CATALOGUE_EDITOR, hall)),
    ):
        with pytest.raises(NotPermitted):
            propose_policy(proposal(matter), actor=actor, reason="县政府常务会议定")
        with pytest.raises(NotPermitted):
            confirm_policy(1, actor=actor)
    with pytest.raises(NotFound):
        confirm_policy(10**6, actor=first)


def test_a_policy_is_not_confirmed_into_the_past(matter, first, second, travel):
    row = propose_policy(proposal(matter), actor=first, reason="县政府常务会议定")
    travel("2026-03-03 10:00")
    with pytest.raises(Refused) as refused:
        confirm_policy(row.pk, actor=second)
    assert refused.value.code == "too_late"


def test_a_dropped_proposal_stays_on_record_and_cannot_be_confirmed(matter, first, second):
    row = propose_policy(proposal(matter), actor=first, reason="县政府常务会议定")
    drop_policy(row.pk, actor=first)
    with pytest.raises(Refused):
        confirm_policy(row.pk, actor=second)
    assert TimeoutPolicy.objects.filter(dropped_at__isnull=False).count() == 1


def test_what_was_signed_is_not_rewritten_in_the_database_either(matter, first, second):
    row = signed(matter, first, second)
    for change in (
        {"document_no": "假〔2026〕1号"},
        {"policy": "none"},
        {"ended_on": date(2026, 4, 1)},
        {"reason": "x"},
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            TimeoutPolicy.objects.filter(pk=row.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        row.delete()


def test_nobody_is_bound_by_what_was_published_after_the_limit_began(matter, first, second):
    row = signed(matter, first, second, effective_on=date(2026, 3, 4))
    assert governs(matter, spot("2026-03-03")) is None
    assert governs(matter, spot("2026-03-04")) == row


def test_a_later_row_ends_it_and_the_last_day_of_the_limit_decides(matter, first, second):
    row = signed(matter, first, second)
    signed(matter, first, second, policy="none", document_no="示府发〔2026〕9号", effective_on=date(2026, 3, 9))
    assert governs(matter, spot(last="2026-03-06")) == row
    assert governs(matter, spot(last="2026-03-09")) is None
    rows = policies_of([matter.pk])[matter.pk]
    assert in_force(rows, date(2026, 3, 8)) == [row]
    assert in_force(rows, date(2026, 3, 9)) == []


def test_the_very_step_goes_before_its_kind_and_a_renamed_step_is_another_step(matter, first, second):
    kind = signed(matter, first, second, step=None, step_kind="review")
    own = signed(matter, first, second, policy="escalate")
    assert governs(matter, spot()) == own
    assert governs(matter, spot(step_seq=4, step_name="复审")) == kind
    assert governs(matter, spot(step_name="改了名的环节")) == kind
    assert governs(matter, spot(step_kind="decide", step_seq=3, step_name="决定")) is None


def test_a_policy_ends_on_its_last_day(matter, first, second):
    row = signed(matter, first, second, ended_on=date(2026, 3, 6))
    assert governs(matter, spot(last="2026-03-06")) == row
    assert governs(matter, spot(last="2026-03-07")) is None


def test_the_guide_tells_in_plain_words_what_is_published_and_on_what_ground(matter, first, second, travel):
    page = reverse("guide", args=[matter.code])
    propose_policy(proposal(matter, policy="escalate"), actor=first, reason="县政府常务会议定")
    assert "超过时限怎么办" not in Client().get(page).content.decode()
    signed(matter, first, second, effective_on=date(2026, 3, 2) + timedelta(days=1))
    assert "超过时限怎么办" not in Client().get(page).content.decode()
    travel("2026-03-03 09:00")
    text = Client().get(page).content.decode()
    assert "视为无异议，转下一环节" in text
    assert "第 2 环节“部门审查”" in text
    assert "《示例县政务服务办法》第十二条；示府发〔2026〕3号" in text
    assert User.objects.get(pk=first.user_id).full_name not in text
