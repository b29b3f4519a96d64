"""The people at work today around some seats, and which of them a rung of the ladder means."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from applications.domain.lifecycle import Status, StepKind
from applications.domain.transitions import ClockKind
from applications.models import Application
from halls.domain.duties import Duty
from halls.scopes import deputies_at, staff_at
from supervision.domain.reach import Present, Roster, Seat, ancestors

_OF_STEPS: dict[str, Duty] = {
    StepKind.DECIDE: Duty.DECIDE,
    StepKind.INSTANT: Duty.ACCEPT,
    StepKind.ACCEPT: Duty.ACCEPT,
    StepKind.DELIVER: Duty.ISSUE,
}
_OF_CLOCKS: dict[str, Duty] = {
    ClockKind.PRE_REVIEW: Duty.ACCEPT,
    ClockKind.ACCEPTANCE: Duty.ACCEPT,
    ClockKind.SPECIAL: Duty.EXAMINE,
    ClockKind.DELIVERY: Duty.ISSUE,
    ClockKind.SUPPLEMENT: Duty.FILE,
}


def roster_of(paths: Iterable[str], today: date) -> Roster:
    """Everybody at these nodes and above them today, deputies too: three statements, however many paths."""
    nodes = {node for path in paths if path for node in ancestors(path)}
    if not nodes:
        return {}
    found: dict[str, list[Present]] = defaultdict(list)
    deciders: dict[int, list[str]] = defaultdict(list)
    for post, duties in staff_at(sorted(nodes), today):
        node = post.department or post.hall
        assert node is not None  # one node: database constraint
        backs_up = post.backup_of.kind if post.backup_of else ""
        found[node.path].append(Present(post.user_id, duties, backs_up))
        if Duty.DECIDE in duties:
            deciders[post.user_id].append(node.path)
    for letter, place in deputies_at(nodes, today, deciders):
        if letter.grantee.is_active:
            found[place.path].append(Present(letter.grantee_id, frozenset({Duty.DECIDE})))
    return {path: tuple(people) for path, people in found.items()}


def duty_on(clock_kind: str, step_kind: str) -> Duty:
    """What has to be done before this clock stops; a step, and whatever runs through the steps, asks the step."""
    return _OF_CLOCKS.get(clock_kind) or _OF_STEPS.get(step_kind, Duty.EXAMINE)


def seat_of_case(case: Application) -> Seat:
    """Where the case waits for an act now, and for which."""
    if case.status in (Status.SUBMITTED, Status.RECEIVED):
        return Seat(case.accept_path, Duty.ACCEPT)
    if case.status == Status.CORRECTING:
        return filing_seat(case)
    if case.status in (Status.GRANTED, Status.REFUSED, Status.READY) and case.result_path:
        return Seat(case.destination_path or case.result_path, Duty.ISSUE)
    return Seat(case.seat_path or case.path, duty_on("", case.step_kind))


def filing_seat(case: Application) -> Seat:
    """Where the villager came to, and the clerk who filed the case, as long as that is their post."""
    return Seat(case.path, Duty.FILE, own=case.filed_by_id)
