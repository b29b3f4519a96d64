"""The frame of every act about a supervision order: lock, may, can, record, tell."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.domain.transitions import ClockKind
from halls.acting import Actor
from halls.domain.duties import Duty
from halls.domain.errors import NotFound
from halls.domain.worktime import day_of
from halls.selectors.work_calendar import Moment, read_moment
from supervision.actions._ladder import Untellable
from supervision.actions._post import Letter, post
from supervision.domain.orders import ACT_LABELS, REPLY_DAYS, STATE_AFTER, Act
from supervision.domain.quiet import RETELL, pause_after
from supervision.domain.reach import Rung, Seat, reach
from supervision.domain.sight import of_limit, sighted
from supervision.domain.wording import instead_words
from supervision.models import Message, OrderAct, SupervisionOrder, Term, Untold
from supervision.permissions.orders import require_possible, require_role
from supervision.selectors.orders import standing_of, visible_orders
from supervision.selectors.reach import roster_of

logger = logging.getLogger(__name__)

_ASKED: Final = {
    Act.ISSUE: gettext_lazy("请在 %(n)d 个工作日内回复。"),
    Act.REPLY: gettext_lazy("请核验。"),
    Act.SEND_BACK: gettext_lazy("请在 %(n)d 个工作日内再次回复。"),
    Act.ACCEPT: gettext_lazy("本单了结。"),
    Act.GIVE_UP: gettext_lazy("按未整改登记，移交责任追究。"),
    Act.WITHDRAW: gettext_lazy("不必再回复。"),
}


@dataclass
class Held:
    """An order and its limit, locked, at the moment of the act."""

    order: SupervisionOrder
    term: Term
    acts: list[OrderAct]
    moment: Moment
    actor: Actor


def hold(order_id: int, act: Act, actor: Actor) -> Held:
    """Lock the order and its limit for this act. Raises NotFound, NotPermitted, Refused."""
    order = visible_orders(actor).select_for_update(of=("self",), no_key=True).filter(pk=order_id).first()
    if order is None:
        raise NotFound(_("没有找到这张督办单，或者它不在您的范围内。"))
    require_role(actor, act, order)
    term = Term.objects.select_for_update(no_key=True).get(pk=order.term_id)
    order.term = term
    moment = read_moment()
    acts = list(order.acts.order_by("seq"))
    require_possible(actor, act, order, acts, standing_of(order, acts, moment.at))
    return Held(order, term, acts, moment, actor)


def record(held: Held, act: Act, words: str = "", **more: Any) -> OrderAct:
    """Write the act and let the order stand where it leaves it; `term` in `more` becomes the order's limit."""
    order, actor = held.order, held.actor
    row = OrderAct(
        order=order,
        seq=len(held.acts) + 1,
        act=act,
        words=words,
        user_id=actor.user_id,
        person_code=actor.person_code,
        post=" ".join(part for part in (actor.hall_name, actor.post) if part)[:200],
        at=held.moment.at,  # the trigger stamps the moment
        **more,
    )
    row.save(force_insert=True)
    order.state = STATE_AFTER[act]
    order.term = more.get("term") or held.term
    order.save(update_fields=["state", "term"])
    return row


def order_address(order_id: int) -> str:
    return reverse("order", args=[order_id])


def tell_act(row: OrderAct, moment: Moment) -> int:
    """Tell whoever has to know of the act; what reaches nobody waits in the queue until somebody is in post."""
    try:
        return post(letters_of_act(row, moment), moment)
    except Untellable as reason:
        pause = timedelta(minutes=pause_after(1, RETELL))
        Untold.objects.create(order_act=row, next_try_at=moment.at + pause, attempts=1, last_error=str(reason))
        logger.error("order_told_nobody order=%d act=%s", row.order_id, row.act)
        return 0


def letters_of_act(row: OrderAct, moment: Moment) -> list[Letter]:
    """Return what the act tells: a reply whoever supervises where the order was issued, all else the organ.

    Nobody at the organ, and the ladder goes one level up; told are those alone who may open the order. Title and
    number name the order to staff; facts and names stand on its page alone. Raises Untellable.
    """
    order, act = row.order, Act(row.act)
    if act is Act.REPLY:
        rungs, seat = [Rung.HANDLER], Seat(order.issuer_path, Duty.SUPERVISE)
    else:
        rungs, seat = [Rung.HANDLER, Rung.BACKUP], Seat(order.organ_path, order.duty)
    reading = of_limit(ClockKind.ORDER, seat)
    reached = reach(rungs, seat, sighted(roster_of([seat.path], day_of(moment.at)), reading))
    if not reached.people:
        raise Untellable("nobody_in_post")
    text = f"督办单{ACT_LABELS[act]}：{order.number} {order.title}。{_asked(row)}"
    return [
        Letter(
            user_id,
            f"order:{order.pk}:{row.seq}",
            Message.Kind.NOTICE,
            text + instead_words(missing),
            detail={"page": order_address(order.pk)},
        )
        for user_id, missing in reached.people.items()
    ]


def _asked(row: OrderAct) -> str:
    """What whoever is told is to do, or need not do any more."""
    if row.act == Act.EXTEND:
        due = day_of(row.order.term.due_at)
        return _("最晚 %(month)d月%(day)d日（含当日）回复。") % {"month": due.month, "day": due.day}
    return str(_ASKED[Act(row.act)]) % {"n": REPLY_DAYS}
