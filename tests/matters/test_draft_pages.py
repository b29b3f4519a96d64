"""The pages on which a guide is written, checked, tried out, approved; nothing typed is lost."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from halls.domain.duties import PostKind
from halls.models import Department, Hall
from halls.selectors.work_calendar import read_moment
from matters.domain.content_edit import rows_at, typed, value_at
from matters.domain.elements import BY_CODE, SECTIONS, Rows
from matters.models import GuideDraft, GuideScenario, Matter, MatterClosing, Tryout
from tests.factories.drafts import CODE, a_checked_draft, a_draft, an_editor
from tests.factories.halls import FENGJIE, person_in_post

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("catalogue")]
BACKEND = "django.contrib.auth.backends.ModelBackend"


def logged_in(node: Any) -> Client:
    client = Client()
    client.force_login(person_in_post(PostKind.CATALOGUE_EDITOR, node), backend=BACKEND)
    return client


@pytest.fixture
def bureau() -> Client:
    return logged_in(Department.objects.get(code=f"{FENGJIE}-MZ"))


@pytest.fixture
def county() -> Client:
    return logged_in(Hall.objects.get(code=FENGJIE))


def begun(client: Client, code: str = CODE) -> GuideDraft:
    assert client.post(f"/matters/{code}/draft/").status_code == 302
    return GuideDraft.objects.get(code=code)


def form_of(draft: GuideDraft, section: str) -> dict[str, Any]:
    """Return what the section's form would send as it stands."""
    chosen = BY_CODE[section]
    sent: dict[str, Any] = {"version": draft.version, "act": "save"}
    for element in chosen.elements:
        _add(sent, element.name, element, value_at(draft.content, element.name))
    for rows in chosen.rows:
        _rows(sent, rows, rows.name, draft.content)
    return sent


def _add(sent: dict[str, Any], name: str, element: Any, value: Any) -> None:
    if element.kind == "flag":
        sent |= {name: "1"} if value else {}
    else:
        sent[name] = typed(element, value)


def _rows(sent: dict[str, Any], rows: Rows, place: str, owner: Any) -> None:
    listed = rows_at(owner, rows)
    sent[f"{place}.rows"] = len(listed)
    for index, row in enumerate(listed):
        here = f"{place}[{index}]"
        for element in rows.elements:
            _add(sent, f"{here}.{element.name}" if element.name else here, element,
                 value_at(row, element.name) if element.name else row)  # fmt: skip
        if rows.inner:
            _rows(sent, rows.inner, f"{here}.{rows.inner.name}", row)


def post(client: Client, draft: GuideDraft, section: str, **changes: Any) -> Any:
    sent = form_of(draft, section) | {name.replace("__", "."): value for name, value in changes.items()}
    return client.post(f"/matters/drafts/{draft.pk}/{section}/", sent)


def text(response: Any) -> str:
    return str(response.content.decode())


# --- sections --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("section", [section.code for section in SECTIONS])
def test_a_section_that_is_sent_as_it_stands_changes_nothing(bureau: Client, section: str) -> None:
    draft = begun(bureau, "MZ-001")
    assert bureau.get(f"/matters/drafts/{draft.pk}/{section}/").status_code == 200
    before = draft.content
    assert post(bureau, draft, section).status_code == 302
    draft.refresh_from_db()
    assert draft.content == before


def test_a_material_is_renamed_moved_added_and_taken_out(bureau: Client) -> None:
    draft = begun(bureau, "MZ-001")
    names = [row["name"] for row in draft.content["materials"]]
    response = post(bureau, draft, "materials", **{"materials[0].name": "申请书", "act": "down:materials[0]"})
    assert response.status_code == 302
    assert response.headers["Location"].endswith("?at=materials%5B1%5D&did=down")
    draft.refresh_from_db()
    assert [row["name"] for row in draft.content["materials"]][:2] == [names[1], "申请书"]
    post(bureau, draft, "materials", act="remove:materials[0]")
    draft.refresh_from_db()
    assert draft.content["materials"][0]["name"] == "申请书"
    response = post(bureau, draft, "materials", act="add:materials")
    draft.refresh_from_db()
    assert draft.content["materials"][-1]["name"] == ""
    page = text(bureau.get(response.headers["Location"]))
    last = len(draft.content["materials"]) - 1
    assert re.search(rf'id="f-materials-{last}-name"[^>]* autofocus', page)


def test_the_steps_are_numbered_by_their_order(bureau: Client) -> None:
    draft = begun(bureau, "MZ-001")
    count = len(draft.content["steps"])
    for act in (f"up:steps[{count - 1}]", "remove:steps[0]", "add:steps", f"remove:steps[{count - 1}]"):
        assert post(bureau, draft, "steps", act=act).status_code == 302
        draft.refresh_from_db()
        steps = draft.content["steps"]
        assert [step["seq"] for step in steps] == list(range(1, len(steps) + 1))
    assert len(draft.content["steps"]) == count - 1


def test_questions_and_their_options_are_rows_too(bureau: Client) -> None:
    draft = begun(bureau, "MZ-001")
    for act in ("add:questions", "add:questions[0].options", "add:questions[0].options"):
        assert post(bureau, draft, "questions", act=act).status_code == 302
        draft.refresh_from_db()
    material = draft.content["materials"][5]["name"]
    filled = {
        "questions[0].text": "家里有残疾人吗？",
        "questions[0].options[0].text": "有",
        "questions[0].options[0].materials": [material],
        "questions[0].options[1].text": "没有",
    }
    assert post(bureau, draft, "questions", **filled, act="up:questions[0].options[1]").status_code == 302
    draft.refresh_from_db()
    assert [one["text"] for one in draft.content["questions"][0]["options"]] == ["没有", "有"]
    assert draft.content["questions"][0]["options"][1]["materials"] == [material]


def test_a_fault_is_told_at_its_row_and_nothing_typed_is_lost(bureau: Client) -> None:
    draft = begun(bureau, "MZ-001")
    response = post(
        bureau, draft, "materials",
        **{"materials[2].name": "", "materials[1].note": "刚写的说明", "materials[3].copies": "两份"},
    )  # fmt: skip
    assert response.status_code == 422
    html = text(response)
    assert '<a href="#f-materials-2-name">材料第 3 项 · 材料名称：没有填写。请补上这一项。</a>' in html
    assert '<a href="#f-materials-3-copies">' in html
    assert "刚写的说明" in html
    assert 'value="两份"' in html
    assert re.search(
        r'id="f-materials-2-name"[^>]*aria-invalid="true" aria-describedby=" f-materials-2-name-error"', html
    )
    draft.refresh_from_db()
    assert draft.version == 1
    assert post(bureau, draft, "materials", **{"materials[3].copies": "两份", "act": "keep"}).status_code == 302
    draft.refresh_from_db()
    assert draft.content["materials"][3]["copies"] == "两份"
    assert "材料第 4 项 · 复印件份数" in text(bureau.get(f"/matters/drafts/{draft.pk}/"))


def test_two_open_pages_do_not_overwrite_each_other(bureau: Client, county: Client) -> None:
    draft = begun(bureau)
    assert post(county, draft, "ways", consult="县里写的").status_code == 302
    response = post(bureau, draft, "ways", consult="局里写的")
    assert response.status_code == 409
    html = text(response)
    assert "您填的都在下面，没有保存" in html
    assert 'value="局里写的"' in html
    assert 'name="version" value="2"' in html
    draft.refresh_from_db()
    assert draft.content["consult"] == "县里写的"


def test_a_promise_that_is_not_the_sum_of_its_steps_is_told_at_the_promise(bureau: Client) -> None:
    draft = begun(bureau, "MZ-001")
    response = post(bureau, draft, "limits", promised_limit__days="20")
    assert response.status_code == 422
    assert "承诺时限：承诺 20 个工作日，计入时限的环节合计 25 个工作日。" in text(response)


@pytest.mark.parametrize(
    "act", ["up:steps[99]", "down:nothing", "remove:steps", "x", "add:questions[7].options", "up:" + "9" * 500]
)
def test_a_button_that_says_nonsense_changes_no_rows(bureau: Client, act: str) -> None:
    draft = begun(bureau, "MZ-001")
    before = draft.content
    assert post(bureau, draft, "steps", act=act).status_code == 302
    draft.refresh_from_db()
    assert draft.content == before


# --- the draft's page ------------------------------------------------------------------------------------------------


def act(client: Client, draft: GuideDraft, name: str, **data: Any) -> Any:
    draft.refresh_from_db()
    sent = {"version": draft.version} | data
    return client.post(f"/matters/drafts/{draft.pk}/{name}/", {f"{name}-{key}": value for key, value in sent.items()})


def test_a_guide_is_changed_checked_and_approved_by_another(bureau: Client, county: Client) -> None:
    draft = begun(bureau)
    assert post(bureau, draft, "ways", consult="023-56785566").status_code == 302
    refused = act(bureau, draft, "check")
    assert (refused.status_code, "请写明理由" in text(refused)) == (422, True)
    assert act(bureau, draft, "why", reason="渝民发〔2026〕3号", ordered_on="").status_code == 302
    page = text(bureau.get(f"/matters/drafts/{draft.pk}/"))
    assert "咨询方式填写为“023-56785566”" in page
    assert "未试办" in page
    assert "现行指南已有的错误" in page
    assert "依据：" in page
    assert act(bureau, draft, "check").status_code == 302
    own = act(bureau, draft, "approve", effective_on="")
    assert (own.status_code, "您写过这份草稿" in text(own)) == (409, True)
    assert "等您批准" in text(county.get("/matters/drafts/"))
    assert f'href="/matters/drafts/{draft.pk}/"' in text(county.get("/matters/drafts/"))
    assert "已核对" in text(county.get("/matters/?department=500236-MZ"))
    assert "这份草稿未试办" in text(county.get(f"/matters/drafts/{draft.pk}/"))
    assert act(county, draft, "approve", effective_on="").status_code == 302
    assert "023-56785566" in text(Client().get(f"/guides/{CODE}/"))
    assert Matter.objects.filter(code=CODE, current__number=2).exists()


def test_a_draft_that_failed_its_tryout_is_not_approved(county: Client) -> None:
    draft, now = a_checked_draft(an_editor("MZ")), read_moment().at
    result = {"name": "一路办到送达", "passed": False, "found": ["没有人接办"], "lines": ["收件"]}
    Tryout.objects.create(
        code=CODE, content={}, content_hash=draft.content_hash, requested_at=now, finished_at=now, passed=False,
        covered=[1, 2], missed=[3], results=[result],
    )  # fmt: skip
    html = text(county.get(f"/matters/drafts/{draft.pk}/"))
    assert "试办没有通过，不能批准" in html
    assert "没有人接办" in html
    assert "没有走到的环节：3" in html
    refused = act(county, draft, "approve", effective_on="")
    assert (refused.status_code, "这份草稿试办没有通过：一路办到送达" in text(refused)) == (409, True)


def test_a_draft_is_sent_to_be_tried_out(bureau: Client) -> None:
    draft = begun(bureau)
    assert act(bureau, draft, "tryout").status_code == 302
    assert Tryout.objects.get().content_hash == draft.content_hash
    assert "正在试办" in text(bureau.get(f"/matters/drafts/{draft.pk}/"))


def test_a_draft_is_dropped_with_a_reason(bureau: Client) -> None:
    draft = begun(bureau)
    refused = act(bureau, draft, "drop", reason=" ")
    assert refused.status_code == 422
    assert act(bureau, draft, "drop", reason="不改了").status_code == 302
    draft.refresh_from_db()
    assert draft.state == "dropped"
    page = bureau.get(f"/matters/drafts/{draft.pk}/steps/")
    assert page.status_code == 302


def test_the_preview_is_the_guide_as_the_villager_will_see_it(bureau: Client) -> None:
    draft = a_draft(an_editor("MZ"), conditions=["只有预览里有"])
    html = text(bureau.get(f"/matters/drafts/{draft.pk}/preview/"))
    assert "只有预览里有" in html
    assert "这是预览，还没有施行" in html
    assert "第 2 版" in html
    assert "只有预览里有" not in text(Client().get(f"/guides/{CODE}/"))


def test_a_new_matter_is_begun_written_and_cannot_be_previewed_before_it_reads(bureau: Client) -> None:
    assert bureau.post("/matters/drafts/new/", {"code": "MZ 1", "department": ""}).status_code == 422
    response = bureau.post("/matters/drafts/new/", {"code": "MZ-900", "department": "500236-MZ"})
    draft = GuideDraft.objects.get(code="MZ-900")
    assert response.headers["Location"] == f"/matters/drafts/{draft.pk}/"
    page = text(bureau.get(f"/matters/drafts/{draft.pk}/"))
    assert "环节</a>：没有办理环节" in page
    assert bureau.get(f"/matters/drafts/{draft.pk}/preview/").status_code == 409
    for section in SECTIONS:
        assert bureau.get(f"/matters/drafts/{draft.pk}/{section.code}/?show=1").status_code == 200
    assert bureau.post("/matters/drafts/new/", {"code": "XX-1", "department": "500236-GA"}).status_code == 422


@pytest.mark.parametrize("path", ["", "basics/", "preview/", "scenarios/"])
def test_another_bureau_does_not_see_the_draft(path: str) -> None:
    draft = a_draft(an_editor("MZ"))
    other = logged_in(Department.objects.get(code=f"{FENGJIE}-GA"))
    assert other.get(f"/matters/drafts/{draft.pk}/{path}").status_code == 404
    assert f"/matters/drafts/{draft.pk}/" not in text(other.get("/matters/?department=500236-MZ"))


def test_a_scenario_is_written_rewritten_and_taken_away(bureau: Client) -> None:
    draft = begun(bureau)
    at = f"/matters/drafts/{draft.pk}/scenarios/"
    assert "按环节自动生成的场景" in text(bureau.get(at))
    wrong = bureau.post(at, {"name": "春节前", "text": "从 2026-02-13 16:00 起，在乡镇提交\n飞走，应为：在办"})
    assert wrong.status_code == 422
    assert "第 2 行不认识“飞走”" in text(wrong)
    assert "飞走，应为：在办</textarea>" in text(wrong)
    good = "从 2026-02-13 16:00 起，在乡镇提交\n收件，应为：收件"
    assert bureau.post(at, {"name": "春节前", "text": good}).status_code == 302
    assert good.splitlines()[1] in text(bureau.get(f"{at}?name=春节前"))
    assert bureau.post(f"{at}drop/", {"name": "春节前"}).status_code == 302
    assert not GuideScenario.objects.exists()


# --- the matter ------------------------------------------------------------------------------------------------------


def test_a_matter_is_paused_and_reopened_with_a_reason(bureau: Client) -> None:
    at = f"/matters/{CODE}/pause/"
    assert "全县各大厅都不收新件" in text(bureau.get(at))
    assert bureau.post(at, {"reason": "", "version": 1}).status_code == 422
    assert bureau.post(at, {"reason": "系统升级", "version": 1}).status_code == 302
    assert bureau.post(at, {"reason": "再停", "version": 1}).status_code == 409
    assert "恢复办理" in text(bureau.get(f"/matters/{CODE}/"))
    assert bureau.post(f"/matters/{CODE}/reopen/", {"reason": "升级完", "version": 1}).status_code == 302
    history = text(bureau.get(f"/matters/{CODE}/history/"))
    assert "系统升级" in history
    assert "暂停日期" in history


def test_a_matter_is_merged_into_another_or_abolished(county: Client) -> None:
    wrong = county.post(f"/matters/{CODE}/merge/", {"reason": "合并", "into": CODE, "version": 1})
    assert (wrong.status_code, "请填另一个在用事项的编码" in text(wrong)) == (422, True)
    assert county.post(f"/matters/{CODE}/merge/", {"reason": "合并", "into": "MZ-005", "version": 1}).status_code == 302
    assert county.post("/matters/MZ-006/abolish/", {"reason": "取消", "version": 1}).status_code == 302
    assert not Matter.objects.filter(abolished_on__isnull=False).exists()
    own = text(county.get(f"/matters/{CODE}/"))
    assert "等另一位事项管理员确认" in own
    assert "核对并确认" not in own
    bureau = logged_in(Department.objects.get(code=f"{FENGJIE}-MZ"))
    assert "核对并确认" in text(bureau.get(f"/matters/{CODE}/"))
    assert "等人确认取消或并入" in text(bureau.get("/matters/"))
    question = text(bureau.get(f"/matters/{CODE}/confirm/"))
    assert "理由：合并" in question
    asked = MatterClosing.objects.get(matter__code=CODE).pk
    own_answer = county.post(f"/matters/{CODE}/confirm/", {"closing_id": asked})
    assert (own_answer.status_code, "这是您自己提出的" in text(own_answer)) == (409, True)
    assert bureau.post(f"/matters/{CODE}/confirm/", {"closing_id": asked}).status_code == 302
    assert "修改指南" not in text(bureau.get(f"/matters/{CODE}/"))
    other = MatterClosing.objects.get(matter__code="MZ-006").pk
    assert bureau.post("/matters/MZ-006/drop/", {"closing_id": other}).status_code == 302
    assert bureau.get("/matters/MZ-006/confirm/").status_code == 404
    assert Matter.objects.get(code="MZ-006").abolished_on is None


def test_another_bureau_may_not_close_a_matter() -> None:
    other = logged_in(Department.objects.get(code=f"{FENGJIE}-GA"))
    assert other.get(f"/matters/{CODE}/pause/").status_code == 403
    assert "修改指南" not in text(other.get(f"/matters/{CODE}/"))


def test_the_history_tells_who_when_why_and_what(bureau: Client, county: Client) -> None:
    draft = begun(bureau)
    post(bureau, draft, "ways", consult="023-56785566")
    act(bureau, draft, "why", reason="渝民发〔2026〕3号", ordered_on="2026-03-02")
    act(bureau, draft, "check")
    act(county, draft, "approve", effective_on="")
    html = text(bureau.get(f"/matters/{CODE}/history/?from=1&to=2"))
    assert "第 2 版比第 1 版改了什么" in html
    assert "咨询方式填写为“023-56785566”" in html
    assert "渝民发〔2026〕3号" in html
    assert "调整到位" in html
    back = text(bureau.get(f"/matters/{CODE}/history/?from=2&to=1"))
    assert "咨询方式由“023-56785566”改为未填写" in back
    assert bureau.get(f"/matters/{CODE}/history/?from=1&to=7").status_code == 404


# --- cost ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("path", "most"), [("/matters/", 7), ("/matters/drafts/", 4)])
def test_a_list_asks_as_much_for_many_drafts_as_for_one(county: Client, path: str, most: int) -> None:
    writer = an_editor("MZ")
    figures = []
    for codes in (["MZ-001"], ["MZ-002", "MZ-003", "MZ-006", "MZ-005"]):
        for code in codes:
            a_checked_draft(writer, code)
        county.get(path)
        with CaptureQueriesContext(connection) as queries:
            county.get(path)
        figures.append(len([query for query in queries if "matters_" in query["sql"]]))
    assert figures[0] == figures[1] <= most
