"""Blank forms and samples from the editor's draft to the villager's phone; nothing is overwritten on the way."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from halls.acting import acting_user
from halls.domain.duties import PostKind
from halls.domain.errors import NotFound, Refused, Stale
from halls.models import Department, User
from matters.actions.approve_draft import approve_draft
from matters.actions.attach_guide_file import attach_guide_file
from matters.actions.check_draft import check_draft
from matters.actions.keep_guide_file import keep_guide_file
from matters.actions.open_draft import open_draft
from matters.actions.save_draft import save_draft
from matters.domain.draft_reader import read_draft
from matters.domain.guide_files import edition_of, name_of, named_in
from matters.models import GuideDraft, GuideFile, LintReport, Matter
from matters.selectors.drafts import review_of
from tests.factories.drafts import a_draft, an_editor
from tests.factories.halls import FENGJIE, person_in_post

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("catalogue")]
BACKEND = "django.contrib.auth.backends.ModelBackend"
CODE = "MZ-001"


def a_form(words: str = "") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr(zipfile.ZipInfo("[Content_Types].xml"), "<Types/>")
        package.writestr(zipfile.ZipInfo("word/document.xml"), f"<w:document>{words}</w:document>")
    return out.getvalue()


@pytest.fixture
def writer() -> Any:
    return acting_user(person_in_post(PostKind.CATALOGUE_EDITOR, Department.objects.get(code=f"{FENGJIE}-MZ")))


def client_of(actor: Any) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=actor.user_id), backend=BACKEND)
    return client


def rules_at(findings: Any, place: str) -> set[str]:
    return {one.rule for one in findings if one.place == place}


def send(client: Client, draft: GuideDraft, data: bytes, **changes: Any) -> Any:
    body = {"version": draft.version, "seq": 1, "part": "blank", "file": SimpleUploadedFile("a.docx", data)}
    return client.post(reverse("matter_draft_files", args=[draft.pk]), body | changes)


def test_a_blank_goes_from_the_draft_page_to_the_guide_page(writer: Any) -> None:
    client = client_of(writer)
    draft = a_draft(writer, CODE)
    name = draft.content["materials"][0]["name"]
    assert "form-without-blank" in rules_at(review_of(draft).findings, "materials[0].blank")
    assert send(client, draft, a_form()).status_code == 302
    draft.refresh_from_db()
    kept = GuideFile.objects.get()
    assert draft.content["materials"][0]["blank"] == kept.name == f"{name}_空表_第1版.docx"
    assert rules_at(review_of(draft).findings, "materials[0].blank") == set()
    address = reverse("guide_file", args=[CODE, kept.pk])
    assert Client().get(address).status_code == 404  # nobody has signed it yet
    assert client.get(address).content == a_form()
    page = client.get(reverse("matter_draft_files", args=[draft.pk])).content.decode()
    assert "随草稿发布" in page
    check_draft(draft.pk, actor=writer, version=draft.version)
    draft.refresh_from_db()
    approve_draft(draft.pk, actor=an_editor(), version=draft.version, effective_on=None)
    assert f'href="{address}"' in Client().get(reverse("guide", args=[CODE])).content.decode()
    assert Client().get(address).content == a_form()
    places = {
        found["place"] for found in LintReport.objects.get(matter__code=CODE).findings if "blank" in found["rule"]
    }
    assert "materials[0].blank" not in places


def test_a_new_edition_takes_over_on_the_day_it_is_published_and_the_old_one_is_kept(writer: Any) -> None:
    def published(words: str) -> GuideFile:
        draft = a_draft(writer, CODE, notes=words)
        draft = attach_guide_file(draft.pk, 1, "sample", a_form(words), actor=writer, version=draft.version)
        check_draft(draft.pk, actor=writer, version=draft.version)
        draft.refresh_from_db()
        assert "群众正在下载" in page(draft) or words == "一"
        approve_draft(draft.pk, actor=an_editor(), version=draft.version, effective_on=None)
        return GuideFile.objects.get(name=draft.content["materials"][0]["sample"])

    def page(draft: GuideDraft) -> str:
        return str(client_of(writer).get(reverse("matter_draft_files", args=[draft.pk])).content.decode())

    old, new = published("一"), published("二")
    assert (edition_of(old.name, *named(old)), edition_of(new.name, *named(new))) == (1, 2)
    old.refresh_from_db()
    assert old.replaced_at is not None
    assert new.replaced_at is None
    assert Client().get(reverse("guide_file", args=[CODE, old.pk])).status_code == 404
    assert client_of(writer).get(reverse("guide_file", args=[CODE, old.pk])).content == a_form("一")
    assert Client().get(reverse("guide_file", args=[CODE, new.pk])).content == a_form("二")
    assert old.name in page(open_draft(CODE, actor=writer))


def named(file: GuideFile) -> tuple[str, str]:
    material = file.matter.current.content["materials"][0]["name"]  # type: ignore[union-attr]
    return material, "sample"


def test_a_look_alike_ideograph_does_not_let_one_person_replace_what_two_signed(writer: Any) -> None:
    draft = a_draft(writer, CODE)
    draft.content["materials"][0]["name"] = "申请理由书"
    draft = save_draft(draft.pk, draft.content, actor=writer, version=draft.version)
    draft = attach_guide_file(draft.pk, 1, "blank", a_form("真"), actor=writer, version=draft.version)
    check_draft(draft.pk, actor=writer, version=draft.version)
    draft.refresh_from_db()
    approve_draft(draft.pk, actor=an_editor(), version=draft.version, effective_on=None)
    signed = GuideFile.objects.get()
    later = open_draft(CODE, actor=writer)
    later.content["materials"][0] |= {"name": "申请\uf9e4由书", "blank": ""}
    later = save_draft(later.pk, later.content, actor=writer, version=later.version)
    later = attach_guide_file(later.pk, 1, "blank", a_form("假"), actor=writer, version=later.version)
    signed.refresh_from_db()
    assert signed.replaced_at is None
    assert later.content["materials"][0]["blank"] == "申请理由书_空表_第2版.docx"
    assert Client().get(reverse("guide_file", args=[CODE, signed.pk])).content == a_form("真")
    assert read_draft(later.content)[0].materials[0].name == "申请理由书"


def test_a_name_that_was_ever_held_is_not_given_again(writer: Any) -> None:
    draft = a_draft(writer, CODE)
    name = f"{draft.content['materials'][0]['name']}_空表"
    for edition in (999999, 1000000):
        keep_guide_file(CODE, f"{name}_第{edition}版.docx", a_form(str(edition)), actor=writer)
    after = attach_guide_file(draft.pk, 1, "blank", a_form(), actor=writer, version=draft.version)
    assert after.content["materials"][0]["blank"] == f"{name}_第1000001版.docx"


def test_the_public_feed_moves_only_for_what_the_public_sees(writer: Any) -> None:
    def moved() -> Any:
        return Matter.objects.get(code=CODE).changed_at

    draft, before = a_draft(writer, CODE), moved()
    draft = attach_guide_file(draft.pk, 1, "blank", a_form("一"), actor=writer, version=draft.version)
    assert moved() == before
    check_draft(draft.pk, actor=writer, version=draft.version)
    draft.refresh_from_db()
    approve_draft(draft.pk, actor=an_editor(), version=draft.version, effective_on=None)
    published = moved()
    assert published > before
    with pytest.raises(Refused, match="file_is_signed"):
        keep_guide_file(CODE, draft.content["materials"][0]["blank"], a_form("二"), actor=writer)
    assert moved() == published


def test_the_same_bytes_again_change_nothing(writer: Any) -> None:
    draft = a_draft(writer, CODE)
    once = attach_guide_file(draft.pk, 1, "blank", a_form(), actor=writer, version=draft.version)
    again = attach_guide_file(draft.pk, 1, "blank", a_form(), actor=writer, version=once.version)
    assert again.version == once.version
    assert GuideFile.objects.count() == 1


@pytest.mark.parametrize(("data", "words"), [
    (b"", "文件是空的"), (b"MZ\x90\x00", "另存为 docx"), (b"PK\x03\x04junk", "损坏"),
    (b"%PDF-" + b"0" * (10 * 1024 * 1024), "超过 10 MB"),
])  # fmt: skip
def test_what_is_no_form_is_explained_beside_its_material(writer: Any, data: bytes, words: str) -> None:
    draft = a_draft(writer, CODE)
    response = send(client_of(writer), draft, data)
    page = response.content.decode()
    assert response.status_code == 422
    assert page.count(words) >= 2  # above, with a link, and at the control
    assert 'href="#file-1-blank"' in page
    assert not GuideFile.objects.exists()
    draft.refresh_from_db()
    assert not draft.content["materials"][0]["blank"]


def test_nothing_chosen_is_told_so(writer: Any) -> None:
    draft = a_draft(writer, CODE)
    body = {"version": draft.version, "seq": 1, "part": "blank"}
    response = client_of(writer).post(reverse("matter_draft_files", args=[draft.pk]), body)
    assert response.status_code == 422
    assert "没有选文件" in response.content.decode()


def test_an_upload_takes_the_signatures_away_and_notices_an_older_page(writer: Any) -> None:
    draft = a_draft(writer, CODE)
    checked = check_draft(draft.pk, actor=writer, version=draft.version)
    with pytest.raises(Stale):
        attach_guide_file(draft.pk, 1, "blank", a_form(), actor=writer, version=checked.version - 1)
    after = attach_guide_file(draft.pk, 1, "blank", a_form(), actor=writer, version=checked.version)
    assert after.state == GuideDraft.State.EDITING
    with pytest.raises(NotFound):
        attach_guide_file(draft.pk, 99, "blank", a_form(), actor=writer, version=after.version)


def test_a_new_matter_says_that_it_is_published_first(writer: Any) -> None:
    draft = open_draft("MZ-901", actor=writer, department_code=f"{FENGJIE}-MZ")
    with pytest.raises(Refused, match="还没有发布"):
        attach_guide_file(draft.pk, 1, "blank", a_form(), actor=writer, version=draft.version)
    page = client_of(writer).get(reverse("matter_draft_files", args=[draft.pk])).content.decode()
    assert "请先批准发布指南" in page


def test_another_bureau_neither_sees_nor_uploads(writer: Any) -> None:
    draft = a_draft(writer, CODE)
    other = client_of(an_editor("RS"))
    assert other.get(reverse("matter_draft_files", args=[draft.pk])).status_code == 404
    assert send(other, draft, a_form()).status_code == 404
    assert not GuideFile.objects.exists()


def test_a_file_the_guide_in_force_names_and_nobody_has_is_found_until_it_is_there(writer: Any) -> None:
    draft = a_draft(writer, CODE)
    draft = attach_guide_file(draft.pk, 1, "blank", a_form(), actor=writer, version=draft.version)
    check_draft(draft.pk, actor=writer, version=draft.version)
    draft.refresh_from_db()
    approve_draft(draft.pk, actor=an_editor(), version=draft.version, effective_on=None)
    name = draft.content["materials"][0]["blank"]
    GuideFile.objects.all().delete()
    keep_guide_file(CODE, "别的.docx", a_form("x"), actor=writer)
    assert "file-not-found" in LintReport.objects.get(matter__code=CODE).rules
    keep_guide_file(CODE, name, a_form(), actor=writer)
    assert "file-not-found" not in LintReport.objects.get(matter__code=CODE).rules


def test_the_page_takes_as_many_queries_for_many_materials_as_for_few(writer: Any) -> None:
    def queries(count: int) -> int:
        draft = GuideDraft.objects.get(code=CODE)
        draft.content["materials"] = [dict(draft.content["materials"][0], name=f"材料{n}") for n in range(count)]
        draft.save()
        with CaptureQueriesContext(connection) as found:
            assert client.get(reverse("matter_draft_files", args=[draft.pk])).status_code == 200
        return len(found)

    a_draft(writer, CODE)
    client = client_of(writer)
    queries(1)
    assert queries(1) == queries(30)


@given(name=st.text(min_size=1, max_size=200), edition=st.integers(1, 99999), part=st.sampled_from(["blank", "sample"]))
def test_an_edition_is_read_back_from_its_name(name: str, edition: int, part: str) -> None:
    assert edition_of(f"{name_of(name, part, edition)}.docx", name, part) == edition
    other = "sample" if part == "blank" else "blank"
    assert edition_of(f"{name_of(name, part, edition)}.docx", name, other) == 0


@pytest.mark.parametrize("content", [{}, {"materials": None}, {"materials": [3, {"blank": 7}]}, {"result": "x"}])
def test_a_faulty_guide_names_no_file(content: dict[str, Any]) -> None:
    assert named_in(content) == frozenset()
