"""核验证据包: `python3 verify.py [解开的目录]`, standard library only, no network, none of this system.

Run beside the files of an evidence pack: it compares every file with the manifest, computes the chain of events of the
case anew and says which daily anchors cover it, and looks whether the acts about a supervision order follow on one
another. Exit status 0: everything holds; 1: something does not.
"""

from __future__ import annotations

import hashlib
import json
import sys
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


def faults_of_anchors(anchors: list[dict[str, Any]]) -> list[str]:
    """Return the anchors whose line is not the one that was printed."""
    return [
        f"第 {one['serial']} 号锚点：这一行与公报上的锚点码不符。"
        for one in anchors
        if hashlib.sha256(one["line"].encode()).hexdigest() != one["digest"]
    ]


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


def main(folder: Path) -> int:
    """Check the pack in this folder and say what was found."""
    manifest = _read(folder, "manifest.json")
    faults = faults_of_files(folder, manifest["files"])
    said: list[str] = []
    if manifest["case"]:
        found, lines = _check_chain(folder, manifest)
        faults, said = faults + found, said + lines
    if manifest["order"]:
        order = _read(folder, "order.json")
        said.append(f"督办单 {manifest['order']}：{len(order['acts'])} 条办理记录，核对前后是否一致")
        faults += faults_of_order(order, _read(folder, "case.json")["breached_at"])
        faults += faults_of_attachments(folder, order)
    said += [f"不符：{fault}" for fault in faults]
    said.append(
        "核验未通过。" if faults else f"核验通过：{'记录链完整' if manifest['case'] else '文件齐全'}，没有改动。"
    )
    sys.stdout.write("".join(f"{line}\n" for line in said))
    return 1 if faults else 0


def _check_chain(folder: Path, manifest: dict[str, Any]) -> tuple[list[str], list[str]]:
    """The faults of the events of the case, and what is said of them."""
    events, anchors = _read(folder, "events.json"), _read(folder, "anchors.json")
    faults = faults_of_chain(events, manifest["head"]) + faults_of_anchors(anchors)
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
    return faults, said


def _read(folder: Path, name: str) -> Any:
    return json.loads((folder / name).read_text(encoding="utf-8"))


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent))
