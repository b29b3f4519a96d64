"""How often anybody may look a case up without a login. Pure."""

from __future__ import annotations

from halls.domain.errors import DomainError

WRONG_PER_NUMBER = 10  # a day
WRONG_PER_CLIENT = 20  # an hour
# Of a complaint, which somebody wants nobody to follow: whoever tries closes the number for themselves and no other.
# 40 bits, a few tries an hour from each address: in a year nobody comes near.
WRONG_PER_PAIR = 10  # an hour, for one number from one address
MANY_FOR_NUMBER = 300  # a day, from everywhere; beyond it every address has one
ONE_EACH = 1


def is_pair_closed(wrong_of_pair: int, wrong_for_number: int) -> bool:
    """Whether this address may try no more codes for this number for the rest of the hour; others still may."""
    return wrong_of_pair >= (ONE_EACH if wrong_for_number >= MANY_FOR_NUMBER else WRONG_PER_PAIR)


class TooManyTries(DomainError):  # noqa: N818
    """Too many wrong codes; `retry_after` is in seconds."""

    def __init__(self, code: str, message: str, *, cure: str, retry_after: int) -> None:
        super().__init__(code, message, cure=cure)
        self.retry_after = retry_after


def number_is_closed() -> TooManyTries:
    return TooManyTries(
        "number_closed_today",
        "这个编号今天输错查询码的次数太多，为保护申请人，今天不能再用查询码查询。",
        cure="请扫回执上的二维码查询，或明天再试，或到原服务点查询。",
        retry_after=86400,
    )


def client_is_closed() -> TooManyTries:
    return TooManyTries(
        "client_closed_this_hour",
        "从您这里输错的次数太多。",
        cure="请一小时后再试，或扫回执上的二维码查询，或到就近服务点查询。",
        retry_after=3600,
    )


def pair_is_closed() -> TooManyTries:
    return TooManyTries(
        "pair_closed_this_hour",
        "从您这里给这个编号输错的次数太多。",
        cure="请扫回执上的二维码查询，或换一个网络（如手机流量）再试，或一小时后再试。",
        retry_after=3600,
    )
