"""What came out of trying a guide out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from matters.domain.catalogue import MatterRecord
from matters.domain.default_scenarios import default_scenarios
from matters.domain.scenario import Scenario, read_scenario
from matters.models import GuideScenario, Tryout


@dataclass(frozen=True, slots=True)
class Verdict:
    """`state`: none (未试办), waiting, passed, failed. `results` as in Tryout."""

    state: str
    tryout: Tryout | None = None

    @property
    def results(self) -> list[dict[str, Any]]:
        return list(self.tryout.results) if self.tryout else []

    @property
    def failed(self) -> list[dict[str, Any]]:
        return [result for result in self.results if not result["passed"]]


def verdict_of(content_hash: str) -> Verdict:
    """Return the newest verdict on this very content (one query)."""
    tryout = Tryout.objects.filter(content_hash=content_hash).order_by("-pk").first()
    if tryout is None:
        return Verdict("none")
    if tryout.finished_at is None:
        return Verdict("waiting", tryout)
    return Verdict("passed" if tryout.passed else "failed", tryout)


def scenarios_of(record: MatterRecord) -> tuple[Scenario, ...]:
    """Return the scenarios of this guide: those of its steps, then its own (one query)."""
    own = own_scenarios(record.code)
    return (*plays_of_steps(record), *(read_scenario(one.name, one.text) for one in own))


def own_scenarios(code: str) -> list[GuideScenario]:
    """Return the scenarios that editors wrote for this matter (one query)."""
    return list(GuideScenario.objects.filter(code=code).order_by("name"))


def plays_of_steps(record: MatterRecord) -> tuple[Scenario, ...]:
    """Return the scenarios that follow from the steps of the guide."""
    return tuple(default_scenarios(record))
