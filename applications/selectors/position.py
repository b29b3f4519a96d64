"""Where a case stands on its route."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from applications.domain.lifecycle import StepFacts
from applications.models import Application, ApplicationStep


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
