"""What two persons signed stays, even against the database role of the site itself."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from PIL import Image

from halls.domain.errors import Refused
from halls.domain.worktime import day_of
from halls.selectors.work_calendar import read_moment
from matters.actions.approve_draft import approve_draft
from matters.actions.attach_guide_file import attach_guide_file
from matters.actions.check_draft import check_draft
from matters.actions.keep_guide_file import keep_guide_file
from matters.actions.open_draft import open_draft
from matters.actions.publish_due import publish_due
from matters.actions.save_draft import save_draft
from matters.models import GuideDraft, Matter
from tests.factories.drafts import CODE, a_checked_draft, a_draft, an_editor
from tests.seed import Seed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]


def picture(size: int) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (size, size)).save(out, "PNG")
    return out.getvalue()


PICTURE = picture(2)


@contextmanager
def as_the_site() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute(f"SET ROLE {settings.DATABASE_APP_ROLE}")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET ROLE")


@pytest.fixture
def published() -> GuideDraft:
    """A guide of two versions: the second signed by two, the first superseded; another draft stands beside it."""
    draft = a_checked_draft(an_editor("MZ"))
    return approve_draft(draft.pk, actor=an_editor(), version=draft.version)


def refused(sql: str) -> str:
    """Return what the database says to the site; "" when nothing forbids it."""
    with as_the_site():
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(sql)
                assert cursor.rowcount > 0, "the attack met no row"
        except DatabaseError as error:
            return str(error).splitlines()[0]
    return ""


DRAFT = "UPDATE matters_guidedraft SET version = version + 1, "


@pytest.mark.parametrize(
    ("sql", "why"),
    [
        (DRAFT + "reason = '另一个理由' WHERE state = 'published'", "closed draft"),
        (DRAFT + "state = 'editing', checked_person = '', approved_person = '' WHERE state = 'published'", "closed"),
        ("DELETE FROM matters_guidedraft", "a draft stays"),
        (
            "UPDATE matters_matter SET current_id = v.id FROM matters_matterversion v WHERE v.matter_id ="
            f" matters_matter.id AND v.number = 1 AND code = '{CODE}'",
            "the newest",
        ),
        (
            "UPDATE matters_matter SET current_id = (SELECT current_id FROM matters_matter WHERE code = 'NY-003')"
            f" WHERE code = '{CODE}'",
            "the newest",
        ),
        ("UPDATE matters_matterversion SET superseded_at = NULL WHERE superseded_at IS NOT NULL", "not changed"),
        ("UPDATE matters_matterversion SET superseded_at = now() WHERE superseded_at IS NOT NULL", "not changed"),
        (
            "UPDATE matters_matterversion SET superseded_at = now() + interval '1 day' WHERE superseded_at IS NULL",
            "not changed",
        ),
        ("UPDATE matters_material SET name = '另一种材料'", "keeps its parts"),
        ("DELETE FROM matters_step", "keeps its parts"),
        (
            "INSERT INTO matters_condition (version_id, seq, text) SELECT current_id, 99, '另一个条件'"
            f" FROM matters_matter WHERE code = '{CODE}'",
            "keeps its parts",
        ),
        (
            "INSERT INTO matters_condition (version_id, seq, text) SELECT id, 99, '另一个条件'"
            " FROM matters_matterversion WHERE superseded_at IS NOT NULL",
            "keeps its parts",
        ),
    ],
)
def test_the_site_does_not_rewrite_what_was_signed(published: GuideDraft, sql: str, why: str) -> None:
    assert why in refused(sql)


@pytest.mark.parametrize(
    ("sql", "why"),
    [
        (DRAFT + "content = content || '{\"notes\": \"另改\"}' WHERE state = 'checked'", "what is signed"),
        (DRAFT + "state = 'published' WHERE state = 'editing'", "by no act"),
        (DRAFT + "state = 'approved' WHERE state = 'editing'", "by no act"),
        (
            DRAFT + "state = 'approved', approved_person = 'NOBODY', approved_by_id = edited_by_id"
            " WHERE state = 'checked'",
            "another person",
        ),
        (
            DRAFT + "state = 'approved', edited_person = 'X', approved_person = edited_person,"
            " approved_by_id = edited_by_id WHERE state = 'checked'",
            "what is signed",
        ),
        (DRAFT + "state = 'editing' WHERE state = 'checked'", "takes the signatures away"),
        ("UPDATE matters_guidedraft SET state = 'dropped' WHERE state = 'checked'", "every act counts"),
        (DRAFT + "effective_on = '2099-01-01' WHERE state = 'approved'", "by no act"),
    ],
)
def test_the_site_signs_nothing_by_itself(sql: str, why: str) -> None:
    writer, later = an_editor("MZ"), day_of(read_moment().at) + timedelta(days=9)
    a_draft(writer, "MZ-001")
    a_checked_draft(writer, "MZ-005", notes="改")
    draft = a_checked_draft(writer)
    approve_draft(draft.pk, actor=an_editor(), version=draft.version, effective_on=later)
    assert why in refused(sql)


def test_whoever_wrote_an_earlier_hand_is_no_second_person_for_the_database_either() -> None:
    first, last = an_editor(), an_editor("MZ")
    draft = a_draft(first)
    draft = save_draft(draft.pk, draft.content | {"notes": "改"}, actor=last, version=draft.version)
    draft = check_draft(draft.pk, actor=last, version=draft.version)
    sql = (
        DRAFT + f"state = 'approved', approved_person = '{first.person_code}', approved_by_id = {first.user_id}"
        f" WHERE id = {draft.pk}"
    )
    assert "another person" in refused(sql)


def test_the_site_s_own_role_writes_signs_edits_and_publishes_as_ever(seeded: Seed) -> None:
    writer, county = an_editor("MZ"), an_editor()
    with as_the_site():
        draft = open_draft(CODE, actor=writer)
        content = draft.content | {"conditions": ["遇到紧急困难"]}
        draft = save_draft(draft.pk, content, actor=writer, version=draft.version, reason="渝民发〔2026〕3号")
        draft = attach_guide_file(draft.pk, 1, "sample", PICTURE, actor=writer, version=draft.version)
        draft = check_draft(draft.pk, actor=writer, version=draft.version)
        day = day_of(read_moment().at) + timedelta(days=1)
        draft = approve_draft(draft.pk, actor=county, version=draft.version, effective_on=day)
        draft = save_draft(draft.pk, draft.content | {"notes": "再改"}, actor=writer, version=draft.version)
        draft = check_draft(draft.pk, actor=writer, version=draft.version)
        draft = approve_draft(draft.pk, actor=county, version=draft.version, effective_on=day)
        assert publish_due(at=read_moment().at + timedelta(days=2)) == 1
        new = open_draft("MZ-900", actor=writer, department_code="500236-MZ")
        assert new.state == "editing"
    matter = Matter.objects.select_related("current").get(code=CODE)
    assert matter.current is not None
    assert matter.current.number == 2


def test_a_file_that_a_signed_guide_names_is_neither_replaced_nor_removed() -> None:
    writer = an_editor("MZ")
    draft = a_draft(writer)
    draft = attach_guide_file(draft.pk, 1, "sample", PICTURE, actor=writer, version=draft.version)
    draft = check_draft(draft.pk, actor=writer, version=draft.version)
    draft = approve_draft(draft.pk, actor=an_editor(), version=draft.version)
    name = draft.content["materials"][0]["sample"]
    assert keep_guide_file(CODE, name, PICTURE, actor=writer).name == name, "the same bytes change nothing"
    with pytest.raises(Refused) as caught:
        keep_guide_file(CODE, name, picture(3), actor=writer)
    assert caught.value.code == "file_is_signed"
    assert "put aside" in refused("DELETE FROM matters_guidefile")
    assert "put aside" in refused("UPDATE matters_guidefile SET sha256 = repeat('a', 64)")
    assert "put aside" in refused("UPDATE matters_guidefile SET name = '别的.png'")
    assert refused("UPDATE matters_guidefile SET replaced_at = now() - interval '1 second'") == ""
