"""登记回访: what the villager of a drawn case said on the telephone, or that nobody answered."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from applications.models import Application
from halls.acting import Actor
from halls.domain.errors import Invalid, NotFound, Problem, Refused
from halls.selectors.work_calendar import read_moment
from supervision.actions._put_rating import Opinion, put_rating
from supervision.actions._ratings import LONGEST
from supervision.models import CallbackCall
from supervision.permissions.ratings import require_other_person
from supervision.selectors.ratings import visible_callbacks
from supervision.selectors.supervised import require_duty


@dataclass(frozen=True)
class Answers:
    """What was said; None where it was not asked because nobody answered. `opinion`: the rating given on the way."""

    was_served: bool | None = None
    has_papers: bool | None = None
    has_paid: bool | None = None
    note: str = ""
    opinion: Opinion | None = None


@transaction.atomic
def record_call(callback_id: int, *, actor: Actor, is_reached: bool, answers: Answers) -> CallbackCall:
    """Write down one call, and the rating where the villager gives one.

    Raises NotPermitted, NotFound, Invalid (an answer is missing), Refused (`own_case`, `already_called`, and of the
    rating `already_rated`, `rating_over`, `no_call`).
    """
    require_duty(actor)
    callback = visible_callbacks(actor).filter(pk=callback_id).first()
    if callback is None or actor.is_system:
        raise NotFound(_("没有找到这件回访，或者它不在您的范围内。"))
    Application.objects.select_for_update(no_key=True).get(pk=callback.application_id)  # call-backs never change
    require_other_person(actor, callback.application_id)
    if callback.calls.filter(is_reached=True).exists():
        raise Refused("already_called", _("这一件已经回访过了。"), cure=_("请刷新页面，查看回访结果。"))
    note = answers.note.strip()
    _check(answers, note, is_reached=is_reached)
    if is_reached and answers.opinion is not None:
        put_rating(callback.application_id, answers.opinion, actor=actor)
    call = CallbackCall(
        callback=callback,
        is_reached=is_reached,
        was_served=answers.was_served if is_reached else None,
        has_papers=answers.has_papers if is_reached else None,
        has_paid=answers.has_paid if is_reached else None,
        note=note,
        user_id=actor.user_id,
        person_code=actor.person_code,
        at=read_moment().at,  # the trigger stamps the moment
    )
    call.save(force_insert=True)
    return call


def _check(answers: Answers, note: str, *, is_reached: bool) -> None:
    problems = []
    if is_reached:
        asked = {
            "was_served": (answers.was_served, _("还没有选是不是委托代办员办的。")),
            "has_papers": (answers.has_papers, _("还没有选结果收到没有。")),
            "has_paid": (answers.has_paid, _("还没有选有没有被收过费用。")),
        }
        problems = [
            Problem(name, words, _("照群众说的选一项。")) for name, (said, words) in asked.items() if said is None
        ]
        if answers.has_paid and not note:
            problems.append(Problem("note", _("被收过费用的，要写清楚。"), _("写明谁收的、收了多少、有没有票据。")))
    if len(note) > LONGEST:
        problems.append(Problem("note", _("情况最多写 500 字。"), _("请写得简短些。")))
    if problems:
        raise Invalid("answers_missing", _("回访还没有填完。"), problems=tuple(problems))
