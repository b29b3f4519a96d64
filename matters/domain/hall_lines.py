"""What a hall may write of its hours and its telephone: what people can act on. Pure."""

from __future__ import annotations

import re

from halls.domain.telephone import is_telephone

_BETWEEN = re.compile(r"[、，,；;/]\s*|\s{2,}")
_TIME = re.compile(r"(\d{1,2})[:：](\d{2})")
_SPAN = re.compile(r"(\d{1,2})[:：](\d{2})\s*(?:-{1,2}|–|—{1,2}|―|~|～|至|到)\s*(\d{1,2})[:：](\d{2})")


def is_phone(text: str) -> bool:
    """Whether this is one telephone number or several."""
    return all(is_telephone(part.strip()) for part in _BETWEEN.split(text))


def why_no_hours(text: str) -> str:
    """Return what keeps people from knowing when to come, "" when nothing does."""
    times = [(int(hour), int(minute)) for hour, minute in _TIME.findall(text)]
    if any(hour > 24 or minute > 59 or (hour == 24 and minute) for hour, minute in times):
        return "没有这样的钟点。"
    spans = [tuple(map(int, span)) for span in _SPAN.findall(text)]
    if not spans:
        return "没有写从几点到几点。"
    return "结束早于开始。" if any(span[:2] >= span[2:] for span in spans) else ""
