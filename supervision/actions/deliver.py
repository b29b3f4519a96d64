"""外发: carry the outbox to the gateways, one text per person and pulse, in office hours.

Three steps, and no lock is held while a gateway is spoken to: claim the rows of one text (commit), send, note down
what became of it (commit). A claim moves `next_try_at` ahead, so that whoever dies in between leaves the rows to the
next one. A crash between sending and noting it down is the one case in which a text goes out again, with the same
key: a gateway that knows keys drops it, another repeats one text.
"""

from __future__ import annotations

import logging
import uuid
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import connection, transaction
from django.db.models import F

from applications.models import Clock
from halls.domain.worktime import day_of
from halls.selectors.work_calendar import read_moment
from supervision.actions._villager_text import NoNumber, number_of, words_about_rating, words_about_voice
from supervision.channels import Text, channels
from supervision.domain.quiet import MOST_ATTEMPTS, is_open, pause_after
from supervision.domain.wording import About, applicant_text, digest_text
from supervision.models import Message, Outbox

logger = logging.getLogger(__name__)

MOST_TEXTS: Final = 500  # per run; the rest is the next run's
DEAD_AFTER: Final = 3  # failures in a row: the gateway is left alone until the next run
PULSE_MINUTES: Final = 30
LEASE_MINUTES: Final = 5  # longer than any gateway takes to answer
_OUTBOX: Final = Outbox._meta.db_table
# Claims are made one after the other, each in a few milliseconds, so that the rows of one text stay together.
_ONE_BY_ONE: Final = "SELECT pg_advisory_xact_lock(hashtext('supervision.deliver'))"
_CLAIM: Final = f"""
WITH tick AS MATERIALIZED (SELECT halls_now() AS at),
head AS (
  SELECT o.id, o.user_id, o.channel, o.pulse FROM {_OUTBOX} o, tick
  WHERE o.state = 'waiting' AND o.next_try_at <= tick.at AND o.channel <> ALL(%(dead)s)
    AND (o.pulse <> '' OR o.user_id IS NULL OR NOT EXISTS (
      SELECT 1 FROM {_OUTBOX} s WHERE s.state = 'sent' AND s.user_id = o.user_id AND s.channel = o.channel
        AND s.sent_at > tick.at - make_interval(mins => %(pulse_minutes)s)))
  ORDER BY o.next_try_at, o.id
  LIMIT 1
)
UPDATE {_OUTBOX} o
SET attempts = o.attempts + 1, pulse = coalesce(nullif(o.pulse, ''), %(new)s),
    next_try_at = tick.at + make_interval(mins => %(lease)s)
FROM head, tick
WHERE o.state = 'waiting' AND o.next_try_at <= tick.at AND o.channel = head.channel AND o.pulse = head.pulse
  AND (o.id = head.id OR head.pulse <> '' OR o.user_id = head.user_id)
RETURNING o.pulse
"""  # noqa: S608 - table name of our own model


@dataclass(frozen=True)
class Delivered:
    """What one run did: texts that left, texts that did not, rows nobody needs any more."""

    sent: int = 0
    failed: int = 0
    needless: int = 0


class NoChannel(Exception):  # noqa: N818
    """The channel of this text is not among those of the installation any more."""


def deliver(*, most: int = MOST_TEXTS) -> Delivered:
    """Send what is due, at most so many texts; nothing outside office hours. Safe beside another run."""
    moment = read_moment()
    if not is_open(moment.at, moment.calendar):
        return Delivered()
    tally: Counter[str] = Counter()
    in_a_row: Counter[str] = Counter()
    for _turn in range(most):
        pulse = _claim([name for name, count in in_a_row.items() if count >= DEAD_AFTER])
        if pulse is None:
            break
        rows = _needed(pulse)
        tally["needless"] += _drop(pulse, rows)
        if rows:
            is_sent = _send(pulse, rows)
            tally["sent" if is_sent else "failed"] += 1
            in_a_row[rows[0].channel] = 0 if is_sent else in_a_row[rows[0].channel] + 1
    done = Delivered(**tally)
    if tally.total():
        logger.info("delivered sent=%d failed=%d needless=%d", done.sent, done.failed, done.needless)
    return done


def _claim(dead: Sequence[str]) -> str | None:
    """Take the rows of one text for the next minutes; return their key."""
    order: dict[str, Any] = {
        "dead": list(dead),
        "pulse_minutes": PULSE_MINUTES,
        "lease": LEASE_MINUTES,
        "new": uuid.uuid4().hex,
    }
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_ONE_BY_ONE)
        cursor.execute(_CLAIM, order)
        row = cursor.fetchone()
    return row[0] if row else None


def _needed(pulse: str) -> list[Outbox]:
    """The rows of this text that somebody still has to read."""
    rows = Outbox.objects.filter(pulse=pulse, state=Outbox.State.WAITING).order_by("pk")
    found = rows.select_related(
        "user", "message__application__matter", "message__clock", "voice_act__voice", "rating_act__rating__application"
    )
    hidden = ("message__application__form", "rating_act__rating__application__form", "voice_act__voice__words")
    return [row for row in found.defer(*hidden) if _is_needed(row)]


def _is_needed(row: Outbox) -> bool:
    """Whoever has read the message needs no text; an applicant whose papers came needs none either.

    Of what became of a complaint or rating everybody is told.
    """
    if row.message is None:
        return True
    if row.user_id is not None:
        return row.message.read_at is None
    return row.message.clock is not None and row.message.clock.state != Clock.State.STOPPED


def _drop(pulse: str, needed: Iterable[Outbox]) -> int:
    kept = [row.pk for row in needed]
    waiting = Outbox.objects.filter(pulse=pulse, state=Outbox.State.WAITING)
    return waiting.exclude(pk__in=kept).update(state=Outbox.State.NEEDLESS)


def _send(pulse: str, rows: Sequence[Outbox]) -> bool:
    """Speak to the gateway, outside of any transaction, and note down what it said."""
    first = rows[0]
    try:
        channel = channels().get(first.channel)
        if channel is None:
            raise NoChannel
        channel.send(Text(pulse, _phone(first), _words(rows)))
    except Exception as error:  # noqa: BLE001 - a gateway may raise anything, and must not stop the others
        _note_failure(pulse, first.attempts, type(error).__name__)
        return False
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {_OUTBOX} SET state = 'sent', sent_at = halls_now(), last_error = ''"  # noqa: S608
            " WHERE pulse = %s AND state = 'waiting'",
            [pulse],
        )
    return True


def _note_failure(pulse: str, attempts: int, reason: str) -> None:
    """Try again later, each time later; in the end a person has to look."""
    waiting = Outbox.objects.filter(pulse=pulse, state=Outbox.State.WAITING)
    if attempts >= MOST_ATTEMPTS:
        waiting.update(state=Outbox.State.FAILED, last_error=reason[:80])
        logger.error("text_stuck pulse=%s reason=%s", pulse, reason)
        return
    later = timedelta(minutes=pause_after(attempts) - LEASE_MINUTES)  # counted from the claim
    waiting.update(next_try_at=F("next_try_at") + later, last_error=reason[:80])
    logger.warning("text_failed pulse=%s attempt=%d reason=%s", pulse, attempts, reason)


def _phone(row: Outbox) -> str:
    phone = row.user.phone if row.user else number_of(row)
    if not phone:
        raise NoNumber
    return phone


def _words(rows: Sequence[Outbox]) -> str:
    first = rows[0]
    if first.voice_act is not None:
        return words_about_voice(first.voice_act)
    if first.rating_act is not None:
        return words_about_rating(first.rating_act)
    about = [_about(row.message) for row in rows if row.message is not None]
    if first.user_id is not None:
        return digest_text(about)
    due: datetime | None = first.message.clock.due_at if first.message and first.message.clock else None
    return applicant_text(about[0], day_of(due) if due else None)


def _about(message: Message) -> About:
    case = message.application
    number, matter = (case.display_number, case.matter.name) if case else ("", "")
    # A task of the clerk is told as what it is, not as the warning behind it.
    is_limit = message.kind == message.Kind.LIMIT or not message.clock_id
    return About(message.get_kind_display(), message.level if is_limit else "", number, matter)
