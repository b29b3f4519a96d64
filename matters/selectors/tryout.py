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
    own = GuideScenario.objects.filter(code=record.code).order_by("name")
    return (*default_scenarios(record), *(read_scenario(one.name, one.text) for one in own))
