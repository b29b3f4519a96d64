"""`manage.py allow_time_travel`: let the owner of the database, and nobody else, shift the clock of acts.

For demonstrations and rehearsals only. Afterwards a session of the owner may `SET halls.at = '2026-03-02 10:00+08'`
and act then; for the application's role the clock stays the database's own, whatever it sets.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils.translation import gettext as _
from psycopg2 import sql

# session_user is who logged in: neither SET ROLE nor a SECURITY DEFINER function changes it.
SHIFTABLE = """
CREATE OR REPLACE FUNCTION halls_now() RETURNS timestamptz LANGUAGE sql VOLATILE PARALLEL RESTRICTED
AS $$ SELECT CASE WHEN session_user = {owner}
  THEN coalesce(nullif(current_setting('halls.at', true), '')::timestamptz, clock_timestamp())
  ELSE clock_timestamp() END $$
"""
OWNER = "SELECT pg_get_userbyid(proowner) FROM pg_proc WHERE oid = 'halls_now()'::regprocedure"


class Command(BaseCommand):
    help = "允许数据库所有者在演示和演练中调整办件时钟；生产环境拒绝执行。"

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError(_("只有演示和测试环境可以调整办件时钟；正式环境的时钟任何人都不能拨动。"))
        with connection.cursor() as cursor:
            cursor.execute(OWNER)
            (owner,) = cursor.fetchone()
            if owner == settings.DATABASE_APP_ROLE:
                raise CommandError(_("时钟函数归网站的角色所有，不能开放调整。请用单独的所有者建库。"))
            cursor.execute(sql.SQL(SHIFTABLE).format(owner=sql.Literal(owner)))
