"""What came out of trying a guide out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from halls.selectors.work_calendar import read_moment
from matters.domain.catalogue import MatterRecord
from matters.domain.default_scenarios import default_scenarios, stage_days
from matters.domain.scenario import Scenario, read_scenario
from matters.models import GuideScenario, Tryout


@dataclass(frozen=True, slots=True)
class Verdict:
    """`state`: none (未试办), waiting, passed, failed: that of the newest run. `results` as in Tryout.

    `finished` is the newest run that came to an end: a new one that still waits takes nothing back.
    """

    state: str
    tryout: Tryout | None = None
    finished: Tryout | None = None

    @property
    def results(self) -> list[dict[str, Any]]:
        return list(self.tryout.results) if self.tryout else []

    @property
    def is_failed(self) -> bool:
        """Whether this content stands as failed, also while it is tried out once more."""
        return self.finished is not None and not self.finished.passed

    @property
    def failed(self) -> list[dict[str, Any]]:
        return [result for result in self.finished.results if not result["passed"]] if self.finished else []


def verdict_of(content_hash: str) -> Verdict:
    """Return the newest verdict on this very content, and the newest that is finished (one query)."""
    rows = Tryout.objects.filter(content_hash=content_hash).order_by("-pk")
    ended = rows.filter(finished_at__isnull=False)
    found = list(rows.filter(Q(pk__in=rows.values("pk")[:1]) | Q(pk__in=ended.values("pk")[:1])))
    if not found:
        return Verdict("none")
    newest, finished = found[0], next((one for one in found if one.finished_at is not None), None)
    if newest.finished_at is None:
        return Verdict("waiting", newest, finished)
    return Verdict("passed" if newest.passed else "failed", newest, finished)


def scenarios_of(record: MatterRecord) -> tuple[Scenario, ...]:
    """Return the scenarios of this guide: those of its steps, then its own (two queries)."""
    own = own_scenarios(record.code)
    return (*plays_of_steps(record), *(read_scenario(one.name, one.text) for one in own))


def own_scenarios(code: str) -> list[GuideScenario]:
    """Return the scenarios that editors wrote for this matter (one query)."""
    return list(GuideScenario.objects.filter(code=code).order_by("name"))


def plays_of_steps(record: MatterRecord) -> tuple[Scenario, ...]:
    """Return the scenarios that follow from the steps of the guide, on days ahead of today (one query)."""
    moment = read_moment()
    return default_scenarios(record, stage_days(moment.at, moment.calendar))
