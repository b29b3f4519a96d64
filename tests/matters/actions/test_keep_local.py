"""A hall writes its own lines of a matter, and none of the eleven that are the same everywhere."""

from __future__ import annotations

import pytest
from django.core.exceptions import FieldDoesNotExist

from applications.actions.draft import draft
from halls.domain.errors import Invalid, NotFound, NotPermitted, Refused, Stale
from matters.actions.keep_local import LocalElements, keep_local, pause_here, reopen_here
from matters.domain.sameness import BASE_ELEMENTS
from matters.models import HallMatter, Matter
from matters.selectors.local import offered_at
from matters.selectors.sameness import sameness
from tests.factories.halls import GAOQIAO

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]
TAIHE = "500236272"


def test_a_hall_writes_where_when_and_whom_to_call(seeded) -> None:
    editor = seeded.actor("catalogue_editor")
    row = keep_local(
        GAOQIAO, "NY-003", LocalElements("村委会一楼", "1 号", "逢二五八 9:00-12:00", "023-56560001"), actor=editor
    )
    assert (row.place, row.window, row.version) == ("村委会一楼", "1 号", 1)
    again = keep_local(GAOQIAO, "NY-003", LocalElements("村委会二楼"), actor=editor, version=1)
    assert (again.pk, again.place, again.phone, again.version) == (row.pk, "村委会二楼", "", 2)
    assert [one.place for one in HallMatter.history.order_by("history_id")] == ["村委会一楼", "村委会二楼"]


def test_no_base_element_has_a_column_in_a_hall() -> None:
    for element in BASE_ELEMENTS:
        with pytest.raises(FieldDoesNotExist):
            HallMatter._meta.get_field(element)


def test_an_older_page_is_told(seeded) -> None:
    editor = seeded.actor("catalogue_editor")
    keep_local(GAOQIAO, "NY-003", LocalElements("一楼"), actor=editor, version=0)
    with pytest.raises(Stale):
        keep_local(GAOQIAO, "NY-003", LocalElements("二楼"), actor=editor, version=0)


@pytest.mark.parametrize(
    ("hall", "matter", "role", "error"),
    [
        (GAOQIAO, "NY-003", "village_clerk", NotPermitted),
        (GAOQIAO, "NY-003", "bureau_editor", NotPermitted),
        ("999999", "NY-003", "catalogue_editor", NotFound),
        (GAOQIAO, "QQ-9", "catalogue_editor", NotFound),
        (GAOQIAO, "MZ-014", "catalogue_editor", Refused),
    ],
)
def test_who_and_where(seeded, hall, matter, role, error) -> None:
    if matter == "MZ-014":
        current = Matter.objects.get(code=matter).current
        assert current is not None
        assert "village" not in current.accept_levels
    with pytest.raises(error):
        keep_local(hall, matter, LocalElements("一楼"), actor=seeded.actor(role))


def test_too_long_is_told_with_every_field(seeded) -> None:
    with pytest.raises(Invalid) as refused:
        keep_local(
            GAOQIAO,
            "NY-003",
            LocalElements("长" * 121, "窗" * 61, "", "9" * 41),
            actor=seeded.actor("catalogue_editor"),
        )
    assert [problem.field for problem in refused.value.problems] == ["place", "window", "phone"]
    assert not HallMatter.objects.exists()


def test_a_matter_paused_here_is_taken_in_elsewhere(seeded) -> None:
    editor, clerk = seeded.actor("catalogue_editor"), seeded.actor("village_clerk")
    with pytest.raises(Invalid):
        pause_here(GAOQIAO, "NY-003", actor=editor, reason="  ")
    pause_here(GAOQIAO, "NY-003", actor=editor, reason="窗口改造，3 月 20 日恢复")
    with pytest.raises(Refused) as refused:
        draft(actor=clerk, matter_code="NY-003", hall_code=GAOQIAO)
    assert refused.value.code == "paused_here"
    assert "窗口改造" in refused.value.message
    neighbour = seeded.actor("neighbour_clerk")
    assert draft(actor=neighbour, matter_code="NY-003", hall_code=neighbour.hall_code).pk
    with pytest.raises(Refused):
        pause_here(GAOQIAO, "NY-003", actor=editor, reason="再停")
    reopen_here(GAOQIAO, "NY-003", actor=editor)
    assert draft(actor=clerk, matter_code="NY-003", hall_code=GAOQIAO).pk
    with pytest.raises(Refused):
        reopen_here(GAOQIAO, "NY-003", actor=editor)


def test_the_accepted_list_of_a_hall_is_what_its_tier_takes_in(seeded) -> None:
    hall = seeded.hall(GAOQIAO)
    listed = {one.matter.code for one in offered_at(hall)}
    assert listed == {
        matter.code
        for matter in Matter.objects.select_related("current")
        if matter.current is not None and "village" in matter.current.accept_levels and not matter.paused_on
    }


def test_what_ships_says_the_same_everywhere() -> None:
    assert sameness() == ()
