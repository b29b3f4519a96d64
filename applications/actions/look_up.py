"""Looking a case up with its number and code, without a login: the public page and the API alike.

The code is derived from the number, so a wrong one is known before any case is read: an unknown number
and a wrong code take the same way, the same time and give the same answer.
"""

from __future__ import annotations

import ipaddress
import random

from django.db import connection

from applications.domain.look_ups import (
    WRONG_PER_CLIENT,
    WRONG_PER_NUMBER,
    client_is_closed,
    is_pair_closed,
    number_is_closed,
    pair_is_closed,
)
from applications.domain.numbers import normalise_code, parse_case_number
from applications.models import LookUpFailure
from applications.sealing import blind_index, query_code, query_token, same
from applications.selectors.progress import Progress, pair_of, progress_of
from halls.domain.errors import NotFound

_TABLE = LookUpFailure._meta.db_table
# One row per number and day, one per client and hour; the lock on the row makes the count exact.
_COUNT = f"""
    INSERT INTO {_TABLE} (kind, subject, starts_at, failures)
    VALUES ('client', %s, date_trunc('hour', now()), 1), ('number', %s, date_trunc('day', now(), 'Asia/Shanghai'), 1)
    ON CONFLICT (kind, subject, starts_at) DO UPDATE SET failures = {_TABLE}.failures + 1
    RETURNING kind, failures
"""  # noqa: S608 - no input in it
_COUNT_PAIR = _COUNT.replace("'client', %s", "'pair', %s")
_FORGET = f"DELETE FROM {_TABLE} WHERE starts_at < now() - interval '3 days'"  # noqa: S608
_FORGET_ONE_IN = 50


def look_up(number: str, code: str, *, client: str) -> Progress:
    """Return how far a case is, for whoever has its number and code (or the token of its QR code).

    `client` is the address the question comes from. Two statements; one for a wrong code. Raises
    Invalid (the number is mistyped), NotFound (number and code do not belong together), TooManyTries.
    """
    number = parse_case_number(number)
    client = anonymous(client)
    code = code.strip()
    if same(query_token(number), code):
        # 128 bits cannot be tried out, so a number that strangers closed stays open for its own paper.
        found = progress_of(number)
    elif same(query_code(number), normalise_code(code)):
        found = progress_of(number, client=client)
    else:
        found = None
    if found is None:
        count_wrong(number, client)
        error = NotFound("编号和查询码对不上。")
        error.cure = "请照回执核对编号和查询码；找不到回执的，带身份证到原服务点查询。"
        raise error
    require_open(found.wrong_for_number, found.wrong_from_client)
    return found


def count_wrong(number: str, client: str) -> None:
    """Count a wrong code; `client` is anonymous already.

    Raises TooManyTries from the first one that is too many.
    """
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [client, number])
        counts = dict(cursor.fetchall())
        if random.randrange(_FORGET_ONE_IN) == 0:  # noqa: S311 - when to clean up is no secret
            cursor.execute(_FORGET)
    require_open(counts["number"] - 1, counts["client"] - 1)


def count_wrong_of_pair(number: str, client: str) -> None:
    """Count a wrong code of a complaint, or of a paper to rate with; `client` is anonymous already.

    Nobody but whoever tries is shut out. Raises TooManyTries from the first one that is too many.
    """
    with connection.cursor() as cursor:
        cursor.execute(_COUNT_PAIR, [pair_of(number, client), number])
        counts = dict(cursor.fetchall())
        if random.randrange(_FORGET_ONE_IN) == 0:  # noqa: S311 - when to clean up is no secret
            cursor.execute(_FORGET)
    require_pair_open(counts["pair"] - 1, counts["number"] - 1)


def require_pair_open(wrong_of_pair: int, wrong_for_number: int) -> None:
    if is_pair_closed(wrong_of_pair, wrong_for_number):
        raise pair_is_closed()


def require_open(wrong_for_number: int, wrong_from_client: int) -> None:
    if wrong_from_client >= WRONG_PER_CLIENT:
        raise client_is_closed()
    if wrong_for_number >= WRONG_PER_NUMBER:
        raise number_is_closed()


def anonymous(client: str) -> str:
    """A keyed hash of the address; of an IPv6 address only the subscriber's part."""
    try:
        address = ipaddress.ip_address(client)
    except ValueError:
        return blind_index(f"client|{client}")
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is None:
        client = str(ipaddress.ip_network(f"{address}/64", strict=False).network_address)
    return blind_index(f"client|{client}")
