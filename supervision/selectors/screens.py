"""Who may look at a screen on a wall: a person on duty there, or a screen that somebody let in."""

from __future__ import annotations

import hashlib
from typing import Final

from django.db.models import QuerySet

from halls.acting import Actor
from halls.domain.duties import Duty
from halls.domain.errors import NotFound
from halls.models import Hall
from halls.selectors.pickers import Choices, halls_to_choose
from supervision.models import Screen
from supervision.selectors.supervised import require_duty

TOKEN_LENGTH: Final = 64  # longer ones are nobody's


def hash_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def screen_of(token: str) -> Screen | None:
    """Return the screen that this token opens: one statement, none without a token."""
    if not token or len(token) > TOKEN_LENGTH:
        return None
    return Screen.objects.filter(token_hash=hash_of(token), end__isnull=True).select_related("hall").first()


def watcher(screen: Screen) -> Actor:
    """Return the screen as an actor that watches its hall's tree: what it shows comes from the same sources."""
    hall = screen.hall
    return Actor(
        user_id=0,
        person_code="",
        name="",
        post="",
        post_kind="",
        hall_id=hall.pk,
        hall_code=hall.code,
        hall_name=hall.name,
        hall_path=hall.path,
        nodes={Duty.SUPERVISE: (hall.path,)},
    )


def wall_watcher(actor: Actor | None, screen: Screen | None) -> Actor:
    """Return whose scope the wall shows. Raises NotPermitted for a person without the duty to watch, NotFound else."""
    if screen is not None and screen.kind == Screen.Kind.WALL:
        return watcher(screen)
    if actor is None:
        raise NotFound()
    require_duty(actor)
    return actor


def hall_shown(code: str, actor: Actor | None, screen: Screen | None) -> Hall:
    """Return the hall whose screen may be shown. Raises NotFound for whoever has no post there and no screen of it."""
    if screen is not None and screen.kind == Screen.Kind.HALL and screen.hall.code == code:
        return screen.hall
    hall = Hall.objects.filter(code=code).first() if actor is not None else None
    if actor is None or hall is None or not any(hall.path.startswith(prefix) for prefix in actor.case_prefixes):
        raise NotFound()
    return hall


def may_let_in(actor: Actor, hall: Hall) -> bool:
    """Whether this person may let screens in at a hall: whoever watches it, or administers it."""
    return actor.holds(Duty.SUPERVISE, hall.path) or actor.holds(Duty.ADMINISTER, hall.path)


def halls_for_screens(actor: Actor) -> Choices:
    """The halls where this person may let screens in, township by township."""
    return halls_to_choose(_nodes(actor))


def _nodes(actor: Actor) -> list[str]:
    return sorted({*actor.nodes.get(Duty.SUPERVISE, ()), *actor.nodes.get(Duty.ADMINISTER, ())})


def screens_of(actor: Actor) -> QuerySet[Screen]:
    """The screens of the halls where the actor may let them in, the newest first."""
    halls = Hall.objects.none()
    for node in _nodes(actor):
        halls |= Hall.objects.filter(path__startswith=node)
    return Screen.objects.filter(hall__in=halls.order_by().values("pk")).select_related("hall", "user", "end__user")
