"""The frame of every verb: lock, may, can, do, record, tell.

`begin` locks the case, reads the moment and checks the actor; the verb's own file changes what is
its business; `finish` moves status and clocks by the table, writes the one event and tells.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.db.models import F, Func, TextField, Value
from django.db.models.functions import Cast, Concat

from applications.actions._clocks import Case, Start
from applications.domain.lifecycle import BY_VERB, ENDED, Status, Verb
from applications.domain.transitions import ClockKind
from applications.models import Application, ApplicationStep, Document, Event
from applications.permissions import require, require_no_silence
from applications.selectors.county import county_of
from applications.selectors.position import Position, position_of
from applications.selectors.promises import promise_of
from applications.signals import application_moved
from halls.acting import Actor
from halls.domain.budget import Budget
from halls.domain.errors import Invalid, NotFound, Refused, Stale
from halls.domain.worktime import SHANGHAI, day_of
from halls.selectors.work_calendar import Moment, read_moment

# The word in a document number that names its kind: 〔奉〕政服受〔2026〕12号.
DOCUMENT_SIGNS: dict[str, str] = {
    "submission": "交",
    "receipt": "收",
    "supply_receipt": "补收",
    "correction_notice": "补",
    "acceptance_notice": "受",
    "decline_decision": "不受",
    "special_notice": "特",
    "grant_decision": "准",
    "refusal_decision": "不准",
    "hand_over_list": "移",
    "proof_of_delivery": "送",
    "withdrawal_notice": "撤",
    "extension_notice": "延",
    "termination_notice": "终",
}


@dataclass
class Move:
    """One verb on its way: the locked case, the moment, the actor and what will be recorded."""

    verb: Verb
    actor: Actor
    application: Application
    position: Position
    moment: Moment
    case: Case
    starts: dict[ClockKind, Start] = field(default_factory=dict)
    granted_until: date | None = None
    more: dict[ClockKind, Budget] = field(default_factory=dict)
    detail: dict[str, Any] = field(default_factory=dict)
    paper: dict[str, Any] = field(default_factory=dict)
    _seat: str = field(init=False)  # who held the case before

    def __post_init__(self) -> None:
        self._seat = self.application.seat_path

    @property
    def today(self) -> date:
        return day_of(self.moment.at)

    @property
    def new_seat(self) -> str:
        """The organ that holds the case from this act on, where that is another one."""
        seat = self.application.seat_path
        return seat if seat != self._seat else ""


def begin(application_id: int, verb: Verb, actor: Actor, *, version: int | None = None) -> Move:
    """Lock the case, then check that the actor may and the table can.

    `version` is the one the actor's page showed; None only where no page was involved.
    Raises NotFound, NotPermitted, Refused, Stale.
    """
    return begin_locked(lock(application_id, actor), verb, actor, version=version)


def begin_locked(application: Application, verb: Verb, actor: Actor, *, version: int | None = None) -> Move:
    """The rest of `begin`, for an action that had to look at the locked row first."""
    moment = read_moment()
    is_draft = application.status == Status.DRAFT  # it has no route and no clocks yet
    position = Position((), None) if is_draft else position_of(application)
    require_fresh(application, version)
    require(actor, verb, application, position)
    require_no_silence(verb, application, moment.at)
    case = Case(application, moment, application.event_seq + 1) if is_draft else Case.load(application, moment)
    return Move(verb, actor, application, position, moment, case)


def lock(application_id: int, actor: Actor) -> Application:
    """Lock and return the case. Raises NotFound when the actor cannot see it."""
    application = (
        Application.objects.visible_to(actor)
        .select_for_update(of=("self",), no_key=True)
        .select_related("guide", "matter", "applicant", "hall")
        .filter(pk=application_id)
        .first()
    )
    if application is None:
        raise NotFound
    return application


def require_fresh(application: Application, version: int | None) -> None:
    """Raises Stale when the actor's page shows an older state of the case."""
    if version is not None and version != application.version:
        raise Stale(
            "stale_page",
            "您看到的页面已经过时：本件刚刚被别人办理过。",
            field="version",
            cure="请刷新页面，核对最新状态后再办；您填写的内容没有提交。",
        )


def require_reason(verb: Verb, reason: str) -> str:
    """Return the reason without outer blanks. Raises Invalid when the table asks for one."""
    reason = reason.strip()
    if BY_VERB[verb].needs_reason and not reason:
        raise Invalid(
            "reason_missing",
            f"{BY_VERB[verb].label}必须写明理由。",
            field="reason",
            cure="请用一两句话写清事实和依据，申请人会看到。",
        )
    if len(reason) > 2000:
        raise Invalid("reason_too_long", "理由不能超过 2000 字。", field="reason", cure="请精简。")
    return reason


def seat_at(application: Application, step: ApplicationStep | None) -> None:
    """Make the organ of this step the one that holds the case."""
    if step is None:
        return
    application.step_seq = step.seq
    application.step_kind = step.kind
    application.seat_hall = step.hall
    application.seat_department = step.department
    application.seat_path = step.path


def finish(move: Move, *, reason: str = "", detail: Mapping[str, Any] | None = None) -> Application:
    """Move status and clocks by the table, write the event, save, tell."""
    application, row = move.application, BY_VERB[move.verb]
    reason = require_reason(move.verb, reason)
    before, old_due = application.status, application.due_at
    if row.target is not None:
        application.status = row.target
    if move.verb is not Verb.RECALCULATE:
        application.moved_at = move.moment.at
    if application.status in ENDED and before not in ENDED:
        application.ended_at = move.moment.at
    if application.status != Status.SUSPENDED:
        application.paused_until = None
    move.case.apply(row.clocks, move.starts, move.granted_until, move.more)
    move.detail.update(detail or {})
    if old_due != application.due_at:
        move.detail["due"] = [_iso(old_due), _iso(application.due_at)]
    record(move, from_status=before, reason=reason)
    move.case.write()
    application.version += 1
    application.save()
    if row.document:
        issue_document(move, row.document, reason)
    application_moved.send(Application, application_id=application.pk, verb=move.verb)
    return application


# The moments of a case, each the moment of one of its events.
MOMENTS = ("submitted_at", "received_at", "accepted_at", "decided_at", "ended_at", "moved_at")


def record(move: Move, *, from_status: str, reason: str) -> None:
    """Append the one event of this act; number, moment and hash come back from the database.

    The event tells every move of the clocks and who holds the case now; what is written of them afterwards is checked
    against it.
    Raises Stale when the act began on another day than the one on which it could be recorded.
    """
    application, actor = move.application, move.actor
    if move.case.told:
        move.detail["clocks"] = move.case.told
    if move.new_seat:
        move.detail["seat"] = move.new_seat
    columns = (
        "application_id, seq, verb, from_status, to_status, at, user_id, person_code, "
        "actor_name, actor_post, place, reason, detail, prev_hash, hash"
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {Event._meta.db_table} ({columns}) VALUES "  # noqa: S608 - no input in it
            "(%s, 0, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s::jsonb, '', '') "
            "RETURNING seq, at, hash",
            [
                application.pk,
                move.verb.value,
                from_status,
                application.status,
                move.moment.at,
                actor.user_id,
                actor.person_code,
                actor.name,
                actor.post,
                actor.hall_name,
                reason,
                json.dumps(move.detail, ensure_ascii=False),
            ],
        )
        application.event_seq, at, application.event_hash = cursor.fetchone()
    _happened(move, at)


def _happened(move: Move, at: datetime) -> None:
    """The database's moment is the moment of the act: whoever waited too long takes it over."""
    before, application = move.moment.at, move.application
    if at == before:
        return
    if at > before and day_of(at) != move.today and _was_turned_back(application, at):
        raise Refused(
            "clock_turned_back",
            "数据库服务器的时间倒退了，暂时不能办理。",
            cure="请立即联系系统管理员校准时间；校准以后再办，时限不受影响。",
        )
    if day_of(at) != move.today:
        raise Stale("took_too_long", "这次办理跨过了零点，日期已经变了，没有办成。", cure="请刷新页面后再办一次。")
    move.case.happened(at)
    move.moment = move.case.moment
    for name in MOMENTS:
        if getattr(application, name) == before:
            setattr(application, name, at)


def _was_turned_back(application: Application, at: datetime) -> bool:
    """Whether the trigger had to lift this event to the moment of the one before."""
    return Event.objects.filter(application=application, seq=application.event_seq - 1, at=at).exists()


def issue_document(move: Move, kind: str, reason: str) -> None:
    """Issue the paper of this act, numbered, with the facts it prints."""
    application, county = move.application, county_of(move.application.path)
    sign = f"{county.sign}政服{DOCUMENT_SIGNS[kind]}〔{move.today.year}〕"
    serial = Cast(Func(Value("applications_document_number"), function="nextval"), TextField())
    Document.objects.create(
        application=application,
        kind=kind,
        number=Concat(Value(sign), serial, Value("号"), output_field=TextField()),
        event_seq=application.event_seq,
        content={**_common_facts(move, reason), **move.paper},
        issued_at=move.moment.at,
    )


def _common_facts(move: Move, reason: str) -> dict[str, Any]:
    application = move.application
    assert application.applicant is not None
    # The paper of acceptance says itself what it starts.
    promise = promise_of(application) if application.accepted_at and "promised_days" not in move.paper else None
    return {
        "county": county_of(application.path).name,
        "number": application.number,
        "applicant": application.applicant.name,
        "id_masked": application.applicant.id_masked,
        "matter": application.guide.name,
        "matter_code": application.matter.code,
        "matter_kind": application.guide.kind,
        "hall": application.hall.name,
        "clerk": move.actor.name,
        "clerk_post": move.actor.post,
        "place": move.actor.hall_name,
        "due_at": _iso(application.due_at),
        "is_provisional": application.is_provisional,
        "promised_days": promise.days if promise else application.guide.promised_days,
        "promised_by": promise.whose() if promise else "",
        "reason": reason,
    }


def _iso(moment: datetime | None) -> str | None:
    return moment.astimezone(SHANGHAI).isoformat() if moment else None


def next_serial() -> int:
    """The next number of the county-wide sequence of cases; gaps are allowed, repeats are not."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('applications_case_number')")
        return int(cursor.fetchone()[0])


def lock_draft(application_id: int, actor: Actor, version: int | None) -> Application:
    """Lock a draft for editing. Raises NotFound, Stale, Refused (it is no draft any more)."""
    application = lock(application_id, actor)
    require_fresh(application, version)
    if application.status != Status.DRAFT:
        raise Stale(
            "already_submitted",
            "这件已经提交，不能再改草稿。",
            cure="请打开办件查看；需要更正的，请联系受理窗口。",
        )
    return application


def touch(application: Application) -> None:
    """Count an edit outside the verbs (a draft, a file), so that a second open page notices."""
    Application.objects.filter(pk=application.pk).update(version=F("version") + 1)
    application.version += 1
