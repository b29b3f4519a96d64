"""下载证据包: what is handed to 纪检监察 leaves the system as one file, and every download stays on record."""

from __future__ import annotations

import hashlib
import io
import zipfile
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from halls.acting import Actor
from halls.domain.errors import NotFound, Refused
from halls.selectors.work_calendar import read_moment
from supervision.actions._cards import require_county
from supervision.models import EvidenceDownload
from supervision.selectors.accounts import account_of, stage_of
from supervision.selectors.evidence import evidence_files

# A pack made twice from the same facts is the same but for its moment: no clock of the server gets into it.
_SAME_DAY = (2000, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Pack:
    """The bytes of the ZIP and its name."""

    data: bytes
    name: str
    sha256: str


@transaction.atomic
def take_evidence(account_id: int, *, actor: Actor) -> Pack:
    """Make the pack of a record that was referred, and register who took it.

    Raises NotPermitted (who does not watch the county), NotFound, Refused (`not_referred`).
    """
    require_county(actor)
    account = account_of(actor, account_id)
    if account is None:
        raise NotFound(_("没有这条责任追究记录，或者它不在您的监察范围内。"))
    if not stage_of(account).is_referred:
        raise Refused("not_referred", _("还没有移送纪检监察，没有证据包。"), cure=_("先登记移送的文号和日期。"))
    data = _zipped(evidence_files(account, read_moment(), actor.name))
    digest = hashlib.sha256(data).hexdigest()
    EvidenceDownload.objects.create(
        account=account,
        user_id=actor.user_id,
        person_code=actor.person_code,
        sha256=digest,
        size=len(data),
        at=read_moment().at,  # the trigger stamps the moment
    )
    return Pack(data, f"证据包-{account.number}-{account.pk}.zip", digest)


def _zipped(files: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as pack:
        for name, data in sorted(files.items()):
            pack.writestr(zipfile.ZipInfo(name, _SAME_DAY), data, zipfile.ZIP_DEFLATED)
    return stream.getvalue()
