"""What a guide on its way is refused: faulty, unchanged, too early, too late, meanwhile another."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from halls.acting import acting_user
from halls.domain.duties import PostKind
from halls.domain.errors import Invalid, Refused
from halls.models import Hall, User
from halls.selectors.work_calendar import read_moment
from matters.actions.approve_draft import approve_draft
from matters.actions.check_draft import check_draft
from matters.actions.import_matters import import_matters
from matters.actions.open_draft import open_draft
from matters.actions.publish_due import publish_due
from matters.actions.publish_policy import Proposal, confirm_policy, propose_policy
from matters.actions.save_draft import save_draft
from matters.domain.draft_reader import read_draft
from matters.domain.matter_reader import trusted_record
from matters.models import GuideDraft, MatterVersion
from supervision.models import Message
from tests.factories.closings import closed
from tests.factories.drafts import CODE, a_checked_draft, a_draft
from tests.factories.halls import FENGJIE, person_in_post
from tests.factories.matters import as_file, record
from tests.matters.actions.drafting import current, fields, today

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("catalogue")]


def test_a_faulty_draft_is_kept_but_not_checked(writer):
    draft = a_draft(writer, promised_limit={"days": 99, "unit": "工作日", "basis": "curated"})
    with pytest.raises(Invalid) as caught:
        check_draft(draft.pk, actor=writer, version=draft.version)
    assert "promised_limit.days" in fields(caught)
    assert all(problem.cure for problem in caught.value.problems)


def test_a_draft_that_changes_nothing_is_not_checked(writer):
    draft = open_draft(CODE, actor=writer)
    draft = save_draft(draft.pk, draft.content, actor=writer, version=draft.version, reason="没有")
    with pytest.raises(Refused, match="nothing_changed"):
        check_draft(draft.pk, actor=writer, version=draft.version)


def test_a_change_says_why(writer):
    draft = open_draft(CODE, actor=writer)
    draft = save_draft(draft.pk, draft.content | {"notes": "改"}, actor=writer, version=draft.version)
    with pytest.raises(Invalid, match="reason_missing"):
        check_draft(draft.pk, actor=writer, version=draft.version)


def nested(depth: int) -> list[Any]:
    found: list[Any] = []
    for _ in range(depth - 1):
        found = [found]
    return found


@pytest.mark.parametrize(
    "content",
    [
        [], {"name": float("nan")}, {"name": "\x00"}, {"name": ["\ud800"]}, {"\x00": 1}, {"name": object()},
        {"notes": "字" * 600_000}, {"x": nested(50)}, {"x": nested(600)}, {"x": nested(5000)},
    ],
)  # fmt: skip
def test_what_cannot_be_kept_is_refused(writer, content):
    draft = open_draft(CODE, actor=writer)
    with pytest.raises(Invalid):
        save_draft(draft.pk, content, actor=writer, version=draft.version)


def test_a_code_does_not_change(writer):
    draft = open_draft(CODE, actor=writer)
    with pytest.raises(Invalid, match="code_changed"):
        save_draft(draft.pk, draft.content | {"id": "MZ-005"}, actor=writer, version=draft.version)


@pytest.mark.parametrize("code", ["", "有 空格", "a/b", "x" * 65, "\x00"])
def test_a_code_that_is_none_is_refused(writer, code):
    with pytest.raises(Invalid):
        open_draft(code, actor=writer, department_code="500236-MZ")


def test_an_order_does_not_come_from_the_future(writer):
    with pytest.raises(Invalid) as caught:
        a_draft(writer, ordered_on=today() + timedelta(days=1))
    assert caught.value.field == "ordered_on"


def test_nothing_takes_effect_in_the_past(writer, county):
    draft = a_checked_draft(writer)
    with pytest.raises(Invalid) as caught:
        approve_draft(draft.pk, actor=county, version=draft.version, effective_on=today() - timedelta(days=1))
    assert caught.value.field == "effective_on"


def test_only_what_was_checked_is_approved(writer, county):
    draft = a_draft(writer)
    with pytest.raises(Refused, match="not_possible_now"):
        approve_draft(draft.pk, actor=county, version=draft.version)


def test_a_published_draft_stays_as_it_is(writer, county):
    draft = a_checked_draft(writer)
    draft = approve_draft(draft.pk, actor=county, version=draft.version)
    with pytest.raises(Refused, match="not_possible_now"):
        save_draft(draft.pk, draft.content, actor=writer, version=draft.version)


def test_a_draft_does_not_undo_what_was_imported_meanwhile(writer, county):
    draft = a_checked_draft(writer)
    import_matters(as_file(record(CODE, notes="另行调整")))
    with pytest.raises(Refused, match="base_moved"):
        approve_draft(draft.pk, actor=county, version=draft.version)


def test_one_that_cannot_be_published_does_not_stop_the_others(writer, county, caplog):
    later = today() + timedelta(days=3)
    for code in (CODE, "MZ-005"):
        draft = a_checked_draft(writer, code, notes="改")
        approve_draft(draft.pk, actor=county, version=draft.version, effective_on=later)
    closed(CODE, actor=county)
    assert publish_due(at=read_moment().at + timedelta(days=3)) == 1
    assert (current(CODE).number, current("MZ-005").number) == (1, 2)
    assert "guide_not_published" in caplog.text
    handed_back = GuideDraft.objects.get(code=CODE)
    assert (handed_back.state, handed_back.approved_person) == ("editing", "")
    assert "取消" in handed_back.history.latest().history_change_reason
    assert "取消" in handed_back.handed_back_reason
    told = Message.objects.filter(kind="notice", words__contains="没有发布")
    assert set(told.values_list("user", flat=True)) == {writer.user_id, county.user_id}


def test_a_guide_that_was_handed_back_says_so_on_its_page_and_in_the_list_until_it_is_checked_again(writer, county):
    draft = a_checked_draft(writer, notes="改")
    approve_draft(draft.pk, actor=county, version=draft.version, effective_on=today() + timedelta(days=1))
    import_matters(as_file(record(CODE, notes="另行调整")))
    assert publish_due(at=read_moment().at + timedelta(days=1)) == 0
    client = Client()
    client.force_login(User.objects.get(pk=writer.user_id), "django.contrib.auth.backends.ModelBackend")
    draft.refresh_from_db()
    for address in (reverse("matter_drafts"), reverse("matter_draft", args=[draft.pk])):
        assert draft.handed_back_reason in client.get(address).content.decode()
    draft = save_draft(draft.pk, draft.content, actor=writer, version=draft.version)
    assert draft.handed_back_reason, "an edit alone has not mended it"
    assert check_draft(draft.pk, actor=writer, version=draft.version).handed_back_reason == ""


def test_a_fault_of_the_system_leaves_the_guide_signed_and_does_not_stop_the_others(writer, county, caplog):
    later = today() + timedelta(days=3)
    for code in (CODE, "MZ-005"):
        draft = a_checked_draft(writer, code, notes="改")
        approve_draft(draft.pk, actor=county, version=draft.version, effective_on=later)
    stray = current(CODE)
    stray.pk, stray.number = None, 2
    stray.save()  # the number that the new version would have: the database refuses it
    assert publish_due(at=read_moment().at + timedelta(days=3)) == 1
    assert current("MZ-005").number == 2
    waiting = GuideDraft.objects.get(code=CODE)
    assert (waiting.state, waiting.approved_person) == ("approved", county.person_code)
    assert "guide_not_published" in caplog.text
    MatterVersion.objects.filter(pk=stray.pk).delete()
    assert publish_due(at=read_moment().at + timedelta(days=3)) == 1


def test_what_the_guide_in_force_lacks_too_does_not_keep_a_better_one_back_but_what_is_untrue_does(writer):
    draft = a_checked_draft(writer, CODE)
    assert draft.state == "checked", "nobody has given a national code yet"
    draft = a_draft(writer, "MZ-004")  # its material is a catch-all one, in force as it is
    with pytest.raises(Invalid) as caught:
        check_draft(draft.pk, actor=writer, version=draft.version)
    assert ["没有说清是哪一份材料" in problem.message for problem in caught.value.problems] == [True]


def test_a_default_that_the_new_guide_no_longer_allows_stops_the_draft_and_leaves_the_page(writer, county):
    """A step of publicity (公示) gives others a say: silence cannot mean consent there."""
    code, root = "MZ-015", Hall.objects.get(code=FENGJIE)
    proposal = Proposal(
        matter_code=code, place="step", policy="deemed_consent", step=2, law="示例县政务服务办法", article="第十二条",
        document_no="奉节府发〔2026〕3号", effective_on=today(),
    )  # fmt: skip
    signers = [acting_user(person_in_post(kind, root)) for kind in (PostKind.SUPERVISOR, PostKind.ADMINISTRATOR)]
    confirm_policy(propose_policy(proposal, actor=signers[0], reason="县政府常务会议定").pk, actor=signers[1])
    page = reverse("guide", args=[code])
    assert "视为无异议" in Client().get(page).content.decode()

    steps = record(code)["steps"]
    steps[2]["name"] = "公示后审批"
    draft = a_draft(writer, code, steps=steps)
    with pytest.raises(Invalid) as caught:
        check_draft(draft.pk, actor=writer, version=draft.version)
    assert any("超时默认" in problem.message for problem in caught.value.problems)

    import_matters(as_file(record(code, steps=steps)))
    assert "视为无异议" not in Client().get(page).content.decode()


def test_a_sign_that_nobody_sees_is_a_fault_with_field_and_cure(writer):
    draft = a_draft(writer, name="临时救助\u202e", conditions=["遇到\u200b困难"], place="一楼\ue000")
    with pytest.raises(Invalid) as caught:
        check_draft(draft.pk, actor=writer, version=draft.version)
    places = {problem.field for problem in caught.value.problems}
    assert {"name", "conditions[0]", "place"} <= places
    assert all(problem.cure for problem in caught.value.problems)
    with pytest.raises(Invalid, match="hidden_sign") as caught:
        save_draft(draft.pk, draft.content, actor=writer, version=draft.version, reason="依据\u202e文件")
    assert caught.value.field == "reason"


def test_a_guide_that_was_published_before_this_rule_is_still_read():
    content = dict(current(CODE).content) | {"place": "一楼\u200b"}
    assert trusted_record(content).place == "一楼\u200b"
    assert read_draft(content)[1]


def test_the_day_of_the_order_only_moves_earlier(writer):
    draft = a_draft(writer, ordered_on=today() - timedelta(days=3))
    with pytest.raises(Invalid, match="order_moved_later") as caught:
        save_draft(draft.pk, draft.content, actor=writer, version=draft.version, ordered_on=today())
    assert caught.value.field == "ordered_on"
    earlier = today() - timedelta(days=9)
    moved = save_draft(draft.pk, draft.content, actor=writer, version=draft.version, ordered_on=earlier)
    assert moved.ordered_on == earlier
    assert save_draft(draft.pk, draft.content, actor=writer, version=moved.version).ordered_on == earlier


def test_a_limit_that_the_law_sets_is_not_erased_on_the_way(writer):
    assert current("MZ-001").statutory_amount == 30
    erased = {"days": None, "unit": None, "basis": None, "note": "依规定办理"}
    draft = a_draft(writer, "MZ-001", statutory_limit=erased)
    with pytest.raises(Invalid) as caught:
        check_draft(draft.pk, actor=writer, version=draft.version)
    assert [problem.field for problem in caught.value.problems] == ["statutory_limit.days"]
    named = {"statutory_limit": erased | {"note": "《社会救助暂行办法》第十一条未规定期限"}}
    draft = save_draft(draft.pk, draft.content | named, actor=writer, version=draft.version)
    assert check_draft(draft.pk, actor=writer, version=draft.version).state == GuideDraft.State.CHECKED


@pytest.mark.parametrize("code", ["halls", "DRAFTS", "Sameness", "export.json", CODE.lower()])
def test_a_code_that_would_be_mistaken_for_something_else_is_refused(county, code):
    with pytest.raises(Invalid, match="bad_code") as caught:
        open_draft(code, actor=county, department_code=f"{FENGJIE}-MZ")
    assert (caught.value.field, bool(caught.value.cure)) == ("code", True)


def test_two_new_codes_that_differ_in_case_alone_are_one(county):
    open_draft("MZ-new", actor=county, department_code=f"{FENGJIE}-MZ")
    with pytest.raises(Invalid, match="bad_code"):
        open_draft("mz-NEW", actor=county, department_code=f"{FENGJIE}-MZ")


def test_a_guide_takes_effect_within_a_year(writer, county):
    draft = a_checked_draft(writer)
    with pytest.raises(Invalid, match="too_far") as caught:
        approve_draft(draft.pk, actor=county, version=draft.version, effective_on=today() + timedelta(days=367))
    assert (caught.value.field, bool(caught.value.cure)) == ("effective_on", True)
    last = today() + timedelta(days=366)
    assert approve_draft(draft.pk, actor=county, version=draft.version, effective_on=last).effective_on == last
