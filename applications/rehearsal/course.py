"""What comes next for a case, and after how many office minutes."""

from __future__ import annotations

from applications.domain.lifecycle import Status, StepKind, Verb
from applications.models import ApplicationStep
from applications.rehearsal.acts import Walk
from applications.rehearsal.office_hours import DAY_MINUTES

# How long people take, as (shortest, usual, longest) office minutes.
USUAL: dict[Verb, tuple[float, float, float]] = {
    Verb.SUBMIT: (10, 20, 45),
    Verb.RECEIVE: (5, 60, 330),
    Verb.ACCEPT: (20, 90, 800),
    Verb.REQUEST_CORRECTION: (30, 120, 700),
    Verb.DECLINE: (60, 300, 900),
    Verb.SUPPLY: (200, 1200, 3600),
    Verb.SUSPEND: (20, 120, 260),
    Verb.MAKE_RESULT: (20, 90, 280),
    Verb.HAND_OVER: (10, 40, 150),
    Verb.TAKE_OVER: (20, 90, 260),
    Verb.DELIVER: (15, 100, 380),
    Verb.WITHDRAW: (60, 400, 1500),
    Verb.STEP_BACK: (60, 200, 500),
}
# A tardy person's time, as a multiple of what the step or the law gives.
TARDY = (1.3, 1.6, 3.2)
FORGOTTEN_DAYS = (6, 25)
LIMITS = {Verb.RECEIVE: 1, Verb.ACCEPT: 5, Verb.MAKE_RESULT: 3, Verb.DELIVER: 3}  # working days


def next_verb(walk: Walk) -> Verb | None:
    """Return the verb that the plan and the table ask for; None where the case rests."""
    plan, status = walk.plan, Status(walk.application.status)
    if plan.halt is not None and plan.halt.is_reached(walk.application):
        return None
    if plan.fate == "withdraw" and _gives_up(walk, status):
        return Verb.WITHDRAW
    simple = {
        Status.DRAFT: Verb.SUBMIT,
        Status.SUBMITTED: Verb.RECEIVE,
        Status.CORRECTING: Verb.SUPPLY,
        Status.SUSPENDED: Verb.RESUME,
    }
    if status in simple:
        return simple[status]
    choose = {Status.RECEIVED: _at_the_window, Status.IN_PROGRESS: _at_a_step, Status.GRANTED: _after_the_decision}
    if status in choose:
        return choose[status](walk)
    return _on_the_way_back(walk) if status in (Status.READY, Status.REFUSED) else None


def _gives_up(walk: Walk, status: Status) -> bool:
    """Decide whether the applicant withdraws now; at the latest before the decision."""
    if status not in (Status.RECEIVED, Status.CORRECTING, Status.IN_PROGRESS):
        return False
    step = walk.position.current
    return walk.random.random() < 0.3 or (step is not None and step.is_final_decision)


def _at_the_window(walk: Walk) -> Verb:
    if walk.plan.fate == "decline":
        return Verb.DECLINE
    if walk.plan.is_faulty and walk.lines and not walk.application.was_corrected:
        return Verb.REQUEST_CORRECTION
    return Verb.ACCEPT


def _at_a_step(walk: Walk) -> Verb:
    step, facts = walk.position.current, walk.position.facts
    assert step is not None
    assert facts is not None
    if walk.plan.goes_back and not walk.went_back and facts.has_previous and step.kind != StepKind.SPECIAL:
        return Verb.STEP_BACK
    if step.kind == StepKind.SPECIAL and step.seq not in walk.rested:
        return Verb.SUSPEND
    if step.is_final_decision:
        return Verb.REFUSE if walk.plan.fate == "refuse" else Verb.GRANT
    return Verb.PASS_ON


def _after_the_decision(walk: Walk) -> Verb:
    step = walk.position.current
    return Verb.PASS_ON if step is not None and step.is_after_decision else Verb.MAKE_RESULT


def _on_the_way_back(walk: Walk) -> Verb:
    if walk.application.destination_path:
        return Verb.TAKE_OVER
    return Verb.HAND_OVER if next_stop(walk) else Verb.DELIVER


def next_stop(walk: Walk) -> str:
    """Return the code of the hall to which the result goes next, "" where it is handed out from here."""
    here, filed = walk.application.result_path, walk.application.path
    codes = filed.strip("/").split("/")
    target = codes[:2] if walk.plan.way == "counter" else codes
    if walk.plan.way == "post" or here.startswith("/".join(target) + "/"):
        return ""
    for code in target[1:]:  # from the county down to the township, from there to the village
        place = filed[: filed.index(code) + len(code) + 1]
        if not here.startswith(place):
            return code
    return ""


def delay(walk: Walk, verb: Verb) -> float:
    """Return the office minutes until the verb happens. A tardy person is slow once."""
    random, step = walk.random, walk.position.current
    if verb is Verb.RESUME:
        return walk.until_resumed()
    if _is_forgotten(walk):
        walk.was_slow = True
        return random.uniform(*FORGOTTEN_DAYS) * DAY_MINUTES
    is_slow = walk.plan.is_tardy and not walk.was_slow and random.random() < 0.3
    if verb in (Verb.PASS_ON, Verb.GRANT, Verb.REFUSE) and step is not None:
        minutes = _at_desk(walk, step, is_slow=is_slow)
    elif is_slow and verb in LIMITS:
        minutes = LIMITS[verb] * DAY_MINUTES * random.uniform(1.1, 1.8)
    else:
        is_slow = False
        low, usual, high = USUAL[verb]
        minutes = random.triangular(low, high, usual)
        if walk.application.guide.is_immediate:
            minutes = min(minutes, random.uniform(2, 30))
    walk.was_slow = walk.was_slow or is_slow
    return minutes * (1 if is_slow else walk.plan.pace)


def _is_forgotten(walk: Walk) -> bool:
    """Decide whether the case slips behind a cupboard now; at the latest before the decision."""
    step = walk.position.current
    if walk.plan.fate != "forgotten" or walk.was_slow or step is None:
        return False
    return step.is_final_decision or walk.random.random() < 0.3


def _at_desk(walk: Walk, step: ApplicationStep, *, is_slow: bool) -> float:
    """Return how long the organ of a step thinks: mostly less than its slice."""
    random = walk.random
    if step.seq in walk.rested:
        return random.triangular(15, 240, 60)
    days = step.days * 5 / 7 if step.unit == "cd" else step.days
    if is_slow:
        return max(days, 1) * DAY_MINUTES * random.triangular(TARDY[0], TARDY[2], TARDY[1])
    if days == 0:
        return random.triangular(3, 120, 15)
    return days * DAY_MINUTES * random.triangular(0.05, 0.98, 0.35)
