"""核实差评: somebody without part in the case finds whether there is a ground, and which body is responsible.

谁办理谁负责 (国办发〔2019〕51号): a rating is of one service, in which several bodies took part. Until it was judged it
counts where it was given; from then on against whoever did what was bad, who puts it right.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from applications.domain.transitions import ClockKind
from halls.acting import Actor
from halls.domain.errors import Invalid
from supervision.actions._ratings import LONGEST, Step, ask_another, begin, finish, sound_note, tell_seat
from supervision.actions._terms import Ask, start_term
from supervision.domain.public_words import require_anonymous
from supervision.domain.ratings import RECTIFY, Act, State
from supervision.models import Rating
from supervision.permissions.ratings import rectifying_duty, require_other_judge
from supervision.selectors.rating_bodies import bodies_of
from supervision.selectors.rating_names import names_in


@dataclass(frozen=True)
class Held:
    """The responsible body, and why it is another one than the rated hall: both of them read it."""

    path: str
    why: str = ""


@transaction.atomic
def verify_rating(
    rating_id: int, *, actor: Actor, is_valid: bool, note: str, held: Held | None = None, shown: str = ""
) -> Rating:
    """Judge the rating; the level that was given stays. `held`: the responsible body, which puts it right, the rated
    hall by default. `shown`, naming nobody, for the note is not for others: what that body is to put right, or why
    there is no ground, for everybody to read once another person has confirmed it.

    Raises NotFound, NotPermitted, Invalid (`note`, `seat`, `why`, `demand`, `public`), Refused (`own_case`,
    `not_possible_now`, `own_finding`: whoever found no ground does not judge again).
    """
    step = begin(rating_id, Act.VALID if is_valid else Act.INVALID, actor)
    if step.rating.stands is State.EXPLAINING:
        require_other_judge(actor, step.rating)
    words = sound_note(note, "note", _("核实的情况和理由"))
    names, why = names_in(step.rating), ""
    if not is_valid:
        why = require_anonymous(sound_note(shown, "public", _("公开的理由")), "public", names)
        told = _("%(hall)s的一条差评核实为没有依据，请由没有核实它的人确认、解释。")
        ask_another(step, told % {"hall": step.rating.hall.short_name}, "confirm")
        return finish(step, words, demand=why)
    found = held or Held(step.rating.path)
    if found.path in bodies_of(step.rating) and found.path != step.rating.path:
        why = require_anonymous(sound_note(found.why, "why", _("判定责任单位的理由")), "why", names)[:LONGEST]
    asked = require_anonymous(shown, "demand", names)[:LONGEST]
    _hand_out(step, found.path)
    return finish(step, words, demand=asked, why=why)


def _hand_out(step: Step, seat: str) -> None:
    rating = step.rating
    if seat not in bodies_of(rating):
        message = _("责任单位只能是办过这一件的大厅或部门。") if seat else _("还没有选责任单位。")
        raise Invalid("unknown_seat", message, field="seat", cure=_("请从列表里选一个。"))
    page, duty = reverse("rating", args=[rating.pk]), rectifying_duty(seat)
    title = _("差评整改：%(hall)s") % {"hall": rating.hall.short_name}
    rating.rectify_term = start_term(
        Ask(ClockKind.RATING_RECTIFY, RECTIFY, title, page, seat, duty), step.moment, step.actor
    )
    words = _("%(hall)s的一条差评核实属实，请在 5 个工作日内整改并登记。") % {"hall": rating.hall.short_name}
    tell_seat(seat, duty, words, page, f"rating:{rating.pk}:rectify", step.moment)
