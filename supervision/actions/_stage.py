"""A stage under a frozen clock: cases are played on it through the real actions, and everything is taken back.

The clock of acts cannot be shifted in production. Only the owner of the tables can stand here: inside the transaction
of the play, and nowhere else, `halls_now()` reads the moment of the play; the transaction never commits.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import DatabaseError, connection, transaction

from halls.busy import is_busy
from halls.domain.errors import Refused

_BENT = """
CREATE OR REPLACE FUNCTION halls_now() RETURNS timestamptz LANGUAGE sql VOLATILE PARALLEL RESTRICTED
AS $$ SELECT coalesce(nullif(current_setting('halls.at', true), '')::timestamptz, clock_timestamp()) $$
"""
_MINE = "SELECT proowner = current_user::regrole::oid FROM pg_proc WHERE oid = 'halls_now()'::regprocedure"


@contextmanager
def stage() -> Iterator[None]:
    """Raises Refused (`not_the_owner`) for whoever does not own the clock."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(_MINE)
            (is_mine,) = cursor.fetchone()
            if not is_mine:
                raise Refused(
                    "not_the_owner",
                    "试办要冻结时钟，只有数据库所有者能做。",
                    cure="请以所有者的连接运行 manage.py try_out。",
                )
            cursor.execute(_BENT)
        try:
            yield
        finally:
            transaction.set_rollback(True)


@contextmanager
def scene() -> Iterator[None]:
    """One play on the stage: what it leaves behind, faults of the database included, is gone before the next.

    Raises Refused (`database_refused`); a lock that stood in the way is raised as it is, as no fault of the guide.
    """
    try:
        with transaction.atomic():
            yield
            transaction.set_rollback(True)
    except DatabaseError as error:
        if is_busy(error):
            raise
        raise Refused("database_refused", f"数据库拒绝了：{str(error).splitlines()[0]}", cure="") from error


def freeze(moment: datetime) -> None:
    """Make it that moment for every act on this stage."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('halls.at', %s, true)", [moment.isoformat()])
