"""Filing in one go, exactly once: what the API and a replaying client use."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from django.db import transaction

from applications.actions.draft import draft
from applications.actions.fill import Particulars, checked_form, checked_permit_end, put_applicant
from applications.actions.submit import submit as submit_draft
from applications.models import Application, IdempotencyKey
from applications.sealing import blind_index
from halls.acting import Actor
from halls.domain.errors import Invalid, Refused


@dataclass(frozen=True)
class Filing:
    """Everything one filing says."""

    matter: str
    hall: str
    applicant: Particulars | None
    form: Mapping[str, Any] = field(default_factory=dict)
    submit: bool = True
    permit_expires_on: date | None = None

    def digest(self) -> str:
        """The same for the same content, whatever the order of its keys."""
        said = asdict(self)
        if self.permit_expires_on is None:  # what was kept before anybody asked for it stays the same
            del said["permit_expires_on"]
        text = json.dumps(said, sort_keys=True, ensure_ascii=False, default=str)
        return blind_index(text)  # keyed: the content holds an identity number


@transaction.atomic
def file_application(filing: Filing, *, key: str, actor: Actor) -> Application:
    """Open, fill and submit a case in one transaction, once per key.

    The same key and content again returns the first case; a key reused for other content is
    refused. Raises Invalid, NotPermitted, Refused (`key_reused`).
    """
    if not 8 <= len(key) <= 64 or not key.isprintable():
        raise Invalid(
            "idempotency_key",
            "缺少幂等键，或长度不对。",
            field="Idempotency-Key",
            cure="请在请求头 Idempotency-Key 里放一个 8 到 64 个字符的唯一值（如 UUID）。",
        )
    # A concurrent twin waits here on the unique index until the first one is done.
    kept, is_new = IdempotencyKey.objects.get_or_create(
        user_id=actor.user_id, key=key, defaults={"body_hash": filing.digest()}
    )
    if not is_new:
        return _first_answer(kept, filing)
    application = draft(actor=actor, matter_code=filing.matter, hall_code=filing.hall)
    application.form = checked_form(filing.form)
    application.permit_expires_on = checked_permit_end(application.guide, filing.permit_expires_on)
    application.save(update_fields=["form", "permit_expires_on"])
    if filing.applicant is not None:
        put_applicant(application, filing.applicant)
    if filing.submit:
        application = submit_draft(application.pk, actor=actor)
    kept.application = application
    kept.save(update_fields=["application"])
    return application


def _first_answer(kept: IdempotencyKey, filing: Filing) -> Application:
    if kept.body_hash != filing.digest() or kept.application is None:
        raise Refused(
            "key_reused",
            "这个幂等键已经用于另一份内容。",
            field="Idempotency-Key",
            cure="内容有变请换一个新的键；重发请保持内容不变。",
        )
    return kept.application
