"""What every change of the catalogue begins with: one after the other, at a moment of its own."""

from __future__ import annotations

from datetime import datetime

from django.db import connection

from halls.acting import Actor
from halls.domain.errors import Invalid, NotFound, Refused, Stale
from halls.domain.plain_text import CURE, hidden_sign
from halls.selectors.work_calendar import Moment, read_moment
from matters.models import Matter
from matters.permissions import require_may_edit

_LATEST = "SELECT greatest(halls_now(), max(changed_at) + interval '1 microsecond') FROM matters_matter"


def hold_catalogue() -> None:
    """Let nobody else change matters until the transaction ends. Take it before any row of a matter or draft.

    Changes of the catalogue are rare. One at a time, they are committed in the order of their `changed_at`, so that
    whoever fetches what changed since a moment misses nothing, and an import never waits for a publication that
    waits for it.
    """
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE matters_matter IN SHARE ROW EXCLUSIVE MODE")


def next_change() -> datetime:
    """Return a moment behind every change so far; only under `hold_catalogue`."""
    with connection.cursor() as cursor:
        cursor.execute(_LATEST)
        found = cursor.fetchone()[0]
    assert isinstance(found, datetime)
    return found


def begin(code: str, actor: Actor, version: int | None) -> tuple[Matter, Moment]:
    """Lock a published matter of the actor's departments and read the moment.

    `version` is the number of the guide that the actor's page showed.
    Raises NotFound, NotPermitted, Refused (`abolished`), Stale.
    """
    hold_catalogue()
    matter = find_matter(code)
    require_may_edit(actor, matter.department)
    require_seen(matter, version)
    require_not_abolished(matter)
    return matter, read_moment()


def require_seen(matter: Matter, version: int | None) -> None:
    """Raises Stale unless this is the number of the guide in force; None: no page showed any."""
    assert matter.current is not None
    if version is not None and version != matter.current.number:
        raise Stale(
            "stale_page",
            f"您看到的页面已经过时：「{matter.name}」的指南刚刚换了新版。",
            field="version",
            cure="请刷新页面，核对现行版本后再办。",
        )


def find_matter(code: str) -> Matter:
    """Return a published matter with guide and department. Raises NotFound."""
    rows = Matter.objects.filter(current__isnull=False).select_related("current", "department", "merged_into")
    matter = rows.filter(code=code).first() if "\x00" not in code else None
    if matter is None:
        raise NotFound("没有这个事项。")
    return matter


def require_not_abolished(matter: Matter) -> None:
    if matter.abolished_on is None:
        return
    where = f"，并入「{matter.merged_into.name}」" if matter.merged_into else ""
    raise Refused(
        "abolished",
        f"「{matter.name}」已于 {matter.abolished_on:%Y-%m-%d} 取消{where}，不能再改动。",
        cure="需要恢复的，请用新的编码另建事项。",
    )


def require_reason(reason: str, longest: int) -> str:
    """Return the reason without outer blanks. Raises Invalid."""
    reason = reason.strip()
    if not reason:
        raise Invalid("reason_missing", "请写明理由。", field="reason", cure="一两句话写清依据哪个文件、为什么改。")
    if len(reason) > longest or "\x00" in reason:
        raise Invalid("reason_too_long", f"理由不能超过 {longest} 字。", field="reason", cure="请精简。")
    hidden = hidden_sign(reason)
    if hidden:
        raise Invalid("hidden_sign", f"理由里有看不见的字符（{hidden}）。", field="reason", cure=CURE)
    return reason


def save_change(matter: Matter, why: str) -> None:
    """Save what the public can see of a matter."""
    matter.changed_at = next_change()
    matter._change_reason = why  # type: ignore[attr-defined]
    matter.save()
