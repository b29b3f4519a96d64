"""The evidence of an order that was not put right proves itself, and what was touched or lost is found."""

import io
import json
import subprocess
import sys
import zipfile
from dataclasses import replace

import pytest

from halls.domain.errors import NotFound
from halls.domain.worktime import day_of
from supervision.actions.settle_account import settle_account
from supervision.actions.sweep import sweep
from supervision.actions.take_evidence import take_evidence
from supervision.models import Accountability, LimitWarning
from tests.factories.cases import a_picture
from tests.supervision.accounts import (
    REFERRED,
    failed,
)
from tests.supervision.county import at, clock_of
from tests.supervision.ordering import give_up, issue, reply, send_back

pytestmark = pytest.mark.django_db


# --- the evidence --------------------------------------------------------------------------------------------------


def pack_of(county, account, folder):
    referred = replace(REFERRED, done_on=day_of(account.breached_at))
    settle_account(account.pk, referred, actor=county.actor("supervisor"))
    found = take_evidence(account.pk, actor=county.actor("supervisor"))
    zipfile.ZipFile(io.BytesIO(found.data)).extractall(folder)
    return found


def verified(folder):
    """Run the verifier that lies in the pack, alone."""
    return subprocess.run(
        [sys.executable, "-I", "-S", str(folder / "verify.py")], capture_output=True, text=True, env={}, check=False
    )


@pytest.fixture
def pack(county, tmp_path, settings):
    """Of an order about a matter of the organ's own: extended, answered late with a picture, not rectified."""
    settings.ANCHOR_FILE = tmp_path / "anchors.jsonl"
    order = issue(county)
    reply(county, order, words="说明情况。")
    at("2026-03-03 10:00")
    send_back(county, order)
    at("2026-03-12 10:00")
    reply(county, order, words="整改了。", papers=[("现场.png", a_picture())])
    give_up(county, order)
    at("2026-03-13 10:00")
    found = pack_of(county, Accountability.objects.get(), tmp_path / "pack")
    assert found.name.startswith("证据包-督〔2026〕1号-")
    return tmp_path / "pack"


def read(pack, name):
    return json.loads((pack / name).read_text(encoding="utf-8"))


def rewrite(pack, name, value):
    """Write a file anew, and its digest into the manifest: whoever forges one forges both."""
    (pack / name).write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")
    manifest = read(pack, "manifest.json")
    manifest["files"].pop(name)
    (pack / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")


def test_the_pack_of_an_order_carries_its_acts_replies_and_limits_and_proves_itself(pack):
    done = verified(pack)
    assert done.returncode == 2, done.stdout + done.stderr
    assert "督办单 督〔2026〕1号：5 条办理记录" in done.stdout
    assert "核验未发现不符" in done.stdout
    order = read(pack, "order.json")
    assert [act["act"] for act in order["acts"]] == ["issue", "reply", "send_back", "reply", "give_up"]
    assert order["acts"][-1]["words"] == "仍然无人值守。"
    assert [limit["due_at"][:10] for limit in order["terms"]] == ["2026-03-09", "2026-03-10"]
    assert [day["n"] for day in order["terms"][0]["days"] if day["counted"]][:1] == [1]
    (file,) = order["acts"][3]["files"]
    assert (pack / file["path"]).read_bytes().startswith(b"\x89PNG")
    told = read(pack, "case.json")
    assert (told["opened_for"], told["organ"]) == ("督办单未整改", "东乡便民服务中心")
    assert told["breached_at"].startswith("2026-03-10T23:59:59")
    assert told["acts"][0]["document_no"] == "示例移〔2026〕1号"
    assert not (pack / "events.json").exists()
    listed = (pack / "README.txt").read_text(encoding="utf-8").split("\n")[2:-1]
    assert {line.split()[0] for line in listed} == {path.name for path in pack.iterdir()} - {"README.txt"}


@pytest.mark.parametrize(
    ("number", "field", "value", "fault"),
    [
        (1, "seq", 7, "序号不连续"),
        (2, "act", "reply", "不能接在上一条后面"),
        (3, "at", "2026-03-02T09:00:00+08:00", "早于上一条"),
        (4, "act", "reply", "末尾不是未整改办结"),
        (2, "act", "extend", "期限与办理经过对不上"),
        (4, "person_code", "REPLIER", "回复和核验是同一个人"),
        (0, "person_code", "REPLIER", "签发和回复是同一个人"),
    ],
)
def test_an_order_that_was_rewritten_contradicts_itself(pack, number, field, value, fault):
    order = read(pack, "order.json")
    order["acts"][number][field] = order["acts"][3]["person_code"] if value == "REPLIER" else value
    rewrite(pack, "order.json", order)
    done = verified(pack)
    assert done.returncode == 1
    assert fault in done.stdout


def test_a_reply_and_a_limit_that_were_taken_out_are_missed(pack):
    order = read(pack, "order.json")
    order["acts"] = [*order["acts"][:1], order["acts"][4] | {"seq": 2}]
    order["terms"] = order["terms"][:1]
    rewrite(pack, "order.json", order)
    said = verified(pack).stdout
    assert "没有回复，期限也没有过" in said
    assert "届满时间与督办单的期限不符" in said


def test_an_attachment_that_was_touched_or_lost_is_found_out_even_with_a_new_manifest(pack):
    (file,) = read(pack, "order.json")["acts"][3]["files"]
    manifest = read(pack, "manifest.json")
    del manifest["files"][file["path"]]
    (pack / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    (pack / file["path"]).write_bytes(b"x")
    assert "内容与清单的摘要不符" in verified(pack).stdout
    (pack / file["path"]).unlink()
    assert "文件不见了" in verified(pack).stdout


def test_the_pack_of_an_order_about_a_card_has_the_chain_of_its_case_and_the_card(county, tmp_path, settings):
    settings.ANCHOR_FILE = tmp_path / "anchors.jsonl"
    case = county.accepted(county.matter(promised=5))
    at("2026-04-20 09:00")
    sweep()
    card = LimitWarning.objects.get(clock=clock_of(case, "promised"), level="red")
    pack_of(county, failed(county, card=card.pk), tmp_path / "pack")
    done = verified(tmp_path / "pack")
    assert done.returncode == 2, done.stdout + done.stderr
    for words in (f"办件 {case.number}", "督办单 督〔2026〕1号", "核验未发现不符：记录链完整"):
        assert words in done.stdout
    assert read(tmp_path / "pack", "card.json")["level"] == "红牌"
    events = read(tmp_path / "pack", "events.json")
    events[1]["reason"] = "别的理由"
    rewrite(tmp_path / "pack", "events.json", events)
    assert "第 2 号记录" in verified(tmp_path / "pack").stdout


def test_a_file_that_the_disk_lost_is_said_and_nothing_is_taken(county, settings, tmp_path):
    order = issue(county)
    reply(county, order, papers=[("现场.png", a_picture())])
    give_up(county, order)
    settings.MEDIA_ROOT = tmp_path / "empty"
    account = Accountability.objects.get()
    settle_account(account.pk, REFERRED, actor=county.actor("supervisor"))
    with pytest.raises(NotFound, match="磁盘上丢失"):
        take_evidence(account.pk, actor=county.actor("supervisor"))
    assert not account.downloads.exists()
