"""作废重拟每周统计: a draft whose figures moved is put aside, and the week drafted as it is counted now."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from halls.acting import Actor
from halls.domain.errors import Refused
from supervision.actions.draft_bulletin import draft_bulletin
from supervision.actions.drop_bulletin import drop_bulletin
from supervision.domain.periods import Period, PeriodKind
from supervision.models import Bulletin


@transaction.atomic
def redraft_bulletin(bulletin_id: int, *, actor: Actor, version: int, reason: str) -> Bulletin:
    """Drop the draft of a week and return the next one, which waits for its review.

    A month is drafted by the machine's round alone: it counts every closed month first. Raises what dropping raises,
    and Refused (`machine_drafts`).
    """
    dropped = drop_bulletin(bulletin_id, actor=actor, version=version, reason=reason)
    if dropped.kind != PeriodKind.WEEK:
        raise Refused(
            "machine_drafts",
            _("每月通报由系统在后台重新起草。"),
            cure=_("请把这份草稿作废，稍候，起草好了会提醒您。"),
        )
    return draft_bulletin(dropped.county, Period(PeriodKind.WEEK, dropped.first))
