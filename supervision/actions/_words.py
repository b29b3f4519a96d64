"""Words as an act keeps them."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext as _

from halls.domain.errors import Invalid
from halls.domain.printable import printable

LONGEST_WORDS: Final = 2000


def sound_words(text: str, field: str, what: str, *, shortest: int = 1, longest: int = LONGEST_WORDS) -> str:
    """Return what is written as it is kept; `what` names it to people. Raises Invalid for too little and too much."""
    words = printable(text).strip()
    if not shortest <= len(words) <= longest:
        message = _("请写明%(what)s（%(most)d 字以内）。") % {"what": what, "most": longest}
        raise Invalid("words_missing", message, field=field, cure=_("写清楚再提交。"))
    return words
