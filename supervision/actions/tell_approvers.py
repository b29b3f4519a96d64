"""A guide that was checked waits for another person: whoever may approve it hears of it, in the same transaction."""

from __future__ import annotations

import logging

from django.urls import reverse
from django.utils.translation import gettext as _

from halls.domain.duties import Duty
from halls.domain.persons import is_same_person
from halls.domain.worktime import day_of
from halls.scopes import staff_at
from halls.selectors.work_calendar import read_moment
from matters.models import GuideDraft
from matters.selectors.drafts import writers_of
from supervision.actions._post import Letter, post
from supervision.models import Message

logger = logging.getLogger(__name__)


def tell_approvers(draft: GuideDraft) -> int:
    """Tell everybody who edits this department's matters and did not write this draft, once for each check."""
    moment, writers = read_moment(), writers_of(draft)
    readers = {
        post_.user_id: None
        for post_, duties in staff_at(_and_above(draft.department.path), day_of(moment.at))
        if Duty.EDIT_MATTERS in duties
        and post_.user.person_code
        and not any(is_same_person(post_.user.person_code, person) for person in writers)
    }
    if not readers:
        logger.error("nobody_approves draft=%d", draft.pk)
        return 0
    words = _("「%(name)s」的指南草稿已核对，等另一位事项管理员批准。理由：%(reason)s") % {
        "name": draft.name or draft.code,
        "reason": draft.reason,
    }
    page, key = reverse("matter_draft", args=[draft.pk]), f"draft:{draft.pk}:{draft.version}"
    return post([Letter(user, key, Message.Kind.NOTICE, words, detail={"page": page}) for user in readers], moment)


def _and_above(path: str) -> list[str]:
    """Return the paths of a department, of its hall, and of the halls above it."""
    parts = path.strip("/").split("/")
    return ["".join(f"{part}/" for part in parts[: count + 1]) for count in range(len(parts))]
