"""Clocks with their statements, the chain of events, the papers of a case, personal data on record."""

import itertools
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from applications.models import AccessRecord, MaterialFile
from tests.factories.cases import a_case, a_picture, an_id_number

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]


def test_a_clock_explains_itself_day_by_day(caller, travel):
    travel("2026-03-02 10:00")
    case = a_case("accepted")
    told = caller("village_clerk").get(f"applications/{case.number}/clocks/").json()
    kinds = {clock["kind"]: clock for clock in told}
    assert set(kinds) == {"pre_review", "acceptance", "promised", "statutory", "step"}
    assert {kinds[kind]["state"] for kind in ("pre_review", "acceptance")} == {"stopped"}
    promised = kinds["promised"]
    assert (promised["budget"], promised["due_on"], promised["provisional"]) == ("10个工作日", "2026-03-16", False)
    counted = [day for day in promised["days"] if day["counted"]]
    assert [day["n"] for day in counted] == list(range(1, 11))
    weekend = {day["date"]: day["reason"] for day in promised["days"] if not day["counted"]}
    assert weekend == {f"2026-03-{day:02d}": "周末" for day in (7, 8, 14, 15)}
    assert promised["light"]["words"] == "还剩 10 个工作日"
    assert kinds["statutory"]["due_on"] == "2026-03-30"


def test_a_suspended_case_has_no_due_date(caller, travel):
    travel("2026-03-02 10:00")
    case = a_case("suspended")
    told = caller("village_clerk").get(f"applications/{case.number}/").json()
    assert told["due_at"] is None
    assert told["light"]["colour"] == "paused"
    clocks = caller("village_clerk").get(f"applications/{case.number}/clocks/").json()
    states = {clock["kind"]: (clock["state"], clock["due_on"]) for clock in clocks}
    assert states["promised"] == ("paused", None)
    assert states["special"] == ("running", "2026-03-10")  # the working day behind the publicity, to conclude it


def test_the_chain_of_events_is_told_in_order(caller):
    case = a_case("accepted")
    clerk = caller("village_clerk")
    told = clerk.get(f"applications/{case.number}/events/").json()["results"]
    assert [event["verb"] for event in told] == ["draft", "submit", "receive", "accept"]
    assert [event["seq"] for event in told] == [1, 2, 3, 4]
    assert told[0]["prev_hash"] == ""
    for before, after in itertools.pairwise(told):
        assert after["prev_hash"] == before["hash"]
        assert after["at"] >= before["at"]
    assert told[3]["words"] == "受理"
    assert told[3]["document"].startswith("奉政服受")
    page = clerk.get(f"applications/{case.number}/events/", page_size=3).json()
    rest = clerk.get(page["next"].removeprefix("http://testserver")).json()["results"]
    assert [event["seq"] for event in rest] == [4]


def test_personal_data_is_opened_with_a_reason_and_on_record(caller, problem):
    number = an_id_number()
    case = a_case(name="张大山", id_number=number, phone="13912345678")
    address = f"applications/{case.number}/reveal/"
    problem(caller("township_window").post(address), 422, "reason_missing")
    problem(caller("supervisor").post(address, {"reason": "好奇"}), 403, "watching_only")
    problem(caller("neighbour_clerk").post(address, {"reason": "核对"}), 404)
    assert not AccessRecord.objects.exists()
    told = caller("township_window").post(address, {"reason": "核对身份证原件"}).json()
    assert told == {"name": "张大山", "id_number": number, "phone": "13912345678"}
    record = AccessRecord.objects.get()
    assert (record.kind, record.reason) == ("reveal", "核对身份证原件")


def _upload(caller, role, case, data, name="身份证.png", seq=3):
    program = caller(role)
    return program.client.post(
        f"/api/v1/applications/{case.number or case.key}/materials/{seq}/files/",
        {"file": SimpleUploadedFile(name, data)},
        headers=program.headers,
    )


def test_a_file_is_brought_opened_and_taken_away(caller, problem):
    case = a_case()
    answer = _upload(caller, "village_clerk", case, a_picture(), "../../身份证\r\n.php.png")
    assert answer.status_code == 201, answer.content.decode()
    told = answer.json()
    assert told["media_type"] == "image/png"
    assert "/" not in told["name"]
    lines = caller("township_window").get(f"applications/{case.number}/materials/").json()
    assert lines[2]["files"] == [told]
    assert lines[2]["declared"] == "have"
    opened = caller("township_window").get(f"files/{told['id']}/")
    assert opened.status_code == 200
    assert opened.content.startswith(b"\x89PNG")
    assert opened["Content-Disposition"].startswith("attachment")
    assert opened["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in opened["Content-Security-Policy"]
    assert "default-src 'none'" in opened["Content-Security-Policy"]
    assert opened["Cache-Control"] == "private, no-store"
    record = AccessRecord.objects.get()
    assert (record.kind, record.subject) == ("file", told["id"])
    problem(caller("supervisor").get(f"files/{told['id']}/"), 403, "watching_only")
    problem(caller("neighbour_clerk").get(f"files/{told['id']}/"), 404)
    problem(caller("neighbour_clerk").send("DELETE", f"files/{told['id']}/"), 404)
    assert caller("village_clerk").send("DELETE", f"files/{told['id']}/").status_code == 204
    problem(caller("township_window").get(f"files/{told['id']}/"), 404)
    assert MaterialFile.objects.get().removed_at is not None


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "file_empty"),
        (b"<html><script>alert(1)</script>", "file_type"),
        (b"PK\x03\x04" + b"0" * 100, "file_type"),
        (b"\x89PNG\r\n\x1a\n" + b"\x00" * 50, None),
        (b"%PDF-1.7\n/JavaScript (x)\n%%EOF", "pdf_active"),
        (b"\xff" * (10 * 1024 * 1024 + 1), "file_too_large"),
    ],
)
def test_a_file_that_is_not_what_it_says(caller, problem, data, code):
    told = problem(_upload(caller, "village_clerk", a_case(), data, "照片.jpg"), 422, code or "")
    assert told["field"] == "file"
    assert not MaterialFile.objects.exists()


def test_an_upload_that_cannot_be(caller, problem):
    case, clerk = a_case(), caller("village_clerk")
    address = f"/api/v1/applications/{case.number}/materials/1/files/"
    problem(clerk.client.post(address, {}, headers=clerk.headers), 400)
    problem(clerk.client.post(address, {"file": "text"}, headers=clerk.headers), 400)
    problem(clerk.post(address, {"file": "text"}), 415)
    problem(
        clerk.client.post(address, {"file": SimpleUploadedFile("a.png", b"x" * 13_000_000)}, headers=clerk.headers), 413
    )
    broken = clerk.client.generic("POST", address, b"--x", content_type="multipart/form-data", headers=clerk.headers)
    problem(broken, 400)
    problem(_upload(caller, "village_clerk", case, a_picture(), seq=99), 422, "unknown_line")
    problem(_upload(caller, "neighbour_clerk", case, a_picture()), 404)
    problem(_upload(caller, "supervisor", case, a_picture()), 403)
    problem(_upload(caller, "village_clerk", a_case("accepted"), a_picture()), 409, "papers_closed")
    problem(clerk.get(f"files/{uuid.uuid4()}/"), 404)
