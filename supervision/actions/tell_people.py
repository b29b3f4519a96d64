"""What other acts tell people: one person, the rungs of the ladder, everybody whose dates moved.

Call these inside the transaction of the act: the message exists exactly when the act happened.
"""

from __future__ import annotations

import logging
import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, Final, NamedTuple

from django.db import transaction

from applications.models import Application
from halls.domain.worktime import day_of
from halls.models import User
from halls.selectors.work_calendar import read_moment
from supervision.actions._ladder import Untellable, steps_of
from supervision.actions._post import Letter, post
from supervision.domain.reach import Rung, reach
from supervision.domain.wording import instead_words
from supervision.models import LadderStep, Message
from supervision.selectors.reach import filing_seat, roster_of, seat_of_case

logger = logging.getLogger(__name__)

CASES_LISTED: Final = 5_000  # lines of one digest; a person with more reads their list of cases
_OF_CASE: Final = ("matter__name", "number", "status", "path", "accept_path", "seat_path", "step_kind")


class MovedCase(NamedTuple):
    """A limit of a case whose last day moved, from and to; a case is listed once for each of its limits."""

    application_id: int
    before: date | None
    after: date | None
    limit: str = ""
    is_on_paper: bool = False  # the villager was told the old date in writing


@transaction.atomic
def tell_people(
    users: Iterable[User],
    kind: str,
    words: str,
    application: Application | None = None,
    *,
    level: str = "",
    key: str = "",
) -> int:
    """Tell these people one thing; return how many did not have it yet.

    `kind` is a Message.Kind, `words` what they read inside the system (texts name only case and matter). The same
    `key` reaches a person once for ever: a verb that may be used once a case and day puts both into it. At most
    five statements.
    """
    name = key or f"{kind}:{uuid.uuid4().hex}"
    letters = [Letter(user.pk, name, kind, words, application=application, level=level) for user in users]
    return post(letters, read_moment()) if letters else 0


@transaction.atomic
def tell_ladder(level: str, application: Application, words: str, *, key: str) -> int:
    """Tell the people whom the ladder names at this level, for where the case lies now.

    For what is no rung of a clock (a timeout default, say). Steps with a delay are not for this. Returns how many
    were told; 0 is logged as an error: there is no ladder, or nobody in any post up to the county.
    """
    moment = read_moment()
    try:
        steps = steps_of(LadderStep.objects.all(), level, "")
    except Untellable:
        steps = []
    seat = seat_of_case(application)
    roster = roster_of([seat.path], day_of(moment.at))
    reached = reach([step.audience for step in steps if step.audience in set(Rung)], seat, roster)
    if not reached.people:
        logger.error("ladder_reached_nobody level=%s case=%d", level, application.pk)
    letters = [
        Letter(user_id, key, Message.Kind.NOTICE, words + instead_words(missing), application=application, level=level)
        for user_id, missing in reached.people.items()
    ]
    return post(letters, moment) if letters else 0


@transaction.atomic
def tell_moved(moved: Sequence[MovedCase], *, why: str, key: str) -> int:
    """Tell everybody concerned that dates moved: one digest each, however many of their cases did.

    Told are the handler of each case and the clerk who filed it; for the latter it is a task where the villager was
    told the old date in writing, for nobody else would tell them. `why` opens the sentence (「2027 年放假安排已启用」),
    `key` names the act (`calendar:<id>`), so that applying it again tells nobody twice. Returns how many were told.
    """
    moment = read_moment()
    days: dict[int, list[MovedCase]] = defaultdict(list)
    for one in moved:
        days[one.application_id].append(one)
    cases = list(Application.objects.filter(pk__in=days).select_related("matter").only(*_OF_CASE, "filed_by"))
    seats = {case.pk: (seat_of_case(case), filing_seat(case)) for case in cases}
    roster = roster_of({seat.path for pair in seats.values() for seat in pair}, day_of(moment.at))
    theirs: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for case in cases:
        handlers, clerks = (set(reach([Rung.HANDLER], seat, roster).people) for seat in seats[case.pk])
        for user_id in handlers | clerks:
            theirs[user_id] += [_line(case, one, tells=user_id in clerks) for one in days[case.pk]]
    letters = [_digest(user_id, lines, why, key) for user_id, lines in theirs.items()]
    return post(letters, moment) if letters else 0


def _line(case: Application, moved: MovedCase, *, tells: bool) -> dict[str, Any]:
    return {
        "number": case.number,
        "matter": f"{case.matter.name}（{moved.limit}）" if moved.limit else case.matter.name,
        "before": moved.before.isoformat() if moved.before else "",
        "after": moved.after.isoformat() if moved.after else "",
        "tell": tells and moved.is_on_paper,
    }


def _digest(user_id: int, lines: list[dict[str, Any]], why: str, key: str) -> Letter:
    lines = sorted(lines, key=lambda line: not line["tell"])  # what is to be done comes first
    every, listed, to_tell = (
        {line["number"] for line in some}
        for some in (lines, lines[:CASES_LISTED], [one for one in lines if one["tell"]])
    )
    task = f"其中 {len(to_tell)} 件请把新的日期告知申请人。" if to_tell else ""
    return Letter(
        user_id=user_id,
        key=key,
        kind=Message.Kind.TELL_VILLAGER if to_tell else Message.Kind.DATES_MOVED,
        words=f"{why}，您经办的 {len(every)} 件办件到期日有变动，请按新的日期办理。{task}",
        detail={"cases": lines[:CASES_LISTED], "more": len(every - listed)},
    )
