"""What every act about a card begins and ends with: find it, hold its case, write the row, tell the body it blames."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from applications.models import Application, Clock
from halls.acting import Actor
from halls.constraints import violates
from halls.domain.duties import Duty
from halls.domain.errors import Invalid, NotFound, NotPermitted, Refused
from halls.domain.persons import is_same_person
from halls.domain.printable import printable
from halls.domain.worktime import day_of
from halls.models import User
from halls.selectors.work_calendar import read_moment
from supervision.actions.tell_people import tell_people
from supervision.domain.card_life import CardLife, CardState
from supervision.domain.reach import Rung, Seat, reach
from supervision.models import CardReview, LimitWarning, Message
from supervision.models.card_review import life
from supervision.selectors.cards import watches_county
from supervision.selectors.reach import roster_of
from supervision.selectors.supervised import require_duty

LONGEST_REASON = 500
# What two who act at once meet: each of these is one decision, whoever was faster.
_ONCE = (
    "supervision_cardreview_answers_id_key",
    "cardreview_proposed_once_per_notice",
    "cardreview_revoked_once",
    "cardreview_issued_or_cancelled_once",
    "cardreview_appealed_once",
    "cardreview_ordered_once",
    "cardreview_found_once",
)
_RUNG_COLUMN = {"warning": "warn_at", "yellow": "yellow_at", "red": "red_at"}


def hold_card(cards: QuerySet[LimitWarning], card_id: int) -> tuple[LimitWarning, CardLife]:
    """Lock the case of the card, then read what became of it; cards themselves are never locked, they never change.

    Raises NotFound for one that is not among these cards.
    """
    found = cards.filter(pk=card_id).values_list("application", flat=True).first()
    if found is None:
        raise NotFound(_("没有找到这条预警或红黄牌，或者它不在您的监察范围内。"))
    Application.objects.select_for_update(no_key=True).only("pk").get(pk=found)
    card = LimitWarning.objects.select_related("application__matter").defer("application__form").get(pk=card_id)
    return card, life(card)


def require_county(actor: Actor) -> None:
    """Raises NotPermitted for whoever does not watch the whole county: nobody issues cards to neighbours."""
    require_duty(actor)
    require_person(actor)
    if not watches_county(actor):
        raise NotPermitted("no_county_duty", _("发牌、取消和转督办由县监察员办理。"), cure=_("请转告县监察员处理。"))


def require_person(actor: Actor) -> None:
    """Raises NotPermitted for the system: cards are for people to decide about."""
    if actor.is_system:
        raise NotPermitted("not_a_person", _("红黄牌由人决定。"), cure=_("请由监察员处理。"))


def sound_reason(reason: str) -> str:
    """Return the reason as it is kept. Raises Invalid for none, and for one that is too long."""
    words = printable(reason).strip()
    if not 0 < len(words) <= LONGEST_REASON:
        raise Invalid("reason_missing", _("请写明理由（500 字以内）。"), field="reason", cure=_("一两句话写清为什么。"))
    return words


def require_standing(state: CardState) -> None:
    """Raises Refused for a card that is not issued yet, revoked or cancelled."""
    if state is CardState.PENDING:
        raise Refused("not_issued", _("这张牌还没有发出。"), cure=_("先由县监察员确认发出或取消。"))
    require_not_gone(state)


def require_not_gone(state: CardState) -> None:
    if state is CardState.REVOKED:
        raise Refused("already_revoked", _("这张牌已经撤销。"), cure=_("请刷新页面，查看处理结果。"))
    if state is CardState.CANCELLED:
        raise Refused("already_cancelled", _("这张牌没有发出就取消了。"), cure=_("请刷新页面，查看处理结果。"))


def record(card: LimitWarning, act: CardReview.Act, actor: Actor, reason: str, **more: Any) -> CardReview:
    """Write the act. Raises Refused (`already_decided`) where somebody was faster."""
    try:
        with transaction.atomic():
            return CardReview.objects.create(
                card=card,
                act=act,
                user_id=actor.user_id,
                person_code=actor.person_code,
                reason=reason,
                at=read_moment().at,  # the trigger stamps the moment
                **more,
            )
    except IntegrityError as fault:
        if not violates(fault, *_ONCE):
            raise
        raise Refused("already_decided", _("已经有人处理过了。"), cure=_("请刷新页面，查看处理结果。")) from fault


def tell_body(card: LimitWarning, words: str, *, key: str, also: tuple[int, ...] = (), level: str | None = None) -> int:
    """Tell whoever decides at the blamed body, and these persons; `level` is the card's where none is given."""
    moment = read_moment()
    seat = Seat(card.seat_path, Duty.DECIDE)
    reached = reach([Rung.CHIEF], seat, roster_of([seat.path], day_of(moment.at)))
    users = User.objects.filter(pk__in={*reached.people, *also})
    return tell_people(
        users, Message.Kind.NOTICE, words, card.application, level=card.level if level is None else level, key=key
    )


def tell_deciders(card: LimitWarning, words: str, *, key: str) -> int:
    """Tell the county's supervisors who may decide about the card: who neither issued nor confirmed it.

    Where everybody had a hand in it all of them are told, for somebody has to find another person.
    """
    moment = read_moment()
    seat = Seat(card.seat_path, Duty.DECIDE)
    reached = reach([Rung.COUNTY_SUPERVISOR], seat, roster_of([seat.path], day_of(moment.at)))
    everybody = list(User.objects.filter(pk__in=reached.people))
    confirms = list(card.reviews.filter(act=CardReview.Act.CONFIRM))
    free = [
        user
        for user in everybody
        if user.pk != card.issued_by_id
        and not is_same_person(card.issued_person, user.person_code)
        and not any(row.is_own(user.pk, user.person_code) for row in confirms)
    ]
    return tell_people(free or everybody, Message.Kind.NOTICE, words, card.application, level=card.level, key=key)


def name_of(card: LimitWarning) -> str:
    """The card in a sentence: 黄牌 JC… （办件 5002 …, 事项）."""
    case = card.application
    return f"{card.get_level_display()} {card.number}（办件 {case.display_number}，{case.matter.name}）"


def wake(card: LimitWarning, clock_id: int) -> None:
    """Let the sweep look at the clock again: what it reaches under the new calendar is a card of its own."""
    clock = Clock.objects.select_for_update(no_key=True).get(pk=clock_id)
    rung: datetime | None = getattr(clock, _RUNG_COLUMN[card.level])
    is_ahead = rung is not None and (clock.stopped_at is None or rung < clock.stopped_at)
    if rung is not None and is_ahead and (clock.next_action_at is None or rung < clock.next_action_at):
        with connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE {Clock._meta.db_table} SET next_action_at = %s WHERE id = %s",  # noqa: S608
                [rung, clock.pk],
            )
