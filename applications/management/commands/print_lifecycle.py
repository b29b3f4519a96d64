"""`manage.py print_lifecycle > docs/lifecycle.md`: the life of a case, printed from the table that rules it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.core.management.base import BaseCommand

from applications.domain.lifecycle import ENDED, STATUS_LABELS, STEP_DUTY, TABLE, Status, StepKind, Transition
from applications.domain.transitions import CLOCK_LABELS, ClockKind, ClockMove, Effect, Place
from halls.domain.duties import DUTY_LABELS, Duty

HEAD = """# The life of a case

Printed by `manage.py print_lifecycle` from `applications/domain/lifecycle.py`; do not edit. A test holds the two equal.
A verb is possible when the case has one of its sources and stands at a step of its kinds; whoever does it holds its
duty at its place, or above it. "step" as a duty is the duty of the step that the case stands at."""
PLACES = {
    Place.FILING: "where it was filed",
    Place.ACCEPTANCE: "who accepts it",
    Place.STEP: "the organ of the step",
    Place.RESULT: "where the result lies",
    Place.DESTINATION: "where the result is expected",
    Place.DECISION: "the organ that decides last",
}
MOVES = {
    ClockMove.START: "start",
    ClockMove.STOP: "stop",
    ClockMove.PAUSE: "pause",
    ClockMove.RESUME: "resume",
    ClockMove.EXTEND: "extend",
}


class Command(BaseCommand):
    help = "把办件流程表打印为 Markdown 和 Mermaid 状态图（docs/lifecycle.md）。"

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(lifecycle_page(), ending="")


def lifecycle_page() -> str:
    """Return docs/lifecycle.md as it should be."""
    parts = (
        HEAD,
        "## States\n\n" + _table(("Status", "Chinese", "National code", "Ends the case"), _statuses()),
        "## Verbs\n\n" + _table(("Verb", "Chinese", "From", "To", "Duty", "Where", "At steps"), _verbs()),
        "## What a verb costs, issues and rests on\n\n"
        + _table(("Verb", "Clocks", "Document", "Reason", "Law"), _consequences()),
        "## Steps\n\n" + _table(("Kind of step", "Duty"), _steps()),
        "## Diagram\n\n```mermaid\nstateDiagram-v2\n" + "\n".join(_diagram()) + "\n```",
    )
    return "\n\n".join(parts) + "\n"


def _table(titles: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    names = list(titles)
    lines = [names, ["---"] * len(names), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _statuses() -> Iterator[tuple[str, ...]]:
    for status, (label, code) in STATUS_LABELS.items():
        yield f"`{status}`", label, code, "yes" if status in ENDED else ""


def _verbs() -> Iterator[tuple[str, ...]]:
    yield "`draft`", "起草", "", "`draft`", _duty_words(Duty.FILE), "the hall that writes it", ""
    for row in TABLE:
        sources = ", ".join(f"`{status}`" for status in Status if status in row.sources)
        target = f"`{row.target}`" if row.target else "stays"
        yield f"`{row.verb}`", row.label, sources, target, _duty(row), PLACES[row.place], _step_kinds(row)


def _duty(row: Transition) -> str:
    if row.by_system:
        return "nobody: time itself"
    return _duty_words(Duty(row.duty)) if row.duty else "step"


def _duty_words(duty: Duty) -> str:
    return f"{DUTY_LABELS[duty]} `{duty}`"


def _step_kinds(row: Transition) -> str:
    kinds = ", ".join(f"`{kind}`" for kind in StepKind if kind in row.step_kinds)
    return kinds + {True: ", the last decision", False: ", not the last decision", None: ""}[row.final]


def _consequences() -> Iterator[tuple[str, ...]]:
    for row in TABLE:
        document = f"`{row.document}`" if row.document else ""
        yield f"`{row.verb}`", _effects(row.clocks), document, "mandatory" if row.needs_reason else "", row.basis


def _effects(effects: tuple[Effect, ...]) -> str:
    if {(e.move, e.kind) for e in effects} == {(ClockMove.STOP, kind) for kind in ClockKind}:
        return "stop all"
    by_move: dict[ClockMove, list[str]] = {}
    for effect in effects:
        by_move.setdefault(effect.move, []).append(CLOCK_LABELS[effect.kind])
    return "; ".join(f"{MOVES[move]} {'、'.join(labels)}" for move, labels in by_move.items())


def _steps() -> Iterator[tuple[str, ...]]:
    for kind, duty in STEP_DUTY.items():
        yield f"`{kind}`", _duty_words(Duty(duty))


def _diagram() -> Iterator[str]:
    for status, (label, _code) in STATUS_LABELS.items():
        yield f"  {status}: {label}"
    yield "  [*] --> draft: 起草"
    for row in TABLE:
        for status in (status for status in Status if status in row.sources):
            yield f"  {status} --> {row.target or status}: {row.label}"
    for status in (status for status in Status if status in ENDED):
        yield f"  {status} --> [*]"
