"""A stranger's large body is refused before it is read."""

import pytest


@pytest.mark.parametrize(("length", "cookie", "status"), [("300000000", "", 413), ("2000000000", "sessionid=x", 413)])
def test_a_body_that_says_it_is_too_large_is_refused(client, length, cookie, status):
    answer = client.post("/login/", b"", content_type="multipart/form-data", CONTENT_LENGTH=length, HTTP_COOKIE=cookie)
    assert answer.status_code == status


@pytest.mark.django_db
def test_a_form_of_words_passes(client):
    assert client.post("/login/", {"username": "x" * 1000, "password": "y"}).status_code != 413
