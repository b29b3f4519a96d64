"""签发通报: another person than the reviewer signs it off; with its number it is published and stays as it is."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from halls.acting import Actor, acting_user
from halls.domain.errors import Refused
from halls.domain.persons import is_same_person
from halls.domain.worktime import day_of
from halls.permissions import may_sign
from halls.selectors.work_calendar import read_moment
from supervision.actions._compose import require_as_counted
from supervision.actions.close_month import hold_books
from supervision.actions.review_bulletin import lock_open
from supervision.actions.tell_bulletin import tell_published
from supervision.models import Bulletin


@transaction.atomic
def sign_bulletin(bulletin_id: int, *, actor: Actor, version: int) -> Bulletin:
    """Sign off and publish.

    Raises NotFound, NotPermitted, Stale, Refused (`bulletin_closed`, `not_reviewed`, `same_person`,
    `reviewer_gone`, `figures_differ`: since the review, too, nothing may have moved).
    """
    bulletin = lock_open(bulletin_id, actor, version)
    if bulletin.reviewed_at is None:
        raise Refused("not_reviewed", _("还没有人审核这份草稿。"), cure=_("请先审核，再由另一人签发。"))
    if bulletin.reviewed_by_id == actor.user_id or is_same_person(actor.person_code, bulletin.reviewed_person):
        raise Refused("same_person", _("审核和签发不能是同一个人。"), cure=_("请由另一位县监察员签发。"))
    _require_reviewer(bulletin)
    hold_books(bulletin.county)  # numbers follow each other
    moment = read_moment()
    require_as_counted(bulletin, moment)
    bulletin.year = day_of(moment.at).year
    numbered = Bulletin.objects.filter(county=bulletin.county, kind=bulletin.kind, year=bulletin.year)
    bulletin.serial = (numbered.aggregate(last=Max("serial"))["last"] or 0) + 1
    bulletin.signed_by_id, bulletin.signed_person = actor.user_id, actor.person_code
    bulletin.published_at = moment.at
    bulletin.version += 1
    bulletin.save(update_fields=["year", "serial", "signed_by", "signed_person", "published_at", "version"])
    tell_published(bulletin, moment)
    return bulletin


def _require_reviewer(bulletin: Bulletin) -> None:
    """Two persons stand behind what is published: the first must still be one of those who may."""
    reviewer = bulletin.reviewed_by
    if reviewer is None or not reviewer.is_active or not may_sign(acting_user(reviewer)):
        raise Refused(
            "reviewer_gone",
            _("审核人已经不在全县的管理或监察岗位上。"),
            cure=_("请由在任的人重新审核，再由另一人签发。"),
        )
