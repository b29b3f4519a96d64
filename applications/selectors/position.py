"""Where a case stands on its route."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from applications.domain.lifecycle import StepFacts
from applications.models import Application, ApplicationStep
from matters.domain.hall_promise import fitted


@dataclass(frozen=True)
class Position:
    """Where a case stands on its route."""

    steps: tuple[ApplicationStep, ...]
    current: ApplicationStep | None

    @classmethod
    def of(cls, application: Application, steps: Sequence[ApplicationStep]) -> Position:
        current = next((s for s in steps if s.seq == application.step_seq), None)
        return cls(tuple(steps), current)

    @property
    def worked(self) -> tuple[ApplicationStep, ...]:
        """The steps behind acceptance."""
        return tuple(s for s in self.steps if not s.is_leading)

    @property
    def facts(self) -> StepFacts | None:
        return self.current.facts(self.worked[0].seq) if self.current else None

    def slices(self, promised: int, published: int) -> dict[int, int]:
        """The days of every counted step by its number, for a case that was promised `promised` days.

        `published`: what the guide promises; a hall's shorter promise shortens every step.
        """
        counted = [step for step in self.steps if step.counts]
        days = fitted([step.days for step in counted], promised, published)
        return {step.seq: own for step, own in zip(counted, days, strict=True)}

    def after(self) -> ApplicationStep | None:
        """The step behind the current one."""
        assert self.current is not None
        return next((s for s in self.steps if s.seq > self.current.seq), None)

    def before(self) -> ApplicationStep | None:
        """The step in front of the current one."""
        assert self.current is not None
        return next((s for s in reversed(self.worked) if s.seq < self.current.seq), None)


def position_of(application: Application) -> Position:
    """The case's route and where it stands: one statement."""
    steps = application.steps.select_related("hall", "department").order_by("seq")
    return Position.of(application, list(steps))
