"""The evidence pack of a record of accountability proves itself alone, and whoever touched it is found out."""

import hashlib
import io
import json
import subprocess
import sys
import zipfile
from datetime import date

import pytest

from halls.domain.errors import NotFound, Refused
from supervision.actions.anchor_ledger import anchor_ledger
from supervision.actions.settle_account import Deed
from supervision.actions.take_evidence import take_evidence
from supervision.domain import verify_pack
from supervision.models import EvidenceDownload
from tests.supervision.accounts import settle

pytestmark = pytest.mark.django_db
REFERRED = Deed("refer", "线索移送", document_no="示例移〔2026〕1号", done_on=date(2026, 4, 20))


def verified(folder):
    """Run the verifier that lies in the pack, alone: no path of the project, no environment."""
    return subprocess.run(
        [sys.executable, "-I", "-S", str(folder / "verify.py")], capture_output=True, text=True, env={}, check=False
    )


@pytest.fixture
def pack(people, account, tmp_path, settings):
    settings.ANCHOR_FILE = tmp_path / "anchors.jsonl"
    settle(people, account, REFERRED)
    found = take_evidence(account.pk, actor=people.actor("supervisor"))
    folder = tmp_path / "pack"
    zipfile.ZipFile(io.BytesIO(found.data)).extractall(folder)
    return folder


def test_the_pack_proves_itself_without_this_system(people, account, pack):
    done = verified(pack)
    assert done.returncode == 2, done.stdout + done.stderr
    assert "核验未发现不符：记录链完整" in done.stdout
    assert "不能证明记录没有被整体重做" in done.stdout  # no anchor yet
    assert account.application.number in done.stdout
    card = json.loads((pack / "card.json").read_text(encoding="utf-8"))
    assert (card["level"], card["state"]) == ("红牌", "已发")
    assert card["rule"]
    assert json.loads((pack / "statement.json").read_text(encoding="utf-8"))["kind"] == "promised"
    assert json.loads((pack / "case.json").read_text(encoding="utf-8"))["acts"][0]["document_no"] == "示例移〔2026〕1号"


@pytest.mark.parametrize(
    ("field", "value"),
    [("reason", "别的理由"), ("at", "1"), ("actor_name", "张三"), ("detail", "{}"), ("hash", "0" * 64)],
)
def test_a_pack_that_was_touched_is_found_out_even_with_a_new_manifest(pack, field, value):
    events = json.loads((pack / "events.json").read_text(encoding="utf-8"))
    events[1][field] = value
    (pack / "events.json").write_text(json.dumps(events, ensure_ascii=False), encoding="utf-8")
    assert "events.json：内容与清单的摘要不符" in verified(pack).stdout
    manifest = json.loads((pack / "manifest.json").read_text(encoding="utf-8"))
    del manifest["files"]["events.json"]
    (pack / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    done = verified(pack)
    assert done.returncode == 1
    assert "第 2 号记录" in done.stdout


def test_a_pack_whose_tail_or_file_is_missing_is_found_out(pack):
    events = json.loads((pack / "events.json").read_text(encoding="utf-8"))
    (pack / "events.json").write_text(json.dumps(events[:-1]), encoding="utf-8")
    (pack / "card.json").unlink()
    done = verified(pack)
    assert done.returncode == 1
    assert "末尾" in done.stdout
    assert "card.json：文件不见了" in done.stdout


def test_every_download_stays_on_record_and_only_of_what_was_referred(people, account):
    with pytest.raises(Refused, match="not_referred"):
        take_evidence(account.pk, actor=people.actor("supervisor"))
    settle(people, account, REFERRED)
    for who in ("supervisor", "second"):
        pack = take_evidence(account.pk, actor=people.actor(who))
        row = EvidenceDownload.objects.latest("pk")
        assert (row.user_id, row.sha256, row.size) == (people.people[who].pk, pack.sha256, len(pack.data))
    with pytest.raises(Refused, match="already_referred"):
        settle(people, account, REFERRED)
    with pytest.raises(NotFound):
        take_evidence(account.pk + 1000, actor=people.actor("supervisor"))


@pytest.mark.django_db(transaction=True)
def test_the_pack_names_the_anchors_that_a_bulletin_prints(people, account, tmp_path, settings):
    settings.ANCHOR_FILE = tmp_path / "anchors.jsonl"
    mark = anchor_ledger()
    settle(people, account, REFERRED)
    found = take_evidence(account.pk, actor=people.actor("supervisor"))
    folder = tmp_path / "pack"
    zipfile.ZipFile(io.BytesIO(found.data)).extractall(folder)
    done = verified(folder)
    assert done.returncode == 0, done.stdout
    assert "就证明记录链在封存以后没有改动" in done.stdout
    assert f"锚点 {mark.code} 封存了其中" in done.stdout
    anchors = json.loads((folder / "anchors.json").read_text(encoding="utf-8"))
    anchors[0]["line"] = anchors[0]["line"].replace('"serial":', '"Serial":', 1)
    (folder / "anchors.json").write_text(json.dumps(anchors), encoding="utf-8")
    assert "这一行与公报上的锚点码不符" in verified(folder).stdout


def forged(folder, name, change):
    """Change a file of the pack as its forger would: the manifest says the new digest."""
    value = json.loads((folder / name).read_text(encoding="utf-8"))
    value = change(value)
    (folder / name).write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")
    if name == "manifest.json":
        return
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    manifest["files"][name] = hashlib.sha256((folder / name).read_bytes()).hexdigest()
    (folder / "manifest.json").write_text(json.dumps(manifest, ensure_ascii=False), encoding="utf-8")


def chained_anew(events):
    """The same events with another reason, every hash computed anew."""
    before = ""
    for event in events:
        event["prev_hash"] = before
        event["reason"] = "别的理由"
        before = event["hash"] = verify_pack.hash_of(event)
    return events


@pytest.mark.django_db(transaction=True)
def test_a_pack_that_was_forged_as_a_whole_never_says_that_nothing_was_changed(people, account, tmp_path, settings):
    settings.ANCHOR_FILE = tmp_path / "anchors.jsonl"
    anchor_ledger()
    settle(people, account, REFERRED)
    found = take_evidence(account.pk, actor=people.actor("supervisor"))
    folder, packed = tmp_path / "pack", tmp_path / "pack.zip"
    packed.write_bytes(found.data)
    zipfile.ZipFile(io.BytesIO(found.data)).extractall(folder)

    def run(place, *digest):
        program = [sys.executable, "-I", "-S", str(folder / "verify.py"), str(place), *digest]
        return subprocess.run(program, capture_output=True, text=True, env={}, check=False)

    whole = run(packed, found.sha256)
    assert whole.returncode == 0, whole.stdout
    assert "其中的文件都没有改动" in whole.stdout
    assert run(packed, "0" * 64).returncode == 1
    # Holder, organ and card are in no chain: nothing is claimed of them without the digest of the pack.
    forged(folder, "case.json", lambda case: case | {"organ": "别的局", "holders": []})
    forged(folder, "card.json", lambda card: card | {"level": "黄牌"})
    touched = run(folder)
    assert "不在记录链里：只有整包的 SHA-256" in touched.stdout
    assert "其中的文件都没有改动" not in touched.stdout
    forged(folder, "case.json", lambda case: case | {"status": "draft"})
    assert "办件状态与记录链的末条不符" in run(folder).stdout
    # A chain computed anew is another one than the anchors sealed.
    zipfile.ZipFile(io.BytesIO(found.data)).extractall(folder)
    forged(folder, "events.json", chained_anew)
    events = json.loads((folder / "events.json").read_text(encoding="utf-8"))
    head = {"seq": int(events[-1]["seq"]), "hash": events[-1]["hash"]}
    forged(folder, "manifest.json", lambda manifest: manifest | {"head": head})
    anew = run(folder)
    assert anew.returncode == 1
    assert "锚点封存的不是这一条" in anew.stdout
    # Without anchors nothing contradicts it, and nothing is proven.
    forged(folder, "anchors.json", lambda _anchors: [])
    empty = run(folder)
    assert empty.returncode == 2
    assert "没有锚点封存全部办件记录" in empty.stdout
    assert "没有改动" not in empty.stdout
