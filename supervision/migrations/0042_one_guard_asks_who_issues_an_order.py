"""Who issues an order is asked once: by the guard of its place, which is stricter than the one of its number was."""

from importlib import import_module

from django.db import migrations

# 0031 let whoever watches at or above the office issue; 0036 asks for a post at that very office, and for the rest of
# it the same. What 0031 added to this function therefore refuses nothing, and costs a look at the posts.
_PEOPLE = import_module("supervision.migrations.0031_another_person_with_the_duty")
_CHANGES: tuple[tuple[str, str], ...] = next(
    changes for _migration, _constant, name, changes in _PEOPLE.CHANGED if name == "supervision_guard_order"
)
WITHOUT: str = _PEOPLE._before("0026_orders_and_urges", "FORWARD", "supervision_guard_order")
WITH: str = _PEOPLE._after(WITHOUT, _CHANGES)


class Migration(migrations.Migration):
    dependencies = [("supervision", "0041_ratings_are_held_against_who_was_late")]

    operations = [migrations.RunSQL(WITHOUT, WITH)]
