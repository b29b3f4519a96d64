"""试办: play every scenario of a guide through the real actions, and take it all back."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from django.db import Error, transaction

from applications.rehearsal.desks import Desks
from halls.busy import is_busy
from halls.domain.calendar import WorkCalendar
from halls.domain.errors import DomainError, Refused
from halls.models import Hall, Level
from halls.selectors.work_calendar import load_calendar, read_moment
from matters.actions.stage_guide import stage_guide
from matters.domain.catalogue import MatterRecord
from matters.domain.matter_reader import trusted_record
from matters.domain.scenario import Scenario
from matters.models import Tryout
from matters.selectors.tryout import scenarios_of
from supervision.actions._play import Outcome, Play
from supervision.actions._stage import freeze, scene, stage

logger = logging.getLogger(__name__)
NOT_THE_OWNER = "not_the_owner"


def try_out_waiting(most: int = 50) -> int:
    """Try out what was asked for, the oldest first; returns how many. Only the owner of the tables can.

    Raises Refused (`not_the_owner`).
    """
    done = 0
    for pk in Tryout.objects.filter(finished_at__isnull=True).order_by("pk").values_list("pk", flat=True)[:most]:
        done += try_out(pk) is not None
    return done


def try_out(tryout_id: int) -> Tryout | None:
    """Play all scenarios of one guide and write the verdict.

    None when it is done, somebody else is at it, or the county's own work held a lock for too long: then it waits on.
    Raises Refused (`not_the_owner`).
    """
    try:
        with transaction.atomic():
            rows = Tryout.objects.select_for_update(skip_locked=True)
            tryout = rows.filter(pk=tryout_id, finished_at__isnull=True).first()
            return _judge(tryout) if tryout is not None else None
    except Error as error:
        if not is_busy(error):
            raise
        logger.warning("tryout_waits tryout=%d", tryout_id)
        return None


def _judge(tryout: Tryout) -> Tryout:
    """Write what came out. Whatever goes wrong in a play is the verdict: it would go wrong again the next time."""
    numbers: set[int] = set()
    try:
        with transaction.atomic():
            record = trusted_record(tryout.content)
            numbers = {step.seq for step in record.steps if step.kind != "accept"}
            outcomes = play_all(record, scenarios_of(record))
    except Exception as error:
        if _is_no_verdict(error):
            raise
        outcomes = [_broken("摆上试办台", "stage", error)]
    walked = {seq for outcome in outcomes for seq in outcome.steps}
    tryout.results = [_result(outcome) for outcome in outcomes]
    tryout.passed = all(outcome.passed for outcome in outcomes)
    tryout.covered, tryout.missed = sorted(numbers & walked), sorted(numbers - walked)
    tryout.branches = [outcome.branch for outcome in outcomes]
    tryout.finished_at = read_moment().at
    tryout.save()
    return tryout


def play_all(record: MatterRecord, scenarios: Sequence[Scenario]) -> list[Outcome]:
    """Play each scenario on a stage of its own; the county, its people and its calendar are the real ones.

    Raises Refused (`not_the_owner`), and whatever keeps the guide from being put on the stage.
    """
    with stage():
        first = min((scenario.start for scenario in scenarios), default=None)
        if first is None:
            return []
        freeze(first)
        stage_guide(record, at=first)
        root = Hall.objects.get(tier=Level.COUNTY, parent__isnull=True)
        desks, calendar = Desks(root), load_calendar()
        return [_play_one(scenario, record, desks, calendar) for scenario in scenarios]


def _play_one(scenario: Scenario, record: MatterRecord, desks: Desks, calendar: WorkCalendar) -> Outcome:
    play = None
    try:
        with scene():
            play = Play(scenario, record.code, _hall(scenario.level), desks, calendar)
            return play.perform()
    except Exception as error:
        if _is_no_verdict(error):
            raise
        lines = play.outcome.lines if play is not None else []
        return _broken(scenario.name, scenario.branch, error, text=str(scenario), lines=lines)


def _is_no_verdict(error: Exception) -> bool:
    """Whether it says nothing about the guide: the wrong person asks, or the county's own work was in the way."""
    return is_busy(error) or (isinstance(error, Refused) and error.code == NOT_THE_OWNER)


def _broken(name: str, branch: str, error: Exception, *, text: str = "", lines: Sequence[str] = ()) -> Outcome:
    """The outcome of a play that broke off: a refusal in its own words, a fault of the system by its kind."""
    if isinstance(error, DomainError):
        said = error.message
    else:
        logger.error("tryout_broke scenario=%s", name, exc_info=error)
        said = f"试办中断：{type(error).__name__} {str(error)[:200]}"
    return Outcome(name, branch, text, found=[said], lines=list(lines))


def _hall(level: str) -> Hall:
    """Return a hall of the level where people work: the first by code with a post in force."""
    halls = Hall.objects.filter(tier=level, retired_on__isnull=True).order_by("code")
    staffed = halls.filter(posts__ends_on__isnull=True).first()
    hall = staffed or halls.first()
    assert hall is not None
    return hall


def _result(outcome: Outcome) -> dict[str, object]:
    return {
        "name": outcome.name,
        "branch": outcome.branch,
        "text": outcome.text,
        "passed": outcome.passed,
        "found": outcome.found,
        "lines": outcome.lines,
    }
