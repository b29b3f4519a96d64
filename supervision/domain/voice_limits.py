"""How often anybody may lodge something without a login. Pure."""

from __future__ import annotations

from typing import Final

from applications.domain.look_ups import TooManyTries

# Per hour. A hall's own network and a telephone company's stand for many people at once, so what one of them sends
# closes the way for that one device; the address has a ceiling that nobody reaches by hand.
LODGED_PER_DEVICE: Final = 20
LODGED_PER_CLIENT: Final = 300


def too_many_lodged() -> TooManyTries:
    return TooManyTries(
        "too_many_lodged",
        "从您这里一小时内提交的太多了，这一件没有收下。",
        cure="请一小时后再提交；急的请打 12345，或到就近的便民服务点说，工作人员当场登记。",
        retry_after=3600,
    )
