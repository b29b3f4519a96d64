"""提请另一人确认: whoever may put the second signature hears of the first one, in the transaction that gives it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TypeVar

from django.db import transaction
from django.utils.translation import gettext as _

from halls.acting import Actor
from halls.domain.worktime import day_of
from halls.models import TwoPersons
from halls.selectors.work_calendar import read_moment
from supervision.actions._post import Letter, post
from supervision.models import Message
from supervision.selectors.signatures import about, kind_of, second_signers

logger = logging.getLogger(__name__)

Proposed = TypeVar("Proposed", bound=TwoPersons)


@transaction.atomic
def ask_second(propose: Callable[[], Proposed], *, actor: Actor) -> Proposed:
    """Put the first signature with `propose`, and tell each of those who may put the second, once.

    Raises whatever `propose` raises; nobody is told then. Nobody to tell is logged as an error: the county has one
    person who signs, and nothing it proposes can come into force.
    """
    row = propose()
    moment = read_moment()
    users = second_signers(row.proposed_person, day_of(moment.at))
    if not users:
        logger.error("nobody_signs_second kind=%s proposal=%d", kind_of(row), row.pk)
        return row
    words = _("%(name)s提出了%(about)s，等另一人确认。请打开核对，确认或撤下。") % {
        "name": actor.name,
        "about": about(row),
    }
    key = f"sign:{kind_of(row)}:{row.pk}"
    detail = {"sign": {"kind": kind_of(row), "id": row.pk}}
    post([Letter(user, key, Message.Kind.NOTICE, words, detail=detail) for user in users], moment)
    return row
