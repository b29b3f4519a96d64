"""How often anybody may look a case up without a login. Pure."""

from __future__ import annotations

from halls.domain.errors import DomainError

WRONG_PER_NUMBER = 10  # a day
WRONG_PER_CLIENT = 20  # an hour


class TooManyTries(DomainError):  # noqa: N818
    """Too many wrong codes; `retry_after` is in seconds."""

    def __init__(self, code: str, message: str, *, cure: str, retry_after: int) -> None:
        super().__init__(code, message, cure=cure)
        self.retry_after = retry_after


def number_is_closed() -> TooManyTries:
    return TooManyTries(
        "number_closed_today",
        "这个编号今天输错查询码的次数太多, 为保护申请人, 今天不能再用查询码查询。",
        cure="请扫回执上的二维码查询, 或明天再试, 或到原服务点查询。",
        retry_after=86400,
    )


def client_is_closed() -> TooManyTries:
    return TooManyTries(
        "client_closed_this_hour",
        "从您这里输错的次数太多。",
        cure="请一小时后再试, 或扫回执上的二维码查询, 或到就近服务点查询。",
        retry_after=3600,
    )
