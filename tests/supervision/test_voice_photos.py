"""Photos that come with a complaint: cleaned like every upload, a part of what was said, and shielded like it."""

import io
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from PIL import Image

from halls.domain.errors import Invalid, Refused
from halls.management.commands.secure_database import ADD, privileges_of
from supervision.actions.accept_voice import accept_voice
from supervision.actions.lodge_voice import Lodging, lodge_voice
from supervision.actions.release_summary import release_summary
from supervision.domain.voices import MOST_PHOTOS, Kind
from supervision.models import Voice, VoicePhoto
from tests.factories.cases import a_picture
from tests.supervision.voices import WORDS, lodged

pytestmark = pytest.mark.django_db
SEEING = {"director0", "supervisor"}
EVERYBODY = (
    "clerk0", "window0", "examiner0", "approver0", "director0", "clerk1", "director1", "bureau_director", "supervisor",
)  # fmt: skip


def as_(county, name):
    client = Client()
    client.force_login(county.people[name], "django.contrib.auth.backends.ModelBackend")
    return client


def a_photo(name="门口.png", data=None):
    return SimpleUploadedFile(name, data or a_picture())


def complain(county, *photos, client=None, page="voice_complain", **said):
    body = {"hall": county.villages[0].code, "words": WORDS, "key": str(uuid4()), **said}
    return (client or Client()).post(reverse(page), {**body, "photos": list(photos)})


def with_place():
    """A photo of a telephone, which says where it was taken."""
    kept, exif = io.BytesIO(), Image.Exif()
    exif[0x010E] = "东乡一村 3 组"
    Image.new("RGB", (240, 80), "white").save(kept, "JPEG", exif=exif)
    return kept.getvalue()


def test_a_villager_adds_photos_which_are_drawn_anew(county):
    sent = complain(county, a_photo("门口.jpg", with_place()), a_photo())
    assert "收到照片 2 张" in Client().get(sent["Location"]).content.decode()
    first, second = VoicePhoto.objects.all()
    assert (first.name, first.media_type, second.media_type) == ("门口.jpg", "image/jpeg", "image/png")
    answer = as_(county, "supervisor").get(reverse("voice_photo", args=[Voice.objects.get().number, first.pk]))
    assert answer["Content-Type"] == "image/jpeg"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert not Image.open(io.BytesIO(answer.content)).getexif()


@pytest.mark.parametrize(
    ("photos", "words"),
    [
        ([("票据.png", b"GIF89a")], "不是 JPG 或 PNG 照片"),
        ([("票据.pdf", b"%PDF-1.4")], "不是 JPG 或 PNG 照片"),
        ([("页.png", b"<html><script>")], "不是 JPG 或 PNG 照片"),
        ([("空.png", b"")], "空文件"),
        ([(f"{n}.png", None) for n in range(MOST_PHOTOS + 1)], "最多传 3 张照片"),
        ([("大.png", b"\x89PNG\r\n\x1a\n" + b"0" * (10 * 1024 * 1024))], "超过 10 MB"),
    ],
)
def test_what_is_no_photo_is_told_at_its_field_and_nothing_typed_is_lost(county, photos, words):
    sent = [SimpleUploadedFile(name, a_picture() if data is None else data) for name, data in photos]
    page = complain(county, *sent, name="王小示", case_number="")
    assert page.status_code == 422
    assert words in "".join(page.context["form"].errors["photos"])
    assert page.context["form"]["words"].value() == WORDS
    assert "请重新选择" in page.content.decode()
    assert not Voice.objects.exists()


def test_another_fault_says_that_photos_are_to_be_chosen_again(county):
    page = complain(county, a_photo(), words="短")
    assert "刚才选的照片没有保存，请重新选择" in page.content.decode()


def test_a_clerk_adds_what_somebody_brings(county):
    said = {"channel": "visit", "township": county.townships[1].code, "hall": county.villages[1].code}
    answer = complain(county, a_photo(), client=as_(county, "window0"), page="voice_new_complaint", **said)
    assert answer.status_code == 302
    assert VoicePhoto.objects.get().voice.recorded_by == county.people["window0"]


@pytest.mark.parametrize("is_released", [False, True])
def test_photos_are_read_by_whoever_reads_the_words_and_by_nobody_of_the_accused_hall(county, is_released):
    complain(county, a_photo())
    voice, photo = Voice.objects.get(), VoicePhoto.objects.get()
    if is_released:
        accept_voice(voice.number, actor=county.actor("supervisor"))
        release_summary(voice.number, actor=county.actor("supervisor"), summary="反映办事时无人值守")
    url = reverse("voice_photo", args=[voice.number, photo.pk])
    assert {who for who in EVERYBODY if as_(county, who).get(url).status_code == 200} == SEEING
    for who in EVERYBODY:
        page = as_(county, who).get(reverse("voice", args=[voice.number]))
        assert (url in page.content.decode()) is (who in SEEING), who
    assert Client().get(url).status_code == 302  # to the page to log in


def test_a_photo_is_opened_under_its_own_complaint_alone(county):
    complain(county, a_photo())
    other = lodged(county.villages[1])
    url = reverse("voice_photo", args=[other.number, VoicePhoto.objects.get().pk])
    assert as_(county, "supervisor").get(url).status_code == 404


def said(county, *photos, kind=Kind.COMPLAINT):
    return Lodging(kind=kind, words=WORDS, hall=county.villages[0].code, photos=photos)


def test_the_same_page_sent_twice_is_one_complaint_and_other_photos_are_another(county):
    key, picture = uuid4(), ("a.png", a_picture())
    first = lodge_voice(said(county, picture), key=key, client="203.0.113.7")
    assert lodge_voice(said(county, picture), key=key, client="203.0.113.7") == first
    assert VoicePhoto.objects.count() == 1
    with pytest.raises(Refused, match="另一份内容"):
        lodge_voice(said(county), key=key, client="203.0.113.7")


def test_an_inquiry_has_no_photos(county):
    with pytest.raises(Invalid):
        lodge_voice(said(county, ("a.png", a_picture()), kind=Kind.INQUIRY), key=uuid4(), client="203.0.113.7")


def test_nobody_adds_changes_or_takes_away_a_photo(county):
    complain(county, a_photo())
    photo = VoicePhoto.objects.get()
    with pytest.raises(DatabaseError, match="comes with the complaint"), transaction.atomic():
        VoicePhoto.objects.create(voice=photo.voice, name="x.png", media_type="image/png", size=1, sha256="0" * 64)
    for statement in ("UPDATE supervision_voicephoto SET name = 'x'", "DELETE FROM supervision_voicephoto"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert privileges_of("supervision_voicephoto") == ADD


# --- the villages of a township -------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", ["voice_complain", "voice_ask", "voice_repeat", "voice_new_complaint"])
def test_listing_the_villages_of_a_township_keeps_everything_typed(county, page):
    client = as_(county, "supervisor") if "new" in page else Client()
    typed = {"words": WORDS, "name": "王小示", "phone": "13987654321", "township": county.townships[1].code,
             "key": str(uuid4()), "channel": "phone", "near": "1"}  # fmt: skip
    if "complain" in page:
        typed |= {"evidence": "当天的取号单", "accused_person": "3 号窗口", "case_number": "1234"}
    shown = client.post(reverse(page), typed)
    assert shown.status_code == 200
    form = shown.context["form"]
    assert {name: str(form[name].value()) for name in typed if name in form.fields} == {
        name: value for name, value in typed.items() if name in form.fields
    }
    assert county.villages[1].code in dict(form.fields["hall"].choices)
    assert not form.errors
    if "new" in page:
        assert shown.context["channel"]["channel"].value() == "phone"
    del typed["near"]
    whole = typed | {"case_number": "", "trips": "3", "hall": county.villages[1].code, "matter": county.matter().code}
    sent = client.post(reverse(page), whole)
    assert sent.status_code == 302, sent.context["form"].errors
    assert Voice.objects.get().hall == county.villages[1]


def test_the_enter_key_sends_the_form(county):
    """It presses the first button, which is not the one that lists villages."""
    page = Client().get(reverse("voice_complain")).content.decode().split('enctype="multipart/form-data"')[1]
    assert page.index('tabindex="-1"') < page.index('name="near"')


@pytest.mark.parametrize(("page", "status"), [("voice_complain", 422), ("voice_ask", 413)])
def test_only_a_complaint_lets_a_stranger_send_more_than_words(county, page, status):
    body = {"words": "短", "photos": SimpleUploadedFile("x.png", b"0" * 2_000_000)}
    assert Client().post(reverse(page), body).status_code == status
