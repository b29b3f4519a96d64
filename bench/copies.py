"""A large county in minutes: every case that the real actions made, and all that hangs on it, many times over.

The copies share places, people and moments with their originals, so that lists, figures and papers have as much to read
as in a county that lived through so many cases. Their chains of events carry the numbers of the originals: nothing here
is proved, only measured.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import closing
from typing import Any, Final

import psycopg2
from django.apps import apps
from django.db.models import Model

from applications.models import AccessRecord, Applicant, Application, IdempotencyKey, MaterialFile
from supervision.models import Term, Voice

STRIDE: Final = 10_000_000
NOT_COPIED: Final[tuple[type[Model], ...]] = (AccessRecord, IdempotencyKey, MaterialFile)
# What may be there only once, by (table, column): the copy says it with its own number.
_APPLICANT: Final = "md5({column}::text || {copy})::uuid"
OWN: Final = {
    ("applications_applicant", "id"): _APPLICANT,
    ("applications_application", "applicant_id"): _APPLICANT,
    ("applications_application", "key"): "gen_random_uuid()",
    ("supervision_voice", "key"): "gen_random_uuid()",
    ("applications_application", "number"): "'C' || {copy} || right({column}, 12)",
    ("supervision_voice", "number"): "'C' || {copy} || right({column}, 12)",
    ("applications_document", "number"): "{column} || '-' || {copy}",
    ("supervision_voiceact", "paper"): "CASE {column} WHEN '' THEN '' ELSE {column} || '-' || {copy} END",
    ("supervision_supervisionorder", "serial"): "{column} + 1000 * {copy}",
    ("supervision_supervisionorder", "title"): "{column} || {copy}",
    ("supervision_message", "key"): "left({column}, 70) || ':' || {copy}",
}


def fill(wanted: int) -> int:
    """Copy until there are about so many cases; returns how many there are."""
    made = Application.objects.count()
    copies = range(1, max(wanted // max(made, 1), 1))
    models = list(_models())
    with closing(psycopg2.connect(os.environ["DATABASE_OWNER_URL"])) as owner, owner.cursor() as cursor:
        owner.autocommit = True
        _guards(cursor, models, "DISABLE")
        for copy in copies:
            # Deferred keys are checked at the end of each copy.
            cursor.execute("BEGIN")
            for model in models:
                cursor.execute(_statement(model, models, copy))
            cursor.execute("COMMIT")
            sys.stderr.write(f"\r{made * (copy + 1)} cases")
        _guards(cursor, models, "ENABLE")
        cursor.execute("VACUUM ANALYZE")
    return Application.objects.count()


def _models() -> Iterator[type[Model]]:
    """Cases, limits of what is no case, what villagers bring, and whatever points at one of them."""
    found: set[type[Model]] = {Applicant, Application, Term, Voice}
    known = [model for app in ("applications", "supervision") for model in apps.get_app_config(app).get_models()]
    grown = True
    while grown:
        grown = False
        for model in known:
            if model not in found and model not in NOT_COPIED and any(goes in found for goes in _goals(model)):
                found.add(model)
                grown = True
    yield from (model for model in known if model in found)


def _goals(model: type[Model]) -> list[Any]:
    return [field.related_model for field in model._meta.concrete_fields if field.is_relation]


def _statement(model: type[Model], models: list[type[Model]], copy: int) -> str:
    """Insert every original once more, its keys and what they point at moved by the stride."""
    table, columns, values = model._meta.db_table, [], []
    for field in model._meta.concrete_fields:
        column = f'"{field.column}"'
        is_moved = field.primary_key or (field.is_relation and field.related_model in models)
        own = OWN.get((table, str(field.column)))
        columns.append(column)
        if own:
            values.append(own.format(column=column, copy=copy))
        else:
            values.append(f"{column} + {STRIDE * copy}" if is_moved else column)
    originals = f'SELECT {", ".join(values)} FROM "{table}" WHERE {_is_original(model)}'
    return f'INSERT INTO "{table}" ({", ".join(columns)}) {originals}'


def _is_original(model: type[Model]) -> str:
    if model is Applicant:
        return f"id IN (SELECT applicant_id FROM applications_application WHERE id < {STRIDE})"
    return f"id < {STRIDE}"


def _guards(cursor: Any, models: list[type[Model]], how: str) -> None:
    for model in models:
        cursor.execute(f'ALTER TABLE "{model._meta.db_table}" {how} TRIGGER USER')
