"""Whoever is to sign hears of it; whoever takes signatures away is told before and after."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from halls.acting import acting_user
from halls.domain.duties import PostKind
from halls.domain.worktime import day_of
from halls.models import Department, Hall
from halls.selectors.work_calendar import read_moment
from matters.actions.approve_draft import approve_draft
from matters.models import GuideDraft
from supervision.models import Message
from tests.factories.drafts import a_checked_draft
from tests.factories.halls import FENGJIE, person_in_post

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("catalogue")]


def somebody(node: Any) -> tuple[Any, Client]:
    user = person_in_post(PostKind.CATALOGUE_EDITOR, node)
    client = Client()
    client.force_login(user)
    return user, client


@pytest.fixture
def writer() -> tuple[Any, Client]:
    return somebody(Department.objects.get(code=f"{FENGJIE}-MZ"))


@pytest.fixture
def county() -> tuple[Any, Client]:
    return somebody(Hall.objects.get(code=FENGJIE))


def page_of(client: Client, draft: GuideDraft) -> str:
    return str(client.get(f"/matters/drafts/{draft.pk}/").content.decode())


def test_those_who_may_approve_are_told_and_nobody_else(writer: Any, county: Any) -> None:
    elsewhere, _client = somebody(Department.objects.get(code=f"{FENGJIE}-GA"))
    draft = a_checked_draft(acting_user(writer[0]))
    told = Message.objects.filter(key__startswith=f"draft:{draft.pk}:")
    assert [message.user_id for message in told] == [county[0].pk]
    assert "已核对，等另一位事项管理员批准" in told.get().words
    opened = county[1].get(reverse("message", args=[told.get().pk]))
    assert f'href="/matters/drafts/{draft.pk}/"' in opened.content.decode()
    assert not Message.objects.filter(user=elsewhere).exists()


def test_the_catalogue_counts_what_waits_for_this_person(writer: Any, county: Any) -> None:
    assert "等您批准" not in county[1].get("/matters/").content.decode()
    a_checked_draft(acting_user(writer[0]))
    assert "等您批准 1 份" in county[1].get("/matters/").content.decode()
    assert "等您批准" not in writer[1].get("/matters/").content.decode()


def test_the_reason_of_a_signed_draft_is_not_offered_to_whoever_signs(writer: Any, county: Any) -> None:
    draft = a_checked_draft(acting_user(writer[0]))
    assert "保存理由" not in page_of(county[1], draft)
    shown = page_of(writer[1], draft)
    assert "保存理由，签字作废" in shown
    assert "已有的签字就作废" in shown


def test_a_reason_that_takes_signatures_away_says_so_afterwards(writer: Any, county: Any) -> None:
    draft = a_checked_draft(acting_user(writer[0]))
    sent = {"why-version": draft.version, "why-reason": "渝民发〔2026〕4号", "why-ordered_on": ""}
    after = writer[1].post(f"/matters/drafts/{draft.pk}/why/", sent, follow=True).content.decode()
    assert "原来的签字（已核对）已作废" in after
    draft.refresh_from_db()
    assert draft.state == GuideDraft.State.EDITING


def test_an_approved_draft_offers_no_reason_to_its_approver(writer: Any, county: Any) -> None:
    draft = a_checked_draft(acting_user(writer[0]))
    later = approve_draft(draft.pk, actor=acting_user(county[0]), version=draft.version, effective_on=_tomorrow())
    assert later.state == GuideDraft.State.APPROVED
    assert "保存理由" not in page_of(county[1], later)


def _tomorrow() -> Any:

    return day_of(read_moment().at) + timedelta(days=1)


def test_a_button_that_stores_says_so(writer: Any) -> None:
    draft = a_checked_draft(acting_user(writer[0]))
    html = writer[1].get(f"/matters/drafts/{draft.pk}/materials/").content.decode()
    assert "存下并增加" in html
    assert "马上存进草稿" in html
    assert "不保存，回草稿" not in html


@pytest.mark.parametrize(
    ("place", "change", "cure"),
    [
        ("promise_limit", lambda one: one | {"promise_limit": {"days": 3}}, "请改为“promised_limit”"),
        ("materials[0].necesity", lambda one: one["materials"][0].update(necesity="必要") or one, "necessity"),
        ("备注说明", lambda one: one | {"备注说明": "x"}, "请改回导出时的键名"),
    ],
)
def test_a_name_that_the_format_does_not_have_is_refused_with_a_cure(
    county: Any, place: str, change: Any, cure: str
) -> None:
    client = county[1]
    (item,) = (one for one in json.loads(b"".join(client.get("/matters/export.json"))) if one["id"] == "MZ-001")

    upload = SimpleUploadedFile("事项.json", json.dumps([change(item)], ensure_ascii=False).encode())
    response = client.post(reverse("matter_import"), {"file": upload})
    html = response.content.decode()
    assert f"不认识的键“{place}”" in html
    assert cure in html
    assert not GuideDraft.objects.exists()
