"""Write a rating, whoever gives it or writes it down; a bad one starts the limit to call whoever gave it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from applications.domain.lifecycle import ENDED
from applications.domain.transitions import ClockKind
from applications.models import Application
from halls.acting import Actor
from halls.domain.duties import Duty
from halls.domain.errors import Refused
from halls.selectors.work_calendar import Moment, read_moment
from supervision.actions._next_id import next_id
from supervision.actions._ratings import tell_seat
from supervision.actions._terms import Ask, start_term
from supervision.domain.ratings import BAD, CONTACT, Channel, State, check_opinion, is_open, superior_of
from supervision.models import Rating
from supervision.selectors.ratings import has_looked

AN_HOUR, A_DAY = timedelta(hours=1), timedelta(days=1)


class AlreadyRated(Refused):
    """The case has its one rating."""


@dataclass(frozen=True)
class Opinion:
    """What is said about the service; `client` and `device` are keyed hashes, "" where somebody wrote it down."""

    level: int
    channel: str
    details: tuple[str, ...] = ()
    text: str = ""
    client: str = field(default="", repr=False)
    device: str = field(default="", repr=False)


def put_rating(application_id: int, opinion: Opinion, *, actor: Actor | None) -> Rating:
    """Write the one rating of a case; `actor` is None where the villager gives it.

    Raises Invalid, Refused (`not_ended`, `rating_over`, `already_rated`, `no_call`: by telephone, and whoever writes it
    down never looked at the number). Of two at once one waits for the other here.
    """
    case = (
        Application.objects.select_for_update(no_key=True, of=("self",)).select_related("hall").get(pk=application_id)
    )
    moment = read_moment()
    if case.status not in ENDED or case.ended_at is None:
        raise Refused("not_ended", _("这件事还没有办结，现在不能评价。"), cure=_("办结后再来评价。"))
    if not is_open(case.ended_at, moment.at):
        raise Refused(
            "rating_over", _("办结已经超过 30 天，评价期过了。"), cure=_("有意见可以拨打 12345，或到大厅当面反映。")
        )
    # Before it is asked whether the case was rated: what is wrong with the opinion is answered alike both ways.
    details, text = check_opinion(opinion.level, opinion.details, opinion.text)
    if Rating.objects.filter(application=case).exists():
        raise AlreadyRated(
            "already_rated", _("这件事已经评价过了，一次服务只评价一次。"), cure=_("还有意见可以拨打 12345。")
        )
    if opinion.channel == Channel.PHONE and (actor is None or not has_looked(actor, case.pk)):
        raise Refused(
            "no_call",
            _("没有您一天内查看这一件联系电话的记录，不能登记电话评价。"),
            cure=_("请先按「查看电话」，打通电话以后再登记；书面来的在「登记评价」里选「邮寄书面」。"),
        )
    rating = Rating(
        pk=next_id(Rating),
        application=case,
        hall=case.hall,
        path=case.path,
        level=opinion.level,
        details=details,
        text=text,
        channel=opinion.channel,
        rated_at=moment.at,  # the trigger stamps the moment
        client=opinion.client,
        device=opinion.device,
        earlier=_earlier(opinion, moment),
        entered_by_id=actor.user_id if actor else None,
        entered_person=actor.person_code if actor else "",
        state=State.CONTACTING if opinion.level in BAD else State.PLAIN,
    )
    if rating.is_bad:
        _alarm(rating, moment, actor)
    rating.save(force_insert=True)
    return rating


def _alarm(rating: Rating, moment: Moment, actor: Actor | None) -> None:
    """Start the limit to call, at the hall above, and tell it; whose case it was stands in neither."""
    seat, page = superior_of(rating.path), reverse("rating", args=[rating.pk])
    title = _("差评：%(hall)s") % {"hall": rating.hall.short_name}
    ask = Ask(ClockKind.RATING_CONTACT, CONTACT, title, page, seat, Duty.SUPERVISE)
    rating.contact_term = start_term(ask, moment, actor)
    words = _("%(hall)s收到一条差评，请在 1 个工作日内联系评价人核实。") % {"hall": rating.hall.short_name}
    tell_seat(seat, Duty.SUPERVISE, words, page, f"rating:{rating.pk}:new", moment)


def _earlier(opinion: Opinion, moment: Moment) -> int:
    """How many ratings the same device gave within a day, or the same network within an hour."""
    given = Rating.objects.order_by()
    found = [0]
    if opinion.device:
        found.append(given.filter(device=opinion.device, rated_at__gt=moment.at - A_DAY).count())
    if opinion.client:
        found.append(given.filter(client=opinion.client, rated_at__gt=moment.at - AN_HOUR).count())
    return min(max(found), 32767)
