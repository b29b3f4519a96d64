"""审核通报: a person reads the draft against the books, writes what is to be said besides, and answers for it."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from halls.acting import Actor
from halls.domain.errors import Invalid, NotFound, NotPermitted, Refused, Stale
from halls.domain.printable import printable
from halls.permissions import may_sign
from halls.selectors.work_calendar import read_moment
from supervision.actions._compose import require_as_counted
from supervision.actions.tell_bulletin import tell_reviewed
from supervision.models import Bulletin
from supervision.selectors.bulletins import visible_bulletins

LONGEST_REMARKS = 4000


@transaction.atomic
def review_bulletin(bulletin_id: int, *, actor: Actor, version: int, remarks: str = "") -> Bulletin:
    """Review a draft; reviewing it again replaces remarks and reviewer until it is signed.

    Its figures are counted again first: nobody answers for what the books do not say.

    Raises NotFound, NotPermitted, Invalid (remarks too long), Stale, Refused (`bulletin_closed`, `figures_differ`).
    """
    bulletin = lock_open(bulletin_id, actor, version)
    words = printable(remarks).strip()
    if len(words) > LONGEST_REMARKS:
        raise Invalid("remarks_too_long", _("情况说明最多 4000 字。"), field="remarks", cure=_("请精简，或另发文件。"))
    moment = read_moment()
    require_as_counted(bulletin, moment)
    bulletin.remarks = words
    bulletin.reviewed_by_id, bulletin.reviewed_person = actor.user_id, actor.person_code
    bulletin.reviewed_at = moment.at
    bulletin.version += 1
    bulletin.save(update_fields=["remarks", "reviewed_by", "reviewed_person", "reviewed_at", "version"])
    tell_reviewed(bulletin, moment)
    return bulletin


def lock_open(bulletin_id: int, actor: Actor, version: int) -> Bulletin:
    """Lock a bulletin that is neither published nor dropped, for whoever may sign for the county."""
    if not visible_bulletins(actor).filter(pk=bulletin_id).exists():
        raise NotFound(_("没有找到这份统计通报，或者它不在您的监察范围内。"))
    if actor.is_system or not may_sign(actor):
        raise NotPermitted(
            "no_county_duty", _("统计通报由县监察员审核和签发。"), cure=_("请由县监察员或县系统管理员处理。")
        )
    bulletin = Bulletin.objects.select_for_update(no_key=True, of=("self",)).get(pk=bulletin_id)
    if bulletin.published_at is not None or bulletin.dropped_at is not None:
        raise Refused("bulletin_closed", _("这份统计通报已经签发或作废。"), cure=_("请刷新页面，查看现在的状态。"))
    if bulletin.version != version:
        raise Stale("stale", _("这份统计通报刚被别人改过。"), cure=_("请刷新页面，看清现在的内容再提交。"))
    return bulletin
