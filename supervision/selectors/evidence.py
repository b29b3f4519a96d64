"""The evidence of one record of accountability: everything needed to prove it without this system."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.db import connection

from applications.domain.ledger import HASHED
from applications.models import Application, Event
from applications.selectors.statement import CaseStatements
from halls.domain.worktime import SHANGHAI
from halls.selectors.work_calendar import Moment
from supervision.domain import verify_pack
from supervision.domain.anchors import digest_of, read_lines, short_code
from supervision.models import Accountability, Anchor, LimitWarning
from supervision.models.card_review import life
from supervision.selectors.anchors import lines_of
from supervision.selectors.cards import ground_of
from supervision.selectors.order_evidence import json_bytes, local_iso, order_files

_EVENTS: Final = Event._meta.db_table
_COLUMNS: Final = ", ".join(
    "((extract(epoch FROM at) * 1000000)::bigint)::text" if name == "at" else f"{name}::text" for name in HASHED
)
_CHAIN: Final = f"SELECT id::text, {_COLUMNS}, hash FROM {_EVENTS} WHERE application_id = %s ORDER BY seq"  # noqa: S608
_TOLD: Final = {
    "case.json": "责任追究记录：责任机构、当时的责任人、处理经过，和它的办件",
    "order.json": "未整改的督办单：全部办理经过、回复、期限逐日计算",
    "attachments": "督办单回复的附件",
    "card.json": "红牌：规则、依据、全部经过",
    "statement.json": "时限说明单：逐日计算",
    "events.json": "办件记录链，每条的摘要连着上一条",
    "anchors.json": "封存这些记录的每日锚点，锚点码印在公报上",
    "rows": "锚点封存的记录摘要清单（rows-锚点号.txt）：编号和摘要，没有内容，用来重算锚点",
    "manifest.json": "各文件的 SHA-256 和记录链的末条",
    "verify.py": "核验程序：python3 verify.py 证据包.zip 登记的摘要，不需要联网，不需要本系统",
}


_TRUST: Final = (
    "证据包里的东西都可以被整体重做，核验程序也一样。能对质的只有存在别处的两样：公报上印的锚点码，"
    "移送函和责任追究页上的整包 SHA-256。核验程序请用自己留存的一份，或向发包单位另要一份。"
)


def evidence_files(account: Accountability, moment: Moment, made_by: str) -> dict[str, bytes]:
    """Return the files of the pack by name; the manifest names the digest of every other one.

    Raises NotFound where the disk lost a file of a reply.
    """
    case = _case_of(account)
    files = {
        "case.json": json_bytes(_account(account) | (_case(case) if case else {})),
        **(_files_of_case(case, account, moment) if case else {}),
        **(order_files(account.order_id, moment) if account.order_id else {}),
        "verify.py": Path(verify_pack.__file__).read_bytes(),
    }
    files["README.txt"] = _readme({re.split(r"[/-]", name)[0] for name in files}).encode()
    manifest = {
        "case": case.number if case else None,
        "order": account.order.number if account.order else None,
        "account": account.pk,
        "made_at": moment.at.astimezone(SHANGHAI).isoformat(),
        "made_by": made_by,
        "head": {"seq": case.event_seq, "hash": case.event_hash} if case else None,
        "files": {name: hashlib.sha256(data).hexdigest() for name, data in files.items()},
    }
    return files | {"manifest.json": json_bytes(manifest)}


def _readme(names: set[str]) -> str:
    """What lies in the pack, a line each."""
    lines = (f"{name:<16} {words}" for name, words in _TOLD.items() if name in names | {"manifest.json"})
    return "\n".join([f"责任追究证据包。{_TRUST}", "", *lines, ""])


def _case_of(account: Accountability) -> Application | None:
    if account.application_id is None:
        return None
    return Application.objects.select_related("guide", "matter", "hall").defer("form").get(pk=account.application_id)


def _files_of_case(case: Application, account: Accountability, moment: Moment) -> dict[str, bytes]:
    card = account.card or (account.order.card if account.order else None)
    events = _events(case)
    return {
        "card.json": json_bytes(_card(card) if card else {}),
        "statement.json": json_bytes(_statement(case, account, moment)),
        "events.json": json_bytes(events),
        **_anchors([int(event["id"]) for event in events]),
    }


def _events(case: Application) -> list[dict[str, str]]:
    """The chain as the database prints it, to the letter: what was hashed is this text."""
    names = ("id", *HASHED, "hash")
    with connection.cursor() as cursor:
        cursor.execute(_CHAIN, [case.pk])
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _anchors(event_ids: list[int]) -> dict[str, bytes]:
    """The lines of the anchor file that cover these events, as the database remembers them, and the rows they sealed.

    Those rows are of every case of the days: numbers and hashes alone, by which the digest of an anchor is computed.
    """
    path: Path = settings.ANCHOR_FILE
    if not event_ids or not path.is_file():
        return {"anchors.json": json_bytes([])}
    known = dict(Anchor.objects.values_list("digest", "serial"))
    found, rows = [], {}
    for line in path.read_bytes().splitlines():
        digest = digest_of(line)
        sealed = next(read_lines([line], settings.ANCHOR_KEY), None)
        if digest not in known or sealed is None:
            continue
        cover = next((one for one in sealed.anchor.covers if one.table == _EVENTS), None)
        if cover is not None and any(cover.after < pk <= cover.to for pk in event_ids):
            code = short_code(digest)
            found.append({"serial": known[digest], "digest": digest, "code": code, "line": line.decode()})
            rows[f"rows-{known[digest]}.txt"] = lines_of(cover)
    return {"anchors.json": json_bytes(found), **rows}


def _case(case: Application) -> dict[str, Any]:
    return {"number": case.number, "matter": case.matter.name, "status": case.status}


def _account(account: Accountability) -> dict[str, Any]:
    return {
        "opened_for": account.get_act_display(),
        "fault": account.get_fault_display(),
        "citation": account.citation,
        "organ": account.seat_name,
        "step": account.step_name,
        "holders": account.holders,
        "breached_at": local_iso(account.breached_at),
        "opened_at": local_iso(account.opened_at),
        "acts": [
            {
                "stage": act.get_stage_display(),
                "measure": act.get_measure_display() if act.measure else "",
                "person": act.person,
                "decided_by": act.decided_by,
                "done_on": act.done_on.isoformat() if act.done_on else None,
                "document_no": act.document_no,
                "note": act.note,
                "by": act.user.full_name,
                "person_code": act.person_code,
                "at": local_iso(act.at),
            }
            for act in account.acts.all()
        ],
    }


def _card(card: LimitWarning) -> dict[str, Any]:
    ground = ground_of(card)
    return {
        "number": card.number,
        "level": card.get_level_display(),
        "mode": card.get_mode_display(),
        "state": life(card).label,
        "rule": ground.rule,
        "citation": ground.citation,
        "facts": card.facts,
        "step": ground.step,
        "holders": ground.holders,
        "effective_at": local_iso(card.effective_at),
        "recorded_at": local_iso(card.recorded_at),
        "acts": [
            {
                "act": row.get_act_display(),
                "by": row.user.full_name,
                "person_code": row.person_code,
                "reason": row.reason,
                "finding": row.finding,
                "file_sha256": row.file_sha256,
                "at": local_iso(row.at),
            }
            for row in card.reviews.select_related("user").order_by("pk")
        ],
    }


def _statement(case: Application, account: Accountability, moment: Moment) -> dict[str, Any]:
    """The statement of the clock that ran out; a card by hand has none, and of an order the limit is told with it."""
    found = CaseStatements(case, moment).find(account.clock_id) if account.clock_id else None
    return found.as_dict() if found else {}
