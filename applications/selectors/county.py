"""The county a hall belongs to, for numbers and document headings."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from halls.models import Hall


class County(NamedTuple):
    code: str
    name: str  # 奉节县
    sign: str  # 奉, the first character, as in document numbers


@lru_cache(maxsize=64)
def county_of(path: str) -> County:
    """Return the county at the root of a hall's path; kept for the life of the process."""
    code = path.split("/", 1)[0]
    name = Hall.objects.values_list("division__name", flat=True).get(code=code)
    return County(code, name, name[:1])
