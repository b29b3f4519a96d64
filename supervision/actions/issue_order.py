"""签发督办单: a supervisor asks an organ to put something right and to answer within five working days."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from applications.domain.transitions import ClockKind
from applications.selectors.county import county_of
from halls.acting import Actor
from halls.constraints import violates
from halls.domain.budget import Budget
from halls.domain.duties import Duty
from halls.domain.errors import Invalid, NotPermitted, Problem, Refused
from halls.selectors.work_calendar import Moment, read_moment
from supervision.actions._cards import LONGEST_REASON, hold_card, require_standing
from supervision.actions._next_id import next_id
from supervision.actions._orders import Held, order_address, record, tell_act
from supervision.actions._terms import Ask, start_term
from supervision.actions.order_card import order_card
from supervision.domain.orders import (
    REPLY_DAYS,
    Act,
    answering_duty,
    organ_above,
)
from supervision.models import SupervisionOrder
from supervision.models.card_review import life
from supervision.permissions.orders import issuer_of
from supervision.selectors.cards import watches_county
from supervision.selectors.order_subjects import LONGEST_TITLE, Subject, subject_of
from supervision.selectors.orders import Organ
from supervision.selectors.supervised import require_duty, supervised, supervised_cards

_ONE_OPEN = ("order_one_open_of_case", "order_one_open_of_matter")
LONGEST = {"title": LONGEST_TITLE, "facts": 2000, "demand": 1000, "basis": 300}
_MISSING = {
    "title": "请写明事由（60 字以内，不写人名、住址和号码）。",
    "facts": "请写明事实：什么时候、哪一件、发生了什么（2000 字以内）。",
    "demand": "请写明要求：要做什么、回复什么（1000 字以内）。",
    "basis": "请写明依据：文件或条款（300 字以内）。",
}


@dataclass(frozen=True)
class Wanted:
    """What a supervisor writes into an order: about a case (its 16 digits), a card (its id), or a matter of an organ.

    `organ` (a code) and `title` are read for a matter of its own alone: a case is ordered from whoever holds it, a card
    from whoever it stands against.
    """

    facts: str
    demand: str
    basis: str
    case: str = ""
    card: int | None = None
    organ: str = ""
    title: str = ""


@transaction.atomic
def issue_order(wanted: Wanted, *, actor: Actor) -> SupervisionOrder:
    """Issue the order; the organ's five working days run from the next day, its people are told.

    Raises NotPermitted (no supervision, an organ outside it, the machine), NotFound (case or card), Invalid,
    Refused (`already_ordered`: one open order about a case or matter at one organ; `own_hall`; `a_government`;
    of a card `not_issued`, `already_revoked`, `already_cancelled`).
    """
    require_duty(actor)
    if actor.is_system:
        raise NotPermitted("not_a_person", _("督办由人办理。"), cure=_("请由监察员签发。"))
    _hold(wanted, actor)
    subject = subject_of(actor, case=wanted.case, card=wanted.card, organ=wanted.organ, title=wanted.title)
    issuer = issuer_of(subject.organ_path, actor)
    texts = _sound(wanted, subject)
    moment = read_moment()
    try:
        with transaction.atomic():
            order = _write(subject, issuer, texts, moment, actor)
    except IntegrityError as fault:
        if not violates(fault, *_ONE_OPEN):
            raise
        raise Refused(
            "already_ordered",
            _("这件事已经向%(organ)s发过督办单，还没有了结。") % {"organ": subject.organ_name},
            cure=_("请打开督办单列表，在那张单上继续办理。"),
        ) from fault
    row = record(Held(order, order.term, [], moment, actor), Act.ISSUE, term=order.term)
    order.refresh_from_db(fields=["year", "serial", "series", "issued_at"])
    tell_act(row, moment)
    _mark_card(order, actor)
    return order


def _hold(wanted: Wanted, actor: Actor) -> None:
    """Lock the case, so that it stays with the organ that is looked up now, and a card about it as it stands."""
    if wanted.card is not None:
        _card, state = hold_card(supervised_cards(actor), wanted.card)
        require_standing(state.state)
    elif wanted.case:
        supervised(actor).select_for_update(of=("self",), no_key=True).filter(number=wanted.case).only("pk").first()


def _mark_card(order: SupervisionOrder, actor: Actor) -> None:
    """The card itself says 督办, once, where whoever orders watches the whole county as its issuers do."""
    if order.card is not None and watches_county(actor) and not life(order.card).is_ordered:
        order_card(order.card.pk, actor=actor, reason=f"{order.number}：{order.demand}"[:LONGEST_REASON])


def _sound(wanted: Wanted, subject: Subject) -> dict[str, str]:
    """Return the four texts as they are kept. Raises Invalid naming every field that is empty or too long."""
    given = {"title": subject.title, "facts": wanted.facts, "demand": wanted.demand, "basis": wanted.basis}
    texts = {name: text.replace("\0", "").strip() for name, text in given.items()}
    problems = tuple(
        Problem(name, _MISSING[name]) for name, text in texts.items() if not 0 < len(text) <= LONGEST[name]
    )
    if problems:
        raise Invalid("order_incomplete", _("督办单没有写完整。"), cure=_("请照提示改好再签发。"), problems=problems)
    return texts


def _write(subject: Subject, issuer: Organ, texts: dict[str, str], moment: Moment, actor: Actor) -> SupervisionOrder:
    duty = answering_duty(subject.organ_path)
    pk = next_id(SupervisionOrder)  # the limit leads to the order's page, and is there before it
    ask = Ask(
        ClockKind.ORDER,
        Budget(REPLY_DAYS),
        texts["title"],
        order_address(pk),
        subject.organ_path,
        duty,
    )
    order = SupervisionOrder(
        pk=pk,
        county_code=county_of(subject.organ_path).code,
        year=moment.at.year,  # year, serial, series and moment are drawn by the trigger
        serial=0,
        application=subject.application,
        card=subject.card,
        organ_path=subject.organ_path,
        organ_name=subject.organ_name,
        above_path=organ_above(subject.organ_path) if duty is Duty.DECIDE else "",
        duty=duty,
        issuer_path=issuer.path,
        issuer_name=issuer.name,
        term=start_term(ask, moment, actor),
        issued_by_id=actor.user_id,
        issued_person=actor.person_code,
        issued_at=moment.at,
        **texts,
    )
    order.save(force_insert=True)
    return order
