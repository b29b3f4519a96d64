"""What the tests of bulletins and of closed months share."""

from copy import deepcopy
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import F

from applications.models import Application
from supervision.actions.draft_bulletin import draft_bulletin
from supervision.actions.review_bulletin import review_bulletin
from supervision.actions.sign_bulletin import sign_bulletin
from supervision.domain.periods import Period, PeriodKind

MARCH = Period(PeriodKind.MONTH, date(2026, 3, 1))


def signed(county, second, period=MARCH):
    row = draft_bulletin(county.hall, period)
    row = review_bulletin(row.pk, actor=county.actor("supervisor"), version=row.version, remarks="请各乡镇抓紧办理。")
    return sign_bulletin(row.pk, actor=second, version=row.version)


def streamed(response: Any) -> bytes:
    return b"".join(response.streaming_content)


def make_late(case):
    """As a calendar of later would: the promise ends before the decision."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE applications_application DISABLE TRIGGER USER")
        cursor.execute(
            "UPDATE applications_application SET due_at = decided_at - interval '1 day' WHERE id = %s", [case.pk]
        )
        cursor.execute("ALTER TABLE applications_application ENABLE TRIGGER USER")


def forged(row, **cells):
    """Its content with other cells in the line of the first township."""
    content = deepcopy(row.content)
    table = content["tables"][0]
    for key, text in cells.items():
        table["rows"][1]["cells"][table["keys"].index(key)] = text
    return content


def timely(number=0):
    decided = Application.objects.filter(decided_at__gte=MARCH.begins_at, due_at__gte=F("decided_at"))
    return decided.order_by("pk")[number]


def late_in(row, place=0):
    table = row.content["tables"][0]
    return table["rows"][place]["cells"][table["keys"].index("late")]
