"""From the button 试办 to the verdict on the draft's page, through the process of the owner."""

from __future__ import annotations

import pytest
from django.test import Client

from halls.domain.errors import Refused
from matters.actions.approve_draft import approve_draft
from matters.actions.check_draft import check_draft
from matters.actions.keep_scenario import drop_scenario, keep_scenario
from matters.actions.open_draft import open_draft
from matters.actions.request_tryout import request_tryout
from matters.actions.save_draft import save_draft
from matters.models import GuideDraft
from matters.selectors.tryout import verdict_of
from supervision.actions.try_out import try_out_waiting
from tests.factories.drafts import an_editor
from tests.seed import Seed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]


@pytest.fixture
def draft(seeded: Seed) -> GuideDraft:
    return open_draft("MZ-006", actor=seeded.actor("catalogue_editor"))


def test_an_editor_presses_and_reads_what_came_out(seeded: Seed, draft: GuideDraft) -> None:
    client = Client()
    client.force_login(seeded.user("catalogue_editor"), "django.contrib.auth.backends.ModelBackend")
    at = f"/matters/drafts/{draft.pk}/"
    scene = "从 2026-03-02 10:00 起，在乡镇提交\n收件\n受理，应为：红灯"
    assert client.post(f"{at}scenarios/", {"name": "写错的期望", "text": scene}).status_code == 302
    assert client.post(f"{at}tryout/", {"tryout-version": draft.version}).status_code == 302
    assert try_out_waiting() == 1
    html = client.get(at).content.decode()
    assert "试办没有通过" in html
    assert "写错的期望" in html
    assert client.post(f"{at}scenarios/drop/", {"name": "写错的期望"}).status_code == 302
    assert client.post(f"{at}tryout/", {"tryout-version": draft.version}).status_code == 302
    assert try_out_waiting() == 1
    html = client.get(at).content.decode()
    assert "试办通过" in html
    assert "走过的环节：2" in html


def test_asking_once_more_does_not_undo_a_failed_verdict(seeded: Seed, draft: GuideDraft) -> None:
    editor, county = seeded.actor("catalogue_editor"), an_editor()
    content = draft.content | {"conditions": ["符合条件的"]}
    draft = save_draft(draft.pk, content, actor=editor, version=draft.version, reason="渝民发〔2026〕3号")
    draft = check_draft(draft.pk, actor=editor, version=draft.version)
    scene = "从 2026-03-02 10:00 起，在乡镇提交\n收件\n受理，应为：红灯"
    keep_scenario("MZ-006", "走不通", scene, actor=editor)
    request_tryout(draft.content, actor=editor)
    assert try_out_waiting() == 1
    request_tryout(draft.content, actor=editor)
    assert verdict_of(draft.content_hash).state == "waiting"
    with pytest.raises(Refused, match="走不通") as caught:
        approve_draft(draft.pk, actor=county, version=draft.version)
    assert caught.value.code == "tryout_failed"
    drop_scenario("MZ-006", "走不通", actor=editor)
    assert try_out_waiting() == 1
    assert approve_draft(draft.pk, actor=county, version=draft.version).state == "published"
