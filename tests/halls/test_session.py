"""Logging in and out, the lock after wrong passwords, and the size of the type."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from halls.domain.duties import PostKind
from halls.models import Hall, User
from tests.factories.halls import HallFactory, person_in_post

pytestmark = pytest.mark.django_db
PASSWORD = "three-words-here"


def a_clerk() -> User:
    village = HallFactory.create(village=True)
    assert isinstance(village, Hall)
    return person_in_post(PostKind.VILLAGE_CLERK, village)


@pytest.fixture
def person() -> User:
    user = a_clerk()
    user.set_password(PASSWORD)
    user.save()
    return user


def log_in(client: Client, username: str, password: str, **data: str):
    return client.post(reverse("login"), {"username": username, "password": password, **data})


def test_a_person_logs_in_and_out(person: User) -> None:
    client = Client()
    assert log_in(client, person.username, PASSWORD)["Location"] == reverse("home")
    assert client.get(reverse("login"))["Location"] == reverse("home")
    assert client.post(reverse("logout"))["Location"] == reverse("login")
    assert client.get(reverse("home"))["Location"].startswith(reverse("login"))


def test_logging_out_is_an_act_and_not_a_link(person: User) -> None:
    client = Client()
    log_in(client, person.username, PASSWORD)
    assert client.get(reverse("logout")).status_code == 405


def test_one_comes_back_to_the_page_that_asked(person: User) -> None:
    wanted = reverse("intake")
    answer = Client().get(wanted)
    assert answer["Location"] == f"{reverse('login')}?next={wanted}"
    assert log_in(Client(), person.username, PASSWORD, next=wanted)["Location"] == wanted


@pytest.mark.parametrize("elsewhere", ["https://example.com/", "//example.com/", "javascript:alert(1)"])
def test_a_login_never_leads_to_another_site(person: User, elsewhere: str) -> None:
    assert log_in(Client(), person.username, PASSWORD, next=elsewhere)["Location"] == reverse("home")


def test_every_failure_is_told_in_the_same_words(person: User) -> None:
    gone = a_clerk()
    gone.set_password(PASSWORD)
    gone.is_active = False
    gone.save()
    pairs = ((person.username, "wrong"), ("nobody", PASSWORD), (gone.username, PASSWORD))
    said = {str(log_in(Client(), *pair).context["form"].non_field_errors()) for pair in pairs}
    assert len(said) == 1
    assert "用户名或密码不对" in said.pop()


def test_an_empty_form_says_whom_to_ask() -> None:
    shown = log_in(Client(), "", "").content.decode()
    assert "请输入用户名" in shown
    assert "请找系统管理员重设" in shown


def test_after_five_wrong_passwords_the_login_rests(person: User, settings) -> None:
    settings.AXES_ENABLED = True
    client = Client()
    statuses = [log_in(client, person.username, "wrong").status_code for _ in range(5)]
    assert statuses == [200, 200, 200, 200, 429]
    answer = log_in(client, person.username, PASSWORD)
    assert answer.status_code == 429
    assert "15 分钟后再试" in answer.content.decode()
    assert log_in(Client(REMOTE_ADDR="10.0.0.9"), person.username, PASSWORD).status_code == 302


@pytest.mark.parametrize(
    ("path", "back"),
    [
        ("/progress/", "/progress/"),
        ("/intake/?q=zjd", "/intake/?q=zjd"),
        ("https://example.com/", "/"),
        ("//example.com", "/"),
        ("/\\example.com", "/"),
        ("javascript:alert(1)", "/"),
        ("", "/"),
        ("progress/", "/"),
    ],
)
def test_large_type_is_kept_on_this_device_and_one_stays_on_the_page(path: str, back: str) -> None:
    client = Client()
    answer = client.post(reverse("elder"), {"elder": "1", "next": path})
    assert answer["Location"] == back
    assert answer.cookies["elder"]["httponly"]
    assert 'data-size="elder"' in client.get(reverse("login")).content.decode()
    client.post(reverse("elder"), {"elder": "0", "next": path})
    assert 'data-size="normal"' in client.get(reverse("login")).content.decode()


def test_the_size_of_the_type_is_an_act_and_not_a_link() -> None:
    assert Client().get(reverse("elder")).status_code == 405
    assert Client(enforce_csrf_checks=True).post(reverse("elder"), {"elder": "1"}).status_code == 403
