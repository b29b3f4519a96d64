"""The catalogue over the API: whole records, what changed since, and the way of a draft."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from matters.actions.pause_matter import pause_matter
from matters.models import GuideDraft, Matter
from tests.api.test_schema import _hold, schema  # noqa: F401 - the fixture
from tests.factories.closings import closed
from tests.factories.drafts import CODE, a_draft

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]


def rows_of(anybody, **query):
    answer = anybody.get("matters/", **query)
    assert answer.status_code == 200, answer.content.decode()
    return answer.json()["results"]


@pytest.fixture
def bureau(caller):
    return caller("bureau_editor")


@pytest.fixture
def county(caller):
    return caller("catalogue_approver")


def opened(program, code: str = CODE, **changes: Any) -> dict[str, Any]:
    """Open a draft, change its content, save it."""
    draft = program.post("guide-drafts/", {"matter": code}).json()
    body = {
        "version": draft["version"],
        "content": draft["content"] | (changes or {"conditions": ["遇到紧急困难"]}),
        "reason": "渝民发〔2026〕3号",
    }
    answer = program.send("PUT", f"guide-drafts/{draft['id']}/", body)
    assert answer.status_code == 200, answer.content.decode()
    told = answer.json()
    assert isinstance(told, dict)
    return told


# --- reading ---------------------------------------------------------------------------------------------------------


def test_everybody_reads_the_whole_record(anybody):
    told = anybody.get(f"matters/{CODE}/").json()
    guide = Matter.objects.get(code=CODE).current
    assert guide is not None
    assert told["record"] == guide.content
    assert (told["standing"], told["successor"]) == ("open", None)


def test_what_changed_since_comes_in_the_order_of_change_with_what_is_gone(anybody, seeded):
    editor = seeded.actor("catalogue_editor")
    since = Matter.objects.order_by("-changed_at")[0].changed_at
    first = pause_matter("NY-003", actor=editor, reason="系统改造")
    closed("MZ-006", actor=editor, second=seeded.actor("catalogue_approver"))
    closed("MZ-005", into=CODE, actor=editor, reason="合并实施", second=seeded.actor("catalogue_approver"))
    later = rows_of(anybody, updated_since=first.changed_at.isoformat())
    assert [(row["code"], row["standing"], row["closing_reason"]) for row in later] == [
        ("NY-003", "paused", "系统改造"), ("MZ-006", "abolished", "取消"), ("MZ-005", "abolished", "合并实施"),
        (CODE, "open", ""),  # found by the old name from now on
    ]  # fmt: skip
    assert later[2]["merged_into"]["code"] == CODE
    assert {row["code"] for row in rows_of(anybody, page_size=100)}.isdisjoint({"NY-003", "MZ-006", "MZ-005"})
    assert since < first.changed_at


def test_the_feed_goes_on_page_by_page_and_misses_nothing(anybody):
    seen, address = [], "matters/?updated_since=2000-01-01T00:00:00Z&page_size=50"
    while address:
        told = anybody.get(address).json()
        seen += told["results"]
        address = (told["next"] or "").removeprefix("http://testserver")
    keys = [(row["changed_at"], row["code"]) for row in seen]
    assert len(set(keys)) == 133
    assert keys == sorted(keys)


@pytest.mark.parametrize(
    "query",
    [
        {"updated_since": "gestern"}, {"updated_since": "0001-01-01T00:00:00Z"}, {"updated_since": "9999-12-31"},
        {"updated_since": "2026-01-01T00:00:00Z", "q": "x"},
        {"updated_since": "2026-01-01T00:00:00Z", "cursor": "WzAsMV0"},
        {"updated_since": "2026-01-01T00:00:00Z", "cursor": "WzAsICIyMDI2IiwgIngiXQ"},
    ],
)  # fmt: skip
def test_a_feed_that_cannot_be_is_refused(anybody, problem, query):
    assert problem(anybody.get("matters/", **query), 400)["errors"]


@pytest.mark.parametrize("address", [f"matters/{CODE}/", "matters/", "matters/?updated_since=2020-01-01T00:00:00Z"])
def test_what_is_known_is_not_sent_again_until_it_changes(anybody, seeded, address):
    first = anybody.get(address)
    known = {"If-None-Match": first["ETag"]}
    again = anybody.client.get(f"/api/v1/{address}", headers=known)
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    code = first.json().get("code") or first.json()["results"][0]["code"]
    pause_matter(code, actor=seeded.actor("catalogue_editor"), reason="系统改造")
    changed = anybody.client.get(f"/api/v1/{address}", headers=known)
    assert changed.status_code == 200
    assert changed["ETag"] != first["ETag"]


def test_a_page_costs_the_same_whatever_is_in_it(anybody, seeded):
    closed("MZ-005", into=CODE, actor=seeded.actor("catalogue_editor"), second=seeded.actor("catalogue_approver"))
    for query in ({"page_size": 1}, {"page_size": 100}, {"updated_since": "2020-01-01T00:00:00Z"}, {"q": "zjd"}):
        with CaptureQueriesContext(
            connection,
        ) as captured:
            rows_of(anybody, **query)
        assert len(captured) == 1, query


# --- writing ---------------------------------------------------------------------------------------------------------


def test_a_draft_goes_its_way_over_the_api(bureau, county, anybody):
    draft = opened(bureau)
    assert [change["label"] for change in draft["changes"]]
    at = f"guide-drafts/{draft['id']}/"
    draft = bureau.post(f"{at}check/", {"version": draft["version"]}).json()
    assert draft["state"] == "checked"
    assert all(problem["cure"] and problem["citation"] for problem in draft["problems"]), "findings explain themselves"
    assert {problem["severity"] for problem in draft["problems"]} <= {"inherited", "warning", "hint"}
    assert draft["why_not_approve"]
    refused = bureau.post(f"{at}approve/", {"version": draft["version"]})
    assert (refused.status_code, refused.json()["code"]) == (409, "same_person")
    assert county.get(at).json()["why_not_approve"] == ""
    done = county.post(f"{at}approve/", {"version": draft["version"]}).json()
    assert (done["state"], done["published_version"]) == ("published", 2)
    told = anybody.get(f"matters/{CODE}/").json()
    assert (told["version"], told["record"]["conditions"]) == (2, ["遇到紧急困难"])


def test_problems_name_field_and_cure(bureau, problem):
    draft = opened(bureau, promised_limit={"days": 99, "unit": "工作日", "basis": "curated"}, name=7)
    assert {"promised_limit.days", "name"} <= {one["place"] for one in draft["problems"]}
    assert draft["changes"] == []
    told = problem(
        bureau.post(f"guide-drafts/{draft['id']}/check/", {"version": draft["version"]}), 422, "guide_faulty"
    )
    assert {"promised_limit.days", "name"} <= {one["field"] for one in told["errors"]}
    assert all(one["cure"] for one in told["errors"])


def test_an_older_version_is_refused(bureau, problem):
    draft = opened(bureau)
    body = {"version": draft["version"] - 1, "content": draft["content"]}
    told = problem(bureau.send("PUT", f"guide-drafts/{draft['id']}/", body), 409, "stale_page")
    assert told["field"] == "version"
    problem(bureau.send("PUT", f"guide-drafts/{draft['id']}/", {"content": {}}), 400)


def test_a_bureau_sees_and_writes_its_own_only(bureau, county, caller, seeded, problem):
    foreign = a_draft(seeded.actor("catalogue_editor"), "NY-003")
    mine = opened(bureau)
    assert [row["id"] for row in bureau.get("guide-drafts/").json()["results"]] == [mine["id"]]
    assert [row["id"] for row in county.get("guide-drafts/").json()["results"]] == [mine["id"], foreign.pk]
    assert [row["matter"] for row in county.get("guide-drafts/", matter="NY-003", state="editing").json()["results"]]
    problem(county.get("guide-drafts/", state="nothing"), 400)
    problem(bureau.get(f"guide-drafts/{foreign.pk}/"), 404)
    problem(bureau.post(f"guide-drafts/{foreign.pk}/drop/", {"version": foreign.version, "reason": "x"}), 404)
    problem(bureau.post("guide-drafts/", {"matter": "NY-003"}), 403, "not_your_department")
    problem(bureau.post("matters/NY-003/pause/", {"reason": "x"}), 403, "not_your_department")
    problem(caller("township_window").get("guide-drafts/"), 403, "no_duty_here")


def test_a_matter_is_closed_and_opened(bureau, county, problem):
    paused = bureau.post(f"matters/{CODE}/pause/", {"reason": "系统改造", "version": 1}).json()
    assert (paused["standing"], paused["closing_reason"]) == ("paused", "系统改造")
    problem(bureau.post(f"matters/{CODE}/pause/", {"reason": "再停"}), 409, "already_paused")
    assert bureau.post(f"matters/{CODE}/reopen/", {"reason": "完成"}).json()["standing"] == "open"
    assert problem(bureau.post(f"matters/{CODE}/abolish/", {}), 422, "reason_missing")["field"] == "reason"
    assert problem(bureau.post(f"matters/{CODE}/merge/", {"reason": "x", "into": CODE}), 422)["field"] == "into"
    asked = bureau.post(f"matters/{CODE}/merge/", {"reason": "合并", "into": "MZ-005"}).json()
    assert (asked["matter"], asked["into"]) == (CODE, "MZ-005")
    assert bureau.get(f"matters/{CODE}/closing/").json() == asked
    assert bureau.get(f"matters/{CODE}/").json()["standing"] == "open"
    problem(bureau.post(f"matters/{CODE}/closing/confirm/", {"closing": asked["id"]}), 409, "same_person")
    problem(bureau.post(f"matters/{CODE}/abolish/", {"reason": "x"}), 409, "closing_waits")
    problem(county.post(f"matters/{CODE}/closing/confirm/", {"closing": asked["id"] + 1}), 409, "stale_page")
    merged = county.post(f"matters/{CODE}/closing/confirm/", {"closing": asked["id"]}).json()
    assert (merged["standing"], merged["merged_into"]["code"]) == ("abolished", "MZ-005")
    problem(county.post(f"matters/{CODE}/closing/drop/", {"closing": asked["id"]}), 409, "abolished")
    problem(bureau.get(f"matters/{CODE}/closing/"), 404)


def test_an_order_is_held_against_one_working_day(bureau, travel):
    travel("2026-09-30 10:00")  # a Wednesday; 1 to 7 October are holidays, the 8th works
    draft = bureau.post("guide-drafts/", {"matter": CODE}).json()
    body = {"version": draft["version"], "content": draft["content"] | {"notes": "改"}, "ordered_on": "2026-09-30"}
    told = bureau.send("PUT", f"guide-drafts/{draft['id']}/", body).json()["punctuality"]
    assert (told["due_on"], told["is_late"], told["entered_on"]) == ("2026-10-08", False, None)
    travel("2026-10-10 10:00")  # a Saturday that works
    told = bureau.get(f"guide-drafts/{draft['id']}/").json()["punctuality"]
    assert (told["is_late"], told["late"]) == (True, 2)
    assert told["words"] == "应于 2026-10-08 前调整到位，已逾期 2 个工作日。"


def test_every_answer_is_what_the_schema_says(schema, bureau, county, anybody):  # noqa: F811
    _hold(schema, "guide_drafts_open", bureau.post("guide-drafts/", {"matter": CODE}))
    draft = opened(bureau)
    at = f"guide-drafts/{draft['id']}/"
    _hold(schema, "guide_drafts_retrieve", bureau.get(at))
    _hold(schema, "guide_drafts_list", bureau.get("guide-drafts/"))
    body = {"version": draft["version"], "content": draft["content"], "ordered_on": "2026-03-02"}
    answer = bureau.send("PUT", at, body)
    _hold(schema, "guide_drafts_save", answer)
    answer = bureau.post(f"{at}check/", {"version": answer.json()["version"]})
    _hold(schema, "guide_drafts_check", answer)
    _hold(schema, "guide_drafts_approve", county.post(f"{at}approve/", {"version": answer.json()["version"]}))
    draft = opened(bureau, "MZ-005")
    dropped = bureau.post(f"guide-drafts/{draft['id']}/drop/", {"version": draft["version"], "reason": "不改了"})
    _hold(schema, "guide_drafts_drop", dropped)
    _hold(schema, "matters_pause", bureau.post(f"matters/{CODE}/pause/", {"reason": "x"}))
    _hold(schema, "matters_reopen", bureau.post(f"matters/{CODE}/reopen/", {"reason": "x"}))
    _hold(schema, "matters_merge", bureau.post("matters/MZ-005/merge/", {"reason": "x", "into": CODE}))
    answer = bureau.post(f"matters/{CODE}/abolish/", {"reason": "x"})
    _hold(schema, "matters_abolish", answer)
    _hold(schema, "matters_closing", bureau.get(f"matters/{CODE}/closing/"))
    body = {"closing": answer.json()["id"]}
    _hold(schema, "matters_closing_drop", bureau.post(f"matters/{CODE}/closing/drop/", body))
    body = {"closing": bureau.post(f"matters/{CODE}/abolish/", {"reason": "x"}).json()["id"]}
    _hold(schema, "matters_closing_confirm", county.post(f"matters/{CODE}/closing/confirm/", body))
    _hold(schema, "matters_retrieve", anybody.get("matters/MZ-005/"))
    _hold(schema, "matters_list", anybody.get("matters/?updated_since=2020-01-01T00:00:00Z"))


def test_a_draft_list_costs_the_same_whatever_is_in_it(bureau, county):
    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert county.get("guide-drafts/").status_code == 200
        return len(captured)

    opened(bureau)
    cost()
    one = cost()
    for code in ("MZ-005", "MZ-006"):
        opened(bureau, code)
    assert cost() == one


_TEXT = st.text(st.characters(), max_size=20)
_ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | _TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_TEXT | st.sampled_from(["name", "days"]), inner),
    max_leaves=8,
)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_content_is_a_fault_of_ours(bureau, data):
    """Whatever is written into a field, the draft is kept or refused, and can be read and checked afterwards."""
    mark = transaction.savepoint()
    try:
        draft = bureau.post("guide-drafts/", {"matter": CODE}).json()
        names = st.sampled_from(sorted(draft["content"]))
        noise = data.draw(st.dictionaries(names | _TEXT, _ANY, max_size=3))
        body = json.dumps({"version": 1, "reason": "改", "content": draft["content"] | noise})
        answer = bureau.send("PUT", f"guide-drafts/{draft['id']}/", body)
        assert answer.status_code in (200, 400, 403, 422), answer.content.decode()
        if answer.status_code == 200:
            checked = bureau.post(f"guide-drafts/{draft['id']}/check/", {"version": answer.json()["version"]})
            assert checked.status_code in (200, 409, 422)
    finally:
        transaction.savepoint_rollback(mark)
    assert not GuideDraft.objects.exists()
