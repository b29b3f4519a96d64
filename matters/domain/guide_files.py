"""The files that a guide names: blank forms (空表), filled samples (样表), the sample of its result. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

PARTS = {"blank": "空表", "sample": "样表"}
_UNFIT = re.compile(r"[^\w()（）]+")
LONGEST = 50


def named_in(content: Mapping[str, Any]) -> frozenset[str]:
    """Return the names of files in a guide's content, whatever else is wrong with it."""
    return frozenset(name for name in _names(content) if isinstance(name, str) and name)


def _names(content: Mapping[str, Any]) -> Iterator[object]:
    materials = content.get("materials")
    for material in materials if isinstance(materials, list) else ():
        if isinstance(material, Mapping):
            yield from (material.get(part) for part in PARTS)
    result = content.get("result")
    if isinstance(result, Mapping):
        yield result.get("sample")


def stem_of(material: str, part: str) -> str:
    """Return how all files of this part of this material begin: 申请表_空表.

    A look-alike ideograph is the one it stands for, as in the name that is kept: else its editions would not be seen.
    """
    return f"{_UNFIT.sub('_', unicodedata.normalize('NFC', material))[:LONGEST].strip('_') or '材料'}_{PARTS[part]}"


def edition_of(name: str, material: str, part: str) -> int:
    """Return the number in 申请表_空表_第2版.docx; 0 for a file that is not of this part."""
    found = re.fullmatch(rf"{re.escape(stem_of(material, part))}_第(\d{{1,6}})版\.\w+", name)
    return int(found[1]) if found else 0


def name_of(material: str, part: str, edition: int) -> str:
    """Return the name of an edition, without its extension."""
    return f"{stem_of(material, part)}_第{edition}版"
