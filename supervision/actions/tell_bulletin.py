"""What people hear of statistics and bulletins: a draft waits for review, then for its signature; a paper came out.

Call these inside the transaction of the act.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from halls.domain.worktime import day_of
from halls.selectors.work_calendar import Moment
from supervision.actions._post import Letter, post
from supervision.domain.periods import Period, PeriodKind
from supervision.models import Bulletin, Message
from supervision.selectors.bulletins import number_of, readers_of
from supervision.selectors.signatures import second_signers

logger = logging.getLogger(__name__)


def tell_drafted(row: Bulletin, moment: Moment) -> int:
    """Tell whoever may sign for the county that a draft waits for review; returns how many were told."""
    return _ask(row, second_signers("", day_of(moment.at)), _("%(name)s已由系统起草，等人审核。请打开核对。"), moment)


def tell_reviewed(row: Bulletin, moment: Moment) -> int:
    """Tell the others of those that it was reviewed and waits for a second person's signature."""
    users = second_signers(row.reviewed_person, day_of(moment.at))
    return _ask(row, users, _("%(name)s已审核，等另一人签发。请打开核对。"), moment)


def tell_published(row: Bulletin, moment: Moment) -> int:
    """Tell everybody who watches the county, its townships and its departments that it came out."""
    words = _("%(name)s（%(number)s）已签发，请查阅。") % {"name": _name(row), "number": number_of(row)}
    return _post(row, readers_of(row.county, day_of(moment.at)), words, moment)


def _ask(row: Bulletin, users: Iterable[int], words: str, moment: Moment) -> int:
    told = _post(row, users, words % {"name": _name(row)}, moment)
    if not told:
        logger.error("nobody_signs_bulletin bulletin=%d", row.pk)
    return told


def _post(row: Bulletin, users: Iterable[int], words: str, moment: Moment) -> int:
    page, key = reverse("bulletin", args=[row.pk]), f"bulletin:{row.pk}:{row.version}"
    letters = [Letter(user, key, Message.Kind.NOTICE, words, detail={"page": page}) for user in users]
    return post(letters, moment) if letters else 0


def _name(row: Bulletin) -> str:
    label = Period(PeriodKind(row.kind), row.first).label
    return _("%(label)s的%(kind)s") % {"label": label, "kind": row.get_kind_display()}
