"""What a guide may not say, or should say better: rules that go beyond a readable record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from matters.domain.catalogue import MatterRecord


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule that a guide breaks: where, what is wrong, what to do, and which document asks for it."""

    rule: str
    severity: Literal["error", "warning", "hint"]
    place: str
    message: str
    cure: str
    citation: str


@dataclass(frozen=True, slots=True)
class LintContext:
    """What a rule may know besides the guide: the names of other matters and the files that are there."""

    other_names: Mapping[str, str] = field(default_factory=dict)
    files: frozenset[str] = frozenset()


def lint(record: MatterRecord, context: LintContext) -> tuple[Finding, ...]:
    """Return what the rules find, the gravest first."""
    return ()
