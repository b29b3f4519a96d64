"""Guides as the database keeps them, read for people: what no longer reads is left out, never an error page."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from matters.domain.catalogue import MatterRecord
from matters.domain.draft_reader import read_draft

logger = logging.getLogger(__name__)


def stored_record(content: Mapping[str, Any]) -> MatterRecord:
    """Return a published guide as its record.

    A rule that was written after it was signed takes nothing away from people; the linter tells the editors.
    """
    record, faults = read_draft(content)
    for fault in faults:
        logger.warning("stored_guide_faulty code=%s field=%s", fault.record, fault.field)
    return record
