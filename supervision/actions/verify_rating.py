"""核实差评: somebody without part in the case finds whether there is a ground; whoever did the work puts it right."""

from __future__ import annotations

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from applications.domain.transitions import ClockKind
from halls.acting import Actor
from halls.domain.errors import Invalid
from supervision.actions._ratings import LONGEST, Step, begin, finish, sound_words, tell_seat
from supervision.actions._terms import Ask, start_term
from supervision.domain.public_words import require_anonymous
from supervision.domain.ratings import RECTIFY, Act
from supervision.models import Rating
from supervision.permissions.ratings import rectifying_duty
from supervision.selectors.rating_names import names_in


@transaction.atomic
def verify_rating(
    rating_id: int, *, actor: Actor, is_valid: bool, note: str, seat: str = "", demand: str = ""
) -> Rating:
    """Judge the rating; the level that was given stays. `seat`: who puts it right, the hall itself by default;
    `demand`: what it reads, naming nobody, for the note is not for it.

    Raises NotFound, NotPermitted, Invalid (`note`, `seat`, `demand`), Refused (`own_case`, `not_possible_now`).
    """
    step = begin(rating_id, Act.VALID if is_valid else Act.INVALID, actor)
    words = sound_words(note, "note", _("核实的情况和理由"))
    if not is_valid:
        return finish(step, words)
    asked = require_anonymous(demand, "demand", names_in(step.rating))[:LONGEST]
    _hand_out(step, seat or step.rating.path)
    return finish(step, words, demand=asked)


def seats_of(rating: Rating) -> tuple[str, ...]:
    """Who may have to put it right: the hall that served, and the organ that accepted the case."""
    return tuple(dict.fromkeys(path for path in (rating.path, rating.application.accept_path) if path))


def _hand_out(step: Step, seat: str) -> None:
    rating = step.rating
    if seat not in seats_of(rating):
        message = _("整改单位只能是被评价的大厅或受理这一件的单位。")
        raise Invalid("unknown_seat", message, field="seat", cure=_("请从列表里选一个。"))
    page, duty = reverse("rating", args=[rating.pk]), rectifying_duty(seat)
    title = _("差评整改：%(hall)s") % {"hall": rating.hall.short_name}
    rating.rectify_term = start_term(
        Ask(ClockKind.RATING_RECTIFY, RECTIFY, title, page, seat, duty), step.moment, step.actor
    )
    words = _("%(hall)s的一条差评核实属实，请在 5 个工作日内整改并登记。") % {"hall": rating.hall.short_name}
    tell_seat(seat, duty, words, page, f"rating:{rating.pk}:rectify", step.moment)
