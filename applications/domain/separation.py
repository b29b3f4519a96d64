"""Separation of acceptance and decision (受理审批分离). Pure."""

from __future__ import annotations

from halls.domain.errors import Refused
from halls.domain.persons import is_same_person


def forbid_own_case(*, accepted_person: str, actor_person: str, is_immediate: bool) -> None:
    """Refuse when the person who accepted the case would also decide it.

    Persons are compared, not accounts. Lifted only for immediate matters (即办件), which the chief
    representative decides at the counter. Source: 综合窗口 "前台综合受理、后台分类审批".
    Raises Refused (code `accepted_by_decider`).
    """
    if is_immediate or not is_same_person(accepted_person, actor_person):
        return
    raise Refused(
        "accepted_by_decider",
        "受理审批分离：本件由您受理，不能再由您作出决定。",
        cure="请由同一机构的其他审批人（或B角、首席代表）办理。",
    )
