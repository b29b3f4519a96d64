"""试办: play every scenario of a guide through the real actions, and take it all back."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from applications.rehearsal.desks import Desks
from halls.domain.errors import DomainError
from halls.models import Hall, Level
from halls.selectors.work_calendar import load_calendar
from matters.actions.stage_guide import stage_guide
from matters.domain.catalogue import MatterRecord
from matters.domain.matter_reader import trusted_record
from matters.domain.scenario import Scenario
from matters.models import Tryout
from matters.selectors.tryout import scenarios_of
from supervision.actions._play import Outcome, Play
from supervision.actions._stage import freeze, scene, stage


def try_out_waiting(most: int = 50) -> int:
    """Try out what was asked for, the oldest first; returns how many. Only the owner of the tables can.

    Raises Refused (`not_the_owner`).
    """
    done = 0
    for pk in Tryout.objects.filter(finished_at__isnull=True).order_by("pk").values_list("pk", flat=True)[:most]:
        done += try_out(pk) is not None
    return done


def try_out(tryout_id: int) -> Tryout | None:
    """Play all scenarios of one guide and write the verdict; None when somebody else is at it or it is done."""
    with transaction.atomic():
        tryout = (
            Tryout.objects.select_for_update(skip_locked=True).filter(pk=tryout_id, finished_at__isnull=True).first()
        )
        if tryout is None:
            return None
        record = trusted_record(tryout.content)
        outcomes = play_all(record, scenarios_of(record))
        numbers = {step.seq for step in record.steps if step.kind != "accept"}
        walked = {seq for outcome in outcomes for seq in outcome.steps}
        tryout.results = [_result(outcome) for outcome in outcomes]
        tryout.passed = all(outcome.passed for outcome in outcomes)
        tryout.covered, tryout.missed = sorted(numbers & walked), sorted(numbers - walked)
        tryout.branches = [outcome.branch for outcome in outcomes]
        tryout.finished_at = timezone.now()
        tryout.save()
        return tryout


def play_all(record: MatterRecord, scenarios: Sequence[Scenario]) -> list[Outcome]:
    """Play each scenario on a stage of its own; the county, its people and its calendar are the real ones.

    Raises Refused (`not_the_owner`).
    """
    outcomes = []
    with stage():
        first = min((scenario.start for scenario in scenarios), default=None)
        if first is None:
            return []
        freeze(first)
        stage_guide(record, at=first)
        root = Hall.objects.get(tier=Level.COUNTY, parent__isnull=True)
        desks, calendar = Desks(root), load_calendar()
        for scenario in scenarios:
            play = Play(scenario, record.code, _hall(scenario.level), desks, calendar)
            try:
                with scene():
                    outcomes.append(play.perform())
            except DomainError as refusal:
                play.outcome.found.append(refusal.message)
                outcomes.append(play.outcome)
    return outcomes


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
