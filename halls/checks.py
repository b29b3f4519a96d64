"""What `manage.py check --deploy --database default` asks of a real county's database."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections

from halls.selectors.database_clock import is_shiftable


@register(Tags.database, deploy=True)
def the_clock_cannot_be_shifted(databases: Sequence[str] | None = None, **_kwargs: Any) -> list[CheckMessage]:
    """Refuse a county a database that travelled in time, as a demonstration may."""
    if settings.DEMO:
        return []
    return [
        Error(
            "办件时钟可以被拨动：函数 halls_now() 不是迁移时建立的那个。",
            hint="这个数据库用于过演示，其中的时间不可信。请换用新建的数据库。",
            id="halls.E001",
        )
        for alias in databases or ()
        if is_shiftable(connections[alias])
    ]
