"""Who may do what about a rating: 谁办理谁负责, and whoever stands above sees to it."""

from __future__ import annotations

from collections.abc import Collection

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
JUDGED = frozenset({Act.VALID, Act.INVALID, Act.EXPLAIN})
DECIDED = frozenset({Act.EXCLUDE, Act.UPHOLD})
JUDGING = JUDGED | DECIDED


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
        return _is_of_body(actor, rating)
    return any(node.count("/") == 1 and "~" not in node and rating.path.startswith(node) for node in actor.supervises)


def _is_of_body(actor: Actor, rating: Rating) -> bool:
    """Whether the actor is of the rated or the responsible body: at its desk, or its own director who does not judge.

    There is one appeal: whoever watches from above does not use up that of the hall.
    """
    bodies = (rating.path, rating.held_path)
    if any(actor.holds(rectifying_duty(path), path) for path in bodies):
        return True
    return not handles(actor, rating.path) and any(path in actor.supervises for path in bodies)


_WHO = {
    Act.RECTIFY: "由承担整改的单位登记整改。",
    Act.APPEAL: "由被评价的大厅或责任单位提出申诉。",
    Act.EXCLUDE: "申诉由县监察员决定。",
    Act.UPHOLD: "申诉由县监察员决定。",
}


def require_duty(actor: Actor, act: Act, rating: Rating) -> None:
    """Raises NotPermitted for whoever never does this act about this rating, whatever its state."""
    if not may(actor, act, rating):
        who = _WHO.get(act, "由上一级的监察员办理：村（社区）的由乡镇，乡镇和县里的由县监察员。")
        raise NotPermitted("no_duty_here", f"这一步{who}", cure="请转告有这项职责的人办理。")


def require(actor: Actor, act: Act, rating: Rating) -> None:
    """Raises NotPermitted (no duty there), Refused (`own_case`: whoever worked on the case judges nothing about it,
    `own_appeal`, `own_finding`, `same_person`: see `own_part`).
    """
    require_duty(actor, act, rating)
    if act in JUDGING:
        require_other_person(actor, rating.application_id)
    if part := own_part(actor, act, rating):
        raise part


def own_part(actor: Actor, act: Act, rating: Rating) -> Refused | None:
    """Why this act is another person's: nobody judges what they appealed against, nobody appeals against what they
    judged, and neither of them decides the appeal.
    """
    if act in JUDGED and did(actor, rating, {Act.APPEAL}):
        return Refused(
            "own_appeal",
            "这条评价是您申诉的，不能由您核实、确认。",
            cure="请由本级另一位或上一级的监察员办理。",
        )
    if act is Act.APPEAL and did(actor, rating, JUDGED):
        return Refused(
            "own_finding",
            "这条评价是您核实的，不能再由您申诉。",
            cure="由被评价的大厅或责任单位的另一个人申诉；核实有误的，请报县监察员。",
        )
    if act in DECIDED and did(actor, rating, {Act.APPEAL}):
        return Refused("same_person", "提出和裁定不能是同一个人。", cure=_ANOTHER_DECIDES)
    if act in DECIDED and did(actor, rating, JUDGED):
        return Refused("own_finding", "这条评价是您核实的，申诉要由没有核实过它的人裁定。", cure=_ANOTHER_DECIDES)
    return None


_ANOTHER_DECIDES = "请由另一位县监察员裁定；县里只有一位监察员的，请系统管理员再设一位。"


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
    return did(actor, rating, {Act.CONTACT, Act.ATTEMPT})


def require_other_judge(actor: Actor, rating: Rating) -> None:
    """Raises Refused (`own_finding`) for whoever found no ground: nobody gets rid of a bad rating alone."""
    if found_groundless(actor, rating):
        raise Refused(
            "own_finding",
            "「没有依据」是您核实的，要由另一个人确认。",
            cure="请由本级另一位或上一级的监察员确认并解释；确认前这条差评照旧计入。",
        )


def did(actor: Actor, rating: Rating, acts: Collection[Act]) -> bool:
    """Whether this person did one of these acts about the rating, by whichever of their accounts."""
    return any(
        row.user_id == actor.user_id or is_same_person(actor.person_code, row.person_code)
        for row in rating.acts.all()
        if row.act in acts
    )


def found_groundless(actor: Actor, rating: Rating) -> bool:
    return did(actor, rating, {Act.INVALID})


def worked_on(actor: Actor, application_id: int) -> bool:
    """Whether this person has an act in the case; recalculation by a calendar is none."""
    acts = Event.objects.filter(application=application_id).exclude(verb="recalculate").order_by()
    return any(
        is_same_person(actor.person_code, code) for code in acts.values_list("person_code", flat=True).distinct()
    )
