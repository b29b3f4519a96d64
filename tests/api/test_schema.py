"""The schema tells the truth: every answer is held against it, and it names no field that does not come."""

import json
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest
from drf_spectacular.generators import SchemaGenerator

from applications.actions.attach import attach
from tests.factories.cases import a_case, a_picture, code_of
from tests.policy.routes import all_routes

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(json.dumps(SchemaGenerator().get_schema(request=None, public=True), default=str))
    _close(found)
    return found


def _close(node: Any) -> None:
    """Let no object have more than it declares."""
    if isinstance(node, dict):
        if "properties" in node:
            node.setdefault("additionalProperties", False)
        for inner in node.values():
            _close(inner)
    elif isinstance(node, list):
        for inner in node:
            _close(inner)


def _operations(schema: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {operation["operationId"]: operation for path in schema["paths"].values() for operation in path.values()}


def _hold(schema: dict[str, Any], operation: str, answer: Any) -> None:
    assert answer.status_code < 300, answer.content.decode()
    told = _operations(schema)[operation]["responses"][str(answer.status_code)]["content"]["application/json"]["schema"]
    jsonschema.validate(answer.json(), {**told, "components": schema["components"]})


def test_every_address_of_the_api_is_in_the_schema(schema):
    described = sum(len(path) for path in schema["paths"].values())
    served = [route for route in all_routes() if route.name.startswith("api_") and route.name != "api_schema"]
    assert described == len(served)


def test_every_answer_is_what_the_schema_says(schema, caller, anybody, filing, seeded):
    case, suspended, done = a_case(), a_case("suspended"), a_case("delivered")
    attach(case.pk, 1, data=a_picture(), name="身份证.png", actor=seeded.actor("village_clerk"))
    window, supervisor = caller("township_window"), caller("supervisor")
    for one in (case, suspended, done):
        at = f"applications/{one.number}/"
        _hold(schema, "applications_retrieve", window.get(at))
        _hold(schema, "applications_clocks", window.get(f"{at}clocks/"))
        _hold(schema, "applications_events", window.get(f"{at}events/"))
        _hold(schema, "applications_materials", window.get(f"{at}materials/"))
        _hold(schema, "public_progress", anybody.post("public/progress/", {"number": one.number, "code": code_of(one)}))
    draft = a_case("draft")
    _hold(schema, "applications_retrieve", caller("village_clerk").get(f"applications/{draft.key}/"))
    _hold(schema, "applications_list", window.get("applications/"))
    _hold(schema, "applications_reveal", window.post(f"applications/{case.number}/reveal/", {"reason": "核对"}))
    _hold(schema, "applications_receive", window.verb(case, "receive"))
    created = caller("village_clerk").post("applications/", filing(), Idempotency_Key="held-against")
    _hold(schema, "applications_create", created)
    _hold(schema, "lights", supervisor.get("lights/"))
    _hold(schema, "halls_list", anybody.get("halls/"))
    _hold(schema, "halls_retrieve", anybody.get("halls/500236272/"))
    _hold(schema, "matters_list", anybody.get("matters/"))
    for code in ("NY-003", "MZ-006", "MZ-017"):
        _hold(schema, "matters_retrieve", anybody.get(f"matters/{code}/"))


def test_every_problem_is_what_the_schema_says(schema, caller, anybody):
    shape = {"$ref": "#/components/schemas/Problem", "components": schema["components"]}
    for operation in _operations(schema).values():
        assert "application/problem+json" in operation["responses"]["default"]["content"], operation["operationId"]
    case = a_case()
    for answer in (
        anybody.get("applications/"),
        anybody.get("halls/999999/"),
        anybody.get("nothing/"),
        caller("village_clerk").verb(case, "accept", {"version": "x"}),
        caller("township_window").verb(case, "deliver"),
    ):
        jsonschema.validate(answer.json(), shape)


def test_the_teeth_of_this_test(schema, anybody):
    told = anybody.get("halls/").json()
    told["results"][0]["secret"] = 1
    shape = _operations(schema)["halls_list"]["responses"]["200"]["content"]["application/json"]["schema"]
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(told, {**shape, "components": schema["components"]})
