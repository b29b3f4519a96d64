"""The ledger of a hall and month."""

import io

import pytest
from django.test import Client
from openpyxl import load_workbook

from applications.models import Application
from supervision.selectors.ledgers import HEADS
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


def book(county, role, **query):
    client = Client()
    client.force_login(county.people[role])
    page = client.get("/ledger/", {"month": "2026-03", **query})
    assert page.status_code == 200
    return page


def test_a_township_and_the_county_see_the_halls_below_them_until_they_ask_for_their_own(march):
    received = Application.objects.filter(received_at__gte=MARCH.begins_at, received_at__lt=MARCH.ends_at)
    for role, hall in (("supervisor", march.hall), ("director0", march.townships[0])):
        whole, own = book(march, role), book(march, role, below="0")
        assert whole.context["totals"][0] == ("合计", received.filter(path__startswith=hall.path).count())
        assert own.context["totals"][0] == ("合计", received.filter(path=hall.path).count())
        assert whole.context["totals"][0][1] > own.context["totals"][0][1]
        assert "和下级大厅" in whole.content.decode()
        assert f"{hall.name}本级" in own.content.decode()
        assert (
            book(march, role, below="0", hall=hall.code)
            .context["below_url"]
            .endswith(f"hall={hall.code}&month=2026-03")
        )
    assert "村和乡镇收的不在其中" in book(march, "supervisor", below="0").content.decode()
    village = book(march, "clerk0")
    assert village.context["below_url"] == ""
    assert village.context["totals"][0][1] == received.filter(path=march.villages[0].path).count() > 0


def test_whoever_brought_a_case_is_called_by_the_official_term(march):
    page = book(march, "supervisor")
    text = page.content.decode()
    assert "代办人" not in text
    heads = list(page.context["heads"])
    place, clerk, window = (heads.index(head) for head in ("来自", "村代办员", "窗口人员"))
    villages = {hall.short_name for hall in march.villages}
    # The first two heads are number and matter, which a row keeps apart.
    lines = [["", "", *(cell for _head, cell in row["cells"])] for row in page.context["rows"]]
    told = {(line[place] in villages, bool(line[clerk]), bool(line[window])) for line in lines}
    assert told <= {(True, True, False), (False, False, True)}
    assert (True, True, False) in told


def test_every_line_leads_to_its_case_and_says_on_a_phone_what_each_value_is(march):
    page = book(march, "supervisor")
    text = page.content.decode()
    rows = page.context["rows"]
    assert rows
    for row in rows:
        assert f'<a href="{row["url"]}">{row["number"]}</a>' in text
        assert [head for head, _cell in row["cells"]] == list(HEADS[3:])
    assert text.count('<span class="on-card">申请人 </span>') == len(rows)
