"""A limit that is no case's, ready to print: its light, its date, its days. For the pages of whatever it belongs to."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from applications.domain.lights import Colour, warned_from, words_of
from applications.domain.transitions import ClockKind, ClockMove
from applications.selectors.statement_words import WEEKDAYS, moment_words
from halls.domain.budget import UNIT_LABELS, Unit
from halls.selectors.work_calendar import Moment
from supervision.domain.voices import State
from supervision.models import Term, TermFact, Voice
from supervision.selectors.terms import colour_of_term, limit_name, statement_of


def term_light(term: Term, moment: Moment) -> dict[str, Any]:
    """`{kind, words}` for components/light.html; `name`, where what ends the limit does not end the matter itself."""
    colour = colour_of_term(term, moment.at)
    if colour is Colour.DONE:
        late = term.stopped_at is not None and term.stopped_at > term.due_at
        if term.kind == ClockKind.ORDER:  # a reply is no end: it waits for verification
            words = _("逾期回复") if late else _("按时回复")
            return {"kind": colour.value, "name": _("已回复"), "words": words, "bare": True}
        return {"kind": colour.value, "name": _("停止计时"), "words": _("超期") if late else _("没有超期")}
    warned = warned_from(term.warn_at, term.yellow_at, term.due_at)
    return {"kind": colour.value, "words": words_of(colour, warned, term.due_at, moment.at, moment.calendar)}


def voice_light(voice: Voice, moment: Moment) -> dict[str, Any]:
    """The light of a complaint or inquiry: what stopped its limit is the answer, or that it was not taken up."""
    light = term_light(voice.term, moment)
    if light["kind"] != Colour.DONE.value:
        return light
    late = voice.term.stopped_at is not None and voice.term.stopped_at > voice.term.due_at
    if voice.state == State.REFUSED:
        return light | {"name": _("不予受理"), "words": _("超期告知") if late else _("按时告知")}
    return light | {"name": _("已答复"), "words": _("超期答复") if late else _("按时答复")}


def term_context(term: Term, moment: Moment) -> dict[str, Any]:
    """Everything supervision/_term.html shows: the limit, where it comes from, day by day."""
    statement, facts = statement_of(term, moment), list(term.facts.order_by("pk"))
    return {
        "label": limit_name(term.kind),
        "limit": _limit(term, facts),
        "light": term_light(term, moment),
        "due": timezone.localtime(term.due_at),
        "provisional": term.is_provisional,
        "facts": [{"term": _MOVES[fact.move], "text": _fact_words(fact)} for fact in facts],
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


def _limit(term: Term, facts: Iterable[TermFact]) -> str:
    """3个工作日; once it was extended with what was given more, and both together."""
    words = _spaced(term.amount, term.unit)
    more = [fact for fact in facts if fact.move == ClockMove.EXTEND and fact.amount is not None]
    if not more:
        return words
    words += "".join(_("，延长 %s") % _spaced(fact.amount or 0, fact.unit) for fact in more)
    if any(fact.unit != term.unit for fact in more):
        return words
    return words + _("，共 %s") % _spaced(term.amount + sum(fact.amount or 0 for fact in more), term.unit)


def _spaced(amount: int, unit: str) -> str:
    return f"{amount} {UNIT_LABELS[Unit(unit)]}"


def shielded_term(term: Term, moment: Moment) -> dict[str, Any]:
    """The limit for whoever is asked to explain: its day alone, and nothing by which they know who came and when."""
    return {
        "label": limit_name(term.kind),
        "light": term_light(term, moment),
        "due": timezone.localtime(term.due_at),
        "provisional": term.is_provisional,
    }


# A limit ends with an answer, a reply or a withdrawal, none of which closes what it is about.
_MOVES = {ClockMove.START.value: _("起算"), ClockMove.EXTEND.value: _("延期"), ClockMove.STOP.value: _("停止计时")}


def _fact_words(fact: TermFact) -> str:
    words = moment_words(fact.at)
    if fact.amount is not None:
        words += _("，延长 %(more)s：%(why)s") % {
            "more": f"{fact.amount}{UNIT_LABELS[Unit(fact.unit)]}",
            "why": fact.reason,
        }
    return words
