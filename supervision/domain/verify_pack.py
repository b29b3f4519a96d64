"""核验证据包: `python3 verify.py [解开的目录]`, standard library only, no network, none of this system.

Run beside the files of an evidence pack: it computes the chain of events anew, compares every file with the manifest,
and says which daily anchors cover the events. Exit status 0: everything holds; 1: something does not.
"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path
from typing import Any

# The columns of an event in the order in which they are hashed; each is framed by its length in bytes.
HASHED = (
    "application_id", "seq", "verb", "from_status", "to_status", "at", "user_id", "person_code", "actor_name",
    "actor_post", "place", "reason", "detail", "prev_hash",
)  # fmt: skip


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


def main(folder: Path) -> int:
    """Check the pack in this folder and say what was found."""
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    faults = faults_of_files(folder, manifest["files"])
    events = json.loads((folder / "events.json").read_text(encoding="utf-8"))
    anchors = json.loads((folder / "anchors.json").read_text(encoding="utf-8"))
    faults += faults_of_chain(events, manifest["head"]) + faults_of_anchors(anchors)
    say = sys.stdout.write
    say(f"办件 {manifest['case']}：{len(events)} 条记录，末条摘要 {manifest['head']['hash']}\n")
    codes: dict[str, int] = {}
    for event in events:
        for code in covered_by(int(event["id"]), anchors):
            codes[code] = codes.get(code, 0) + 1
    for code, count in codes.items():
        say(f"锚点 {code} 封存了其中 {count} 条，请与公报上印的锚点码核对。\n")
    open_count = len(events) - sum(codes.values())
    if open_count > 0:
        say(f"有 {open_count} 条还没有锚点：证据包制作时当天的锚点还没有写出。\n")
    for fault in faults:
        say(f"不符：{fault}\n")
    say("核验未通过。\n" if faults else "核验通过：记录链完整，没有改动。\n")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent))
