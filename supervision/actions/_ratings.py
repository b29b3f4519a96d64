"""What every act about a rating shares: lock, may, can; then its row, where it leads, and its limits."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from applications.domain.transitions import ClockKind
from halls.acting import Actor
from halls.domain.duties import Duty
from halls.domain.errors import NotFound, Refused
from halls.domain.worktime import day_of
from halls.selectors.work_calendar import Moment, read_moment
from supervision.actions._post import Letter, post, text_villager
from supervision.actions._terms import stop_term
from supervision.actions._words import sound_words
from supervision.domain.ratings import ACTS, STATES, TEXTED, Act, State, after, superior_of
from supervision.domain.reach import Rung, Seat, reach
from supervision.domain.sight import of_limit, sighted
from supervision.models import LadderStep, Message, Rating, RatingAct, Term
from supervision.permissions.ratings import require
from supervision.selectors.ratings import has_looked, visible_ratings
from supervision.selectors.reach import roster_of

SHORTEST, LONGEST = 2, 500
_VALIDITY = {Act.VALID: "valid", Act.INVALID: "invalid", Act.EXCLUDE: "excluded"}


@dataclass(frozen=True)
class Step:
    """One act about a locked rating that this actor may do now; `to_state`: where it leads."""

    rating: Rating
    act: Act
    to_state: State
    actor: Actor
    moment: Moment


def begin(rating_id: int, act: Act, actor: Actor) -> Step:
    """Lock the rating. Raises NotFound, NotPermitted, Refused (`own_case`, `not_possible_now`, `done_already`)."""
    if not visible_ratings(actor).filter(pk=rating_id).exists():
        raise NotFound(_("没有找到这条评价，或者它不在您的范围内。"))
    rows = Rating.objects.select_for_update(no_key=True, of=("self",))
    rating = rows.select_related("hall", "application__applicant", "contact_term", "rectify_term").get(pk=rating_id)
    require(actor, act, rating)
    to_state = after(rating.stands, act, attempts=rating.acts.filter(act=Act.ATTEMPT).count())
    if to_state is None:
        raise Refused(
            "not_possible_now",
            _("这条评价现在是「%(state)s」，不能办理「%(act)s」。")
            % {"state": STATES[rating.stands], "act": ACTS[act]},
            cure=_("请刷新页面，按最新状态办理。"),
        )
    if act is not Act.ATTEMPT and rating.acts.filter(act=act).exists():
        raise Refused("done_already", _("这一步已经办过了。"), cure=_("请刷新页面，查看办理经过。"))
    return Step(rating, act, to_state, actor, read_moment())


def finish(step: Step, reason: str, *, is_content: bool | None = None, demand: str = "", why: str = "") -> Rating:
    """Write the act, lead the rating on and stop the limit that it meets. The words have been checked."""
    rating = step.rating
    row = RatingAct(
        rating=rating,
        act=step.act,
        to_state=step.to_state,
        reason=reason,
        demand=demand,
        held_why=why,
        is_content=is_content,
        user_id=step.actor.user_id,
        person_code=step.actor.person_code,
        at=step.moment.at,  # the trigger stamps the moment
    )
    row.save(force_insert=True)
    applicant = rating.application.applicant
    if step.act in TEXTED and applicant is not None and applicant.phone_masked:
        text_villager(step.moment, rating_act=row)
    rating.state = step.to_state
    rating.validity = _VALIDITY.get(step.act, rating.validity)
    rating.save(update_fields=["state", "validity", "rectify_term"])
    if step.to_state is not State.CONTACTING and rating.contact_term_id is not None:
        stop_term(locked_term(rating.contact_term_id), step.moment, actor=step.actor)
    if step.to_state is not State.RECTIFYING and rating.rectify_term_id is not None:
        stop_term(locked_term(rating.rectify_term_id), step.moment, actor=step.actor)
    return rating


def require_looked(step: Step) -> None:
    """Raises Refused (`no_call`) for whoever never looked at the number: nobody writes down a call they did not make.

    Of somebody who left no telephone there is no number to look at.
    """
    applicant = step.rating.application.applicant
    if applicant is None or not applicant.phone_masked:
        return
    if not has_looked(step.actor, step.rating.application_id):
        raise Refused(
            "no_call",
            _("没有您一天内查看评价人电话的记录，不能登记联系情况。"),
            cure=_("请先按「查看评价人电话」，打过电话以后再登记。"),
        )


def locked_term(term_id: int) -> Term:
    return Term.objects.select_for_update(no_key=True).get(pk=term_id)


def sound_note(text: str, field: str, what: str) -> str:
    """Return the words as an act about a rating keeps them. Raises Invalid for too few and too many."""
    return sound_words(text, field, what, shortest=SHORTEST, longest=LONGEST)


def ask_another(step: Step, words: str, key: str) -> None:
    """Tell whoever stands above the one who acted, or beside them at the county, what needs a second person."""
    rating = step.rating
    page, seat = reverse("rating", args=[rating.pk]), superior_of(superior_of(rating.path))
    tell_seat(seat, Duty.SUPERVISE, words, page, f"rating:{rating.pk}:{key}", step.moment)


def tell_seat(path: str, duty: Duty, words: str, page: str, key: str, moment: Moment) -> None:
    """Tell whoever has to act at this seat, or whoever stands in for them above: those who may open the rating."""
    seat = Seat(path, duty)
    kind = ClockKind.RATING_CONTACT if duty is Duty.SUPERVISE else ClockKind.RATING_RECTIFY
    reached = reach([Rung.HANDLER], seat, sighted(roster_of([path], day_of(moment.at)), of_limit(kind, seat)))
    letters = [
        Letter(user_id, key, Message.Kind.NOTICE, words, level=LadderStep.Level.WARNING, detail={"page": page})
        for user_id in reached.people
    ]
    post(letters, moment)
