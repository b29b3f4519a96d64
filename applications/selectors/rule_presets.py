"""The published sets of rules that ship with the program, to choose from (data/card_rules/)."""

from __future__ import annotations

import json
from functools import cache

from django.conf import settings

from applications.domain.rule_file import RuleSheet, read_sheet
from halls.domain.errors import Invalid

DEFAULT = "default"
ORDER = (DEFAULT, "hunan", "enshi", "guangzhou")


@cache
def presets() -> dict[str, RuleSheet]:
    """Return every preset by its code, complete; the default first."""
    folder = settings.BASE_DIR / "data" / "card_rules"
    sheets = {code: read_sheet(json.loads((folder / f"{code}.json").read_text(encoding="utf-8"))) for code in ORDER}
    base = sheets[DEFAULT]
    return {code: sheet.completed_by(base) if sheet.inherits else sheet for code, sheet in sheets.items()}


def preset(code: str) -> RuleSheet:
    """Raises Invalid for a code that no preset has."""
    found = presets().get(code)
    if found is None:
        raise Invalid("unknown_preset", "没有这套规则。", field="preset", cure=f"可选：{'、'.join(ORDER)}。")
    return found
