"""The ledger of a hall and month."""

import io

import pytest
from django.test import Client
from openpyxl import load_workbook

from applications.models import Application
from tests.supervision.bulletins import MARCH, streamed

pytestmark = pytest.mark.django_db


def test_the_ledger_of_a_hall_lists_its_month_and_nobody_elses(march):
    client = Client()
    client.force_login(march.people["window0"])
    own = march.townships[0]
    page = client.get(f"/ledger/?month=2026-03&below=1&hall={own.code}").content.decode()
    numbers = {
        case.display_number
        for case in Application.objects.filter(path__startswith=own.path, received_at__gte=MARCH.begins_at)
    }
    assert numbers
    assert all(number in page for number in numbers)
    assert client.get(f"/ledger/?month=2026-03&hall={march.townships[1].code}").status_code == 404
    assert client.get("/ledger/?month=2026-13").status_code == 422
    book = client.get(f"/ledger/?month=2026-03&below=1&hall={own.code}&format=xlsx")
    sheet = load_workbook(io.BytesIO(streamed(book)))["台账"]
    assert {row[1] for row in list(sheet.values)[1:]} == numbers
