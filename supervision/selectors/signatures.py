"""Proposals that wait for their second signature: who may give it, what it is about, where it is given."""

from __future__ import annotations

from datetime import date
from typing import Final

from django.utils.translation import gettext as _

from applications.models import RuleSet
from halls.domain.duties import Duty
from halls.domain.persons import is_same_person
from halls.models import CalendarNotice, Hall, Level, TwoPersons
from halls.scopes import staff_at
from matters.models import TimeoutPolicy
from matters.selectors.timeout import limit_words
from supervision.models import ExclusionRule

CALENDAR: Final = "calendar"
RULES: Final = "rules"
POLICY: Final = "policy"
EXCLUSION: Final = "exclusion"
BULLETIN: Final = "bulletin"  # reviewed by one, signed by another: no TwoPersons, and yet it waits
_SIGNS: Final = frozenset({Duty.ADMINISTER, Duty.SUPERVISE})


def second_signers(proposed_person: str, today: date) -> list[int]:
    """Return the accounts that may put the second signature today, each person's every account but the proposer's.

    As halls.permissions.may_sign has it: whoever administers or supervises the whole county. Three statements.
    """
    roots = Hall.objects.filter(tier=Level.COUNTY, parent__isnull=True).values_list("path", flat=True)
    found = {
        post.user_id: None
        for post, duties in staff_at(roots, today)
        if duties & _SIGNS and not is_same_person(post.user.person_code, proposed_person)
    }
    return list(found)


def kind_of(row: TwoPersons) -> str:
    """Return what sort of proposal it is; messages and pages go by it."""
    if isinstance(row, CalendarNotice):
        return CALENDAR
    if isinstance(row, ExclusionRule):
        return EXCLUSION
    return RULES if isinstance(row, RuleSet) else POLICY


def about(row: TwoPersons) -> str:
    """Return what is proposed, in a few words."""
    if isinstance(row, CalendarNotice):
        words = _("%(year)s 年工作日历（%(kind)s %(number)s）")
        return words % {"year": row.year, "kind": row.get_kind_display(), "number": row.document_no}
    if isinstance(row, RuleSet):
        words = _("红黄牌规则“%(name)s”（%(scope)s，%(day)s 起用）")
        return words % {"name": row.name, "scope": row.scope_name, "day": f"{row.effective_on:%Y-%m-%d}"}
    if isinstance(row, ExclusionRule):
        words = _("不参加排名“%(name)s”（%(number)s，%(day)s 起）")
        return words % {"name": row.body.name, "number": row.document_no, "day": f"{row.starts_on:%Y-%m-%d}"}
    assert isinstance(row, TimeoutPolicy)
    words = _("超时默认“%(policy)s”（%(matter)s，%(limit)s）")
    return words % {"policy": row.get_policy_display(), "matter": row.matter.name, "limit": limit_words(row)}
