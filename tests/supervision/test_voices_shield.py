"""Nobody handles a complaint about themselves or their own hall, and no accused hall sees who complained: a table."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from halls.acting import acting_user
from halls.domain.duties import PostKind
from halls.domain.errors import NotFound, NotPermitted
from halls.models import User
from supervision.actions._voice import asked_as
from supervision.actions.accept_voice import accept_voice
from supervision.actions.explain_voice import explain_voice
from supervision.actions.release_summary import release_summary
from supervision.actions.reveal_voice import reveal_voice
from supervision.actions.sweep import sweep
from supervision.domain.voices import Kind, barred_paths, names_person, seat_of
from supervision.models import LadderStep, Message, Term, Untold, Voice
from supervision.selectors.messages import stuck_rungs_of
from supervision.selectors.voices import released_voices, visible_voices
from tests.factories.halls import DepartmentFactory, UserFactory, person_in_post
from tests.supervision.county import at
from tests.supervision.voices import NAME, PHONE, WORDS, lodged

pytestmark = pytest.mark.django_db

PEOPLE = (
    "clerk0", "window0", "examiner0", "approver0", "director0", "clerk1", "window1", "director1", "bureau_examiner",
    "bureau_approver", "bureau_director", "county_window", "supervisor",
)  # fmt: skip
SUMMARY = "反映办事时无人值守"
# Whom it is about: the seat that handles it, who reads it whole, who reads the summary once it is released.
TABLE = {
    "village": ("township", {"director0", "supervisor"}, {"clerk0"}),
    "township": ("county", {"supervisor"}, {"window0", "examiner0", "approver0", "director0"}),
    "office": ("county", {"supervisor"}, {"office_clerk"}),
    "bureau": ("county", {"supervisor"}, {"bureau_examiner", "bureau_approver", "bureau_director"}),
    "station": ("county", {"supervisor"}, set()),
    "county": ("county", {"supervisor"}, {"county_window"}),
}


def node(county, name):
    if name == "office":
        made: Any = DepartmentFactory(kind="office", hall=county.townships[0], name="东乡民政办")
        county.people["office_clerk"] = person_in_post(PostKind.EXAMINER, made)
        return made
    return {
        "village": county.villages[0],
        "township": county.townships[0],
        "bureau": county.bureau,
        "station": county.station,
        "county": county.hall,
    }[name]


def reading(county, rows_of):
    names = [name for name in (*PEOPLE, "office_clerk") if name in county.people]
    return {name for name in names if rows_of(county.actor(name)).exists()}


@pytest.mark.parametrize("kind", [Kind.COMPLAINT, Kind.REPEAT])
@pytest.mark.parametrize("about", TABLE)
def test_it_is_handled_above_the_accused_and_seen_by_nobody_of_theirs(county, about, kind):
    seat, whole, shielded = TABLE[about]
    more = {"matter": county.matter().code} if kind is Kind.REPEAT else {}
    voice = lodged(node(county, about), kind, **more)
    assert voice.seat_path == {"township": county.townships[0].path, "county": county.hall.path}[seat]
    assert Term.objects.get(pk=voice.term_id).seat_path == voice.seat_path
    assert reading(county, visible_voices) == whole
    assert reading(county, released_voices) == set()
    for name in set(county.people) - whole:
        with pytest.raises((NotFound, NotPermitted)):
            accept_voice(voice.number, actor=county.actor(name))
    told = set(Message.objects.values_list("user__username", flat=True))
    assert told <= {county.people[name].username for name in whole}

    accept_voice(voice.number, actor=county.actor("supervisor"))
    release_summary(voice.number, actor=county.actor("supervisor"), summary=SUMMARY)
    assert reading(county, visible_voices) == whole
    assert reading(county, released_voices) == shielded
    for name in shielded:
        with pytest.raises(NotPermitted):
            reveal_voice(voice.number, actor=county.actor(name), reason="想知道是谁")
        explain_voice(voice.number, actor=county.actor(name), words="情况是这样的")


@pytest.mark.parametrize("about", TABLE)
def test_no_rung_of_its_limit_reaches_the_accused_or_anybody_who_may_not_read_it(county, about):
    # Everybody whom the ladder knows: a chief, a B角 and an administrator of the county, heads of villages.
    for name, kind, place in (
        ("county_approver", PostKind.APPROVER, county.hall),
        ("administrator", PostKind.ADMINISTRATOR, county.hall),
        ("head0", PostKind.VILLAGE_HEAD, county.villages[0]),
    ):
        county.people[name] = person_in_post(kind, place)
    voice = lodged(node(county, about))
    # Of a village the director handles it, and the county hears of it when it is over.
    if about == "village":
        both = {"director0", "supervisor"}
        assert rungs_of(county, voice) == {"warning": {"director0"}, "yellow": both, "red": both}
    else:
        assert rungs_of(county, voice) == every({"supervisor"})


def every(people):
    return dict.fromkeys(("warning", "yellow", "red"), people)


def rungs_of(county, voice):
    """By rung of its limit, who was told."""
    at("2026-03-30 10:00")
    sweep()
    names = {user.pk: name for name, user in county.people.items()}
    found: dict[str, set[str]] = {}
    for message in Message.objects.filter(key__startswith=f"term:{voice.term_id}:"):
        found.setdefault(message.level, set()).add(names[message.user_id])
    return found


def test_a_director_who_is_of_the_accused_village_is_reminded_of_nothing(county):
    director = county.people["director0"]
    person_in_post(PostKind.VILLAGE_CLERK, county.villages[0], user=User.objects.get(pk=director.pk))
    voice = lodged(county.villages[0])
    assert set(Message.objects.values_list("user__username", flat=True)) == {county.people["supervisor"].username}
    assert rungs_of(county, voice) == every({"supervisor"})
    assert not Message.objects.filter(user=director).exists()
    told = Message.objects.get(key=f"term:{voice.term_id}:warning")
    assert "须回避或者无人在岗" in told.words


def test_a_second_login_of_an_accused_is_reminded_of_nothing(county):
    code = county.people["clerk0"].person_code
    twin: Any = UserFactory(person_code=code.lower())
    county.people["twin"] = person_in_post(PostKind.SUPERVISOR, county.townships[0], user=twin)
    voice = lodged(county.villages[0])
    assert all("twin" not in people for people in rungs_of(county, voice).values())
    assert not Message.objects.filter(user=twin).exists()


def test_a_supervisor_whom_it_names_is_reminded_of_nothing_and_the_others_are(county):
    county.people["supervisor2"] = person_in_post(PostKind.SUPERVISOR, county.hall)
    voice = lodged(county.hall, accused_person=county.people["supervisor"].full_name)
    assert rungs_of(county, voice) == every({"supervisor2"})
    assert not Message.objects.filter(user=county.people["supervisor"]).exists()


def test_where_everybody_of_the_county_is_barred_the_directors_below_it_are_reminded(county):
    voice = lodged(county.hall, accused_person=county.people["supervisor"].full_name)
    county.people["administrator"] = person_in_post(PostKind.ADMINISTRATOR, county.hall)  # of the accused hall
    assert rungs_of(county, voice) == every({"director0", "director1", "bureau_director"})


def test_where_it_names_everybody_nobody_is_told_and_the_log_says_so(county, caplog):
    watching = ("supervisor", "director0", "director1", "bureau_director")
    voice = lodged(
        county.hall, words="、".join(county.people[one].full_name for one in watching) + "都不管，问了几次。"
    )
    assert rungs_of(county, voice) == {}
    assert "reason=nobody_in_post" in caplog.text
    assert Untold.objects.filter(term_warning__term=voice.term, last_error="nobody_in_post").exists()


def test_an_administrator_hears_of_a_complaint_that_nobody_is_left_to_handle(county):
    county.people["administrator"] = person_in_post(PostKind.ADMINISTRATOR, county.hall)
    voice = lodged(county.townships[0], accused_person=county.people["supervisor"].full_name)
    assert set().union(*rungs_of(county, voice).values()) == {"administrator"}


def test_of_an_inquiry_whoever_answers_is_reminded_as_ever(county):
    voice = lodged(county.villages[0], Kind.INQUIRY)
    assert rungs_of(county, voice)


def county_client(county, name):
    client = Client()
    client.force_login(county.people[name], "django.contrib.auth.backends.ModelBackend")
    return client


def leaks(county, name, voice, case):
    """Every page and list of the site that could tell this person something about the complaint."""
    client = Client()
    client.force_login(county.people[name], "django.contrib.auth.backends.ModelBackend")
    numbers = [voice.number, *([asked_as(voice)] if voice.acts.filter(verb="release").exists() else [])]
    pages = [reverse("voice", args=[number]) for number in numbers] + [
        reverse("hall_matters", args=[county.villages[0].code])
    ]
    pages += [f"{reverse('voice_list')}?tab={tab}" for tab in ("mine", "all", "asked")]
    pages += [reverse("case", args=[case.number]), reverse("messages"), reverse("api_voices")]
    pages += [reverse("voice_paper", args=[voice.number, act.pk]) for act in voice.acts.exclude(paper="")]
    pages += [reverse("message", args=[m.pk]) for m in Message.objects.filter(user=county.people[name])]
    return {page: client.get(page).content.decode() for page in pages}


def test_after_release_the_village_reads_the_summary_and_nothing_else_of_it(county):
    case = county.accepted(county.matter())
    voice = lodged(county.villages[0], case_number=case.number, evidence="猋毳淼都看见了", accused_person="三号窗口")
    director = county.actor("director0")
    accept_voice(voice.number, actor=director)
    release_summary(voice.number, actor=director, summary=SUMMARY)
    pages = leaks(county, "clerk0", voice, case)
    known = reverse("voice", args=[asked_as(voice)])
    assert SUMMARY in pages[known]
    assert Message.objects.get(key__contains=":release:", user=county.people["clerk0"]).detail == {"page": known}
    explain = county_client(county, "clerk0").get(reverse("voice_verb", args=[asked_as(voice), "explain"]))
    pages["explain"] = explain.content.decode()
    assert asked_as(voice) in pages["explain"]
    assert asked_as(voice) in pages[f"{reverse('voice_list')}?tab=asked"]
    for page, answer in pages.items():
        if voice.number not in page:  # else it is what they typed themselves
            assert voice.number not in answer.replace(" ", ""), page
    for page, answer in pages.items():
        for secret in (NAME, NAME[0], PHONE, PHONE[:3] + "***", WORDS[:8], "猋毳淼", "三号窗口"):
            assert secret not in answer, page
    assert county_client(county, "clerk0").get(reverse("voice", args=[voice.number])).status_code == 404
    shielded = pages[known]
    assert case.number not in shielded.replace(" ", "")
    assert case.matter.name not in shielded
    assert county.people["director0"].full_name in shielded  # who asks them
    handler = leaks(county, "director0", voice, case)[reverse("voice", args=[voice.number])]
    assert WORDS in handler  # the test has teeth
    assert "三号窗口" in handler


def test_a_director_whom_it_names_is_passed_by(county):
    name = county.people["director0"].full_name
    voice = lodged(county.villages[0], accused_person=f"乡里的 {name[:3]} {name[3:]}")
    assert voice.seat_path == county.hall.path
    assert reading(county, visible_voices) == {"supervisor"}
    assert not Message.objects.filter(user=county.people["director0"]).exists()


def test_where_nobody_watches_the_township_it_goes_to_the_county(county):
    county.people["director0"].posts.update(ends_on="2026-03-01")
    voice = lodged(county.villages[0])
    assert voice.seat_path == county.hall.path
    assert list(Message.objects.values_list("user", flat=True)) == [county.people["supervisor"].pk]


def test_a_county_supervisor_whom_it_names_leaves_it_to_the_others(county):
    accused = county.people["supervisor"]
    county.people["supervisor2"] = person_in_post(PostKind.SUPERVISOR, county.hall)
    voice = lodged(county.hall, accused_person=accused.full_name)
    with pytest.raises(NotFound):
        accept_voice(voice.number, actor=county.actor("supervisor"))
    assert not Message.objects.filter(user=accused).exists()
    accept_voice(voice.number, actor=county.actor("supervisor2"))


def test_a_second_login_does_not_make_another_person(county):
    code = county.people["clerk0"].person_code
    twin: Any = UserFactory(person_code=code.lower())
    county.people["twin"] = person_in_post(PostKind.SUPERVISOR, county.townships[0], user=twin)
    voice = lodged(county.villages[0])
    assert not visible_voices(county.actor("twin")).exists()
    with pytest.raises(NotFound):
        accept_voice(voice.number, actor=county.actor("twin"))


def test_a_post_that_ended_bars_nobody(county):
    director = county.people["director0"]
    person_in_post(PostKind.VILLAGE_CLERK, county.villages[0], user=User.objects.get(pk=director.pk))
    voice = lodged(county.villages[0])
    assert not visible_voices(county.actor("director0")).exists()
    director.posts.filter(kind=PostKind.VILLAGE_CLERK).update(ends_on="2026-03-01")
    accept_voice(voice.number, actor=county.actor("director0"))


def test_no_column_of_the_row_holds_name_or_telephone_in_the_clear(county):
    voice = lodged(county.villages[0])
    with connection.cursor() as cursor:
        cursor.execute("SELECT v::text FROM supervision_voice v WHERE id = %s", [voice.pk])
        (row,) = cursor.fetchone()
    assert NAME not in row
    assert PHONE not in row
    assert NAME.encode().hex() not in row
    assert Voice.objects.get().open_name() == NAME


@pytest.mark.parametrize(
    ("about", "seat"),
    [
        ("c/t/v/", "c/t/"),
        ("c/t/", "c/"),
        ("c/t/~O/", "c/"),
        ("c/~D/", "c/"),
        ("c/~D/~S/", "c/"),
        ("c/", "c/"),
    ],
)
def test_a_complaint_sits_above_the_accused(about, seat):
    assert seat_of(Kind.COMPLAINT, about) == seat_of(Kind.REPEAT, about) == seat
    assert seat_of(Kind.INQUIRY, about) == about


def test_watching_a_county_is_not_working_in_its_hall():
    assert barred_paths(frozenset(), frozenset({"c/"})) == frozenset()
    assert barred_paths(frozenset({"c/"}), frozenset({"c/"})) == {"c/"}
    assert barred_paths(frozenset({"c/~D/~S/"}), frozenset()) == {"c/~D/", "c/~D/~S/"}
    assert barred_paths(frozenset(), frozenset({"c/t/"})) == {"c/t/"}


def test_a_name_is_found_however_it_is_spaced():
    assert names_person("3号窗口 张 三", "张三")
    assert not names_person("", "张三")
    assert not names_person("3号窗口", "")


def test_the_list_of_what_nobody_was_told_hides_a_complaint_from_whom_it_accuses(county):
    """The system administrator of the county's hall reads that list, too."""
    administrator = person_in_post(PostKind.ADMINISTRATOR, county.hall)
    reader = acting_user(administrator)
    others = {lodged(county.townships[0]).term_id, lodged(county.bureau).term_id}
    own = {lodged(county.hall).term_id, lodged(county.bureau, accused_person=administrator.full_name).term_id}
    LadderStep.objects.all().delete()
    for minute in ("10:00", "10:02", "10:10"):
        at(f"2026-03-05 {minute}")
        sweep()
    assert set(Untold.objects.values_list("term_warning__term", flat=True)) == others | own
    assert {row.term_warning.term_id for row in stuck_rungs_of(reader) if row.term_warning} == others
    assert {
        row.term_warning.term_id for row in stuck_rungs_of(county.actor("supervisor")) if row.term_warning
    } == others | own
