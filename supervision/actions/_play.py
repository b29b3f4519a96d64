"""One scenario played through the real actions: what was done, what was seen, and whether it was expected."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from time import monotonic

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import F
from django.db.models.functions import Least

from applications.actions.deem_accepted import deem_accepted
from applications.actions.grant import grant
from applications.domain.lifecycle import BY_VERB, STATUS_LABELS, STEP_DUTY, Status, StepKind, Verb
from applications.models import Application, Clock
from applications.rehearsal.acts import Walk, act, begin
from applications.rehearsal.course import next_stop, next_verb
from applications.rehearsal.desks import Desks
from applications.rehearsal.plans import Plan
from applications.selectors.lights import light
from applications.selectors.papers import paper_of
from applications.selectors.promises import promise_of
from halls.acting import acting_user, system_actor
from halls.domain.calendar import WorkCalendar
from halls.domain.duties import Duty
from halls.domain.errors import DomainError
from halls.domain.moments import SHANGHAI
from halls.domain.worktime import ONE_DAY, day_of
from halls.models import Hall, Post, User
from halls.selectors.work_calendar import read_moment
from matters.domain.scenario import LIGHTS, OTHERS, STATUSES, Line, Scenario
from supervision.actions._stage import freeze
from supervision.selectors.holders import holders_at

MOST_ACTS = 80
MOST_SECONDS = 20.0  # of one play: the others wait behind it
_MORNING = time(9, 30)


@dataclass
class Outcome:
    """What a play showed: `found` are the expectations that were not met, in words; `lines` what happened."""

    name: str
    branch: str
    text: str
    found: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    steps: set[int] = field(default_factory=set)

    @property
    def passed(self) -> bool:
        return not self.found


class Play:
    """A case on the stage. `hall` is where it is filed; `calendar` counts the days of the play."""

    def __init__(self, scenario: Scenario, code: str, hall: Hall, desks: Desks, calendar: WorkCalendar) -> None:
        self.scenario, self.calendar, self.desks = scenario, calendar, desks
        self.outcome = Outcome(scenario.name, scenario.branch, str(scenario))
        self.now = scenario.start
        self.rests: list[tuple[date, date]] = []
        self.plan = Plan(code, hall, 0, seed=1, way="counter")
        self.walk: Walk | None = None
        self.refusal: DomainError | None = None
        self.heirs: list[dict[str, str]] = []
        self.ends = monotonic() + MOST_SECONDS

    def perform(self) -> Outcome:
        """Play every line; what a guide or a scenario brings about ends the play and is told.

        Raises what nobody expected; the stage tells it as a fault of the play.
        """
        try:
            freeze(self.now)
            self.walk = begin(self.plan, self.desks, "tryout")
            self._do(Verb.SUBMIT)
        except (DomainError, LookupError, AssertionError, ObjectDoesNotExist) as error:
            self.outcome.found.append(f"提交不成：{_said(error)}")
            return self.outcome
        for line in self.scenario.lines:
            try:
                if not self._perform_line(line):
                    break
            except (DomainError, LookupError, AssertionError, ObjectDoesNotExist) as error:
                self.outcome.found.append(f"{line}：{_said(error)}")
                break
        return self.outcome

    def _perform_line(self, line: Line) -> bool:
        """Whether the play goes on. A refusal is what some lines expect."""
        self._require_time()
        self._wait(line.wait)
        self.refusal = None
        try:
            self._moves.get(line.act, self._verb_of(line))()
        except DomainError as refusal:
            self.refusal = refusal
        return self._judge(line)

    # --- moving -------------------------------------------------------------------------------------------------

    @property
    def _moves(self) -> dict[str, Callable[[], None]]:
        return {
            "look": lambda: None,
            "until_special": lambda: self._go_until(self._at_a_special_step),
            "until_decision": lambda: self._go_until(self._at_the_decision),
            "until_delivered": lambda: self._go_until(lambda: self.case.status == Status.DELIVERED),
            "decide_alone": self._decide_alone,
            "vacate": self._vacate,
            "wait_until_due": self._wait_until_due,
            "deem_accepted": self._deem_accepted,
            "resume": self._resume,
        }

    @property
    def case(self) -> Application:
        assert self.walk is not None
        return self.walk.application

    def _verb_of(self, line: Line) -> Callable[[], None]:
        return lambda: self._do(Verb(line.act))

    def _wait(self, days: int) -> None:
        if days:
            day = self.calendar.shift_working(day_of(self.now), days)
            self._turn_to(datetime.combine(day, _MORNING, tzinfo=SHANGHAI))

    def _turn_to(self, moment: datetime) -> None:
        self.now = max(moment, self.now)
        freeze(self.now)

    def _do(self, verb: Verb, stop: str = "") -> None:
        assert self.walk is not None
        self._require_time()
        if verb is Verb.SUSPEND:
            self.rests.append((day_of(self.now), date.max))
        self.walk.refresh()
        act(self.walk, verb, stop)
        self._saw(f"{self.now:%m-%d %H:%M} {_label(verb)} → {STATUS_LABELS[Status(self.case.status)][0]}")

    def _require_time(self) -> None:
        if monotonic() > self.ends:
            raise LookupError(f"试办太久，{MOST_SECONDS:.0f} 秒还没有走完，请把场景拆短")

    def _saw(self, words: str) -> None:
        self.outcome.lines.append(words)
        if self.case.step_seq is not None:
            self.outcome.steps.add(self.case.step_seq)

    def _go_until(self, is_there: Callable[[], bool]) -> None:
        """Let everybody do what is next, each in half of the time that their step has."""
        assert self.walk is not None
        for _ in range(MOST_ACTS):
            if is_there():
                return
            verb = next_verb(self.walk)
            if verb is None:
                raise LookupError(f"办到「{STATUS_LABELS[Status(self.case.status)][0]}」就没有下一步了")
            if verb is Verb.RESUME:
                self._resume()
                continue
            step = self.walk.position.current
            if verb in (Verb.PASS_ON, Verb.GRANT) and step is not None and step.counts and step.seq not in self._rested:
                self._wait(step.days // 2)
            self._do(verb, next_stop(self.walk) if verb is Verb.HAND_OVER else "")
        raise LookupError("办了很久也没有办到")

    @property
    def _rested(self) -> set[int]:
        assert self.walk is not None
        return self.walk.rested

    def _resume(self) -> None:
        """End the special procedure when its granted days are over, as its organ does on the working day behind."""
        until = self.case.paused_until
        if until is not None:
            behind = self.calendar.next_working(day_of(until) + ONE_DAY)
            self._turn_to(datetime.combine(behind, _MORNING, tzinfo=SHANGHAI))
            begun = self.rests.pop()[0]
            self.rests.append((begun, day_of(until)))
        self._do(Verb.RESUME)

    def _at_the_decision(self) -> bool:
        assert self.walk is not None
        step = self.walk.position.current
        return step is not None and step.is_final_decision

    def _at_a_special_step(self) -> bool:
        assert self.walk is not None
        step = self.walk.position.current
        return step is not None and step.kind == StepKind.SPECIAL

    def _decide_alone(self) -> None:
        """Whoever accepted tries to decide, with every duty in the world."""
        assert self.case.accepted_by_id is not None
        acceptor = acting_user(User.objects.get(pk=self.case.accepted_by_id))
        mighty = replace(acceptor, nodes=dict.fromkeys(Duty, (self.case.seat_path, *acceptor.case_prefixes)))
        grant(self.case.pk, actor=mighty)

    def _vacate(self) -> None:
        """Everybody who decides at the deciding organ has gone: who is asked now."""
        assert self.walk is not None
        step = next(step for step in self.walk.steps if step.is_final_decision)
        node, today = step.department or step.hall, day_of(self.now)
        gone = today - ONE_DAY
        posts = Post.objects.filter(department=step.department, hall=None if step.department else step.hall)
        # Somebody may have come only today, or be appointed for a day to come: nobody ends before they begin.
        posts.exclude(ends_on__lt=today).update(starts_on=Least(F("starts_on"), gone), ends_on=gone)
        self.heirs = holders_at(step.path, STEP_DUTY[StepKind(step.kind)], today)
        names = "、".join(f"{one['place']}{one['post']}" for one in self.heirs[:3])
        self._saw(f"{node.name}没有人，由 {names or '（没有人）'} 接办")

    def _wait_until_due(self) -> None:
        due = self._promise().due_at
        assert due is not None
        self._turn_to(due)

    def _deem_accepted(self) -> None:
        assert self.walk is not None
        deem_accepted(self.case.pk, actor=system_actor())
        self.walk.refresh()
        self._saw(f"{self.now:%m-%d %H:%M} 视为受理")

    # --- judging ------------------------------------------------------------------------------------------------

    def _judge(self, line: Line) -> bool:
        """Whether the play goes on."""
        assert self.walk is not None
        self.walk.refresh()
        if self.refusal is not None and "不允许" not in line.expects:
            self.outcome.found.append(f"{line}：系统不允许（{self.refusal.message}）")
            return False
        for word in line.expects:
            found = self._look(word)
            if found:
                self.outcome.found.append(f"{line}：应为{word}，{found}")
        return self.outcome.passed

    def _look(self, word: str) -> str:
        """Return what is to be seen instead of the expected, "" when it is as expected."""
        if word in STATUSES:
            label = STATUS_LABELS[Status(self.case.status)][0]
            return "" if self.case.status == STATUSES[word] else f"实为{label}"
        if word in LIGHTS:
            seen = light(self.case, read_moment())
            return "" if seen.colour == LIGHTS[word] else f"实为{seen.words}"
        checks: dict[str, Callable[[], str]] = {
            "due_as_promised": self._due_as_promised,
            "no_due": lambda: "" if self._promise().due_at is None else "承诺时限还在走",
            "in_time": self._in_time,
            "refused": lambda: "" if self.refusal is not None else "系统允许了",
            "somebody": lambda: "" if self.heirs else "没有人接办，办件会没有主人",
            "same_day": lambda: "" if day_of(self.now) == day_of(self.scenario.start) else f"办到了{self.now:%m月%d日}",
            "remedies": self._remedies,
        }
        return checks[OTHERS[word]]()

    def _promise(self) -> Clock:
        return Clock.objects.filter(application=self.case, kind="promised").latest("pk")

    def _due_as_promised(self) -> str:
        """Count the promise on the fingers, apart from the engine: working days behind the start, without the rests."""
        clock, start = self._promise(), self.case.accepted_at
        assert start is not None
        left, day = promise_of(self.case).days, day_of(start)
        while left > 0:
            day += ONE_DAY
            is_resting = any(begun < day <= until for begun, until in self.rests)
            left -= self.calendar.is_working(day) and not is_resting
        if clock.due_at is None:
            return "没有到期日"
        seen = day_of(clock.due_at)
        return "" if seen == day or self.case.guide.is_immediate else f"应到{day:%m月%d日}，实为{seen:%m月%d日}"

    def _in_time(self) -> str:
        late = Clock.objects.filter(application=self.case, due_at__lt=self.now, state="running").exclude(
            kind="delivery"
        )
        over = Clock.objects.filter(application=self.case, kind="promised", stopped_at__gt=F("due_at"))
        return "超过了期限" if over.exists() or late.exists() else ""

    def _remedies(self) -> str:
        document = self.case.documents.filter(kind="refusal_decision").first()
        if document is None:
            return "没有决定书"
        text = str(paper_of(document, self.case, "", is_masked=False))
        return "" if "行政复议" in text and "行政诉讼" in text else "决定书没有写明复议和诉讼"


def _label(verb: Verb) -> str:
    return BY_VERB[verb].label


def _said(error: Exception) -> str:
    if isinstance(error, ObjectDoesNotExist):
        return "办件还没有到这一步，没有可看的"
    return error.message if isinstance(error, DomainError) else str(error)
