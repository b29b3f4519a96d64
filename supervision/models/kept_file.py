"""What is kept of a file that somebody brought: its name, type, size and hash."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from halls.models import AppendOnly


class KeptFile(AppendOnly):
    """A file beside what it came with; its bytes lie under their hash beside all other uploads (halls.files)."""

    name = models.CharField(_("文件名"), max_length=120)
    media_type = models.CharField(_("类型"), max_length=32)
    size = models.PositiveIntegerField(_("字节"))
    sha256 = models.CharField(max_length=64)

    class Meta(AppendOnly.Meta):
        abstract = True
        constraints: ClassVar[tuple[models.BaseConstraint, ...]] = (
            models.CheckConstraint(condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="%(class)s_digest"),
        )

    def __str__(self) -> str:
        return self.name
