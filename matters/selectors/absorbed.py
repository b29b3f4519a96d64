"""What merged matters were called: whoever looks for the old name finds the one that goes on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from matters.models import Matter

Phrase = tuple[str, bool]  # what people say, and whether this matter is the first they mean by it


def old_names() -> Mapping[str, tuple[Phrase, ...]]:
    """Return by code of the matter that goes on what those that became part of it were called (1 query).

    A merged matter leads through others that were merged since to the last one.
    """
    rows = Matter.objects.filter(merged_into__isnull=False).order_by("code")
    columns = list(rows.values_list("code", "name", "current__aliases", "merged_into__code"))
    leads = {code: into for code, _name, _aliases, into in columns}
    found: dict[str, list[Phrase]] = defaultdict(list)
    for _code, name, aliases, into in columns:
        last = into
        while last in leads:  # no circle: nothing is merged into what is gone
            last = leads[last]
        found[last] += [(name, True), *((alias, False) for alias in aliases or ())]
    return {code: tuple(phrases) for code, phrases in found.items()}
