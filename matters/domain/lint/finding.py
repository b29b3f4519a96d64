"""What the linter says, and what it may be told beside the guide."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

from halls.domain.plain_text import plain_name
from matters.domain.catalogue import NO_LIMIT, Limit

Severity = Literal["error", "warning", "hint"]
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "hint")
SEVERITY_LABELS: Mapping[str, str] = {"error": "错误", "warning": "警告", "hint": "提示"}


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of the linter; `citation` is where it is written, `why` explains it to an editor."""

    code: str
    severity: Severity
    title: str
    citation: str
    why: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One breach: `place` is the path of the field in the words of a catalogue file, such as materials[2].name."""

    rule: str
    severity: Severity
    place: str
    message: str
    cure: str
    citation: str


@dataclass(frozen=True, slots=True)
class PolicyLine:
    """A timeout default that was published for the matter; words of matters.domain.timeout."""

    place: str
    policy: str
    citation: str
    step_kind: str = ""


@dataclass(frozen=True, slots=True)
class LintContext:
    """What a guide alone cannot tell. Every default means: not known, so not judged.

    `other_names`: names of the other matters, with their codes. `files`: names of stored blanks and samples, None when
    nobody looked. `statute_in_force`: what the guide that this one would replace states.
    `compression_target`: by how many percent of the statutory limit a promise should be shorter.
    """

    other_names: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    files: frozenset[str] | None = None
    policies: tuple[PolicyLine, ...] = ()
    statute_in_force: Limit = NO_LIMIT
    compression_target: int = 50
    plain_names: Mapping[str, str] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "plain_names", {plain_name(name): code for name, code in self.other_names.items()})


def listed(numbers: Iterable[int]) -> str:
    """Return 第 1、3 项."""
    return f"第 {'、'.join(str(number) for number in numbers)} 项"
