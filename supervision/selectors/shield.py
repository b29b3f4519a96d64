"""Who of those at work may be told of a complaint: nobody of the accused hall, and nobody whom it names.

Where everybody who should handle it is accused, named or absent, the next in line does: the county's supervisors, its
administrators, the directors of its townships and bureaus.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final

from django.db import connection

from halls.domain.duties import Duty, PostKind
from halls.domain.persons import plain_code
from halls.models import Post, User
from halls.scopes import staff_at
from supervision.domain.reach import Present, Roster
from supervision.domain.voices import Keeper, names_person, root_of
from supervision.models import Voice
from supervision.querysets import barred_nodes
from supervision.selectors.reach import roster_of

# Who supervises reads complaints; whoever administers the county hears of what nobody is left to handle.
_HEARING: Final = frozenset({Duty.SUPERVISE.value, Duty.ADMINISTER.value})


def named_in(*texts: str) -> list[str]:
    """Return the plain person codes of everybody on the staff whose name stands in these texts (1 statement)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT supervision_named_in(%s)", ["\n".join(texts)])
        codes: list[str] = cursor.fetchone()[0]
    return codes


def may_hear(voice: Voice, roster: Roster, today: date) -> Roster:
    """Return those of the roster who may be told of this complaint, with the duties that let them.

    Where nobody of them is left, the directors of the county who are not accused stand at its root in their place.
    """
    heard = _unbarred(voice, roster, today)
    if any(heard.values()):
        return heard
    root = root_of(voice.seat_path)
    return {**heard, root: tuple(_directors(voice, root, today))}


def keeper_of(voice: Voice, today: date) -> Keeper:
    """Who handles it: the first in line of whom somebody is at work and neither accused nor named."""
    heard = _unbarred(voice, roster_of([voice.seat_path], today), today)
    duties = {duty for people in heard.values() for one in people for duty in one.duties}
    if Duty.SUPERVISE in duties:
        return Keeper.SUPERVISOR
    return Keeper.ADMINISTRATOR if Duty.ADMINISTER in duties else Keeper.DIRECTOR


def is_watched_at(voice: Voice, path: str, today: date) -> bool:
    """Whether somebody whom it does not name supervises exactly there."""
    posts = staff_at([path], today)
    return any(
        Duty.SUPERVISE in duties and plain_code(post.user.person_code) not in voice.named for post, duties in posts
    )


def _directors(voice: Voice, root: str, today: date) -> Iterable[Present]:
    posts = Post.objects.filter(kind=PostKind.SUPERVISOR)
    nodes = {hall or organ for hall, organ in posts.values_list("hall__path", "department__path").distinct()}
    found: dict[str, list[Present]] = defaultdict(list)
    for post, duties in staff_at(sorted(node for node in nodes if node.startswith(root)), today):
        found[root].append(Present(post.user_id, frozenset(duties & {Duty.SUPERVISE})))
    return _unbarred(voice, {node: tuple(people) for node, people in found.items()}, today).get(root, ())


def _unbarred(voice: Voice, roster: Roster, today: date) -> dict[str, tuple[Present, ...]]:
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
    return {pk for pk, name, code in people if _is_barred(voice, name, plain_code(code), nodes)}


def _is_barred(voice: Voice, name: str, code: str, nodes: Mapping[str, frozenset[str]]) -> bool:
    return code in voice.named or names_person(voice.accused_person, name) or voice.about_path in nodes.get(code, ())
