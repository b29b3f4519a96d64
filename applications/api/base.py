"""What the views of one case share."""

from __future__ import annotations

import re
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response

from applications.api.shapes import CaseSerializer
from applications.selectors.find import CaseFile, case_file, find_key
from halls.api.base import Input, StaffView

_ETAG = re.compile(r'(?:W/)?"?([0-9]{1,9})"?')


class CaseView(StaffView):
    """A view of the case whose number (or, for a draft, key) stands in the address."""

    def key(self, ref: str) -> int:
        """The primary key of the case. Raises NotFound for what the actor cannot see."""
        return find_key(self.actor, ref)

    def versioned(self, kind: type[Input]) -> dict[str, Any]:
        """The checked body; `version` comes from If-Match where that header is sent."""
        body = self.body(kind)
        header = self.request.headers.get("If-Match", "").strip()
        if header:
            found = _ETAG.fullmatch(header)
            if found is None:
                raise ValidationError({"If-Match": _('应为本件的版本号，如 "3"。')})
            body["version"] = int(found[1])
        return body

    def answer(self, application_id: int, status: int = 200) -> Response:
        """The case as it stands now."""
        return self.told(case_file(self.actor, Q(pk=application_id)), status)

    def told(self, file: CaseFile, status: int = 200) -> Response:
        shape = CaseSerializer(file, context={"request": self.request})
        return Response(shape.data, status, headers={"ETag": f'"{file.application.version}"'})
