"""Matters closed for good through the real actions: one proposes, another confirms."""

from __future__ import annotations

from halls.acting import Actor
from matters.actions.confirm_closing import confirm_closing
from matters.actions.propose_closing import propose_closing
from matters.models import Matter
from tests.factories.drafts import an_editor


def closed(
    code: str, *, actor: Actor, reason: str = "取消", into: str | None = None, second: Actor | None = None
) -> Matter:
    """Abolish a matter, or merge it; `second` is another editor of the county unless given."""
    proposed = propose_closing(code, actor=actor, reason=reason, into=into)
    return confirm_closing(code, proposed.pk, actor=second or an_editor())
