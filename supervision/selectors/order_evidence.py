"""What an evidence pack tells of a supervision order: every act, every reply with its files, every limit day by day."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from django.utils import timezone

from halls.selectors.work_calendar import Moment
from halls.serving import stored
from supervision.models import OrderAct, OrderFile, SupervisionOrder, Term
from supervision.selectors.terms import statement_of


def order_files(order_id: int, moment: Moment) -> dict[str, bytes]:
    """Return the order and the files of its replies, by name in the pack. Raises NotFound for a file the disk lost."""
    rows = SupervisionOrder.objects.select_related("issued_by", "application")
    order = rows.prefetch_related("acts__user", "acts__files", "acts__term").get(pk=order_id)
    acts = list(order.acts.all())
    attached = {_path(act, one): stored(one.sha256) for act in acts for one in act.files.all()}
    return {"order.json": json_bytes(_order(order, acts, moment)), **attached}


def _order(order: SupervisionOrder, acts: list[OrderAct], moment: Moment) -> dict[str, Any]:
    return {
        "number": order.number,
        "title": order.title,
        "case": order.application.number if order.application else None,
        "organ": order.organ_name,
        "answered_by": order.get_duty_display(),
        "issuer": order.issuer_name,
        "issued_by": order.issued_by.full_name,
        "issued_at": local_iso(order.issued_at),
        "facts": order.facts,
        "demand": order.demand,
        "basis": order.basis,
        "state": order.get_state_display(),
        "acts": [_act(act) for act in acts],
        "terms": [_term(act.term, moment) for act in acts if act.term is not None],
    }


def _act(act: OrderAct) -> dict[str, Any]:
    return {
        "seq": act.seq,
        "act": act.act,
        "label": act.get_act_display(),
        "words": act.words,
        "days": act.days,
        "by": act.user.full_name,
        "person_code": act.person_code,
        "post": act.post,
        "at": local_iso(act.at),
        "files": [{"name": one.name, "path": _path(act, one), "sha256": one.sha256} for one in act.files.all()],
    }


def _path(act: OrderAct, one: OrderFile) -> str:
    return f"attachments/{act.seq}-{one.pk}-{one.name}"


def _term(term: Term, moment: Moment) -> dict[str, Any]:
    """A limit with what happened to it, the rungs it reached, and its days."""
    return {
        "amount": term.amount,
        "unit": term.unit,
        "started_at": local_iso(term.started_at),
        "due_at": local_iso(term.due_at),
        "is_provisional": term.is_provisional,
        "stopped_at": local_iso(term.stopped_at) if term.stopped_at else None,
        "facts": [
            {"move": fact.move, "at": local_iso(fact.at), "more": fact.amount, "unit": fact.unit, "reason": fact.reason}
            for fact in term.facts.order_by("pk")
        ],
        "rungs": [
            {"level": one.get_level_display(), "at": local_iso(one.effective_at), "is_late": one.is_late}
            for one in term.warnings.order_by("pk")
        ],
        "days": [
            {"date": row.date.isoformat(), "n": row.n, "counted": row.counted, "reason": row.reason}
            for row in statement_of(term, moment).rows
        ],
    }


def local_iso(at: datetime) -> str:
    return timezone.localtime(at).isoformat()


def json_bytes(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1, default=str).encode()
