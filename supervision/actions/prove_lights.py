"""夜间核对: every stored date and light must follow from the facts, by another way of counting."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from django.db import connection
from django.db.models import Q

from halls.domain.worktime import SHANGHAI
from supervision.domain.calendar_swap import ended_since
from supervision.models import ProofRun
from supervision.selectors.proof import Difference, Ground, cases_to_prove, differences_of, read_cases
from supervision.selectors.term_proof import differences_of_terms
from supervision.selectors.untold_cards import untold_cards, untold_rungs

logger = logging.getLogger(__name__)

TOLD: Final = 100


@dataclass(frozen=True, slots=True)
class Proof:
    """One finished proof."""

    started: datetime
    finished: datetime
    cases: int
    clocks: int
    differences: tuple[Difference, ...]

    def as_dict(self) -> dict[str, Any]:
        return {
            "started": self.started.isoformat(),
            "finished": self.finished.isoformat(),
            "cases": self.cases,
            "clocks": self.clocks,
            "differences": [difference.as_dict() for difference in self.differences],
        }


def prove_lights(*, is_whole: bool = False) -> Proof:
    """Prove all open cases and limits and those that ended in the last weeks (`is_whole`: all), and keep the result.

    Changes nothing but its own record. What seems different is read again at the end, because cases move meanwhile.
    """
    started = _now()
    ground = Ground.read(started)
    suspects: set[int] = set()
    cases = clocks = 0
    since = None if is_whole else ended_since(started)
    for chunk in cases_to_prove(since):
        cases += len(chunk)
        clocks += sum(len(case.clocks.all()) for case in chunk)
        suspects |= {difference.case_id for difference in differences_of(chunk, ground)}
    found: list[Difference] = []
    if suspects:
        again = replace(ground, now=_now())
        found = differences_of(read_cases(Q(pk__in=suspects), len(suspects)), again)
    found += [*untold_cards(started), *untold_rungs(started)]
    found += differences_of_terms(replace(ground, now=_now()), since)
    proof = Proof(started, _now(), cases, clocks, tuple(found))
    _record(proof)
    return proof


def _record(proof: Proof) -> None:
    ProofRun.objects.create(
        kind=ProofRun.Kind.LIGHTS,
        started_at=proof.started,
        finished_at=proof.finished,
        cases=proof.cases,
        clocks=proof.clocks,
        differences=len(proof.differences),
        found=[difference.as_dict() for difference in proof.differences[:TOLD]],
    )
    level = logging.ERROR if proof.differences else logging.INFO
    counts = (proof.cases, proof.clocks, len(proof.differences))
    logger.log(level, "lights_proved cases=%d clocks=%d differences=%d", *counts)


def _now() -> datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT halls_now()")
        now: datetime = cursor.fetchone()[0]
    return now.astimezone(SHANGHAI)
