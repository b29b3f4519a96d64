"""What the people of a rung are told when a limit that is no case's reached it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from applications.domain.transitions import ClockKind
from halls.domain.worktime import day_of
from halls.selectors.work_calendar import Moment
from supervision.actions._ladder import OF_VILLAGER, Untellable, steps_of
from supervision.actions._post import Letter
from supervision.domain.quiet import days_later
from supervision.domain.reach import Reached, Seat, reach
from supervision.domain.sight import of_limit, rungs_that_read, sighted
from supervision.domain.voices import COMPLAINTS
from supervision.domain.wording import ABSENT, SHIELDED, ToldRung, instead_words, term_words
from supervision.models import LadderStep, Message, Term, TermWarning, Untold, Voice
from supervision.selectors.reach import roster_of
from supervision.selectors.shield import may_hear
from supervision.selectors.supervised import names_of
from supervision.selectors.terms import limit_name


def letters_of_rung(
    warning: TermWarning, audience: str, ladder: Sequence[LadderStep], moment: Moment
) -> tuple[list[Letter], list[Untold]]:
    """Return the letters of this rung, or of one step that waited, and the steps that come later. Raises Untellable.

    Nobody is told about a limit that was met in the meantime.
    """
    term = warning.term
    if term.state == Term.State.STOPPED:
        return [], []
    steps = [step for step in steps_of(ladder, warning.level, term.kind) if step.audience not in OF_VILLAGER]
    if audience:
        return _letters(warning, [step.audience for step in steps if step.audience == audience], moment), []
    later = [
        Untold(
            term_warning=warning,
            audience=step.audience,
            next_try_at=days_later(moment.at, step.delay_days, moment.calendar),
        )
        for step in steps
        if step.delay_days
    ]
    return _letters(warning, [step.audience for step in steps if not step.delay_days], moment), later


def _letters(warning: TermWarning, rungs: Sequence[str], moment: Moment) -> list[Letter]:
    term = warning.term
    reached = _reached(term, rungs, day_of(moment.at))
    if rungs and not reached.people:
        raise Untellable("nobody_in_post")
    rung = ToldRung(
        level=warning.level,
        clock=limit_name(term.kind),
        number="",
        matter=term.title,
        place=names_of([term.seat_path]).get(term.seat_path, ""),
        due=day_of(term.due_at),
        is_late=warning.is_late,
    )
    words, why = term_words(rung), SHIELDED if term.kind == ClockKind.COMPLAINT else ABSENT
    return [
        Letter(
            user_id=user_id,
            key=_key(warning),
            kind=Message.Kind.LIMIT,
            level=warning.level,
            words=words + instead_words(missing, why),
            detail={"page": term.page},
        )
        for user_id, missing in reached.people.items()
    ]


def _key(warning: TermWarning) -> str:
    again = f":{warning.arming}" if warning.arming > 1 else ""
    return f"term:{warning.term_id}:{warning.level}{again}"


def _reached(term: Term, rungs: Sequence[str], today: date) -> Reached:
    """The people of these rungs who may open the page behind the limit; of a complaint those who may know of it."""
    roster, seat = roster_of([term.seat_path], today), Seat(term.seat_path, term.duty)
    complaint = Voice.objects.filter(term=term, kind__in=COMPLAINTS).first()
    roster = sighted(roster, of_limit(term.kind, seat)) if complaint is None else may_hear(complaint, roster, today)
    return reach(rungs_that_read(rungs, term.duty) if rungs else [], seat, roster)
