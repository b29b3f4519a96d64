"""Who may do what about a supervision order and about urging: asked by the acts and by the pages that offer them."""

from __future__ import annotations

from django.utils.translation import gettext as _

from halls.acting import Actor
from halls.domain.duties import DUTY_LABELS, Duty
from halls.domain.errors import NotPermitted, Refused
from halls.domain.persons import is_same_person
from supervision.domain.orders import VERIFYING, Act, Standing, WhyNot, answering_duty, issuing_node, why_not
from supervision.models import OrderAct, SupervisionOrder
from supervision.selectors.orders import Organ, is_ordered
from supervision.selectors.supervised import names_of


def answers_for(actor: Actor, order: SupervisionOrder) -> bool:
    """Whether the actor speaks for the ordered organ: its own duty there, or at the organ right above it."""
    nodes = actor.nodes.get(order.duty, ())
    return order.organ_path in nodes or (
        order.duty == Duty.DECIDE and bool(order.above_path) and order.above_path in nodes
    )


def watches_from(actor: Actor, order: SupervisionOrder) -> bool:
    """Whether the actor supervises where the order was issued, or above."""
    return actor.holds(Duty.SUPERVISE, order.issuer_path)


def is_own_hall(organ_path: str, actor: Actor) -> bool:
    """Whether the actor would order the hall that they answer for by themselves. Asks nothing of the database."""
    return issuing_node(organ_path, actor.supervises) == organ_path and answering_duty(organ_path) is Duty.SUPERVISE


def issuer_of(organ_path: str, actor: Actor) -> Organ:
    """Return the actor's office for this organ. Raises NotPermitted (outside), Refused (`own_hall`, `a_government`)."""
    node = issuing_node(organ_path, actor.supervises)
    if not node:
        raise NotPermitted(
            "organ_out_of_scope",
            _("承办单位不在您的监察范围内，不能向它发督办单。"),
            cure=_("请转告县监察员签发。"),
        )
    if is_own_hall(organ_path, actor):
        raise Refused("own_hall", _("不能向本大厅发督办单：它由本大厅负责人自己回复。"), cure=_("请由县监察员签发。"))
    if not is_ordered(organ_path):
        raise Refused(
            "a_government",
            _("不能向一级人民政府发督办单：它不是监察员下面的承办单位。"),
            cure=_("请向具体经办的部门或乡镇大厅督办，或者书面报请县人民政府协调。"),
        )
    return Organ(node, "", names_of({node}).get(node, ""), "")


def require_role(actor: Actor, act: Act, order: SupervisionOrder) -> None:
    """Raises NotPermitted for an act of the other side, and for the machine."""
    if act is Act.REPLY and not answers_for(actor, order):
        label = DUTY_LABELS[Duty(order.duty)]
        raise NotPermitted(
            "not_the_organ",
            _("这张督办单由%(organ)s有「%(duty)s」职责的人回复。") % {"organ": order.organ_name, "duty": label},
            cure=_("请转告承办单位负责人回复。"),
        )
    if act is not Act.REPLY and not watches_from(actor, order):
        raise NotPermitted(
            "not_the_issuer",
            _("这张督办单由%(office)s签发，由签发单位办理。") % {"office": order.issuer_name},
            cure=_("请转告签发单位的监察员。"),
        )
    if actor.is_system:
        raise NotPermitted("not_a_person", _("督办由人办理。"), cure=_("请由监察员或承办单位负责人处理。"))


def own_hand(actor: Actor, act: Act, order: SupervisionOrder, acts: list[OrderAct]) -> WhyNot | None:
    """Why this very person may not: nobody answers what they ordered, nobody verifies what they answered."""
    if act is Act.REPLY and _is_by(actor, order.issued_by_id, order.issued_person):
        return WhyNot("same_person", _("签发和回复不能是同一个人。"), _("请由承办单位的另一位负责人回复。"))
    replies = [one for one in acts if one.act == Act.REPLY]
    if act in VERIFYING and any(_is_by(actor, one.user_id, one.person_code) for one in replies):
        return WhyNot("same_person", _("回复和核验不能是同一个人。"), _("请由签发单位的另一位监察员核验。"))
    return None


def _is_by(actor: Actor, user_id: int, person_code: str) -> bool:
    return actor.user_id == user_id or is_same_person(actor.person_code, person_code)


def require_possible(actor: Actor, act: Act, order: SupervisionOrder, acts: list[OrderAct], standing: Standing) -> None:
    """Raises Refused with the reason where the act is not possible now, or not for this person."""
    found = why_not(act, standing) or own_hand(actor, act, order, acts)
    if found is not None:
        raise refusal(found)


def refusal(found: WhyNot) -> Refused:
    return Refused(found.code, found.message, cure=found.cure)


def offers(actor: Actor, order: SupervisionOrder, acts: list[OrderAct], standing: Standing) -> dict[Act, str]:
    """The acts of the actor's side that the order allows now, each with why this person may not ("": may)."""
    found: dict[Act, str] = {}
    for act in (Act.REPLY, Act.ACCEPT, Act.SEND_BACK, Act.GIVE_UP, Act.EXTEND, Act.WITHDRAW):
        side = answers_for(actor, order) if act is Act.REPLY else watches_from(actor, order)
        if side and not actor.is_system and why_not(act, standing) is None:
            own = own_hand(actor, act, order, acts)
            found[act] = own.message if own else ""
    return found
