"""Where reminders go: a person's own telephone, given and taken back by nobody else."""

from __future__ import annotations

import re
from typing import Final

from django.db import transaction

from halls.acting import Actor
from halls.domain.errors import Invalid
from halls.models import User

_MOBILE: Final = re.compile(r"1[3-9][0-9]{9}")


@transaction.atomic
def set_phone(phone: str, *, actor: Actor) -> str:
    """Keep the actor's own mobile number, or forget it for ""; return it. Raises Invalid."""
    number = re.sub(r"[\s-]", "", phone).removeprefix("+86")
    if number and not _MOBILE.fullmatch(number):
        raise Invalid("phone", "手机号不对。", field="phone", cure="请填 11 位手机号；不想收手机提醒的，空着就行。")
    user = User.objects.select_for_update().get(pk=actor.user_id)
    if user.phone != number:
        user.phone = number
        user.save(update_fields=["phone"])
    return number
