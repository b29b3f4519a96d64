"""Bundles and the self-check as a villager sees them."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from config import prepare
from matters.actions.import_bundles import import_bundles
from matters.domain.catalogue_file import CatalogueFileError
from matters.models import Bundle, Matter
from tests.factories.halls import DATA
from tests.seed import Seed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]


def test_the_list_leads_to_every_bundle(client: Client) -> None:
    page = client.get("/bundles/").content.decode()
    for bundle in Bundle.objects.all():
        assert bundle.name in page
        assert client.get(f"/bundles/{bundle.code}/").status_code == 200
    assert Bundle.objects.count() == 6


def test_a_choice_changes_days_and_materials(client: Client) -> None:
    everything = client.get("/bundles/YJS-01/").content.decode()
    fewer = client.get("/bundles/YJS-01/?chosen=1").content.decode()
    assert "全部办完最多 10 个工作日" in everything
    assert "当场办结" in fewer
    assert "按您选的事项算出" in fewer
    assert everything.count("□") > fewer.count("□")
    assert "示例数据" in everything


@pytest.mark.parametrize("address", ["/bundles/NO-1/", "/bundles/%00/", "/guides/NO-1/check/", "/guides/%00/check/"])
def test_what_is_not_there_is_said_so(client: Client, address: str) -> None:
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("query", ["?chosen=1&m=" + "x" * 500, "?m=%00&chosen=1", "?chosen=1" + "&m=YB-008" * 300])
def test_any_choice_is_answered(client: Client, query: str) -> None:
    assert client.get("/bundles/YJS-01/" + query).status_code == 200


def test_the_pages_cost_the_same_however_large(client: Client) -> None:
    def cost(address: str) -> int:
        with CaptureQueriesContext(connection) as told:
            client.get(address)
        return len(told)

    # The name of the county is remembered for a while: a statement more where it was just forgotten.
    assert {cost(f"/bundles/{code}/") for code in ("YJS-06", "YJS-05", "YJS-01")} <= {2, 3}
    assert {cost(f"/guides/{code}/check/") for code in ("NY-003", "MZ-014")} <= {1, 2}


def test_the_self_check_lists_only_what_these_answers_need(client: Client) -> None:
    page = client.get("/guides/NY-003/check/").content.decode()
    assert "看情形：回答上面的问题就知道要不要" in page
    settled = client.get("/guides/NY-003/check/?q0=1").content.decode()
    assert "按您的情形不用带" in settled


def test_the_api_says_what_the_pages_say(client: Client) -> None:
    listed = client.get("/api/v1/bundles/").json()
    assert {row["code"] for row in listed} == set(Bundle.objects.values_list("code", flat=True))
    told = client.get("/api/v1/bundles/YJS-01/?m=").json()
    assert told["days"] == 0
    assert [row["made_by"] for row in told["materials"] if row["name"] == "出生医学证明"] == ["出生医学证明首次签发"]
    check = client.get("/api/v1/matters/NY-003/check/?q0=1").json()
    assert check["questions"]
    assert check["spared"]
    assert client.get("/api/v1/bundles/NO-1/").status_code == 404


def test_the_same_file_again_changes_nothing_and_a_dry_run_writes_nothing() -> None:
    content = (DATA / "bundles.json").read_bytes()
    assert import_bundles(content).unchanged == 6
    Bundle.objects.get(code="YJS-06").delete()
    report = import_bundles(content, dry_run=True)
    assert (report.added, report.unchanged) == (1, 5)
    assert Bundle.objects.count() == 5


@pytest.mark.parametrize(("standing", "words"), [("paused_on", "暂停办理"), ("abolished_on", "已经取消")])
def test_a_member_that_is_closed_is_left_out_and_named(client: Client, standing: str, words: str) -> None:
    before = client.get("/api/v1/bundles/YJS-01/").json()
    longest = max((one for one in before["members"] if one["takes_part"]), key=lambda one: one["promised_days"])
    assert longest["promised_days"] == 10, "it makes the days of the whole"
    listed = client.get("/bundles/").content.decode()
    Matter.objects.filter(code=longest["code"]).update(**{standing: date(2026, 3, 2), "closing_reason": "改革"})

    after = client.get("/api/v1/bundles/YJS-01/").json()
    assert after["days"] < before["days"]
    assert not any(longest["name"] in one["needed_by"] for one in after["materials"])
    page = client.get("/bundles/YJS-01/").content.decode()
    assert f"「{longest['name']}」{words}，没有算进去" in page
    assert "全部办完最多 10 个工作日" not in page
    assert client.get("/bundles/").content.decode() != listed


def test_a_result_of_a_closed_member_has_to_be_brought(client: Client) -> None:
    made = [one for one in client.get("/api/v1/bundles/YJS-01/").json()["materials"] if one["made_by"]]
    maker = made[0]["made_by"]
    Matter.objects.filter(name=maker).update(abolished_on=date(2026, 3, 2), closing_reason="改革")
    told = client.get("/api/v1/bundles/YJS-01/").json()["materials"]
    assert not [one for one in told if one["made_by"] == maker]
    assert {one["name"] for one in made} & {one["name"] for one in told if not one["made_by"]}


def test_whoever_abolishes_or_merges_reads_which_bundles_lose_a_member(seeded: Seed) -> None:
    bundle = Bundle.objects.get(code="YJS-01")
    client = Client()
    client.force_login(seeded.user("catalogue_editor"), "django.contrib.auth.backends.ModelBackend")
    member = bundle.members.first()
    assert member is not None
    for act, told in (("abolish", True), ("merge", True), ("pause", False)):
        page = client.get(f"/matters/{member.code}/{act}/").content.decode()
        assert (f"“{bundle.name}”里有「{member.name}」" in page) is told


def test_a_bundle_with_an_abolished_member_is_refused_and_an_update_of_the_program_goes_on(
    tmp_path: Path, settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    member = Bundle.objects.get(code="YJS-01").members.first()
    assert member is not None
    Matter.objects.filter(pk=member.pk).update(abolished_on=date(2026, 3, 2), closing_reason="改革")
    with pytest.raises(CatalogueFileError) as caught:
        import_bundles((DATA / "bundles.json").read_bytes())
    assert any(member.code in fault.message for fault in caught.value.faults)
    settings.DATA_DIR = tmp_path
    prepare._load_files()
    assert "一件事没有更新" in capsys.readouterr().out
    assert Bundle.objects.count() == 6
