"""A person's own messages, and the outbox of a county for those who look after it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import Exists, OuterRef, Q, QuerySet

from applications.querysets import below
from halls.acting import Actor
from halls.domain.duties import Duty
from halls.models import Post
from halls.paging import LONGEST_ID, PageList
from supervision.models import Message, Outbox, Term, TermWarning, Untold, Voice
from supervision.models.ladder import STUCK_AFTER

PAGE: Final = 20
RUNGS_SHOWN: Final = 20
NEWEST_FIRST: Final = PageList(("pk",), is_descending=True)
COUNTY_DEPTH: Final = 1  # county/
_UNREAD, _READ = "u", "r"


def messages_of(actor: Actor) -> QuerySet[Message]:
    """The actor's own messages: the only source of every list, page and act."""
    return Message.objects.filter(user_id=actor.user_id)


@dataclass(frozen=True)
class InboxPage:
    """Messages, unread first, each part newest first."""

    rows: list[Message]
    next_cursor: str = ""


def inbox_page(actor: Actor, cursor: str = "", size: int = PAGE) -> InboxPage:
    """Return a page behind the cursor: one statement, two where the unread end on it.

    Whatever is no cursor begins anew.
    """
    part, beyond = _cursor(cursor)
    own = messages_of(actor).select_related("application__matter").defer("application__form", "detail")
    found: list[Message] = []
    if part == _UNREAD:
        found = _behind(own.filter(read_at__isnull=True), beyond, size + 1)
        beyond = None
    if len(found) <= size:
        found += _behind(own.filter(read_at__isnull=False), beyond, size + 1 - len(found))
    rows = found[:size]
    if len(found) <= size:
        return InboxPage(rows)
    last = rows[-1]
    return InboxPage(rows, f"{_READ if last.read_at else _UNREAD}~{last.pk}")


def is_of_limit(message: Message) -> bool:
    """Whether it tells of a limit that is no case's: of those there are lights, and no cards."""
    return message.key.startswith("term:")


def over_since(messages: Iterable[Message], now: datetime) -> set[int]:
    """Those that tell of a yellow light whose limit has run out since and runs on: one statement, none without one."""
    terms = {
        message.pk: int(term)
        for message in messages
        if message.level == TermWarning.Level.YELLOW and is_of_limit(message)
        if (term := message.key.split(":")[1]).isdecimal()
    }
    if not terms:
        return set()
    red = Term.objects.filter(pk__in=set(terms.values()), state=Term.State.RUNNING, due_at__lt=now)
    found = set(red.values_list("pk", flat=True))
    return {message for message, term in terms.items() if term in found}


def _behind(rows: QuerySet[Message], beyond: int | None, size: int) -> list[Message]:
    behind = rows if beyond is None else rows.filter(pk__lt=beyond)
    return list(behind.order_by("-pk")[:size])


def _cursor(text: str) -> tuple[str, int | None]:
    part, _tilde, number = text.partition("~")
    if part in (_UNREAD, _READ) and number.isascii() and number.isdecimal() and len(number) <= LONGEST_ID:
        return part, int(number)
    return _UNREAD, None


# --- the outbox -----------------------------------------------------------------------------------------------------


def county_roots(actor: Actor) -> tuple[str, ...]:
    """The counties whose outbox the actor looks after: who supervises or administers one at its root."""
    nodes = {*actor.nodes.get(Duty.SUPERVISE, ()), *actor.nodes.get(Duty.ADMINISTER, ())}
    return tuple(sorted(node for node in nodes if node.count("/") == COUNTY_DEPTH))


def texts_of(actor: Actor) -> QuerySet[Outbox]:
    """The texts about cases of the actor's counties, and those without a case to people who work there.

    Of a complaint, inquiry or rating whoever may read that whole: nobody of an accused hall.
    """
    roots = county_roots(actor)
    watched = tuple(root for root in roots if root in actor.supervises)
    posts = Post.objects.filter(below("hall__path", roots) | below("department__path", roots))
    works_there = Exists(posts.filter(user=OuterRef("message__user")))
    return Outbox.objects.filter(
        below("message__application__path", roots)
        | Q(works_there, message__isnull=False, message__application__isnull=True)
        | Q(below("voice_act__voice__seat_path", roots), voice_act__voice__in=Voice.objects.visible_to(actor))
        | below("rating_act__rating__path", watched)
    )


def stuck_rungs_of(actor: Actor) -> list[Untold]:
    """What found nobody in the actor's counties, oldest first; at most so many as a page shows.

    Of a complaint nobody reads it whom it accuses, by hall or by name.
    """
    roots = county_roots(actor)
    there = (
        below("warning__seat_path", roots)
        | below("term_warning__seat_path", roots)
        | below("order_act__order__organ_path", roots)
    )
    rows = Untold.objects.filter(there, attempts__gte=STUCK_AFTER)
    own = Voice.objects.accusing(actor).filter(term=OuterRef("term_warning__term"))
    found = rows.exclude(Exists(own)).select_related(
        "warning__application__matter", "term_warning__term", "order_act__order"
    )
    return list(found.defer("warning__application__form").order_by("pk")[:RUNGS_SHOWN])
