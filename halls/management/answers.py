"""How the commands about staff read what was typed, and say what was refused."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from halls.domain.duties import POST_LABELS, PostKind
from halls.domain.errors import DomainError, Invalid, Problem


@contextmanager
def refusals_told(command: BaseCommand, *, as_json: bool) -> Iterator[None]:
    """Say what was refused, with the cure, and end with 1."""
    try:
        yield
    except DomainError as error:
        problems = getattr(error, "problems", ()) or (Problem(error.field, error.message, error.cure),)
        if as_json:
            rows = [{"code": error.code, "field": p.field, "message": p.message, "cure": p.cure} for p in problems]
            command.stdout.write(json.dumps({"errors": rows}, ensure_ascii=False))
        else:
            for problem in problems:
                command.stderr.write(f"{problem.message}{problem.cure or error.cure}")
        sys.exit(1)


def day_of(text: str | None, field: str) -> date | None:
    """Return the day that was written as 2026-03-02; None for nothing. Raises Invalid."""
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        message = _("「%(text)s」不是日期。") % {"text": text}
        raise Invalid("bad_date", message, field=field, cure=_("请写成 2026-03-02 的样子。")) from None


def needed_day_of(text: str | None, field: str) -> date:
    day = day_of(text, field)
    if day is None:
        raise Invalid("no_date", _("没有写日期。"), field=field, cure=_("请写成 2026-03-02 的样子。"))
    return day


def kind_of(text: str) -> PostKind:
    """Return the kind of post of this word. Raises Invalid that lists those there are."""
    known = {kind.value: label for kind, label in POST_LABELS.items() if kind is not PostKind.SYSTEM}
    if text not in known:
        cure = _("请用：%(known)s。") % {"known": "、".join(f"{word}（{label}）" for word, label in known.items())}
        raise Invalid("unknown_post", _("没有岗位「%(text)s」。") % {"text": text}, field="post", cure=cure)
    return PostKind(text)
