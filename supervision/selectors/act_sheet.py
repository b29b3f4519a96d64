"""Count orders, urges, complaints, inquiries and ratings of a week or a month, body by body, from what was done.

A row stands against whom it is about: the ordered organ, whoever is complained about, the hall that was rated, whoever
is responsible for a bad rating, whoever held the case that was urged. Nothing of it says who spoke.
"""

from __future__ import annotations

from typing import Any, Final

from django.db.models import (
    BooleanField,
    Case,
    CharField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    Subquery,
    When,
)

from applications.domain.lifecycle import Status
from applications.domain.transitions import ClockKind
from applications.models import Application
from supervision.domain.orders import Act as OrderVerb
from supervision.domain.periods import Period
from supervision.domain.ratings import BAD, LEVELS, UNRATED_AFTER
from supervision.domain.ratings import Act as RatingVerb
from supervision.domain.voices import Kind, Result, State, VoiceVerb
from supervision.models import (
    CallbackCall,
    OrderAct,
    Rating,
    RatingAct,
    SupervisionOrder,
    Term,
    Urge,
    Voice,
    VoiceAct,
)
from supervision.selectors.body_counts import Counts, counted, merged, within

_ALL: Final = Q(pk__isnull=False)
_ORDER_ENDS: Final = (OrderVerb.ACCEPT, OrderVerb.GIVE_UP, OrderVerb.WITHDRAW)


def _met(term: str = "") -> Q:
    """The limit was stopped before it ran out."""
    return Q(**{f"{term}stopped_at__lte": F(f"{term}due_at")})


def _missed(term: str = "") -> Q:
    """It ran out first: it can be extended no more, and is met late for ever."""
    return Q(**{f"{term}stopped_at__isnull": True}) | Q(**{f"{term}stopped_at__gt": F(f"{term}due_at")})


def _stands_over(period: Period) -> Q:
    """It had run out when the period ended, and nothing had stopped it."""
    going = Q(stopped_at__isnull=True) | Q(stopped_at__gte=period.ends_at)
    return going & Q(due_at__lt=period.ends_at)


def act_sheet(period: Period, root: str) -> Counts:
    """Every count of the acts in the county at `root`, by the path of the body: fifteen statements."""
    return merged((*_orders(period, root), *_voices(period, root), *_ratings(period, root), *_said(period, root)))


def _orders(period: Period, root: str) -> tuple[Counts, ...]:
    begun = OrderAct.objects.filter(order=OuterRef("order"), term__isnull=False, seq__lt=OuterRef("seq"))
    met = begun.order_by("-seq").annotate(met=ExpressionWrapper(_met("term__"), BooleanField())).values("met")[:1]
    acts = OrderAct.objects.filter(within("at", period), order__organ_path__startswith=root)
    due, over = within("due_at", period), _stands_over(period)
    limits = Term.objects.filter(due | over, kind=ClockKind.ORDER, seat_path__startswith=root)
    # Stopped in time by a withdrawal it was owed no reply.
    replies = OrderAct.objects.filter(
        order=OuterRef("begun_by__order"), act=OrderVerb.REPLY, seq__gt=OuterRef("begun_by__seq")
    )
    kept = _met() & Q(Exists(replies))
    ended = OrderAct.objects.filter(order=OuterRef("pk"), act__in=_ORDER_ENDS, at__lt=period.ends_at)
    standing = SupervisionOrder.objects.filter(
        ~Exists(ended), issued_at__lt=period.ends_at, organ_path__startswith=root
    )
    urges = Urge.objects.filter(within("at", period), seat_path__startswith=root)
    return (
        counted(
            acts.annotate(met=Subquery(met)),
            "order__organ_path",
            orders_issued=Q(act=OrderVerb.ISSUE),
            orders_replied=Q(act=OrderVerb.REPLY),
            orders_in_time=Q(act=OrderVerb.REPLY, met=True),
            orders_closed=Q(act=OrderVerb.ACCEPT),
            orders_unrectified=Q(act=OrderVerb.GIVE_UP),
            orders_withdrawn=Q(act=OrderVerb.WITHDRAW),
        ),
        counted(
            limits,
            "seat_path",
            orders_due=due & (_missed() | kept),
            orders_due_in_time=due & kept,
            orders_overdue=due & _missed(),
            orders_unanswered=over,
        ),
        counted(standing, "organ_path", orders_open=_ALL),
        counted(urges, "seat_path", urges=_ALL),
    )


def _voices(period: Period, root: str) -> tuple[Counts, ...]:
    acts = VoiceAct.objects.filter(within("at", period), voice__about_path__startswith=root)
    answered = VoiceAct.objects.filter(
        voice=OuterRef("pk"), verb__in=(VoiceVerb.ANSWER, VoiceVerb.REFUSE), at__lt=period.ends_at
    )
    waiting = Voice.objects.filter(~Exists(answered), lodged_at__lt=period.ends_at, about_path__startswith=root)
    inquiry, met = Q(voice__kind=Kind.INQUIRY), _met("voice__term__")
    asked, over = Q(kind=Kind.INQUIRY), Q(term__due_at__lt=period.ends_at)
    refused = Q(state=State.REFUSED) & _met("term__")  # in time: it was owed no answer
    due = Voice.objects.filter(~refused, within("term__due_at", period), about_path__startswith=root)
    kept = _met("term__")
    lodged, answer = Q(verb=VoiceVerb.LODGE), Q(verb=VoiceVerb.ANSWER)
    return (
        counted(
            acts,
            "voice__about_path",
            complaints=lodged & ~inquiry,
            repeats=lodged & Q(voice__kind=Kind.REPEAT),
            complaints_accepted=Q(verb=VoiceVerb.ACCEPT),
            complaints_refused=Q(verb=VoiceVerb.REFUSE),
            complaints_answered=answer & ~inquiry,
            complaints_in_time=answer & ~inquiry & met,
            complaints_late=answer & ~inquiry & ~met,
            complaints_upheld=answer & ~inquiry & Q(ground__in=(Result.UPHELD, Result.PARTLY)),
            inquiries=lodged & inquiry,
            inquiries_answered=answer & inquiry,
            inquiries_in_time=answer & inquiry & met,
            inquiries_late=answer & inquiry & ~met,
        ),
        counted(
            waiting,
            "about_path",
            complaints_open=~asked,
            complaints_overdue=~asked & over,
            inquiries_overdue=asked & over,
        ),
        counted(
            due,
            "about_path",
            complaints_due=~asked,
            complaints_due_in_time=~asked & kept,
            inquiries_due=asked,
            inquiries_due_in_time=asked & kept,
        ),
    )


def _ratings(period: Period, root: str) -> tuple[Counts, ...]:
    # Found without ground it counts until another person confirms and explains that.
    judged = RatingAct.objects.filter(
        rating=OuterRef("pk"), act__in=(RatingVerb.EXPLAIN, RatingVerb.EXCLUDE), at__lt=period.ends_at
    )
    # Found valid by the end of the period, it stands against the responsible body; later, against the rated hall, and
    # in the period of that judgement among what the responsible body answers for.
    found = RatingAct.objects.filter(rating=OuterRef("pk"), act=RatingVerb.VALID, at__lt=period.ends_at)
    held = Case(When(Exists(found), then=F("held_path")), default=F("path"), output_field=CharField())
    given = Rating.objects.filter(within("rated_at", period), path__startswith=root)
    bad = Q(level__in=sorted(BAD))
    return (
        counted(
            given,
            "path",
            rated=_ALL,
            **{f"rated_{level}": Q(level=level) for level in LEVELS},
        ),
        counted(
            given.filter(~Exists(judged)).annotate(held=held),
            "held",
            rated_valid=_ALL,
            rated_content=~bad,
            rated_bad=bad,
        ),
    )


def _said(period: Period, root: str) -> tuple[Counts, ...]:
    """What was done about ratings, who was called back, and who kept silent."""
    acts = RatingAct.objects.filter(within("at", period), rating__path__startswith=root)
    term = "rating__rectify_term__"
    calls = CallbackCall.objects.filter(within("at", period), is_reached=True, callback__path__startswith=root)
    due, over = within("due_at", period), _stands_over(period)
    limits = Term.objects.filter(due | over, kind=ClockKind.RATING_RECTIFY, seat_path__startswith=root)
    righted = Exists(RatingAct.objects.filter(rating__rectify_term=OuterRef("pk"), act=RatingVerb.RECTIFY))
    kept = _met() & Q(righted)
    return (
        counted(
            acts,
            "rating__path",
            ratings_invalid=Q(act=RatingVerb.EXPLAIN),
            ratings_excluded=Q(act=RatingVerb.EXCLUDE),
            revisited=Q(act=RatingVerb.REVISIT),
        ),
        counted(acts.filter(act=RatingVerb.VALID), "rating__held_path", ratings_answered_for=_ALL),
        counted(acts.filter(act=RatingVerb.RECTIFY), f"{term}seat_path", rectified=_ALL, rectified_in_time=_met(term)),
        counted(
            limits,
            "seat_path",
            rectify_due=due & (_missed() | kept),
            rectify_due_in_time=due & kept,
            rectify_overdue=over,
        ),
        counted(calls, "callback__path", callbacks=_ALL),
        counted(_silent(period, root), "path", unrated=_ALL),
    )


def _silent(period: Period, root: str) -> Any:
    """Cases that were delivered seven days before some moment of the period, and not rated until that moment."""
    rated = Rating.objects.filter(application=OuterRef("pk"), rated_at__lte=OuterRef("ended_at") + UNRATED_AFTER)
    since, until = period.begins_at - UNRATED_AFTER, period.ends_at - UNRATED_AFTER
    delivered = Application.objects.filter(path__startswith=root, status=Status.DELIVERED)
    return delivered.filter(~Exists(rated), ended_at__gte=since, ended_at__lt=until)
