"""Who may do what about a rating: 谁办理谁负责, and whoever stands above sees to it."""

from __future__ import annotations

from applications.models import Event
from halls.acting import Actor
from halls.domain.duties import Duty
from halls.domain.errors import NotPermitted, Refused
from halls.domain.persons import is_same_person
from supervision.domain.ratings import Act, superior_of
from supervision.models import Rating

HANDLED_ABOVE = frozenset(
    {Act.ATTEMPT, Act.CONTACT, Act.VALID, Act.INVALID, Act.EXTEND, Act.ANSWER, Act.REVISIT, Act.PUBLISH, Act.EXPLAIN}
)
# To explain is to confirm that there is no ground: a judgement too.
JUDGING = frozenset({Act.VALID, Act.INVALID, Act.EXPLAIN, Act.EXCLUDE, Act.UPHOLD})


def handles(actor: Actor, path: str) -> bool:
    """Whether the actor watches from above the hall at this path: the township a village, the county a township."""
    return not actor.is_system and actor.holds(Duty.SUPERVISE, superior_of(path))


def rectifying_duty(path: str) -> Duty:
    """The duty with which a desk puts right what it did: handing out in a hall, examining in a department."""
    return Duty.EXAMINE if "~" in path else Duty.ISSUE


def may(actor: Actor, act: Act, rating: Rating) -> bool:
    """Whether the actor's duties allow this act about this rating; not whether it is the moment for it."""
    if actor.is_system:
        return False
    if act in HANDLED_ABOVE:
        return handles(actor, rating.path)
    if act is Act.RECTIFY:
        seat = rating.rectify_term.seat_path if rating.rectify_term else rating.path
        return actor.holds(rectifying_duty(seat), seat)
    if act is Act.APPEAL:
        return any(
            actor.holds(rectifying_duty(path), path) or actor.holds(Duty.SUPERVISE, path)
            for path in (rating.path, rating.held_path)
        )
    return any(node.count("/") == 1 and "~" not in node and rating.path.startswith(node) for node in actor.supervises)


_WHO = {
    Act.RECTIFY: "由承担整改的单位登记整改。",
    Act.APPEAL: "由被评价的大厅、责任单位或监察员提出申诉。",
    Act.EXCLUDE: "申诉由县监察员决定。",
    Act.UPHOLD: "申诉由县监察员决定。",
}


def require(actor: Actor, act: Act, rating: Rating) -> None:
    """Raises NotPermitted (no duty there), Refused (`own_case`: whoever worked on the case judges nothing about it)."""
    if not may(actor, act, rating):
        who = _WHO.get(act, "由上一级的监察员办理：村（社区）的由乡镇，乡镇和县里的由县监察员。")
        raise NotPermitted("no_duty_here", f"这一步{who}", cure="请转告有这项职责的人办理。")
    if act in JUDGING:
        require_other_person(actor, rating.application_id)


def require_other_person(actor: Actor, application_id: int) -> None:
    """Raises Refused (`own_case`) for somebody who worked on the case."""
    if worked_on(actor, application_id):
        raise Refused(
            "own_case",
            "您经办过这一件，不能核实、裁定或回访它。",
            cure="请由没有经办过这一件的监察员办理。",
        )


def require_other_caller(actor: Actor, rating: Rating) -> None:
    """Raises Refused (`own_contact`) for whoever called the villager first: nobody closes a bad rating alone."""
    if called_first(actor, rating):
        raise Refused(
            "own_contact",
            "您联系过这位评价人，回访要由另一个人做。",
            cure="请由本级另一位或上一级的监察员回访。",
        )


def called_first(actor: Actor, rating: Rating) -> bool:
    calls = rating.acts.filter(act__in=(Act.CONTACT, Act.ATTEMPT)).values_list("person_code", flat=True)
    return any(is_same_person(actor.person_code, code) for code in calls)


def require_other_judge(actor: Actor, rating: Rating) -> None:
    """Raises Refused (`own_finding`) for whoever found no ground: nobody gets rid of a bad rating alone."""
    if found_groundless(actor, rating):
        raise Refused(
            "own_finding",
            "「没有依据」是您核实的，要由另一个人确认。",
            cure="请由本级另一位或上一级的监察员确认并解释；确认前这条差评照旧计入。",
        )


def require_no_judge(actor: Actor, rating: Rating) -> None:
    """Raises Refused (`own_finding`) for whoever judged the rating: nobody appeals against what they found."""
    if judged(actor, rating):
        raise Refused(
            "own_finding",
            "这条评价是您核实的，不能再由您申诉。",
            cure="由被评价的大厅、责任单位或另一位监察员申诉；核实有误的，请报县监察员。",
        )


def judged(actor: Actor, rating: Rating) -> bool:
    """Whether this person found the rating valid, or without ground."""
    found = rating.acts.filter(act__in=(Act.VALID, Act.INVALID)).values_list("person_code", flat=True)
    return any(is_same_person(actor.person_code, code) for code in found)


def found_groundless(actor: Actor, rating: Rating) -> bool:
    found = rating.acts.filter(act=Act.INVALID).values_list("person_code", flat=True)
    return any(is_same_person(actor.person_code, code) for code in found)


def worked_on(actor: Actor, application_id: int) -> bool:
    """Whether this person has an act in the case; recalculation by a calendar is none."""
    acts = Event.objects.filter(application=application_id).exclude(verb="recalculate").order_by()
    return any(
        is_same_person(actor.person_code, code) for code in acts.values_list("person_code", flat=True).distinct()
    )
