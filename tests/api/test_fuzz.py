"""Whatever a program sends to an address of the API, the answer is never a fault of ours."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import transaction
from django.urls import reverse
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.factories.cases import a_case
from tests.policy.routes import all_routes
from tests.policy.samples import address_words, body_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]

WRITING = [r for r in all_routes() if r.name.startswith("api_") and r.method != "GET" and r.name not in (
    "api_case_upload", "api_file",
)]  # fmt: skip
FIELDS = sorted(
    {
        name
        for part in SchemaGenerator().get_schema(request=None, public=True)["components"]["schemas"].values()
        for name in part.get("properties", {})
    }
)
_TEXT = st.text(st.characters(), max_size=40)  # surrogates and NUL among them
_LEAF = (
    st.none() | st.booleans() | st.integers() | st.floats() | _TEXT | st.sampled_from(["NY-003", "ok", "wrong", "1"])
)
_VALUE = st.recursive(
    _LEAF,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(_TEXT | st.sampled_from(["1", "result"]), inner, max_size=4)
    ),
    max_leaves=8,
)
_BODY = st.dictionaries(st.sampled_from(FIELDS) | _TEXT, _VALUE, max_size=6)


@settings(max_examples=250, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(route=st.sampled_from(WRITING), noise=_BODY, keeps_sample=st.booleans(), role=st.sampled_from([0, 1]))
def test_noise_is_refused_politely(cases, callers, route, noise, keeps_sample, role):
    case = cases["draft" if route.name.startswith(("api_case_", "api_verb_submit")) else "received"]
    sample = json.loads(json.dumps(body_of(route.name, route.method, case))) if keeps_sample else {}
    address = reverse(route.name, kwargs=address_words(route.name, case) if "<" in route.address else {})
    mark = transaction.savepoint()
    try:
        answer = callers[role].send(route.method, address, json.dumps(sample | noise), Idempotency_Key="noise-noise")
    finally:
        transaction.savepoint_rollback(mark)
    assert answer.status_code < 500
    if answer.status_code >= 400:
        told: dict[str, Any] = answer.json()
        assert told["detail"]
        assert told["cure"]


@pytest.fixture
def cases():
    return {status: a_case(status) for status in ("draft", "received")}


@pytest.fixture
def callers(caller):
    found = [caller("village_clerk"), caller("township_window")]
    for one in found:
        one.client.raise_request_exception = False
    return found
