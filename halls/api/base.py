"""What every view of the API is built from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.views import APIView

from halls.acting import Actor, acting_user

if TYPE_CHECKING:
    from rest_framework.views import AsView, GenericView

Input = serializers.Serializer[Any]
# Programs add these to any address; they choose nothing here.
_IGNORED = frozenset({"format", "_"})


class ApiView(APIView):
    @classmethod
    def as_view(cls, **initkwargs: Any) -> AsView[GenericView]:
        view = super().as_view(**initkwargs)
        # A POST to the address without its slash would be redirected to a GET: better a 404 that says so.
        view.should_append_slash = False  # type: ignore[attr-defined]
        return view

    def body(self, kind: type[Input]) -> dict[str, Any]:
        """The checked body. Raises ValidationError with every faulty field."""
        return _checked(kind(data=self.request.data))

    def query(self, kind: type[Input]) -> dict[str, Any]:
        """The checked query. A filter that nobody knows is refused: it would silently show everything."""
        given = self.request.query_params.dict()
        known = kind()
        unknown = sorted(set(given) - set(known.fields) - _IGNORED)
        if unknown:
            cure = _("没有这个查询条件；可以用：%(names)s。") % {"names": "、".join(known.fields)}
            raise ValidationError({name[:64]: cure for name in unknown})
        return _checked(kind(data=given))


class PublicView(ApiView):
    """Open to everybody; does not even look who asks."""

    authentication_classes = ()
    permission_classes = ()


class StaffView(ApiView):
    """Open to people with an account; what they see and may do follows from their duties."""

    @property
    def actor(self) -> Actor:
        return acting_user(self.request.user)


def _checked(serializer: Input) -> dict[str, Any]:
    serializer.is_valid(raise_exception=True)
    return dict(serializer.validated_data)
