"""核验证据包: `python3 verify.py 证据包.zip [登记的摘要]`, standard library only, no network, none of this system.

Of the ZIP, or of the folder it was unpacked into, it compares every file with the manifest, computes the chain of
events of the case anew, compares it with the rows that the daily anchors sealed, and looks whether the acts about a
supervision order follow on one another. Whoever forges a pack can forge all of it but two things that are kept
elsewhere: the codes of the anchors, printed in the bulletins, and the SHA-256 of the pack, in the letter and on the
page of the record. So it says what rests on which. Exit status 0: nothing contradicts, and every event of a case is
sealed by an anchor, or the pack has the digest that was given; 2: nothing contradicts, and that is all; 1: something
does not hold.
"""

from __future__ import annotations

import hashlib
import json
import sys
import tempfile
import zipfile
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

# The columns of an event in the order in which they are hashed; each is framed by its length in bytes.
HASHED = (
    "application_id", "seq", "verb", "from_status", "to_status", "at", "user_id", "person_code", "actor_name",
    "actor_post", "place", "reason", "detail", "prev_hash",
)  # fmt: skip
# Where an act about a supervision order leaves it, and from where it may be done.
LEADS_TO = {"issue": "issued", "extend": "issued", "reply": "replied", "send_back": "issued", "give_up": "unrectified"}
COMES_FROM = {
    "issue": ("",), "extend": ("issued",), "reply": ("issued",), "send_back": ("replied",),
    "give_up": ("issued", "replied"),
}  # fmt: skip


def hash_of(event: dict[str, str]) -> str:
    """Return what the hash of this event must be."""
    framed = b"".join(b"%d:%b;" % (len(text), text) for text in (event[name].encode() for name in HASHED))
    return hashlib.sha256(framed).hexdigest()


def faults_of_chain(events: list[dict[str, str]], head: dict[str, Any]) -> list[str]:
    """Return what is wrong with the chain, in words; its end must be the head that the manifest names."""
    faults = []
    before = {"seq": "0", "hash": "", "at": "0", "to_status": ""}
    for event in events:
        name = f"第 {event['seq']} 号记录"
        if int(event["seq"]) != int(before["seq"]) + 1:
            faults.append(f"{name}：序号不连续，中间有记录被删除或插入过。")
        if event["prev_hash"] != before["hash"]:
            faults.append(f"{name}：与上一条的摘要接不上。")
        if int(event["at"]) < int(before["at"]):
            faults.append(f"{name}：时间早于上一条。")
        if event["from_status"] != before["to_status"]:
            faults.append(f"{name}：起始状态与上一条的结果状态不符。")
        if hash_of(event) != event["hash"]:
            faults.append(f"{name}：内容与摘要不符，被改动过。")
        before = event
    if not events or before["hash"] != head["hash"] or int(before["seq"]) != head["seq"]:
        faults.append("末尾的记录与清单不符，末尾被删除或替换过。")
    return faults


def faults_of_files(folder: Path, files: dict[str, str]) -> list[str]:
    """Return the files that are not what the manifest says."""
    faults = []
    for name, digest in sorted(files.items()):
        path = folder / name
        if not path.is_file():
            faults.append(f"{name}：文件不见了。")
        elif hashlib.sha256(path.read_bytes()).hexdigest() != digest:
            faults.append(f"{name}：内容与清单的摘要不符。")
    return faults


def faults_of_anchors(folder: Path, anchors: list[dict[str, Any]]) -> list[str]:
    """Return the anchors whose line is not the one that was printed, or whose rows are not those it sealed."""
    faults = []
    for one in anchors:
        name = f"第 {one['serial']} 号锚点"
        digest = hashlib.sha256(one["line"].encode()).hexdigest()
        if digest != one["digest"] or one["code"] != _code(digest):
            faults.append(f"{name}：这一行与公报上的锚点码不符。")
            continue
        rows = _rows(folder, one)
        sealed = json.loads(one["line"])["tables"]["applications_event"]
        if hashlib.sha256(rows).hexdigest() != sealed["digest"] or rows.count(b"\n") != sealed["count"]:
            faults.append(f"{name}：附的记录摘要清单不是它封存的那一份。")
    return faults


def faults_of_sealed(folder: Path, events: list[dict[str, str]], anchors: list[dict[str, Any]]) -> list[str]:
    """Return the events that are not what the anchors sealed, and those sealed of this case that are missing."""
    sealed: dict[str, str] = {}
    case = events[0]["application_id"] if events else ""
    for one in anchors:
        for row in _rows(folder, one).decode().splitlines():
            number, application, _seq, digest = row.split("\t")
            if application == case:
                sealed[number] = digest
    faults = []
    for event in events:
        is_covered = bool(covered_by(int(event["id"]), anchors))
        if is_covered and sealed.pop(event["id"], None) != event["hash"]:
            faults.append(f"第 {event['seq']} 号记录：锚点封存的不是这一条，封存以后被改动或重新计算过。")
    return faults + [f"锚点封存过编号 {number} 的记录，证据包里没有。" for number in sorted(sealed)]


def _rows(folder: Path, anchor: dict[str, Any]) -> bytes:
    """The rows that an anchor sealed, as it read them: number, case, sequence and hash of every event of those days."""
    path = folder / f"rows-{int(anchor['serial'])}.txt"
    return path.read_bytes() if path.is_file() else b""


def _code(digest: str) -> str:
    head = digest[:12].upper()
    return f"{head[:4]}-{head[4:8]}-{head[8:]}"


def covered_by(event_id: int, anchors: list[dict[str, Any]]) -> list[str]:
    """Return the printed codes of the anchors that cover this event."""
    covers = ((one, json.loads(one["line"])["tables"]["applications_event"]) for one in anchors)
    return [one["code"] for one, cover in covers if cover["after"] < event_id <= cover["to"]]


def faults_of_order(order: dict[str, Any], breached_at: str) -> list[str]:
    """Return where the acts about the order, its limits and the record that it opened contradict one another."""
    acts, limits = order["acts"], order["terms"]
    faults = []
    state = ""
    for number, act in enumerate(acts, 1):
        if act["seq"] != number:
            faults.append(f"督办第 {number} 条：序号不连续，中间有记录被删除或插入过。")
        if state not in COMES_FROM.get(act["act"], ()):
            faults.append(f"督办第 {number} 条：不能接在上一条后面。")
        state = LEADS_TO.get(act["act"], "")
    if any(_at(later["at"]) < _at(earlier["at"]) for earlier, later in pairwise(acts)):
        faults.append("督办单：有办理时间早于上一条。")
    if state != "unrectified":
        return [*faults, "督办单：末尾不是未整改办结。"]
    if sum(act["act"] in ("issue", "send_back") for act in acts) != len(limits):
        return [*faults, "督办单：期限与办理经过对不上。"]
    return faults + _faults_of_closing(acts, limits[-1], breached_at)


def _faults_of_closing(acts: list[dict[str, Any]], limit: dict[str, Any], breached_at: str) -> list[str]:
    closing, replies = acts[-1], [act for act in acts if act["act"] == "reply"]
    missed = _at(limit["stopped_at"]) > _at(limit["due_at"])
    faults = []
    if acts[-2]["act"] != "reply" and not missed:
        faults.append("督办单：没有回复，期限也没有过，不能按未整改办结。")
    if closing["person_code"] in {act["person_code"] for act in replies}:
        faults.append("督办单：回复和核验是同一个人。")
    if acts[0]["person_code"] in {act["person_code"] for act in replies}:
        faults.append("督办单：签发和回复是同一个人。")
    if _at(breached_at) != _at(limit["due_at"] if missed else closing["at"]):
        faults.append("责任追究：届满时间与督办单的期限不符。")
    return faults


def faults_of_attachments(folder: Path, order: dict[str, Any]) -> list[str]:
    """Return the files of the replies that are not those of which the order tells."""
    told = {file["path"]: file["sha256"] for act in order["acts"] for file in act["files"]}
    return faults_of_files(folder, told)


def _at(moment: str) -> datetime:
    return datetime.fromisoformat(moment)


def faults_of_case(case: dict[str, Any], events: list[dict[str, str]]) -> list[str]:
    """Return where the page of the case says otherwise than its chain."""
    if events and case["status"] != events[-1]["to_status"]:
        return ["case.json：办件状态与记录链的末条不符。"]
    return []


def main(place: Path, told: str = "") -> int:
    """Check the pack at this place and say what was found; `told`: the digest that the letter or the page names."""
    said, faults, is_the_pack = [], [], False
    if place.is_file():
        digest = hashlib.sha256(place.read_bytes()).hexdigest()
        said.append(f"证据包 SHA-256：{digest}")
        is_the_pack = told.strip().lower() == digest
        if told and not is_the_pack:
            faults.append("证据包：与给出的摘要不同，不是登记下载的那一份。")
        with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(place) as pack:
            pack.extractall(folder)
            return _say(Path(folder), said, faults, is_the_pack=is_the_pack)
    return _say(place, said, faults, is_the_pack=is_the_pack)


def _say(folder: Path, said: list[str], faults: list[str], *, is_the_pack: bool) -> int:
    manifest = _read(folder, "manifest.json")
    faults += faults_of_files(folder, manifest["files"])
    is_sealed = False
    if manifest["case"]:
        found, lines, is_sealed = _check_chain(folder, manifest)
        faults, said = faults + found, said + lines
    if manifest["order"]:
        order = _read(folder, "order.json")
        said.append(f"督办单 {manifest['order']}：{len(order['acts'])} 条办理记录，核对前后是否一致")
        faults += faults_of_order(order, _read(folder, "case.json")["breached_at"])
        faults += faults_of_attachments(folder, order)
    said += [f"不符：{fault}" for fault in faults]
    said += ["核验未通过。"] if faults else _verdict(manifest, is_sealed=is_sealed, is_the_pack=is_the_pack)
    sys.stdout.write("".join(f"{line}\n" for line in said))
    if faults:
        return 1
    return 0 if is_the_pack or (is_sealed and not manifest["order"]) else 2


def _verdict(manifest: dict[str, Any], *, is_sealed: bool, is_the_pack: bool) -> list[str]:
    """What is proven by what, and what is not."""
    chain, rest = ("记录链完整" if manifest["case"] else "文件齐全"), "责任人、责任机构、红牌、督办单和时限说明单"
    if is_sealed:
        sealed = "办件记录与锚点封存的一致；上面的锚点码逐个与公报上印的相同，就证明记录链在封存以后没有改动。"
    else:
        sealed = "没有锚点封存全部办件记录：仅凭文件不能证明记录没有被整体重做。" if manifest["case"] else ""
    if is_the_pack:
        pack = "整包与给出的摘要相同：是登记下载的那一份，其中的文件都没有改动。摘要应取自移送函或责任追究页。"
    else:
        pack = f"{rest}不在记录链里：只有整包的 SHA-256 与移送函、责任追究页上的相同，才证明没有换过。"
        pack += "请运行 python3 verify.py 证据包.zip 登记的摘要。"
    return [f"核验未发现不符：{chain}，各文件与清单一致。", *filter(None, (sealed, pack))]


def _check_chain(folder: Path, manifest: dict[str, Any]) -> tuple[list[str], list[str], bool]:
    """The faults of the events of the case, what is said of them, and whether anchors seal every one."""
    events, anchors = _read(folder, "events.json"), _read(folder, "anchors.json")
    faults = faults_of_chain(events, manifest["head"]) + faults_of_anchors(folder, anchors)
    faults += faults_of_case(_read(folder, "case.json"), events)
    if not faults:
        faults = faults_of_sealed(folder, events, anchors)
    said = [f"办件 {manifest['case']}：{len(events)} 条记录，末条摘要 {manifest['head']['hash']}"]
    codes: dict[str, int] = {}
    for event in events:
        for code in covered_by(int(event["id"]), anchors):
            codes[code] = codes.get(code, 0) + 1
    for code, count in codes.items():
        said.append(f"锚点 {code} 封存了其中 {count} 条，请与公报上印的锚点码核对。")
    open_count = len(events) - sum(codes.values())
    if open_count > 0:
        said.append(f"有 {open_count} 条还没有锚点：证据包制作时当天的锚点还没有写出。")
    return faults, said, open_count <= 0


def _read(folder: Path, name: str) -> Any:
    return json.loads((folder / name).read_text(encoding="utf-8"))


if __name__ == "__main__":
    given = sys.argv[1:]
    sys.exit(main(Path(given[0]) if given else Path(__file__).resolve().parent, *given[1:2]))
