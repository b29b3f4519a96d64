"""A guide on its way: written, checked, approved by another person, published on its day."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from halls.domain.errors import Invalid, NotFound, NotPermitted, Refused, Stale
from halls.selectors.work_calendar import read_moment
from matters.actions.approve_draft import approve_draft
from matters.actions.check_draft import check_draft
from matters.actions.drop_draft import drop_draft
from matters.actions.import_drafts import DraftFromFile, import_drafts
from matters.actions.keep_scenario import keep_scenario
from matters.actions.open_draft import open_draft
from matters.actions.publish_due import publish_due
from matters.actions.save_draft import save_draft
from matters.domain.catalogue_writer import as_dict
from matters.domain.guide_table import Entry
from matters.domain.matter_reader import trusted_record
from matters.models import GuideDraft, Matter
from matters.selectors.drafts import review_of
from matters.selectors.editing import drafts_by_code
from matters.selectors.exchange import plan
from matters.selectors.search import find_matters
from tests.factories.drafts import CODE, a_checked_draft, a_draft, an_editor
from tests.factories.matters import record
from tests.matters.actions.drafting import current, fields, today

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("catalogue")]


def test_a_bureau_writes_and_checks_and_the_county_publishes(writer, county):
    old = current()
    draft = a_checked_draft(writer, ordered_on=today())
    draft = approve_draft(draft.pk, actor=county, version=draft.version)
    new = current()
    assert (draft.state, draft.published_id) == ("published", new.pk)
    assert (new.number, new.effective_on, new.ordered_on) == (2, today(), today())
    assert new.change_reason == "渝民发〔2026〕3号"
    assert list(new.conditions.values_list("text", flat=True)) == ["遇到紧急困难"]
    assert as_dict(trusted_record(new.content)) == new.content
    old.refresh_from_db()
    assert old.superseded_at == new.published_at
    assert old.conditions.count() > 1  # a running case still reads the guide it was accepted under


def test_the_name_of_a_new_version_is_found_and_the_change_is_dated(writer, county):
    before = Matter.objects.get(code=CODE).changed_at
    draft = a_checked_draft(writer, name="急难救助金给付", aliases=["救急钱"])
    approve_draft(draft.pk, actor=county, version=draft.version)
    assert [matter.code for matter in find_matters("jiujiqian")] == [CODE]
    assert Matter.objects.get(code=CODE).changed_at > before


def test_a_new_matter_is_written_from_nothing(writer, county):
    draft = open_draft("MZ-900", actor=writer, department_code="500236-MZ")
    assert draft.content["department_full"] == "县民政局"
    with pytest.raises(Invalid) as caught:
        check_draft(draft.pk, actor=writer, version=draft.version)
    assert {"name", "type", "steps", "promised_limit"} <= {field.split(".")[0] for field in fields(caught)}
    whole = {"basic_code": "500511001000", "statutory_limit": {"days": None, "note": "法律没有规定具体天数"}}
    content = record(CODE, id="MZ-900", name="示例的新事项")
    draft = save_draft(draft.pk, content, actor=writer, version=draft.version, reason="新增")
    with pytest.raises(Invalid) as caught:
        check_draft(draft.pk, actor=writer, version=draft.version)
    assert {problem.field for problem in caught.value.problems} >= {"statutory_limit"}, "a new guide has every element"
    content |= whole
    draft = save_draft(draft.pk, content, actor=writer, version=draft.version, reason="新增")
    draft = check_draft(draft.pk, actor=writer, version=draft.version)
    assert not Matter.objects.filter(code="MZ-900").exists()
    approve_draft(draft.pk, actor=county, version=draft.version)
    assert current("MZ-900").number == 1
    assert Matter.objects.open_to_public().filter(code="MZ-900").exists()


def test_a_guide_for_a_later_day_waits_for_it(writer, county):
    draft = a_checked_draft(writer)
    draft = approve_draft(draft.pk, actor=county, version=draft.version, effective_on=today() + timedelta(days=3))
    assert (draft.state, current().number) == ("approved", 1)
    assert publish_due() == 0
    assert publish_due(at=read_moment().at + timedelta(days=3)) == 1
    assert (current().number, current().effective_on) == (2, draft.effective_on)
    assert publish_due(at=read_moment().at + timedelta(days=3)) == 0


def test_errors_of_the_guide_in_force_do_not_stand_in_the_way_of_a_small_change(writer):
    review = review_of(a_draft(writer))
    old = [finding for finding in review.findings if finding.severity == "error"]
    assert [finding.rule for finding in old if not review.is_new(finding)] == [finding.rule for finding in old]
    assert old
    assert review.is_clean
    worse = a_draft(writer, conditions=["符合相关规定的其他条件"])
    assert [error.rule for error in review_of(worse).errors] == ["catch-all-condition"]


def test_opening_twice_gives_the_same_draft(writer, county):
    assert open_draft(CODE, actor=writer).pk == open_draft(CODE, actor=county).pk
    assert GuideDraft.objects.count() == 1


def test_a_dropped_draft_makes_room_for_another(writer):
    draft = a_draft(writer)
    drop_draft(draft.pk, actor=writer, version=draft.version, reason="改由县里统一调整")
    assert open_draft(CODE, actor=writer).pk != draft.pk
    assert current().number == 1


# --- two persons -----------------------------------------------------------------------------------------------------


def test_nobody_approves_what_they_wrote(writer, county):
    draft = a_checked_draft(writer)
    with pytest.raises(Refused) as caught:
        approve_draft(draft.pk, actor=writer, version=draft.version)
    assert caught.value.code == "same_person"


def test_another_account_of_the_same_person_is_no_second_person(writer, county):
    draft = a_checked_draft(writer)
    disguised = replace(county, person_code=f" {writer.person_code.lower()}　")
    with pytest.raises(Refused, match="same_person"):
        approve_draft(draft.pk, actor=disguised, version=draft.version)


def test_whoever_wrote_in_it_before_the_last_hand_is_no_second_person_either(writer, county):
    draft = a_draft(county)
    content = draft.content | {"notes": "只改了一个字"}
    draft = save_draft(draft.pk, content, actor=writer, version=draft.version)
    draft = check_draft(draft.pk, actor=writer, version=draft.version)
    with pytest.raises(Refused, match="same_person"):
        approve_draft(draft.pk, actor=county, version=draft.version)
    approve_draft(draft.pk, actor=an_editor(), version=draft.version)


def test_whoever_only_opened_it_may_approve(writer, county):
    open_draft(CODE, actor=county)
    draft = a_checked_draft(writer)
    assert approve_draft(draft.pk, actor=county, version=draft.version).state == "published"


def test_an_edit_takes_the_signatures_away(writer, county):
    draft = a_checked_draft(writer)
    draft = approve_draft(draft.pk, actor=county, version=draft.version, effective_on=today() + timedelta(days=3))
    draft = save_draft(draft.pk, draft.content | {"notes": "改"}, actor=writer, version=draft.version)
    assert (draft.state, draft.checked_person, draft.approved_person, draft.effective_on) == ("editing", "", "", None)
    assert publish_due(at=read_moment().at + timedelta(days=9)) == 0


# --- whose it is -----------------------------------------------------------------------------------------------------


def test_a_bureau_edits_only_its_own_matters(writer):
    with pytest.raises(NotPermitted) as caught:
        open_draft("NY-003", actor=writer)
    assert caught.value.code == "not_your_department"
    with pytest.raises(NotPermitted):
        open_draft("NY-900", actor=writer, department_code="500236-NYNC")


def test_a_bureau_does_not_see_the_drafts_of_another(writer, county):
    draft = a_draft(county, "NY-003")
    assert not GuideDraft.objects.visible_to(writer).exists()
    with pytest.raises(NotFound):
        save_draft(draft.pk, draft.content, actor=writer, version=draft.version)
    assert GuideDraft.objects.visible_to(county).count() == 1


def test_an_import_says_nothing_of_the_drafts_of_another_bureau(writer, county):
    """Neither that there is one nor who writes it; whose matter it is comes first."""
    a_draft(county, "NY-003", notes="改")
    content = record("NY-003", notes="另改")
    (row,) = plan([Entry("NY-003", "第1条", content, is_whole=True)], (), writer).rows
    told = "".join(fault.message for fault in row.faults)
    assert "不在您的管理范围内" in told
    assert "草稿" not in told
    wanted = [DraftFromFile("NY-003", content, "", 1)]
    with pytest.raises(NotPermitted):
        import_drafts(wanted, actor=writer, reason="渝民发〔2026〕3号")
    with pytest.raises(Refused, match="draft_open"):
        import_drafts(wanted, actor=county, reason="渝民发〔2026〕3号")


def test_the_list_of_matters_marks_only_the_drafts_one_may_see(writer, county):
    a_draft(county, "NY-003", notes="改")
    a_draft(county, CODE, notes="改")
    assert set(drafts_by_code(["NY-003", CODE], writer)) == {CODE}
    assert set(drafts_by_code(["NY-003", CODE], county)) == {"NY-003", CODE}


def test_a_new_matter_has_scenarios_before_it_has_a_guide(writer, county):
    open_draft("MZ-900", actor=writer, department_code="500236-MZ")
    text = "从 2026-03-02 10:00 起，在村提交\n收件，应为：收件"
    assert keep_scenario("MZ-900", "先写场景", text, actor=writer).code == "MZ-900"
    with pytest.raises(NotPermitted):
        keep_scenario("MZ-900", "别人的", text, actor=an_editor("NYNC"))


def test_only_the_county_moves_a_matter_to_another_bureau(writer, county):
    draft = a_draft(writer)
    organ = Matter.objects.get(code="NY-003").department.organ
    elsewhere = draft.content | {"department_full": organ}
    with pytest.raises(NotPermitted):
        save_draft(draft.pk, elsewhere, actor=writer, version=draft.version)
    draft = save_draft(draft.pk, elsewhere, actor=county, version=draft.version)
    assert draft.department.organ == organ
    assert not GuideDraft.objects.visible_to(writer).exists()


def test_without_the_duty_nothing_is_opened(writer):
    with pytest.raises(NotPermitted) as caught:
        open_draft(CODE, actor=replace(writer, nodes={}))
    assert caught.value.code == "no_duty_here"


# --- what is refused -------------------------------------------------------------------------------------------------


def test_an_older_page_is_told_so_at_every_act(writer, county):
    draft = a_draft(writer)
    seen = draft.version - 1
    for act in (
        lambda: save_draft(draft.pk, draft.content, actor=writer, version=seen),
        lambda: check_draft(draft.pk, actor=writer, version=seen),
        lambda: approve_draft(draft.pk, actor=county, version=seen),
        lambda: drop_draft(draft.pk, actor=writer, version=seen, reason="不改了"),
    ):
        with pytest.raises(Stale) as caught:
            act()
        assert caught.value.field == "version"
