"""A limit that is no case's, ready to print: its light, its date, its days. For the pages of whatever it belongs to."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from applications.domain.lights import Colour, days_left, words_for
from applications.domain.transitions import CLOCK_LABELS, ClockKind, ClockMove
from applications.selectors.statement_words import WEEKDAYS, moment_words
from halls.domain.budget import UNIT_LABELS, Unit
from halls.selectors.work_calendar import Moment
from supervision.models import Term, TermFact
from supervision.selectors.terms import colour_of_term, statement_of


def term_light(term: Term, moment: Moment) -> dict[str, str]:
    """`{kind, words}` for components/light.html."""
    colour = colour_of_term(term, moment.at)
    if colour is Colour.DONE:
        late = term.stopped_at is not None and term.stopped_at > term.due_at
        return {"kind": colour.value, "words": _("超期办结") if late else _("按时办结")}
    days = days_left(moment.at, term.due_at, moment.calendar)
    return {"kind": colour.value, "words": words_for(days, is_over=colour is Colour.RED)}


def term_context(term: Term, moment: Moment) -> dict[str, Any]:
    """Everything supervision/_term.html shows: the limit, where it comes from, day by day."""
    statement = statement_of(term, moment)
    return {
        "label": CLOCK_LABELS[ClockKind(term.kind)],
        "limit": f"{term.amount}{UNIT_LABELS[Unit(term.unit)]}",
        "light": term_light(term, moment),
        "due": timezone.localtime(term.due_at),
        "provisional": term.is_provisional,
        "facts": [{"term": _MOVES[fact.move], "text": _fact_words(fact)} for fact in term.facts.order_by("pk")],
        "rows": [
            {
                "date": row.date,
                "weekday": WEEKDAYS[row.date.weekday()],
                "n": row.n,
                "counted": row.counted,
                "reason": row.reason,
                "provisional": row.provisional,
                "part": "limit",
            }
            for row in statement.rows
        ],
    }


def shielded_term(term: Term, moment: Moment) -> dict[str, Any]:
    """The limit for whoever is asked to explain: its day alone, and nothing by which they know who came and when."""
    return {
        "label": CLOCK_LABELS[ClockKind(term.kind)],
        "light": term_light(term, moment),
        "due": timezone.localtime(term.due_at),
        "provisional": term.is_provisional,
    }


_MOVES = {ClockMove.START.value: _("起算"), ClockMove.EXTEND.value: _("延期"), ClockMove.STOP.value: _("办结")}


def _fact_words(fact: TermFact) -> str:
    words = moment_words(fact.at)
    if fact.amount is not None:
        words += _("，延长 %(more)s：%(why)s") % {
            "more": f"{fact.amount}{UNIT_LABELS[Unit(fact.unit)]}",
            "why": fact.reason,
        }
    return words
