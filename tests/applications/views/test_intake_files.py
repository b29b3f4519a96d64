"""Papers brought to a draft: kept, refused, looked at, taken away."""

from __future__ import annotations

import io
import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from applications.models import AccessRecord, Application, MaterialFile
from halls import files
from tests.factories.cases import a_case, a_picture
from tests.seed import Seed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]
PLAIN_PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\nstartxref\n9\n%%EOF\n"


def brought(name: str = "申请表.png", data: bytes | None = None, kind: str = "image/png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, a_picture() if data is None else data, kind)


def bring(clerk: Client, case: Application, **data: Any) -> Any:
    version = Application.objects.get(pk=case.pk).version
    return clerk.post(reverse("intake_materials", args=[case.key]), {"version": version, **data})


def a_file(clerk: Client, case: Application, **how: Any) -> MaterialFile:
    bring(clerk, case, files_1=[brought(**how)])
    return MaterialFile.objects.get(line__application=case)


# --- bringing --------------------------------------------------------------------------------------------------------


def test_several_pages_of_a_paper_are_kept_and_listed(clerk: Client) -> None:
    case = a_case("draft")
    photo = io.BytesIO()
    Image.new("RGB", (300, 200), "blue").save(photo, "JPEG")
    answer = bring(
        clerk, case, declared_2="later",
        files_1=[brought("第1页.png"), brought("第2页.jpg", photo.getvalue())],
        files_3=[brought("户口簿.pdf", PLAIN_PDF)],
    )  # fmt: skip
    assert answer.status_code == 302
    kept = MaterialFile.objects.filter(line__application=case).order_by("line__seq", "pk")
    assert sorted((one.line.seq, one.name, one.media_type) for one in kept) == [
        (1, "第1页.png", "image/png"),
        (1, "第2页.jpg", "image/jpeg"),
        (3, "户口簿.pdf", "application/pdf"),
    ]
    assert [line.declared for line in case.materials.order_by("seq")[:3]] == ["have", "later", "have"]
    shown = clerk.get(reverse("intake_materials", args=[case.key])).content.decode()
    assert "已传 2 个文件" in shown
    assert shown.count("移除") == 3


@pytest.mark.parametrize(
    ("file", "said"),
    [
        (brought("身份证.jpg", b"<html><script>alert(1)</script>"), "这不是 JPG、PNG 图片或 PDF"),
        (brought("空.jpg", b""), "0 字节"),
        (brought("大.jpg", b"\xff\xd8\xff" + b"0" * (files.MAX_BYTES + 700_000)), "文件有 10.7 MB，超过 10 MB"),
        (brought("合同.docx", b"PK\x03\x04"), "Word 文件请先另存为 PDF"),
        (brought("a.pdf", PLAIN_PDF.replace(b"Catalog", b"Catalog/Names<</JavaScript 2 0 R>>")), "含有脚本或附件"),
    ],
)
def test_a_bad_file_is_refused_at_its_line_and_the_good_ones_stay(
    clerk: Client, file: SimpleUploadedFile, said: str
) -> None:
    case = a_case("draft")
    file.seek(0)
    answer = bring(clerk, case, declared_2="have", files_1=[brought()], files_3=[file])
    assert answer.status_code == 422
    shown = answer.content.decode()
    assert "有文件没有收下，其余的已经存好" in shown
    assert 'href="#material-3"' in shown
    assert said in shown
    assert re.search(r'id="files-3"[^>]*aria-invalid="true"', shown)
    assert MaterialFile.objects.filter(line__application=case).count() == 1
    assert case.materials.get(seq=2).declared == "have"
    version = re.search(r'name="version" value="(\d+)"', shown)
    assert version
    assert int(version[1]) == Application.objects.get(pk=case.pk).version  # one can go on from this page


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../../etc/passwd.png", "passwd.png"),
        ("..\\..\\boot.ini.png", "boot_ini.png"),
        ("\u202egnp.exe", "gnp.png"),
        ("<b>x</b>.png", "b.png"),
        ("a.php", "a.png"),
    ],
)
def test_a_name_with_tricks_comes_to_nothing(clerk: Client, name: str, kept: str) -> None:
    case = a_case("draft")
    assert a_file(clerk, case, name=name).name == kept
    stored = [path for path in files.path_of("0" * 64).parent.parent.rglob("*") if path.is_file()]
    assert stored
    assert all(re.fullmatch(r"[0-9a-f]{64}", path.name) for path in stored)


def test_more_files_than_a_line_takes_are_refused(clerk: Client) -> None:
    case = a_case("draft")
    answer = bring(clerk, case, files_1=[brought(f"{n}.png") for n in range(22)])
    assert "每项材料最多 20 个文件" in answer.content.decode()
    assert MaterialFile.objects.filter(line__application=case).count() == 20


@pytest.mark.parametrize("value", ["x", "unknown", "not_needed", "<b>"])
def test_a_necessary_paper_is_brought_or_follows(clerk: Client, value: str) -> None:
    case = a_case("draft")
    assert bring(clerk, case, declared_1=value).status_code == 422
    assert case.materials.get(seq=1).declared == "unknown"


# --- looking ---------------------------------------------------------------------------------------------------------


def test_a_picture_is_shown_guarded_and_the_opening_recorded(clerk: Client, seeded: Seed) -> None:
    kept = a_file(clerk, a_case("draft"))
    answer = clerk.get(reverse("material_file", args=[kept.pk]))
    assert answer.status_code == 200
    assert answer["Content-Type"] == "image/png"
    assert answer["Content-Disposition"].startswith("inline")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert "script-src" not in answer["Content-Security-Policy"]
    assert answer["Cache-Control"] == "private, no-store"
    record = AccessRecord.objects.get()
    assert (record.kind, record.subject, record.user) == ("file", str(kept.pk), seeded.user("village_clerk"))


def test_a_pdf_is_saved_not_shown(clerk: Client) -> None:
    kept = a_file(clerk, a_case("draft"), name="户口簿.pdf", data=PLAIN_PDF)
    answer = clerk.get(reverse("material_file", args=[kept.pk]))
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == "attachment; filename*=utf-8''%E6%88%B7%E5%8F%A3%E7%B0%BF.pdf"
    assert clerk.get(reverse("material_thumb", args=[kept.pk])).status_code == 404


def test_the_small_picture_in_a_list_is_no_opening(clerk: Client) -> None:
    kept = a_file(clerk, a_case("draft"))
    answer = clerk.get(reverse("material_thumb", args=[kept.pk]))
    assert answer["Content-Type"] == "image/jpeg"
    with Image.open(io.BytesIO(answer.content)) as small:
        assert max(small.size) <= 128
    assert not AccessRecord.objects.exists()


def test_only_who_works_on_the_case_opens_its_papers(as_: Callable[[str], Client], clerk: Client) -> None:
    case = a_case("draft")
    kept = a_file(clerk, case)
    addresses = [reverse(name, args=[kept.pk]) for name in ("material_file", "material_thumb")]
    remove = reverse("material_file_remove", args=[kept.pk])
    for role in ("neighbour_clerk", "township_window", "supervisor"):
        client = as_(role)
        assert [client.get(url).status_code for url in addresses] == [404, 404], role
        assert client.post(remove).status_code == 404
    assert not AccessRecord.objects.exists()
    assert MaterialFile.objects.get(pk=kept.pk).removed_at is None


def test_whoever_only_watches_sees_the_case_but_not_its_papers(
    as_: Callable[[str], Client], clerk: Client, seeded: Seed
) -> None:
    case = a_case("submitted")
    upload = reverse("material_upload", args=[case.key, 1])
    clerk.post(upload, {"file": [brought()], "next": "/"})
    kept = MaterialFile.objects.get(line__application=case)
    assert as_("township_window").get(reverse("material_file", args=[kept.pk])).status_code == 200
    assert as_("supervisor").get(reverse("material_file", args=[kept.pk])).status_code == 403
    assert as_("supervisor").get(reverse("material_thumb", args=[kept.pk])).status_code == 403


def test_an_unknown_or_lost_file_is_not_found(clerk: Client) -> None:
    assert clerk.get(reverse("material_file", args=[uuid.uuid4()])).status_code == 404
    kept = a_file(clerk, a_case("draft"), data=a_picture() + b"once")
    files.path_of(kept.sha256).unlink()
    answer = clerk.get(reverse("material_file", args=[kept.pk]))
    assert answer.status_code == 404
    assert "从备份恢复" in answer.content.decode()


# --- taking away -----------------------------------------------------------------------------------------------------


def test_a_file_taken_away_is_gone_from_the_page_and_stays_on_record(clerk: Client) -> None:
    case = a_case("draft")
    kept = a_file(clerk, case)
    here = reverse("intake_materials", args=[case.key])
    answer = clerk.post(reverse("material_file_remove", args=[kept.pk]), {"next": here}, follow=True)
    assert "已移除「申请表.png」" in answer.content.decode()
    assert str(kept.pk) not in answer.content.decode()
    assert clerk.get(reverse("material_file", args=[kept.pk])).status_code == 404
    assert MaterialFile.objects.get(pk=kept.pk).removed_at is not None


def test_after_acceptance_nothing_is_added_or_taken_away(clerk: Client) -> None:
    case = a_case("accepted")
    answer = clerk.post(reverse("material_upload", args=[case.key, 1]), {"file": [brought()], "next": "/"})
    assert answer.status_code == 409
    assert not MaterialFile.objects.filter(line__application=case).exists()


@pytest.mark.parametrize("elsewhere", ["https://example.com/", "//example.com", "javascript:alert(1)", "", "x"])
def test_after_an_upload_one_never_lands_on_another_site(clerk: Client, elsewhere: str) -> None:
    case = a_case("correcting")
    address = reverse("material_upload", args=[case.key, 1])
    answer = clerk.post(address, {"file": [brought()], "next": elsewhere})
    assert answer["Location"] == "/"


def test_an_upload_says_what_was_kept_and_what_was_not(clerk: Client) -> None:
    case = a_case("correcting")
    address, back = reverse("material_upload", args=[case.key, 1]), reverse("intake")
    shown = clerk.post(address, {"file": [brought(), brought("x", b"?")], "next": back}, follow=True).content.decode()
    assert "已收下 1 个文件" in shown
    assert "这不是 JPG" in shown
    assert "没有选文件" in clerk.post(address, {"next": back}, follow=True).content.decode()
