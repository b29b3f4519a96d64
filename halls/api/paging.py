"""Lists of the API in pages by key, both ways; the cursor is opaque."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from drf_spectacular.utils import inline_serializer
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.utils.urls import replace_query_param

from halls.paging import Key, Order

LARGEST_PAGE = 100
LONGEST_MOMENT = 40
_LARGEST_KEY = 2**63 - 1
M = TypeVar("M", bound=Model)


class PageQuery(serializers.Serializer[Any]):
    """Every list takes these. `cursor` comes from `next` and `previous` and is opaque."""

    cursor = serializers.CharField(required=False, max_length=600)
    page_size = serializers.IntegerField(required=False, default=20, min_value=1, max_value=LARGEST_PAGE)


def page_of(row: type[serializers.Serializer[Any]]) -> serializers.Serializer[Any]:
    """The shape of a page of such rows, for the schema."""
    fields: dict[str, Any] = {
        "results": row(many=True),
        "next": serializers.URLField(allow_null=True),
        "previous": serializers.URLField(allow_null=True),
    }
    return inline_serializer(f"PageOf{row.__name__.removesuffix('Serializer')}", fields)


@dataclass(frozen=True)
class Keyset:
    """An order by columns (and their types) that together are unique, all ascending or all descending."""

    columns: Mapping[str, type[str] | type[int] | type[datetime]]
    is_descending: bool = False

    @property
    def _order(self) -> Order:
        return Order(tuple(self.columns), self.is_descending)

    def page(
        self,
        request: Request,
        rows: QuerySet[M],
        query: dict[str, Any],
        shape: Callable[[Iterable[M]], Any],
    ) -> dict[str, Any]:
        """Return {results, next, previous} of one page, in one statement."""
        backwards, beyond = self._read(query.get("cursor"))
        found, has_more = self._order.page(rows, query["page_size"], beyond=beyond, backwards=backwards)
        has_next, has_previous = (True, has_more) if backwards else (has_more, bool(beyond))
        return {
            "results": shape(found),
            "next": self._link(request, found[-1:], backwards=False) if has_next else None,
            "previous": self._link(request, found[:1], backwards=True) if has_previous else None,
        }

    def _link(self, request: Request, rows: list[M], *, backwards: bool) -> str | None:
        if not rows:
            return None
        text = json.dumps([int(backwards), *map(_written, self._order.key_of(rows[0]))], ensure_ascii=False)
        cursor = base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")
        return replace_query_param(request.build_absolute_uri(), "cursor", cursor)

    def _read(self, cursor: str | None) -> tuple[bool, Key]:
        """Return the direction and the values of a cursor. Raises ValidationError for one that is not ours."""
        if not cursor:
            return False, ()
        try:
            direction, *values = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        except (ValueError, TypeError, RecursionError, binascii.Error):
            direction, values = None, []
        kinds = list(self.columns.values())
        if len(values) == len(kinds):
            values = [_moment(value) if kind is datetime else value for kind, value in zip(kinds, values, strict=True)]
        if direction not in (0, 1) or [_key_type(value) for value in values] != kinds:
            raise ValidationError({"cursor": _("看不懂这个游标；请用上一页给出的 next 或 previous 地址。")})
        return bool(direction), tuple(values)


def _written(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _moment(value: Any) -> datetime | None:
    try:
        found = parse_datetime(value) if isinstance(value, str) and len(value) <= LONGEST_MOMENT else None
    except ValueError:
        return None
    return found if found is not None and found.tzinfo is not None else None


def _key_type(value: Any) -> type | None:
    """The type of a value that may stand in a query, or None."""
    if isinstance(value, datetime):
        return datetime
    if type(value) is int and 0 <= value <= _LARGEST_KEY:
        return int
    return str if isinstance(value, str) and len(value) <= 200 and value.isprintable() else None
