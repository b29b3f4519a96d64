"""The person or body a case is for. Identity number and phone never lie in the clear."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from applications import sealing
from applications.domain.identity import IdKind, mask_id_number, mask_name, mask_phone


class Applicant(models.Model):
    """A snapshot of who asked, as told at filing; one per case.

    The sealed columns are AES-256-GCM, bound to this row and column: a ciphertext copied to another
    row does not open. `id_index` is a keyed hash for exact look-up.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(_("姓名或名称"), max_length=64)
    id_kind = models.CharField(_("证件类型"), max_length=16, choices=tuple((k.value, k.label) for k in IdKind))
    id_sealed = models.BinaryField(editable=False)
    id_index = models.CharField(max_length=64, db_index=True, editable=False)
    phone_sealed = models.BinaryField(editable=False, default=b"", blank=True)
    # What a list may show; computed once so that lists never open a seal.
    id_masked = models.CharField(max_length=32, editable=False)
    phone_masked = models.CharField(max_length=32, editable=False, blank=True)
    address = models.CharField(_("住址"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("申请人")
        verbose_name_plural = _("申请人")
        indexes = (models.Index(fields=("name",), name="applicant_name"),)  # asked for by name at the counter

    def __str__(self) -> str:
        return self.masked_name

    def put(self, *, name: str, id_kind: IdKind, id_number: str, phone: str, address: str) -> None:
        """Take over checked particulars and seal them (does not save)."""
        self.name = name
        self.id_kind = id_kind
        self.id_sealed = sealing.seal(id_number, row=str(self.id), field="id_number")
        self.id_index = sealing.blind_index(id_number)
        self.id_masked = mask_id_number(id_number)
        self.phone_sealed = sealing.seal(phone, row=str(self.id), field="phone") if phone else b""
        self.phone_masked = mask_phone(phone)
        self.address = address

    @property
    def masked_name(self) -> str:
        return mask_name(self.name, is_person=self.id_kind != IdKind.USCC)

    def open_id_number(self) -> str:
        """The identity number in the clear. Call only through the `reveal` action."""
        return sealing.unseal(bytes(self.id_sealed), row=str(self.id), field="id_number")

    def open_phone(self) -> str:
        """The phone number in the clear, or "". Call only through an action that writes an AccessRecord."""
        if not self.phone_sealed:
            return ""
        return sealing.unseal(bytes(self.phone_sealed), row=str(self.id), field="phone")
