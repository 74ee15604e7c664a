"""The document says all that an endpoint takes and may answer, and is valid OpenAPI 3.1."""

import dataclasses
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from notebook.rest import API, NOTES, ById, show

from chassis.rest import Endpoint, Nothing, RestApi, document, print_openapi
from chassis.rest.problems import STATUS, TITLES, ProblemCode
from chassis.verdicts import ErrorCode

DOCUMENT = document(API)


def operation(name: str) -> dict[str, Any]:
    found: list[dict[str, Any]] = [
        one
        for methods in DOCUMENT["paths"].values()
        for one in methods.values()
        if one["operationId"] == name
    ]
    return found[0]


def codes(name: str, status: int) -> list[str]:
    schema = operation(name)["responses"][str(status)]["content"]["application/problem+json"]["schema"]
    if "$ref" in schema:
        schema = DOCUMENT["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    listed: list[str] = schema["allOf"][1]["properties"]["code"]["enum"]
    return listed


def test_each_operation_lists_what_it_may_answer_and_no_more() -> None:
    assert set(operation("showNote")["responses"]) == {"200", "304", "400", "404", "412", "500", "503"}
    assert set(operation("writeNote")["responses"]) == {
        "201",
        "400",
        "401",
        "403",
        "409",
        "413",
        "415",
        "422",
        "429",
        "500",
        "503",
    }
    assert codes("writeNote", 409) == ["TITLE_TAKEN"]
    assert codes("writeNote", 400) == ["BAD_INPUT"]
    facts = DOCUMENT["components"]["schemas"]["TitleTaken"]["allOf"][1]["properties"]["facts"]
    assert facts["required"] == ["title", "feeCents", "freeFrom"]


def test_each_operation_lists_what_it_takes() -> None:
    taken = {one["name"]: one for one in operation("listNotes")["parameters"]}
    assert taken["limit"]["schema"] == {"type": "integer", "minimum": 1, "maximum": 100, "default": 20}
    assert taken["cursor"]["schema"] == {"type": "string", "maxLength": 500}
    assert not taken["cursor"]["required"]
    assert [one["name"] for one in operation("writeNote")["parameters"]] == ["Idempotency-Key"]
    assert operation("writeNote")["security"] == [{"partnerKey": []}, {"session": []}]
    assert operation("showNote")["security"] == []


def test_the_schemas_are_json_schema_and_every_reference_leads_somewhere() -> None:
    schemas = DOCUMENT["components"]["schemas"]
    for schema in schemas.values():
        Draft202012Validator.check_schema(schema)
    names = {part.partition('"')[0] for part in print_openapi(API).split("#/components/schemas/")[1:]}
    assert names <= set(schemas)


def test_the_same_api_is_printed_the_same() -> None:
    assert print_openapi(API) == print_openapi(dataclasses.replace(API))


def test_a_code_that_graphql_has_too_is_spelt_the_same_and_every_code_has_a_status_and_a_title() -> None:
    assert set(ErrorCode) - {"GRAPHQL_INVALID"} <= set(ProblemCode)
    assert set(STATUS) == set(ProblemCode)
    assert set(STATUS.values()) <= set(TITLES)


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"path": "/v1/notes/{id}"}, "the path's parameters are those of its model"),
        ({"body_model": ById}, "a GET carries no body"),
        ({"is_idempotent": True}, "a read needs no idempotency key"),
        ({"answers": {404: None}}, "answers are successes"),
        ({"answers": {}}, "there is an answer"),
    ],
)
def test_a_declaration_that_contradicts_itself_is_refused_at_import(
    change: dict[str, Any], rule: str
) -> None:
    with pytest.raises(ValueError, match=rule):
        dataclasses.replace(NOTES[0], **change)


def test_two_models_of_one_name_and_two_endpoints_of_one_address_are_refused() -> None:
    class ById(Nothing):
        other_id: str

    twice: Endpoint[Any, Any, Any] = dataclasses.replace(
        NOTES[0], method="PUT", body_model=type("NewNote", (ById,), {})
    )
    with pytest.raises(ValueError, match="two models are called NewNote"):
        document(RestApi(title="", version="1", endpoints=[*NOTES, twice]))
    with pytest.raises(ValueError, match="declared twice"):
        RestApi(title="", version="1", endpoints=[NOTES[0], NOTES[0]]).routes(None, None)  # type: ignore[arg-type]
    assert NOTES[0].handle is show
