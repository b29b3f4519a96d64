from io import StringIO

import pytest
from django.core.management import call_command

from halls.acting import Actor, acting_user
from halls.domain.duties import PostKind
from halls.models import User
from tests.factories.halls import DATA, HallFactory, person_in_post


@pytest.fixture
def signers(db) -> dict[str, Actor]:
    """A county with its calendar, its administrator, its supervisor, and people who may not sign."""
    call_command("load_calendar", str(DATA / "calendar" / "2026.json"), stdout=StringIO())
    county = HallFactory.create()
    township = HallFactory.create(township=True, parent=county)
    people = {
        "administrator": person_in_post(PostKind.ADMINISTRATOR, county),
        "supervisor": person_in_post(PostKind.SUPERVISOR, county),
        "director": person_in_post(PostKind.SUPERVISOR, township),
        "window": person_in_post(PostKind.WINDOW_CLERK, county),
    }
    return {name: acting_user(User.objects.get(pk=user.pk)) for name, user in people.items()}
