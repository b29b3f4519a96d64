"""提出: a villager complains, asks, or says that one matter made them come twice; or somebody writes it down."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from applications.actions.look_up import anonymous
from applications.domain.identity import check_phone
from applications.domain.numbers import parse_case_number
from applications.domain.transitions import ClockKind
from applications.models import Application
from applications.sealing import blind_index, query_token, same
from halls import files
from halls.acting import Actor
from halls.constraints import violates
from halls.domain.duties import Duty
from halls.domain.errors import Invalid, NotPermitted, Refused
from halls.domain.persons import plain_code
from halls.domain.worktime import day_of
from halls.models import Department, Hall
from halls.selectors.work_calendar import Moment, read_moment
from matters.models import Matter
from supervision.actions._terms import Ask, start_term
from supervision.actions._voice import LONGEST, duty_at, page_of, tell
from supervision.domain.answers import LIMITS
from supervision.domain.voice_limits import LODGED_PER_CLIENT, LODGED_PER_DEVICE, too_many_lodged
from supervision.domain.voices import (
    FEWEST_TRIPS,
    KIND_LABELS,
    MOST_PHOTOS,
    SHORTEST,
    Channel,
    Kind,
    State,
    VoiceVerb,
    root_of,
    seat_of,
    spaced,
    voice_number,
)
from supervision.models import LodgingCount, Term, Voice, VoiceAct, VoicePhoto
from supervision.selectors.shield import is_watched_at, keeper_of, named_in

MOST_TRIPS: Final = 99
RECORDING: Final = (Duty.FILE, Duty.ACCEPT, Duty.SUPERVISE)
_TABLE = LodgingCount._meta.db_table
_COUNT = f"""
    INSERT INTO {_TABLE} (client, starts_at, lodged) VALUES (%s, date_trunc('hour', now()), 1)
    ON CONFLICT (client, starts_at) DO UPDATE SET lodged = {_TABLE}.lodged + 1 RETURNING lodged
"""  # noqa: S608 - no input in it
_FORGET = f"DELETE FROM {_TABLE} WHERE starts_at < now() - interval '3 days'"  # noqa: S608


@dataclass(frozen=True)
class Lodging:
    """What was said: codes of hall, department and matter, and the number of the case, as far as they are known.

    `case_proof`: the token of the case's own paper, which the QR on it carries.
    """

    kind: Kind
    words: str
    hall: str = ""
    department: str = ""
    case_number: str = ""
    case_proof: str = ""
    matter: str = ""
    accused_person: str = ""
    evidence: str = ""
    trips: int | None = None
    name: str = ""
    phone: str = ""
    channel: Channel = Channel.WEB
    photos: tuple[tuple[str, bytes], ...] = ()  # name and bytes of each, as they came


@dataclass(frozen=True)
class _About:
    hall: Hall
    department: Department | None
    application: Application | None
    matter: Matter | None

    @property
    def path(self) -> str:
        return self.department.path if self.department else self.hall.path


def lodge_voice(said: Lodging, *, key: UUID, client: str = "", device: str = "", actor: Actor | None = None) -> Voice:
    """Keep it, number it, let its limit run and tell whoever handles it. The same words under the same key again give
    the same row.

    `actor` is whoever writes it down for somebody else, never about their own hall; without one it comes from the
    address `client`, and `device` tells it from others there. Raises Invalid (every faulty field), TooManyTries,
    NotPermitted, Refused (`own_hall`, `key_of_another`).
    """
    source = None if actor else (client, device)
    photos = _checked(said, source)
    kept = _kept(key, said, photos)
    if kept is not None:
        return kept
    try:
        with transaction.atomic():
            if source and not photos:
                _count_visitor(source)
            return _lodge(said, key, photos, actor)
    except IntegrityError as fault:
        # Pressed twice at once.
        kept = _kept(key, said, photos) if violates(fault, "supervision_voice_key_key") else None
        if kept is None:
            raise
        return kept


def _checked(said: Lodging, source: tuple[str, str] | None) -> list[files.Checked]:
    """The photos, cleaned before anything is locked. Decoding takes its time: a visitor's tries are counted first."""
    if not said.photos:
        return []
    if said.kind == Kind.INQUIRY or len(said.photos) > MOST_PHOTOS:
        raise Invalid(
            "too_many_photos",
            _("投诉和「多次跑」反映最多附 %(n)d 张照片。") % {"n": MOST_PHOTOS},
            field="photos",
            cure=_("请去掉几张。"),
        )
    _require_sound(said)
    if source is not None:
        with transaction.atomic():
            _count_visitor(source)
    return [_photo(name, data) for name, data in said.photos]


def _photo(name: str, data: bytes) -> files.Checked:
    try:
        return files.check(data, name, field="photos", images_only=True)
    except Invalid as fault:
        if fault.code != "file_type" or "HEIC" in fault.cure:
            raise
        message, cure = (
            _("「%(name)s」不是 JPG 或 PNG 照片。") % {"name": name},
            _("请改传照片，或把别的材料拍成照片。"),
        )
        raise Invalid("file_type", message, field="photos", cure=cure) from None


def _kept(key: UUID, said: Lodging, photos: list[files.Checked]) -> Voice | None:
    """What came under this key already. Raises Refused (`key_of_another`) where that was something else."""
    kept = Voice.objects.select_related("hall", "department", "matter").filter(key=key).first()
    if kept is not None and (_content(kept) != _asked(said, kept) or _digests(kept) != [p.sha256 for p in photos]):
        raise Refused(
            "key_of_another",
            _("这一页已经提交过另一份内容，这一份没有收下。"),
            cure=_("请重新打开「咨询投诉」再填一次；已经提交的那一份照常办理。"),
        )
    return kept


def _digests(kept: Voice) -> list[str]:
    return list(kept.photos.order_by("pk").values_list("sha256", flat=True))


def _content(kept: Voice) -> tuple[object, ...]:
    named = (kept.kind, kept.words, kept.evidence, kept.accused_person, kept.trips, kept.open_name(), kept.open_phone())
    return (*named, kept.hall.code, kept.department.code if kept.department else "")


def _asked(said: Lodging, kept: Voice) -> tuple[object, ...]:
    """The same of what was said now; a place that nobody chose is the one it was found at."""
    trips = said.trips if said.kind == Kind.REPEAT else None
    accused, phone = "".join(said.accused_person.split()), check_phone(said.phone)
    words = (said.kind, said.words.strip(), said.evidence.strip(), accused, trips, said.name.strip(), phone)
    organ = said.department or ("" if said.hall or kept.department is None else kept.department.code)
    return (*words, kept.hall.code if said.department or not said.hall else said.hall, organ)


def _lodge(said: Lodging, key: UUID, photos: list[files.Checked], actor: Actor | None) -> Voice:
    _require_sound(said)
    phone = check_phone(said.phone)
    about = _about(said)
    if actor is not None:
        _require_recorder(said, about, actor)
    moment = read_moment()
    kind, accused = Kind(said.kind), "".join(said.accused_person.split())
    voice = Voice(
        key=key,
        number=voice_number(kind, day_of(moment.at), _next_serial()),
        kind=kind,
        channel=said.channel,
        lodged_at=moment.at,
        hall=about.hall,
        department=about.department,
        about_path=about.path,
        accused_person=accused,
        named=_named(said),
        seat_path=seat_of(kind, about.path),
        application=about.application,
        matter=about.matter,
        trips=said.trips if kind is Kind.REPEAT else None,
        words=said.words.strip(),
        evidence=said.evidence.strip(),
        recorded_by_id=actor.user_id if actor else None,
    )
    voice.put_person(name=said.name.strip(), phone=phone)
    if kind is not Kind.INQUIRY:
        _seat(voice, moment)
    voice.term = _start(voice, moment, actor)
    voice.save(force_insert=True)
    _keep_photos(voice, photos)
    _first_act(voice, moment, actor)
    words = _("收到新的%(kind)s %(number)s，请在时限内答复。") % {
        "kind": KIND_LABELS[kind],
        "number": spaced(voice.number),
    }
    tell(voice, voice.seat_path, duty_at(voice), words, f"voice:{voice.pk}:lodged", moment)
    return voice


def _start(voice: Voice, moment: Moment, actor: Actor | None) -> Term:
    clock = ClockKind.INQUIRY if voice.kind == Kind.INQUIRY else ClockKind.COMPLAINT
    title = f"{KIND_LABELS[Kind(voice.kind)]} {spaced(voice.number)}"
    ask = Ask(clock, LIMITS[clock], title, page_of(voice.number), voice.seat_path, duty_at(voice))
    return start_term(ask, moment, actor)


def _keep_photos(voice: Voice, photos: list[files.Checked]) -> None:
    for one in photos:
        files.store(one)
        VoicePhoto.objects.create(voice=voice, **one.facts)


def _first_act(voice: Voice, moment: Moment, actor: Actor | None) -> None:
    who = (
        {
            "user_id": actor.user_id,
            "person_code": actor.person_code,
            "actor_name": actor.name,
            "actor_post": actor.post,
            "place": actor.hall_name,
        }
        if actor
        else {}
    )
    VoiceAct.objects.create(voice=voice, verb=VoiceVerb.LODGE, to_state=State.LODGED, at=moment.at, **who)


def _require_sound(said: Lodging) -> None:
    words = len(said.words.strip())
    if not SHORTEST <= words <= LONGEST:
        message = _("内容要写 %(least)d 到 %(most)d 个字，现在是 %(now)d 个。")
        told = message % {"least": SHORTEST, "most": LONGEST, "now": words}
        raise Invalid("words_length", told, field="words", cure=_("写清楚什么时候、在哪里、发生了什么事。"))
    if said.kind == Kind.REPEAT and not FEWEST_TRIPS <= (said.trips or 0) <= MOST_TRIPS:
        raise Invalid(
            "trips_missing", _("请写跑了几次，至少 2 次。"), field="trips", cure=_("只跑一次就办成的，不算「多次跑」。")
        )
    if said.kind == Kind.REPEAT and not (said.case_number.strip() or said.matter):
        raise Invalid("which_matter", _("请写办件编号，或者选办的什么事。"), field="matter", cure=_("编号在回执上。"))


def _about(said: Lodging) -> _About:
    """What it is about. Raises Invalid for codes that nothing has, and where nothing tells the hall.

    A number alone ties nothing and says nothing of the case: whoever wrote it holds its paper, or named its hall.
    """
    case = _case(said.case_number)
    is_proven = case is not None and same(query_token(str(case.number)), said.case_proof.strip())
    department = _department(said.department)
    hall = department.hall if department else _hall(said.hall)
    if hall is None and case is not None and is_proven:
        hall = case.hall
    if case is not None and not is_proven and not _is_of(case, hall, department):
        case = None
    matter = case.matter if case else _matter(said.matter)
    if hall is None and said.kind == Kind.INQUIRY and matter is not None:
        department, hall = matter.department, matter.department.hall
    if hall is None:
        raise Invalid("which_hall", _("请选是哪个大厅或服务点。"), field="hall", cure=_("从列表里选一个。"))
    return _About(hall, department, case, matter)


def _is_of(case: Application, hall: Hall | None, department: Department | None) -> bool:
    if department is not None:
        return case.matter.department_id == department.pk
    return hall is not None and hall.path in (case.path, case.accept_path)


def _matter(code: str) -> Matter | None:
    found = Matter.objects.select_related("department__hall").filter(code=code).first() if code else None
    if code and found is None:
        raise Invalid("unknown_matter", _("没有这个事项。"), field="matter", cure=_("请重新选择，或留空。"))
    return found


def _department(code: str) -> Department | None:
    rows = Department.objects.select_related("hall").filter(code=code, retired_on__isnull=True)
    found = rows.first() if code else None
    if code and found is None:
        raise Invalid("unknown_department", _("没有这个部门。"), field="department", cure=_("请重新选择，或留空。"))
    return found


def _hall(code: str) -> Hall | None:
    found = Hall.objects.filter(code=code, retired_on__isnull=True).first() if code else None
    if code and found is None:
        raise Invalid("unknown_hall", _("没有这个大厅。"), field="hall", cure=_("请重新选择。"))
    return found


def _case(text: str) -> Application | None:
    """The filed case of this number; a number that nothing has is no fault of whoever copied it. Raises Invalid."""
    if not text.strip():
        return None
    try:
        number = parse_case_number(text)
    except Invalid as fault:
        raise Invalid(fault.code, fault.message, field="case_number", cure=fault.cure) from None
    return Application.objects.select_related("matter__department__hall", "hall").filter(number=number).first()


def _require_recorder(said: Lodging, about: _About, actor: Actor) -> None:
    """Whoever is complained about does not hold the pen."""
    if said.channel == Channel.WEB or actor.is_system or not any(actor.has(duty) for duty in RECORDING):
        raise NotPermitted(
            "no_recording",
            _("您现在的岗位不登记投诉和咨询。"),
            cure=_("请由窗口、代办员或监察员登记，或请群众扫码自己写。"),
        )
    if said.kind == Kind.INQUIRY:
        return
    watching_county = {path for path in actor.supervises if path == root_of(path)}
    own = {path for duty, paths in actor.nodes.items() for path in paths if duty != Duty.SUPERVISE}
    own |= set(actor.supervises) - watching_county
    if own & {about.path, about.hall.path} or plain_code(actor.person_code) in _named(said):
        raise Refused(
            "own_hall",
            _("投诉的是您自己的单位，不能由您登记。"),
            cure=_("请群众扫二维码自己提交，或打 12345，或到上一级大厅反映。"),
        )


def _named(said: Lodging) -> list[str]:
    return named_in(said.accused_person, said.words, said.evidence)


def _seat(voice: Voice, moment: Moment) -> None:
    """To the county where nobody watches who may handle it, and there to the first in line who may."""
    today = day_of(moment.at)
    if not is_watched_at(voice, voice.seat_path, today):
        voice.seat_path = root_of(voice.seat_path)
    voice.keeper = keeper_of(voice, today)


def _count_visitor(source: tuple[str, str]) -> None:
    client, device = source
    _count(anonymous(client), LODGED_PER_CLIENT)
    _count(blind_index(f"device|{client}|{device}"), LODGED_PER_DEVICE)


def _count(client: str, most: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [client])
        (lodged,) = cursor.fetchone()
        if lodged == 1:
            cursor.execute(_FORGET)
    if lodged > most:
        raise too_many_lodged()


def _next_serial() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('supervision_voice_number')")
        return int(cursor.fetchone()[0])
