"""The catalogue file: what an import makes, what it changes, and every fault it must name."""

from __future__ import annotations

import json
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from matters.actions.approve_draft import approve_draft
from matters.actions.import_matters import ImportReport, import_matters
from matters.domain.catalogue_file import CatalogueFileError
from matters.models import Condition, LegalBasis, Material, Matter, MatterVersion, Step
from matters.selectors.search import find_matters
from tests.factories.closings import closed
from tests.factories.drafts import a_checked_draft, an_editor
from tests.factories.halls import DATA
from tests.factories.matters import RECORDS, as_file, record

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("catalogue")]


def figures(report: ImportReport) -> tuple[int, int, int]:
    return report.added, report.changed, report.unchanged


def run(*arguments: str) -> tuple[int, Any]:
    out = StringIO()
    try:
        call_command("import_matters", *arguments, "--json", stdout=out)
    except SystemExit as stop:
        return int(stop.code or 0), json.loads(out.getvalue())
    return 0, json.loads(out.getvalue())


def snapshot() -> tuple[int, ...]:
    models = (Matter, MatterVersion, Material, Condition, LegalBasis, Step)
    return tuple(model._default_manager.count() for model in models)


# --- what is made ----------------------------------------------------------------------------------------------------


def test_the_whole_catalogue_is_there() -> None:
    assert Matter.objects.count() == 133
    assert Matter.objects.filter(current__number=1).count() == 133
    assert Material.objects.count() == sum(len(one["materials"]) for one in RECORDS)
    assert Step.objects.count() == sum(len(one["steps"]) for one in RECORDS)
    assert Condition.objects.count() == sum(len(one["conditions"]) for one in RECORDS)
    assert LegalBasis.objects.count() == sum(len(one["legal_basis"]) for one in RECORDS)
    assert Matter.history.count() == 133
    assert not Matter.history.filter(current__isnull=True).exists()


def test_a_record_is_stored_in_the_words_of_the_code() -> None:
    matter = Matter.objects.select_related("current", "department").get(code="NY-003")
    guide = matter.current
    assert guide is not None
    assert matter.department.code == "500236-NYNC"
    assert (guide.village_role, guide.handling, guide.decision_level) == ("proxy", "promised", "township")
    assert (guide.statutory_amount, guide.statutory_unit, guide.statutory_basis) == (20, "wd", "law_knowledge")
    assert (guide.promised_days, guide.promised_basis, guide.is_sample) == (10, "curated", True)
    assert guide.aliases == ["农宅用地报批", "农民建房证", "土地建房审批"]
    special = guide.steps.get(seq=2)
    assert (special.kind, special.level, special.days, special.unit, special.counts_in_limit) == (
        "special", "village", 7, "cd", False,
    )  # fmt: skip
    plan = guide.materials.get(name__startswith="住宅建设方案")
    assert (plan.necessity, plan.originals, plan.copies) == ("tolerant", 1, 0)


def test_a_limit_of_words_only_keeps_its_words() -> None:
    guide = MatterVersion.objects.get(matter__code="GA-001")
    assert guide.statutory_amount is None
    assert guide.statutory_note.startswith("当事人应在出生后一个月内申报")


# --- importing again -------------------------------------------------------------------------------------------------


def test_the_same_file_again_changes_nothing() -> None:
    before = snapshot(), MatterVersion.history.count(), Matter.history.count()
    report = import_matters((DATA / "matters.json").read_bytes())
    assert figures(report) == (0, 0, 133)
    assert (snapshot(), MatterVersion.history.count(), Matter.history.count()) == before


def test_a_changed_guide_becomes_a_new_version_and_the_old_one_stays_as_it_was() -> None:
    old = MatterVersion.objects.get(matter__code="MZ-004")
    changed = record("MZ-004", conditions=["遇到紧急困难"])
    report = import_matters(as_file(changed))
    assert figures(report) == (0, 1, 0)
    assert report.absent == 132
    matter = Matter.objects.select_related("current").get(code="MZ-004")
    assert matter.current is not None
    assert (matter.current.number, list(matter.current.conditions.values_list("text", flat=True))) == (
        2, ["遇到紧急困难"],
    )  # fmt: skip
    old.refresh_from_db()
    assert old.superseded_at == matter.current.published_at
    assert old.conditions.count() == len(record("MZ-004")["conditions"])
    assert old.steps.count() == len(record("MZ-004")["steps"])


def test_what_stands_beside_the_guide_changes_without_a_new_version() -> None:
    report = import_matters(as_file(record("MZ-004", core=not record("MZ-004")["core"])))
    assert figures(report) == (0, 1, 0)
    assert MatterVersion.objects.filter(matter__code="MZ-004").count() == 1


def test_a_rehearsal_reports_the_same_and_writes_nothing() -> None:
    content = as_file(record("MZ-004", name="急难临时救助"), record("MZ-003"), record("MZ-001", id="MZ-901"))
    before = snapshot()
    rehearsal = import_matters(content, dry_run=True)
    assert snapshot() == before
    assert Matter.objects.get(code="MZ-004").name == "小额(急难型)临时救助"
    assert figures(import_matters(content)) == figures(rehearsal) == (1, 1, 1)


def test_what_two_persons_signed_or_abolished_outlives_an_update_of_the_program(tmp_path: Path) -> None:
    draft = a_checked_draft(an_editor("MZ"), conditions=["遇到紧急困难"])
    approve_draft(draft.pk, actor=an_editor(), version=draft.version)
    closed("MZ-004", actor=an_editor())
    Matter.objects.filter(code="MZ-003").update(search_text="")
    before = MatterVersion.objects.count()
    update = as_file(record("MZ-003"), record("MZ-004", notes="改"), record("MZ-001", notes="改"))

    report = import_matters(update)

    assert (figures(report), report.kept) == ((0, 1, 0), ("MZ-003", "MZ-004"))
    assert MatterVersion.objects.count() == before + 1, "only the guide that nobody signed"
    kept = Matter.objects.select_related("current").get(code="MZ-003")
    assert kept.current is not None
    assert list(kept.current.conditions.values_list("text", flat=True)) == ["遇到紧急困难"]
    assert [matter.code for matter in find_matters(kept.name)] == ["MZ-003"], "found by today's words all the same"

    path = tmp_path / "matters.json"
    path.write_bytes(update)
    assert run(str(path), "--overwrite")[1]["kept"] == []
    kept = Matter.objects.select_related("current").get(code="MZ-003")
    assert kept.current is not None
    assert kept.current.number == 3


def test_matters_that_the_file_does_not_name_stay_open() -> None:
    import_matters(as_file(record("MZ-001")))
    assert Matter.objects.filter(paused_on__isnull=True).count() == 133


def test_the_number_of_statements_does_not_grow_with_the_file() -> None:
    for code in ("MZ-001", "MZ-002"):
        assert record(code)
    few = as_file(*(record(one["id"], notes="改") for one in RECORDS[:2]))
    many = as_file(*(record(one["id"], notes="再改") for one in RECORDS))
    with CaptureQueriesContext(connection) as small:
        import_matters(few)
    with CaptureQueriesContext(connection) as large:
        import_matters(many)
    assert len(large) <= len(small) + 4  # a second batch of the materials and of the steps


# --- faults ----------------------------------------------------------------------------------------------------------


def in_step(index: int, **changes: Any) -> Callable[[dict[str, Any]], None]:
    return lambda one: one["steps"][index].update(changes)


def in_material(index: int, **changes: Any) -> Callable[[dict[str, Any]], None]:
    return lambda one: one["materials"][index].update(changes)


def top(**changes: Any) -> Callable[[dict[str, Any]], None]:
    return lambda one: one.update(changes)


def in_part(part: str, **changes: Any) -> Callable[[dict[str, Any]], None]:
    return lambda one: one[part].update(changes)


# MZ-004: accept at the village (1), decide (2) and deliver (1) at the township; promised 4, no statutory limit.
FAULTS: dict[str, tuple[Callable[[dict[str, Any]], None], set[str]]] = {
    "no name": (top(name=None), {"name"}),
    "a blank name": (top(name="  "), {"name"}),
    "a name that is a number": (top(name=7), {"name"}),
    "a name of 10 MB": (top(name="长" * 1_700_000), {"name"}),
    "a NUL in a name": (top(name="临\x00时"), {"name"}),
    "half a surrogate": (top(notes="\ud800"), {"notes"}),
    "no code": (top(id=None), {"id"}),
    "a code with a slash": (top(id="MZ/004"), {"id"}),
    "an unknown type": (top(type="行政处罚权"), {"type"}),
    "an unknown department": (top(department_full="县太空局"), {"department_full"}),
    "no department": (top(department_full=None), {"department_full"}),
    "an unknown decision level": (top(decision_level="city"), {"decision_level"}),
    "an unknown accept level": (top(accept_levels=["village", "city"]), {"accept_levels[1]"}),
    "an accept level twice": (top(accept_levels=["village", "village"]), {"accept_levels[1]"}),
    "no accept level": (top(accept_levels=[]), {"accept_levels"}),
    "accept levels that are no list": (top(accept_levels="village"), {"accept_levels"}),
    "an accept level that is a list": (top(accept_levels=[["village"]]), {"accept_levels[0]"}),
    "an unknown village role": (top(village_role="旁观"), {"village_role"}),
    "an unknown service object": (top(service_objects=["动物"]), {"service_objects[0]"}),
    "an unknown handling type": (top(handling_type="退回件"), {"handling_type"}),
    "an unknown confidence": (top(confidence="sure"), {"confidence"}),
    "no promise": (top(promised_limit=None), {"promised_limit"}),
    "a promise that is a number": (top(promised_limit=4), {"promised_limit"}),
    "a promise in calendar days": (in_part("promised_limit", unit="自然日"), {"promised_limit.unit"}),
    "a promise of another sum": (in_part("promised_limit", days=5), {"promised_limit.days"}),
    "a promise without days": (in_part("promised_limit", days=None), {"promised_limit.days"}),
    "an unknown source of the promise": (in_part("promised_limit", basis="rumour"), {"promised_limit.basis"}),
    "a promise beyond the statute": (
        top(statutory_limit={"days": 3, "unit": "工作日", "note": None, "basis": "page"}), {"promised_limit.days"},
    ),
    "a statute of nothing": (
        top(statutory_limit={"days": 0, "unit": "工作日", "note": None, "basis": "page"}),
        {"statutory_limit.days", "promised_limit.days"},
    ),
    "an unknown unit of the statute": (
        top(statutory_limit={"days": 9, "unit": "周", "note": None, "basis": "page"}), {"statutory_limit.unit"},
    ),
    "a statute without a source": (
        top(statutory_limit={"days": 9, "unit": "工作日", "note": None, "basis": None}), {"statutory_limit.basis"},
    ),
    "no steps": (top(steps=[]), {"steps", "promised_limit.days"}),
    "a step that is a text": (top(steps=["受理"]), {"steps[0]", "steps", "promised_limit.days"}),
    "steps out of order": (in_step(1, seq=3), {"steps[1].seq"}),
    "a step number twice": (in_step(2, seq=2), {"steps[2].seq"}),
    "an unknown step level": (in_step(0, level="hamlet"), {"steps[0].level"}),
    "an unknown step kind": (in_step(0, kind="think"), {"steps[0].kind"}),
    "an unknown step unit": (in_step(0, unit="小时"), {"steps[0].unit"}),
    "a step without an organ": (in_step(0, actor=""), {"steps[0].actor"}),
    "a step without days": (in_step(0, days=None), {"steps[0].days", "promised_limit.days"}),
    "negative days": (in_step(0, days=-1), {"steps[0].days", "promised_limit.days"}),
    "days that are true": (in_step(0, days=True), {"steps[0].days", "promised_limit.days"}),
    "half a day": (in_step(0, days=0.5), {"steps[0].days", "promised_limit.days"}),
    "days without end": (in_step(0, days=10**30), {"steps[0].days", "promised_limit.days"}),
    "a counted step in calendar days": (in_step(0, unit="自然日"), {"steps[0].unit"}),
    "a step that does not say whether it counts": (
        in_step(0, counts_in_limit=None), {"steps[0].counts_in_limit", "promised_limit.days"},
    ),
    "no decision": (in_step(1, kind="review"), {"steps"}),
    "a decision at another level": (in_step(1, level="county"), {"steps[1].level"}),
    "a material twice": (
        lambda one: one["materials"].append(dict(one["materials"][0])), {"materials[5].name"},
    ),
    "a material without a name": (in_material(0, name=""), {"materials[0].name"}),
    "an unknown necessity": (in_material(0, necessity="随便"), {"materials[0].necessity"}),
    "a material of minus one copy": (in_material(0, copies=-1), {"materials[0].copies"}),
    "a flag that is a word": (in_material(0, shareable="是"), {"materials[0].shareable"}),
    "a material that is null": (top(materials=[None]), {"materials[0]"}),
    "a condition that is empty": (top(conditions=["", "二"]), {"conditions[0]"}),
    "conditions that are an object": (top(conditions={"a": 1}), {"conditions"}),
    "a law without a name": (top(legal_basis=[{"law": "", "doc_no": None, "articles": []}]), {"legal_basis[0].law"}),
    "an article that is a number": (
        top(legal_basis=[{"law": "某法", "doc_no": None, "articles": [7]}]), {"legal_basis[0].articles[0]"},
    ),
    "a fee that is a text": (top(fee="免费"), {"fee"}),
    "a fee flag that is a text": (in_part("fee", charged="否"), {"fee.charged"}),
    "three faults at once": (
        top(name="", theme=None, type="?"), {"name", "theme", "type"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FAULTS)
def test_a_faulty_record_is_named_with_its_fields_and_nothing_is_written(name: str) -> None:
    spoil, fields = FAULTS[name]
    bad = record("MZ-004")
    spoil(bad)
    before = snapshot()
    with pytest.raises(CatalogueFileError) as refused:
        import_matters(json.dumps([record("MZ-001", name="改过的低保"), bad]).encode())
    assert {fault.field for fault in refused.value.faults} == fields
    assert {fault.record for fault in refused.value.faults} <= {"MZ-004", "第2条"}
    assert all(fault.message.endswith("。") and fault.cure.endswith("。") for fault in refused.value.faults)
    assert all(len(fault.message) < 200 for fault in refused.value.faults)
    assert snapshot() == before
    assert Matter.objects.get(code="MZ-001").name != "改过的低保"


WHOLE = (DATA / "matters.json").read_bytes()
BAD_FILES: dict[str, bytes] = {
    "nothing": b"",
    "blanks": b" \n ",
    "half a file": WHOLE[: len(WHOLE) // 2].decode(errors="ignore").encode(),
    "GBK": as_file(record()).decode().encode("gbk"),
    "UTF-16": as_file(record()).decode().encode("utf-16"),
    "an object": b'{"id": "NY-003"}',
    "an empty list": b"[]",
    "not JSON": b"code,name\n1,2\n",
    "10 MB of text": "宅基地审批。".encode() * 560_000,
    "20 MB of blanks and a list": b" " * 20_000_000 + b"[]",
    "a hundred thousand brackets": b"[" * 100_000,
    "a number of a hundred thousand digits": b"[" + b"9" * 100_000 + b"]",
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_file_that_is_no_catalogue_is_refused_whole(name: str, tmp_path: Path) -> None:
    path = tmp_path / "matters.json"
    path.write_bytes(BAD_FILES[name])
    before = snapshot()
    code, answer = run(str(path))
    assert code == 1
    assert [error["record"] for error in answer["errors"]] == ["文件"]
    assert set(answer["errors"][0]) == {"record", "field", "message", "cure"}
    assert snapshot() == before


def test_every_fault_of_every_record_is_listed() -> None:
    bad = [record(one["id"], name="") for one in RECORDS]
    with pytest.raises(CatalogueFileError) as refused:
        import_matters(as_file(*bad))
    assert [fault.record for fault in refused.value.faults] == [one["id"] for one in RECORDS]


def test_a_code_that_stands_twice_is_named() -> None:
    with pytest.raises(CatalogueFileError) as refused:
        import_matters(as_file(record("MZ-001"), record("MZ-002"), record("MZ-001")))
    (fault,) = refused.value.faults
    assert (fault.record, fault.field) == ("MZ-001", "id")
    assert "第3条" in fault.message
    assert "第1条" in fault.message


@pytest.mark.parametrize("item", [None, 7, "NY-003", ["NY-003"]])
def test_an_entry_that_is_no_object_is_named_by_its_place(item: Any) -> None:
    with pytest.raises(CatalogueFileError) as refused:
        import_matters(as_file(record("MZ-001"), item))
    assert [(fault.record, fault.field) for fault in refused.value.faults] == [("第2条", "record")]


def test_the_command_reports_and_can_rehearse(tmp_path: Path) -> None:
    path = tmp_path / "matters.json"
    path.write_bytes(b"\xef\xbb\xbf" + as_file(record("MZ-004", notes="改")))
    code, answer = run(str(path), "--dry-run")
    assert (code, answer) == (
        0,
        {"added": 0, "changed": 1, "unchanged": 0, "absent": 132, "dry_run": True, "kept": []},
    )
    assert run(str(path))[1]["changed"] == 1
    assert run(str(path))[1]["unchanged"] == 1


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    code, answer = run(str(tmp_path / "missing.json"))
    assert code == 1
    assert "missing.json" in answer["errors"][0]["message"]
