"""Everything a case page shows, as plain values, in a constant number of statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone

from applications.domain.clock import ClockFacts, guide_budget
from applications.domain.lifecycle import BY_VERB, STATUS_LABELS, Status, Verb
from applications.domain.lights import Light, light_of, warned_from
from applications.domain.paper_titles import REFUSAL, refused_words, title_of
from applications.domain.transitions import CLOCK_LABELS, ClockKind, ClockMove
from applications.models import Application, ApplicationStep, Clock, ClockFact, Event
from applications.selectors.clock_facts import clock_facts
from applications.selectors.position import Position
from applications.selectors.promises import CasePromise
from applications.selectors.refusal import refused_at
from applications.selectors.special import to_come
from applications.selectors.statement_days import Course
from applications.selectors.statement_words import day_short, limit_label
from halls.domain.worktime import day_of
from halls.models import Level
from halls.selectors.work_calendar import Moment

STATUS_KINDS: dict[str, str] = {
    Status.DRAFT: "draft",
    Status.SUBMITTED: "waiting",
    Status.RECEIVED: "waiting",
    Status.CORRECTING: "waiting",
    Status.SUSPENDED: "paused",
    Status.GRANTED: "good",
    Status.READY: "good",
    Status.DELIVERED: "ended",
    Status.DECLINED: "ended",
    Status.REFUSED: "ended",
    Status.WITHDRAWN: "ended",
}


def status_label(status: str) -> str:
    return STATUS_LABELS[Status(status)][0]


def shown_status(application: Application, matter_kind: str = "") -> dict[str, str]:
    """The word for where a case stands, and its frame; a result on its way is not there to be fetched.

    `matter_kind`, where it was read: a refusal is called by it, as the decision is.
    """
    if application.destination_path:
        return {"status": "移交途中", "status_kind": "waiting"}
    kind, word = STATUS_KINDS.get(application.status, "active"), status_label(application.status)
    if application.status == Status.REFUSED and matter_kind:
        word = refused_words(matter_kind)
    return {"status": word, "status_kind": kind}


class CaseClocks:
    """The clocks of a case with their facts: one statement."""

    def __init__(self, application: Application, moment: Moment) -> None:
        self.moment = moment
        facts: dict[int, list[ClockFact]] = defaultdict(list)
        self.clocks: dict[int, Clock] = {}
        rows = ClockFact.objects.filter(clock__application=application).select_related("clock")
        for fact in rows.order_by("clock__started_at", "clock_id", "pk"):
            self.clocks[fact.clock_id] = fact.clock
            facts[fact.clock_id].append(fact)
        self._facts = facts

    def facts_of(self, clock: Clock) -> ClockFacts:
        return clock_facts(clock, self._facts[clock.pk])

    def ledger(self, clock: Clock) -> list[ClockFact]:
        """What happened to the clock, in order."""
        return self._facts[clock.pk]

    def given_more(self, clock: Clock) -> int:
        """The working days by which the clock was extended."""
        return sum(fact.amount or 0 for fact in self._facts[clock.pk] if fact.move == ClockMove.EXTEND)

    def of_kind(self, kind: ClockKind) -> Clock | None:
        """The latest clock of this kind."""
        return next((c for c in reversed(self.clocks.values()) if c.kind == kind), None)

    def light_of(self, clock: Clock) -> Light:
        """The clock's own light; one that was stopped shows how it ended."""
        if clock.state == Clock.State.PAUSED:
            return light_of(Status.SUSPENDED, None, clock.due_at, self.moment.at, self.moment.calendar)
        end = clock.stopped_at or self.moment.at
        warned = warned_from(clock.warn_at, clock.yellow_at, clock.due_at)
        found = light_of(Status.IN_PROGRESS, warned, clock.due_at, end, self.moment.calendar)
        if clock.stopped_at is None:
            return found
        late = clock.due_at is not None and clock.stopped_at > clock.due_at
        return (
            Light(found.colour, found.words)
            if late
            else light_of(Status.DELIVERED, None, None, end, self.moment.calendar)
        )

    def course_of(self, clock: Clock) -> Course:
        """How it ran up to now, as its statement tells it."""
        facts = self.facts_of(clock)
        return Course(facts, facts.pauses(self.moment.calendar), clock.due_at, self.moment)

    def used_words(self, clock: Clock) -> str:
        """The time used in the limit's own unit: a publicity has days of the calendar."""
        course = self.course_of(clock)
        return f"{course.used} {course.unit_label}"

    def day_of(self, at: datetime) -> str:
        """12月8日; with its year, where that is not the present one."""
        return day_short(day_of(at), day_of(self.moment.at))

    def label_of(self, clock: Clock) -> str:
        """The name of a clock; of several of its kind (and step) each says which one it is."""
        alike = [c.pk for c in self.clocks.values() if (c.kind, c.step_seq) == (clock.kind, clock.step_seq)]
        label, place = CLOCK_LABELS[ClockKind(clock.kind)], alike.index(clock.pk)
        if len(alike) == 1:
            return label
        if clock.kind == ClockKind.ACCEPTANCE:
            return f"{label}（{'补正后' if place else '第一次'}）"
        return f"{label}（第 {place + 1} 次）"

    def rows(self, steps: Mapping[int, str], promise: CasePromise) -> list[dict[str, Any]]:
        """The table of clocks: what runs, what it was given, when it ends; `steps` names them."""
        rows = []
        for clock in self.clocks.values():
            shown = self.light_of(clock)
            rows.append(
                {
                    "id": clock.pk,
                    "label": self.label_of(clock),
                    "step": steps.get(clock.step_seq or 0, ""),
                    "step_seq": clock.step_seq,
                    "budget": limit_label(guide_budget(clock.amount, clock.unit)),
                    "carried": clock.carried,
                    "started": self.day_of(clock.started_at) + f" {timezone.localtime(clock.started_at):%H:%M}",
                    "due": clock.due_at and timezone.localtime(clock.due_at),
                    "provisional": clock.is_provisional,
                    "state": clock.get_state_display(),
                    "is_open": clock.state != Clock.State.STOPPED,
                    "used": self.used_words(clock),
                    "is_paused": clock.state == Clock.State.PAUSED,
                    "note": promise.whose() if clock.kind == ClockKind.PROMISED else self._publicity_words(clock),
                    "light_kind": shown.colour.value,
                    "light_words": shown.words,
                }
            )
        return rows

    def _publicity_words(self, clock: Clock) -> str:
        """Why a publicity is due on a later day than its last."""
        ends = self.course_of(clock).publicity_ends
        return f"程序到 {day_short(ends, day_of(self.moment.at))}满，其后办结" if ends is not None else ""


def stair(
    application: Application, position: Position, clocks: CaseClocks, promise: CasePromise
) -> list[dict[str, Any]]:
    """The way of the case, step by step, with who has it and how much time that took."""
    by_step = {c.step_seq: c for c in clocks.clocks.values() if c.kind == ClockKind.STEP}
    special = {c.step_seq: c for c in clocks.clocks.values() if c.kind == ClockKind.SPECIAL}
    ahead = {step.seq for step in to_come(position, {seq for seq in special if seq is not None})}
    acceptor = _acceptor(application, position)
    slices = position.slices(promise.days, promise.published)
    accepted, refused = application.accepted_at is not None, refused_at(application, position.steps)
    rows = []
    for step in position.steps:
        clock = by_step.get(step.seq)
        # What the guide calls the leading acceptance is done by whoever accepts this very case.
        accepting = acceptor if step.is_leading else ""
        row: dict[str, Any] = {
            "level": step.level,
            "name": step.name,
            "where": accepting or (step.department.name if step.department else step.hall.name),
            "state": step_state(
                application, step.seq, is_leading=step.is_leading, accepted=accepted, refused_at=refused
            ),
            "days": _budget_words(slices.get(step.seq, step.days), step.unit, counts=step.counts),
        }
        if step.is_leading and application.accepted_at:
            row["when"] = f"{clocks.day_of(application.accepted_at)}受理"
        elif clock is not None and clock.stopped_at:
            row["when"] = f"{clocks.day_of(clock.stopped_at)}办结"
            row["days"] = f"用了 {clocks.used_words(clock)}"
            if step.seq in special:
                row["days"] += f"，另有特别程序 {clocks.used_words(special[step.seq])}不计入"
        if accepted and step.seq in ahead:
            row["days"] += "，启动后另行告知结束日"
        if row["state"] in ("current", "paused") and clock is not None and clock.stopped_at is None:
            row |= _now(application, step, clock, special.get(step.seq), clocks)
            if step.seq in ahead and clock.due_at:
                row["when"] = f"最晚 {clocks.day_of(clock.due_at)}启动"
        rows.append(row)
    return rows if refused is None else [*rows, _refusal_handed(application, clocks)]


def _refusal_handed(application: Application, clocks: CaseClocks) -> dict[str, Any]:
    """Where a refused case ends: its decision is delivered, and nothing else that the guide names."""
    ended = application.ended_at
    return {
        "level": application.hall.tier,
        "name": f"送达《{title_of(REFUSAL, application.guide.kind)}》",
        "where": application.hall.name,
        "state": "done" if ended else "current",
        "when": f"{clocks.day_of(ended)}送达" if ended else "",
    }


def _now(
    application: Application, step: ApplicationStep, clock: Clock, special: Clock | None, clocks: CaseClocks
) -> dict[str, Any]:
    """The light of the step that has the case; while its procedure runs, until when that is."""
    shown = clocks.light_of(clock)
    words = shown.words
    if application.status == Status.SUSPENDED and application.paused_until:
        words = f"{step.name}到 {clocks.day_of(application.paused_until)}"
        if special is not None and special.due_at and clocks.course_of(special).publicity_ends is not None:
            # A publicity lasts to its last day; the organ has a working day more to conclude it.
            words += f"满，最晚 {clocks.day_of(special.due_at)}办结"
    return {"light_kind": shown.colour.value, "light_words": words}


def _acceptor(application: Application, position: Position) -> str:
    """The hall or office that accepts, by its name on the route; "" where the route does not name it."""
    found = next((step for step in position.steps if step.path == application.accept_path), None)
    if found is not None:
        return (found.department or found.hall).name
    seat = application.seat_department or application.seat_hall
    return seat.name if seat is not None and application.seat_path == application.accept_path else ""


def step_state(
    application: Application, seq: int, *, is_leading: bool, accepted: bool, refused_at: int | None = None
) -> str:
    """Where a step stands: done, current, paused, todo or skipped.

    `refused_at`: the step that decided against the applicant; nothing behind it is done any more.
    """
    status = application.status
    if refused_at is not None and not is_leading:
        return "done" if seq <= refused_at else "skipped"
    if is_leading:
        return "done" if accepted else ("current" if status not in ("declined", "withdrawn") else "skipped")
    if not accepted:
        return "todo" if status not in ("declined", "withdrawn") else "skipped"
    if application.step_seq is None or seq < application.step_seq or status == Status.DELIVERED:
        return "done"
    if status == Status.WITHDRAWN:
        return "skipped"
    if seq > application.step_seq:
        return "todo"
    return "paused" if status == Status.SUSPENDED else "current"


def _budget_words(days: int, unit: str, *, counts: bool) -> str:
    if days == 0:
        return "当场"
    words = guide_budget(days, unit).label
    return words if counts else f"{words}（不计入承诺时限）"


def timeline(application: Application) -> list[dict[str, Any]]:
    """What happened, newest first, each act with the papers it issued: two statements."""
    papers = {d.event_seq: d for d in application.documents.all()}
    rows = []
    for event in application.events.order_by("-seq"):
        paper = papers.get(event.seq)
        rows.append(
            {
                "at": timezone.localtime(event.at),
                "who": event.actor_name,
                "post": f"{event.place} {event.actor_post}".strip(),
                "what": event_words(event.verb, event.detail),
                "reason": _reason_words(event),
                "is_system": event.actor_post == "系统",
                "document_url": reverse("case_paper", args=[application.number, paper.pk]) if paper else "",
                "document_label": title_of(paper.kind, application.guide.kind) if paper else "",
                "kind": _mood(event.verb),
                "hash": event.hash[:12],
            }
        )
    return rows


def _reason_words(event: Event) -> str:
    """A recalculation is done by the system: what stands there is what the signers of the notice wrote."""
    is_signed = event.verb == Verb.RECALCULATE and event.reason
    return f"启用日历时写明的理由：{event.reason}" if is_signed else event.reason


def event_words(verb: str, detail: dict[str, Any]) -> str:
    """The act in official words, with its step or its days."""
    label = "起草" if verb == Verb.DRAFT else BY_VERB[Verb(verb)].label
    told = _TOLD.get(verb)
    if told is not None and (more := told(detail)):
        return f"{label}{more}"
    return f"{label}：{detail['step'][1]}" if "step" in detail else label


_TOLD: dict[str, Callable[[dict[str, Any]], str]] = {
    Verb.SUSPEND: lambda detail: f"：{detail.get('kind', '')} {detail.get('days', '')} {detail.get('unit', '')}",
    Verb.RESUME: lambda detail: f"：{_cut_off(detail)}" if "ended_early" in detail else "",
    Verb.PASS_ON: lambda detail: f"：{detail['step'][1]}（未启动特别程序）" if detail.get("skipped") else "",
    Verb.EXTEND: lambda detail: f"：{detail.get('days', '')} 个工作日",
    Verb.ACCEPT: lambda detail: "（逾期，自收件日起算）" if "deemed_since" in detail else "",
    Verb.TELL: lambda detail: f"（{detail.get('way', '')}）",
    Verb.HAND_OVER: lambda detail: f"到{detail.get('to', '')}",
    Verb.TAKE_OVER: lambda detail: f"（{detail.get('place', '')}）",
    Verb.RECALCULATE: lambda detail: f"（{_moved(detail)}）",
}


def _cut_off(detail: dict[str, Any]) -> str:
    """How early a procedure was ended."""
    left = detail["ended_early"]
    return f"{detail['step'][1]}（{f'提前 {left} 天结束' if left else '最后一天未满即结束'}）"


def _moved(detail: dict[str, Any]) -> str:
    """By which notice, and what that did to every clock of the case."""
    ground = detail.get("ground") or {}
    document = f"（{ground['document_no']}）" if ground.get("document_no") else ""
    notice = f"{ground['year']} 年工作日历{document}" if ground.get("year") else ""
    lines = [_moved_clock(one) for one in detail.get("dates") or []]
    return "；".join([*([f"依据{notice}"] if notice else []), *lines])


def _moved_clock(one: dict[str, Any]) -> str:
    label = CLOCK_LABELS[ClockKind(one["kind"])] + (f"（第 {one['step']} 环节）" if one.get("step") else "")
    before, after = (_iso_day(moment) for moment in one["due"])
    if before and after:
        moved = f"由 {before}改为 {after}"
        return f"{label}{moved if before != after else f'仍到 {after}，预警和红黄牌的时刻重算'}"
    if after:
        return f"{label}到 {after}"
    return f"{label}已停表，没有到期日，恢复后按新日历接着算"


def _iso_day(moment: str | None) -> str:
    """2026年12月8日, of a moment as an event tells it: always with the year."""
    return f"{datetime.fromisoformat(moment):%Y年%-m月%-d日}" if moment else ""


def _promise_words(promise: CasePromise) -> str:
    whose = promise.whose()
    return f"{promise.days} 个工作日" + (f"（{whose}）" if whose else "")


def _mood(verb: str) -> str:
    if verb in (Verb.GRANT, Verb.DELIVER, Verb.ACCEPT):
        return "good"
    return "bad" if verb in (Verb.REFUSE, Verb.DECLINE, Verb.WITHDRAW) else ""


def facts(application: Application, promise: CasePromise, *, with_form: bool) -> list[dict[str, Any]]:
    """The particulars of the case, personal data masked."""
    who = application.applicant
    guide = application.guide
    local = timezone.localtime
    rows: list[dict[str, Any]] = [
        {"term": "申请人", "text": who.masked_name if who else ""},
        {"term": "证件号", "text": who.id_masked if who else ""},
        {"term": "联系电话", "text": (who.phone_masked if who else "") or "未留"},
        {"term": "收件地点", "text": application.hall.name},
        {"term": "办件类型", "text": f"{guide.get_handling_display()} · {guide.kind}"},
        {"term": "决定层级", "text": Level(guide.decision_level).label},
        {"term": "指南版本", "text": f"第 {guide.number} 版", "url": reverse("guide", args=[application.matter.code])},
        {"term": "承诺时限", "text": _promise_words(promise)},
    ]
    if application.permit_expires_on:
        rows.append({"term": "原许可有效期至", "text": f"{application.permit_expires_on:%Y-%m-%d}"})
    for term, at in (
        ("提交", application.submitted_at),
        ("受理", application.accepted_at),
        ("决定", application.decided_at),
    ):
        if at:
            rows.append({"term": f"{term}时间", "text": f"{local(at):%Y-%m-%d %H:%M}"})
    if application.result_number:
        rows.append({"term": "结果文号", "text": application.result_number})
    if with_form:
        rows += [{"term": str(key), "text": str(value), "wide": True} for key, value in application.form.items()]
    return rows
