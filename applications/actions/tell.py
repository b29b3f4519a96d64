"""告知申请人补正将到期: before a case may count as withdrawn, somebody told the villager, and says how."""

from __future__ import annotations

from django.db import transaction

from applications.actions._move import begin, finish
from applications.domain.lifecycle import Verb
from applications.models import Application
from halls.acting import Actor
from halls.domain.errors import Invalid

TELLING_WAYS = {"phone": "电话", "visit": "上门", "counter": "当面", "message": "短信或微信"}


@transaction.atomic
def tell(application_id: int, *, actor: Actor, way: str, note: str, version: int | None = None) -> Application:
    """Record that the applicant was told by when the supplement is due.

    `note`: who was reached and what they said. Raises Invalid (no way of telling, no note), Refused (nothing is
    being supplemented), NotFound, NotPermitted, Stale.
    """
    move = begin(application_id, Verb.TELL, actor, version=version)
    if way not in TELLING_WAYS:
        raise Invalid("way", "请选择告知方式。", field="way", cure="电话、上门、当面、短信或微信选一种。")
    if len(note.strip()) < 2:
        raise Invalid("note", "请写明告知了谁、怎么说的。", field="note", cure="如：本人接听，答应周五送来。")
    move.detail["way"] = TELLING_WAYS[way]
    return finish(move, reason=note)
