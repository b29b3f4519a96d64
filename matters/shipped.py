"""What we composed beside the catalogue: what people say for a matter, the life events it belongs to, what is common.

All three files are marked `curated`: nobody in a county has checked them, and pages say so.
"""

from __future__ import annotations

import json
from collections import defaultdict
from functools import cache
from typing import Any

from django.conf import settings


@cache
def _file(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((settings.BASE_DIR / "data" / name).read_text(encoding="utf-8"))
    return found


@cache
def _phrases() -> dict[str, list[tuple[str, bool]]]:
    found: dict[str, list[tuple[str, bool]]] = defaultdict(list)
    for phrase, codes in _file("plain_words.json")["phrases"].items():
        for place, code in enumerate(codes):
            found[code].append((phrase, place == 0))
    return dict(found)


def phrases_of(code: str) -> tuple[tuple[str, bool], ...]:
    """Return what people say for this matter, and whether it is the first they mean by it."""
    return tuple(_phrases().get(code, ()))


def life_events_of(code: str) -> tuple[str, ...]:
    """Return the life events of this matter; none for a matter that does not ship."""
    return tuple(_file("life_events.json")["events"].get(code, ()))


def common_codes() -> tuple[str, ...]:
    """Return the matters that people come for most, the most common first, as we put them together."""
    return tuple(_file("common_matters.json")["codes"])


def composed_common() -> bool:
    """Whether the list of common matters is ours and not yet the county's."""
    return str(_file("common_matters.json")["basis"]) == "curated"


def composed_life_events() -> bool:
    """Whether the life events are ours and not yet the county's."""
    return str(_file("life_events.json")["basis"]) == "curated"
