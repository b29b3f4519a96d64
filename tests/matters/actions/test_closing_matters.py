"""A matter is paused, reopened, abolished, or becomes part of another: what the public finds, and what goes on."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from halls.domain.errors import Invalid, NotFound, NotPermitted, Refused, Stale
from matters.actions.confirm_closing import confirm_closing
from matters.actions.drop_closing import drop_closing
from matters.actions.open_draft import open_draft
from matters.actions.pause_matter import pause_matter
from matters.actions.propose_closing import propose_closing
from matters.actions.reopen_matter import reopen_matter
from matters.models import Matter, MatterClosing
from matters.selectors.guide import Successor, published_guide
from matters.selectors.search import find_matters
from tests.clock.attack import as_application, blocked
from tests.factories.closings import closed
from tests.factories.drafts import CODE, an_editor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("catalogue")]
OTHER, THIRD = "MZ-005", "MZ-006"


@pytest.fixture
def editor():
    return an_editor("MZ")


def is_found(code: str) -> bool:
    name = Matter.objects.get(code=code).name
    return code in find_matters(name).values_list("code", flat=True)


def page(code: str) -> str:
    answer = Client().get(reverse("guide", args=[code]))
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_paused_matter_comes_back(editor):
    before = Matter.objects.get(code=CODE).changed_at
    paused = pause_matter(CODE, actor=editor, reason="系统改造")
    assert paused.changed_at > before
    assert not is_found(CODE)
    assert "暂停办理" in page(CODE)
    reopened = reopen_matter(CODE, actor=editor, reason="改造完成")
    assert (reopened.paused_on, reopened.closing_reason) == (None, "")
    assert reopened.changed_at > paused.changed_at
    assert is_found(CODE)
    assert Matter.history.filter(code=CODE)[0].history_change_reason == "改造完成"


def test_the_history_keeps_the_whole_reason(editor):
    reason = "依据渝府发〔2026〕3号，" + "系统改造期间请到乡镇便民服务中心办理，" * 12
    assert 200 < len(reason) <= 300
    pause_matter(CODE, actor=editor, reason=reason)
    assert Matter.history.filter(code=CODE)[0].history_change_reason == reason


def test_an_abolished_matter_leaves_search_and_says_so_at_its_address(editor):
    closed(CODE, actor=editor, reason="国务院决定取消")
    assert not is_found(CODE)
    assert "起取消，不再办理。理由：国务院决定取消" in page(CODE)


def test_a_merged_matter_leads_to_the_end_of_the_chain(editor):
    closed(CODE, into=OTHER, actor=editor, reason="合并实施")
    closed(OTHER, into=THIRD, actor=editor, reason="再次合并")
    guide = published_guide(CODE)
    assert guide is not None
    assert guide.successor == Successor(THIRD, Matter.objects.get(code=THIRD).name)
    assert reverse("guide", args=[THIRD]) in page(CODE)
    assert is_found(THIRD)
    assert not is_found(OTHER)


@pytest.mark.parametrize("into", [CODE, "nothing", "", "\x00", OTHER])
def test_nobody_is_led_in_a_circle_or_to_nothing(editor, into):
    closed(OTHER, into=CODE, actor=editor, reason="合并")
    with pytest.raises(Invalid) as caught:
        propose_closing(CODE, into=into, actor=editor, reason="合并")
    assert caught.value.field == "into"


def test_a_bureau_merges_only_within_its_own(editor):
    with pytest.raises(NotPermitted):
        propose_closing(CODE, into="NY-003", actor=editor, reason="合并")
    asked = propose_closing(CODE, into="NY-003", actor=an_editor(), reason="合并")
    with pytest.raises(NotPermitted):
        confirm_closing(CODE, asked.pk, actor=editor)
    assert confirm_closing(CODE, asked.pk, actor=an_editor()).abolished_on


ACTS = {
    "pause": lambda code, **said: pause_matter(code, **said),
    "reopen": lambda code, **said: reopen_matter(code, **said),
    "abolish": lambda code, **said: propose_closing(code, **said),
    "merge": lambda code, **said: propose_closing(code, into=OTHER, **said),
}


@pytest.fixture(params=ACTS)
def act(request, editor):
    if request.param == "reopen":
        pause_matter(CODE, actor=editor, reason="先暂停")
    return ACTS[request.param]


def test_every_act_wants_a_reason(act, editor):
    for reason in ("", "  ", "长" * 301):
        with pytest.raises(Invalid) as caught:
            act(CODE, actor=editor, reason=reason)
        assert caught.value.field == "reason"


def test_every_act_wants_the_duty_at_this_department(act, editor):
    for actor in (an_editor("NYNC"), replace(editor, nodes={}), replace(editor, is_system=True)):
        with pytest.raises(NotPermitted):
            act(CODE, actor=actor, reason="理由")


def test_every_act_notices_a_new_guide(act, editor):
    with pytest.raises(Stale):
        act(CODE, actor=editor, reason="理由", version=2)
    assert act(CODE, actor=editor, reason="理由", version=1)


def test_every_act_wants_a_matter(act, editor):
    for code in ("nothing", "\x00"):
        with pytest.raises(NotFound):
            act(code, actor=editor, reason="理由")


def test_what_is_gone_stays_gone(act, editor):
    closed(CODE, actor=editor)
    with pytest.raises(Refused, match="abolished"):
        act(CODE, actor=editor, reason="理由")
    with pytest.raises(Refused, match="abolished"):
        open_draft(CODE, actor=editor)


def test_one_person_closes_nothing_for_good(editor):
    asked = propose_closing(CODE, actor=editor, reason="取消")
    assert Matter.objects.get(code=CODE).abolished_on is None
    assert is_found(CODE)
    same = replace(an_editor("MZ"), person_code=f" {editor.person_code.lower()}　")
    for actor in (editor, same, replace(an_editor(), person_code="")):
        with pytest.raises(Refused, match="same_person"):
            confirm_closing(CODE, asked.pk, actor=actor)
    with pytest.raises(Refused, match="closing_waits"):
        propose_closing(CODE, into=OTHER, actor=an_editor(), reason="合并")
    for actor in (an_editor("NYNC"), replace(editor, nodes={})):
        for act in (confirm_closing, drop_closing):
            with pytest.raises(NotPermitted):
                act(CODE, asked.pk, actor=actor)
    assert confirm_closing(CODE, asked.pk, actor=an_editor("MZ")).abolished_on
    kept = MatterClosing.objects.get()
    assert kept.proposed_person != kept.confirmed_person


def test_what_was_dropped_is_not_confirmed_and_another_may_be_proposed(editor):
    asked = propose_closing(CODE, actor=editor, reason="取消")
    drop_closing(CODE, asked.pk, actor=editor)
    for act in (confirm_closing, drop_closing):
        with pytest.raises(Stale):
            act(CODE, asked.pk, actor=an_editor())
    assert closed(CODE, actor=editor).abolished_on


def test_what_it_was_to_become_part_of_may_be_gone_by_then(editor):
    asked = propose_closing(CODE, into=OTHER, actor=editor, reason="合并")
    closed(OTHER, actor=editor)
    with pytest.raises(Invalid, match="bad_target"):
        confirm_closing(CODE, asked.pk, actor=an_editor())


def test_the_database_closes_nothing_for_one_person(editor):
    call_command("secure_database", verbosity=0)
    asked = propose_closing(CODE, actor=editor, reason="取消")
    stranger = an_editor("NYNC")
    gone = "UPDATE matters_matter SET abolished_on = '2026-03-02' WHERE code = %s"
    sign = "UPDATE matters_matterclosing SET confirmed_at = now(), confirmed_by_id = %s, confirmed_person = %s"
    with as_application():
        blocked(gone, CODE)
        blocked("UPDATE matters_matter SET merged_into_id = (SELECT max(id) FROM matters_matter) WHERE code = %s", CODE)
        blocked(sign, editor.user_id, editor.person_code, by=("23514",))
        blocked(sign, stranger.user_id, stranger.person_code)
        blocked("UPDATE matters_matterclosing SET reason = 'x'")
        blocked("DELETE FROM matters_matterclosing")
        blocked("TRUNCATE matters_matterclosing")
    confirm_closing(CODE, asked.pk, actor=an_editor())
    with as_application():
        blocked("UPDATE matters_matter SET abolished_on = NULL WHERE code = %s", CODE)
        blocked("UPDATE matters_matterclosing SET confirmed_at = now()")
        blocked(gone, OTHER)


def test_twice_is_refused(editor):
    with pytest.raises(Refused, match="not_paused"):
        reopen_matter(CODE, actor=editor, reason="恢复")
    pause_matter(CODE, actor=editor, reason="暂停")
    with pytest.raises(Refused, match="already_paused"):
        pause_matter(CODE, actor=editor, reason="暂停")
