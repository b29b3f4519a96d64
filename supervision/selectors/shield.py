"""Who of those at work may be told of a complaint: nobody of the accused hall, and nobody whom it names."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Final

from halls.domain.duties import Duty
from halls.domain.persons import plain_code
from halls.models import User
from supervision.domain.reach import Present, Roster, Rung
from supervision.domain.voices import names_person
from supervision.models import Voice
from supervision.querysets import barred_nodes

# Who supervises reads complaints; whoever administers the county hears of what nobody is left to handle.
_HEARING: Final = frozenset({Duty.SUPERVISE.value, Duty.ADMINISTER.value})


def may_hear(voice: Voice, roster: Roster, today: date) -> Roster:
    """Return those of the roster who may be told of this complaint, with the duties that let them (2 statements)."""
    users = {one.user_id for people in roster.values() for one in people}
    barred = _barred(voice, users, today)
    return {path: tuple(_hearing(people, barred)) for path, people in roster.items()}


def _hearing(people: Iterable[Present], barred: set[int]) -> Iterable[Present]:
    for one in people:
        duties = one.duties & _HEARING
        if duties and one.user_id not in barred:
            yield Present(one.user_id, duties, one.backs_up)


def _barred(voice: Voice, users: Iterable[int], today: date) -> set[int]:
    people = list(User.objects.filter(pk__in=list(users)).values_list("pk", "full_name", "person_code"))
    nodes = barred_nodes((code for _pk, _name, code in people), today)
    return {
        pk
        for pk, name, code in people
        if names_person(voice.accused_person, name) or voice.about_path in nodes.get(plain_code(code), ())
    }


def rungs_of_complaint(rungs: Iterable[str]) -> list[str]:
    """Return the rungs that a complaint knows: whoever decides cases there (首席代表) does not read it."""
    return [rung for rung in rungs if rung != Rung.CHIEF] or [Rung.HANDLER]
