"""Drafts on their way, made by the real actions; the county and its catalogue must be loaded."""

from __future__ import annotations

from datetime import date
from typing import Any

from halls.acting import Actor, acting_user
from halls.domain.duties import PostKind
from halls.models import Department, Hall
from matters.actions.check_draft import check_draft
from matters.actions.open_draft import open_draft
from matters.actions.save_draft import save_draft
from matters.models import GuideDraft
from tests.factories.halls import FENGJIE, person_in_post

CODE = "MZ-003"


def an_editor(of: str = "") -> Actor:
    """Return a new editor of the county, or of the bureau with this sign (MZ)."""
    node: Hall | Department = Hall.objects.get(code=FENGJIE)
    if of:
        node = Department.objects.get(code=f"{FENGJIE}-{of}")
    return acting_user(person_in_post(PostKind.CATALOGUE_EDITOR, node))


def a_draft(writer: Actor, code: str = CODE, *, ordered_on: date | None = None, **changes: Any) -> GuideDraft:
    """Return a saved draft of a published matter, with changes to the top level of its content."""
    draft = open_draft(code, actor=writer)
    content = draft.content | (changes or {"conditions": ["遇到紧急困难"]})
    return save_draft(
        draft.pk, content, actor=writer, version=draft.version, reason="渝民发〔2026〕3号", ordered_on=ordered_on
    )


def a_checked_draft(writer: Actor, code: str = CODE, **changes: Any) -> GuideDraft:
    draft = a_draft(writer, code, **changes)
    return check_draft(draft.pk, actor=writer, version=draft.version)
