"""Start, extend and stop the limit of something that is no case, in the transaction of the act that does so.

The only writer of Term and TermFact, but for the sweep's bookmark. What becomes of a limit is told to nobody here: the
act behind it tells, and the ladder does at its rungs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from applications.domain.clock import Dates, derive
from applications.domain.transitions import ClockKind, ClockMove
from applications.selectors.rules import rulebook
from halls.acting import Actor
from halls.domain.budget import Budget
from halls.domain.duties import Duty
from halls.domain.errors import Refused
from halls.domain.worktime import day_of
from halls.selectors.work_calendar import Moment
from supervision.models import Term, TermFact
from supervision.selectors.terms import is_claimed, term_facts

DATES: Final = ("due_at", "is_provisional", "warn_at", "yellow_at", "red_at", "next_action_at")


@dataclass(frozen=True)
class Ask:
    """Which limit, and whose: whoever holds `duty` at `seat_path` has to act on the page `page`."""

    kind: ClockKind
    budget: Budget
    title: str
    page: str
    seat_path: str
    duty: Duty


def start_term(ask: Ask, moment: Moment, actor: Actor | None = None) -> Term:
    """Let the limit run from the moment of this act; `actor` is None where a villager began it."""
    term = Term(
        kind=ask.kind,
        title=ask.title[:120],
        page=ask.page,
        seat_path=ask.seat_path,
        duty=ask.duty,
        amount=ask.budget.amount,
        unit=ask.budget.unit,
        started_at=moment.at,
    )
    fact = TermFact(move=ClockMove.START, at=moment.at, **_who(actor))
    put_dates(term, [fact], moment)
    term.save(force_insert=True)
    fact.term = term
    fact.save(force_insert=True)
    return term


def extend_term(term: Term, more: Budget, moment: Moment, *, actor: Actor, reason: str) -> None:
    """Give a locked limit more time, once, and before it runs out.

    Raises Refused (`term_stopped`, `term_extended`, `term_over`).
    """
    facts = list(term.facts.order_by("pk"))
    if term.state != Term.State.RUNNING:
        raise Refused("term_stopped", _("这件事已经办结，不能再延期。"), cure=_("请刷新页面，查看结果。"))
    if any(fact.move == ClockMove.EXTEND for fact in facts):
        raise Refused("term_extended", _("已经延期过一次，不能再延。"), cure=_("请在现在的期限内办结。"))
    if moment.at > term.due_at:
        raise Refused("term_over", _("期限已经过了，不能再延期。"), cure=_("请尽快办结，并说明逾期原因。"))
    given = {"amount": more.amount, "unit": more.unit, "reason": reason}
    fact = TermFact(term=term, move=ClockMove.EXTEND, at=moment.at, **given, **_who(actor))
    fact.save(force_insert=True)
    put_dates(term, [*facts, fact], moment)
    term.save(update_fields=list(DATES))


def stop_term(term: Term, moment: Moment, *, actor: Actor | None) -> None:
    """Stop a locked limit; one that stands already stays as it is."""
    if term.state == Term.State.STOPPED:
        return
    facts = list(term.facts.order_by("pk"))
    fact = TermFact(term=term, move=ClockMove.STOP, at=moment.at, **_who(actor))
    fact.save(force_insert=True)
    term.state, term.stopped_at = Term.State.STOPPED, moment.at
    put_dates(term, [*facts, fact], moment)
    term.save(update_fields=["state", "stopped_at", *DATES])


def hand_term(term: Term, seat_path: str, duty: Duty) -> None:
    """Let the running limit count against another desk from now on; rungs it has passed stay where they were earned."""
    term.seat_path, term.duty = seat_path, duty
    term.save(update_fields=["seat_path", "duty"])


def put_dates(term: Term, facts: list[TermFact], moment: Moment) -> bool:
    """Derive every date of the limit anew; returns whether one of them moved."""
    has_moved = is_outdated(term, facts, moment)
    dates = _dates(term, facts, moment)
    for name in DATES:
        setattr(term, name, getattr(dates, name))
    _skip_what_is_claimed(term, facts)
    return has_moved


def is_outdated(term: Term, facts: list[TermFact], moment: Moment) -> bool:
    """Whether the limit has a date that its facts do not give under the calendar of this moment."""
    dates = _dates(term, facts, moment)
    return any(getattr(term, name) != getattr(dates, name) for name in DATES[:-1])


def _dates(term: Term, facts: list[TermFact], moment: Moment) -> Dates:
    day = day_of(facts[0].at)
    rules = rulebook(day).governing(ClockKind(term.kind), day, None, None)
    return derive(term_facts(term, facts), moment.calendar, rules)


def _skip_what_is_claimed(term: Term, facts: list[TermFact]) -> None:
    """Rungs are claimed once in each arming: the bookmark stands at the first that is not."""
    warnings = list(term.warnings.all()) if term.pk else []
    rungs = {"warning": term.warn_at, "yellow": term.yellow_at, "red": term.red_at}
    ahead = [at for level, at in rungs.items() if at is not None and not is_claimed(level, facts, warnings)]
    stop = term.stopped_at
    term.next_action_at = min((at for at in ahead if stop is None or at < stop), default=None)


def _who(actor: Actor | None) -> dict[str, object]:
    return {"user_id": actor.user_id, "person_code": actor.person_code} if actor else {}
