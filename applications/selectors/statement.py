"""The clock statement (时限说明单) of a case's clocks: every day counted or skipped, with its reason.

One object for the page, the paper, the API, the command and the villager.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from django.db.models import OuterRef, Subquery

from applications.domain.card_rules import LEVEL_LABELS, Level
from applications.domain.clock import ClockFacts
from applications.domain.clock_statement import Act, ClockStatement, FactLine, Rung
from applications.domain.lifecycle import BY_VERB, Status, Verb
from applications.domain.transitions import ClockKind, ClockMove
from applications.models import Application, Clock, ClockFact, Document, Event
from applications.selectors import statement_words
from applications.selectors.case_page import CaseClocks
from applications.selectors.clock_facts import fact_of
from applications.selectors.position import Position, position_of
from applications.selectors.promises import ACCEPTANCES, CasePromise, promise_of
from applications.selectors.rung_rules import rule_behind
from applications.selectors.special import to_come
from applications.selectors.statement_days import Course
from applications.selectors.statement_shares import Way, name_at, shares
from halls.domain.worktime import SHANGHAI, Pause
from halls.domain.year_source import NOT_YET_KNOWN, YearSource
from halls.selectors.work_calendar import Moment

MOVES: Final[dict[str, str]] = {
    ClockMove.START: "起算",
    ClockMove.PAUSE: "暂停",
    ClockMove.RESUME: "恢复",
    ClockMove.EXTEND: "延长",
    ClockMove.STOP: "停止",
}
# What the time of a procedure comes in addition to.
_LIMITS: Final = (ClockKind.PROMISED, ClockKind.STATUTORY)
# What a villager asks for first.
_READ_FIRST: Final = (
    ClockKind.PROMISED,
    ClockKind.SUPPLEMENT,
    ClockKind.ACCEPTANCE,
    ClockKind.PRE_REVIEW,
    ClockKind.DELIVERY,
    ClockKind.SPECIAL,
    ClockKind.STEP,
    ClockKind.STATUTORY,
)


class CaseStatements:
    """The statements of one case: its clocks, facts, events and steps, read once (three statements)."""

    def __init__(self, application: Application, moment: Moment, position: Position | None = None) -> None:
        self.application = application
        self.moment = moment
        self.book = CaseClocks(application, moment)
        self.position = position or position_of(application)
        special = Document.objects.filter(application=application, event_seq=OuterRef("seq"), kind="special_notice")
        events = Event.objects.filter(application=application).order_by("seq")
        notice = Subquery(special.values("number")[:1])
        told: list[Any] = list(events.annotate(notice=notice, acceptor=name_at(application.accept_path)))
        acceptor = told[0].acceptor if told else ""
        self.way = Way(application, self.position, self.book, told, acceptor)
        self._promise = _promise(application, told)
        self._acts = {event.seq: _act(event) for event in told}
        self._early = {event.seq: _cut_short(event) for event in told if "ended_early" in event.detail}
        begun = {clock.step_seq for clock in self.book.clocks.values() if clock.kind == ClockKind.SPECIAL}
        self._to_come = to_come(self.position, {seq for seq in begun if seq is not None})
        self._notices = {event.seq: _procedure(event) for event in told if event.verb == Verb.SUSPEND}

    @property
    def clocks(self) -> list[Clock]:
        return list(self.book.clocks.values())

    def all(self) -> list[ClockStatement]:
        """Explain every clock of the case, in the order in which they started."""
        return [self.of(clock) for clock in self.clocks]

    def find(self, clock_id: int) -> ClockStatement | None:
        """Explain this very clock, or None when the case has no such one."""
        clock = self.book.clocks.get(clock_id)
        return self.of(clock) if clock else None

    def of(self, clock: Clock) -> ClockStatement:
        """Explain the clock as it stands at the moment."""
        ledger = self.book.ledger(clock)
        facts = self.book.facts_of(clock)
        due_at = clock.due_at and clock.due_at.astimezone(SHANGHAI)
        course = Course(facts, self._pauses(facts, ledger), due_at, self.moment)
        step = next((step for step in self.position.steps if step.seq == clock.step_seq), None)
        days = tuple(course.days())
        years = course.years(days)
        plain = ClockStatement(
            clock_id=clock.pk,
            kind=clock.kind,
            label=self.book.label_of(clock),
            ground=statement_words.ground(clock, self.application.guide, self._promise),
            step_seq=clock.step_seq,
            step=step.name if step else "",
            state=clock.state,
            state_label=str(clock.get_state_display()),
            budget=statement_words.limit_label(facts.budget),
            extensions=tuple(more.label for more in facts.extensions),
            carried=clock.carried,
            started_at=facts.started_at.astimezone(SHANGHAI),
            stopped_at=facts.stopped_at and facts.stopped_at.astimezone(SHANGHAI),
            due_at=due_at,
            provisional=clock.is_provisional,
            why_provisional=_why_provisional(years) if clock.is_provisional else "",
            unit=course.unit_label,
            limit=course.limit,
            used=course.used,
            left=course.left,
            over=course.over,
            summary="",
            plain="",
            calendars=years,
            facts=tuple(self._line(fact) for fact in ledger),
            rungs=tuple(self._rungs(clock, course.seen)),
            days=days,
            shares=shares(clock, course, self.way),
            is_cut=course.is_cut,
        )
        words = self._words(plain, course)
        return replace(plain, summary=words.summary(), plain=words.plain())

    def _words(self, plain: ClockStatement, course: Course) -> statement_words.Words:
        current, last = self.position.current, plain.facts[-1].act
        ahead = self._to_come if plain.kind in _LIMITS else []
        if plain.kind == ClockKind.STEP:
            ahead = [step for step in self._to_come if step.seq == plain.step_seq]
        is_special = plain.kind == ClockKind.SPECIAL and plain.stopped_at is not None
        return statement_words.Words(
            plain,
            course,
            to_come=ahead,
            waits_for=current.name if current is not None and self.application.status == Status.SUSPENDED else "",
            early=self._early.get(last.seq) if is_special and last is not None else None,
        )

    def _pauses(self, facts: ClockFacts, ledger: list[ClockFact]) -> tuple[Pause, ...]:
        """The pauses of the clock, each under the name and number of its notice."""
        told = [fact for fact in ledger if fact.move == ClockMove.PAUSE]
        return tuple(
            replace(pause, name=self._notices.get(fact.event_seq, pause.name))
            for pause, fact in zip(facts.pauses(self.moment.calendar), told, strict=True)
        )

    def _rungs(self, clock: Clock, seen: datetime) -> Iterator[Rung]:
        for level, at in (
            (Level.WARNING, clock.warn_at),
            (Level.YELLOW, clock.yellow_at),
            (Level.RED, clock.red_at),
        ):
            if at is not None:
                rule = rule_behind(clock, level, self.application)
                yield Rung(level.value, LEVEL_LABELS[level], at.astimezone(SHANGHAI), at < seen, *rule)

    def _line(self, fact: ClockFact) -> FactLine:
        act, told = self._acts.get(fact.event_seq), fact_of(fact)
        return FactLine(
            move=fact.move,
            label=MOVES[fact.move],
            at=fact.at.astimezone(SHANGHAI),
            granted_until=told.granted_through(self.moment.calendar),
            more=told.more.label if told.more else "",
            note=self._note(fact, act),
            act=act,
        )

    def _note(self, fact: ClockFact, act: Act | None) -> str:
        if fact.move == ClockMove.PAUSE:
            return self._notices.get(fact.event_seq, "")
        if fact.move == ClockMove.RESUME and act is not None and act.post == "系统":
            return "批准的特别程序天数已满，恢复计时"
        return ""


def public_statements(number: str, moment: Moment) -> list[ClockStatement]:
    """The statements of a filed case as its villager may read them; the one that tells most comes first."""
    application = Application.objects.select_related("guide", "matter", "hall").defer("form").get(number=number)
    found = [statement.masked() for statement in CaseStatements(application, moment).all()]
    return sorted(found, key=lambda one: (one.stopped_at is not None, _READ_FIRST.index(one.kind)))


def _promise(application: Application, told: list[Event]) -> CasePromise:
    """What the case was promised: read where its acceptance names a decision of the hall, the guide's else."""
    said = (clock for event in told if event.verb in ACCEPTANCES for clock in event.detail.get("clocks", []))
    if any(clock.get("promise") for clock in said):
        return promise_of(application)
    return CasePromise(application.guide.promised_days, application.guide.promised_days)


def _act(event: Event) -> Act:
    label = BY_VERB[Verb(event.verb)].label if event.verb != Verb.DRAFT else "起草"
    at = event.at.astimezone(SHANGHAI)
    return Act(event.seq, event.verb, label, at, event.actor_name, event.actor_post, event.place)


def _cut_short(event: Event) -> statement_words.Early:
    return statement_words.Early(event.detail["ended_early"], event.reason)


def _procedure(event: Event) -> str:
    """特别程序 by its kind and the number of the notice that told the applicant."""
    number: str | None = getattr(event, "notice", None)
    kind = event.detail.get("kind", "")
    return f"特别程序·{kind} {number or f'第 {event.seq} 号记录'}".replace("· ", " ")


def _why_provisional(years: tuple[YearSource, ...]) -> str:
    missing = "、".join(str(year.year) for year in years if year.version is None)
    return f"{missing} 年的放假安排尚未发布，{NOT_YET_KNOWN}"
