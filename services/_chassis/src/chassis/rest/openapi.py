"""The OpenAPI 3.1 document of a REST API, from the declared endpoints alone."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any, Literal

from pydantic import BaseModel

from chassis.refusals import Refusal
from chassis.rest.callers import Scheme
from chassis.rest.endpoint import Endpoint
from chassis.rest.members import schema_of
from chassis.rest.problems import MEDIA_TYPE, STATUS, TITLES, ProblemCode
from chassis.rest.serving import RestApi

_REF = "#/components/schemas/{model}"

_SCHEMES: Mapping[Scheme, dict[str, str]] = {
    Scheme.SESSION: {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": "Le jeton d'accès d'une personne connectée.",
    },
    Scheme.PARTNER_KEY: {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "<préfixe>_<secret>",
        "description": "La clé d'un partenaire.",
    },
    Scheme.DEVICE_KEY: {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "<préfixe>_<secret>",
        "description": "La clé d'un appareil.",
    },
}


def _text(**more: Any) -> dict[str, Any]:
    return {"type": "string", **more}


_PROBLEM: dict[str, Any] = {
    "type": "object",
    "description": "Pourquoi la demande n'a pas été satisfaite (RFC 9457).",
    "properties": {
        "type": _text(),
        "title": _text(),
        "status": {"type": "integer"},
        "detail": _text(description="Une phrase en français."),
        "code": _text(description="Stable, d'une liste fermée : celle de chaque réponse."),
        "traceId": _text(description="À citer quand vous nous écrivez."),
        "errors": {
            "type": "array",
            "description": "Ce qui ne va pas dans la demande, champ par champ.",
            "items": {
                "type": "object",
                "properties": {
                    "in": _text(enum=["query", "body"]),
                    "field": _text(),
                    "detail": _text(),
                },
                "required": ["in", "field", "detail"],
            },
        },
    },
    "required": ["type", "title", "status", "detail", "code", "traceId"],
}

_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": True,
    "description": "Un UUID choisi par vous : la même demande renvoyée avec la même clé n'est faite qu'une fois.",
    "schema": {"type": "string", "format": "uuid"},
}


def _counter(description: str) -> dict[str, Any]:
    return {"description": description, "required": True, "schema": {"type": "integer", "minimum": 0}}


_LIMIT_HEADERS = {
    "RateLimit-Limit": _counter("Demandes permises par période."),
    "RateLimit-Remaining": _counter("Demandes qui restent dans cette période."),
    "RateLimit-Reset": _counter("Secondes jusqu'à la prochaine période."),
}
_RETRY = {"Retry-After": _counter("Secondes à attendre.")}


def document(api: RestApi) -> dict[str, Any]:
    """The document, its keys in the order in which people read them."""
    schemas: dict[str, Any] = {"Problem": _PROBLEM}
    paths: dict[str, dict[str, Any]] = defaultdict(dict)
    schemes: set[Scheme] = set()
    for endpoint in api.endpoints:
        paths[endpoint.path][endpoint.method.lower()] = _operation(endpoint, schemas)
        schemes |= set(endpoint.schemes)
    info = {"title": api.title, "version": api.version}
    if api.description:
        info["description"] = api.description
    components: dict[str, Any] = {"schemas": dict(sorted(schemas.items()))}
    if schemes:
        components["securitySchemes"] = {scheme.value: _SCHEMES[scheme] for scheme in sorted(schemes)}
    return {"openapi": "3.1.0", "info": info, "paths": dict(paths), "components": components}


def print_openapi(api: RestApi) -> str:
    """The document as it is committed in `contracts/openapi.json`."""
    return json.dumps(document(api), indent=2, ensure_ascii=False) + "\n"


def _operation(endpoint: Endpoint[Any, Any, Any], schemas: dict[str, Any]) -> dict[str, Any]:
    operation: dict[str, Any] = {"operationId": endpoint.operation, "summary": endpoint.summary}
    if endpoint.description:
        operation["description"] = endpoint.description
    operation["security"] = [{scheme.value: []} for scheme in sorted(endpoint.schemes)]
    parameters = [
        *_parameters(endpoint.path_model, "path", schemas),
        *_parameters(endpoint.query_model, "query", schemas),
        *([_KEY] if endpoint.is_idempotent else []),
        *(_conditions(endpoint) if endpoint.has_etag else []),
    ]
    if parameters:
        operation["parameters"] = parameters
    if endpoint.takes_body:
        schema = _reference(endpoint.body_model, "validation", schemas)
        operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": schema}}}
    operation["responses"] = {**_successes(endpoint, schemas), **_problems(endpoint, schemas)}
    return operation


def _conditions(endpoint: Endpoint[Any, Any, Any]) -> Iterable[dict[str, Any]]:
    for name in ("If-Match", "If-None-Match"):
        yield {"name": name, "in": "header", "required": False, "schema": {"type": "string"}}


def _reference(
    model: type[BaseModel], mode: Literal["validation", "serialization"], schemas: dict[str, Any]
) -> dict[str, str]:
    """A reference to the model among the components, where it is put with all that it refers to."""
    schema = model.model_json_schema(mode=mode, ref_template=_REF)
    for name, inner in {**schema.pop("$defs", {}), model.__name__: schema}.items():
        if schemas.setdefault(name, inner) != inner:
            raise ValueError(f"two models are called {name}, or one is asked for and answered unlike")
    return {"$ref": _REF.format(model=model.__name__)}


def _parameters(model: type[BaseModel], where: str, schemas: dict[str, Any]) -> Iterable[dict[str, Any]]:
    described = model.model_json_schema(mode="validation", ref_template=_REF)
    for name, inner in described.pop("$defs", {}).items():
        schemas.setdefault(name, inner)
    required = set(described.get("required", ()))
    for name, schema in described.get("properties", {}).items():
        parameter: dict[str, Any] = {"name": name, "in": where, "required": name in required}
        if description := schema.pop("description", None):
            parameter["description"] = description
        yield {**parameter, "schema": _sendable(schema)}


def _sendable(schema: dict[str, Any]) -> dict[str, Any]:
    """A parameter that is not sent is absent, never null."""
    kept = {name: value for name, value in schema.items() if name not in ("title", "anyOf")}
    choices = [choice for choice in schema.get("anyOf", ()) if choice.get("type") != "null"]
    if len(choices) == 1:
        kept |= choices[0]
    elif choices:
        kept["anyOf"] = choices
    if kept.get("default", ...) is None:
        del kept["default"]
    return kept


def _successes(endpoint: Endpoint[Any, Any, Any], schemas: dict[str, Any]) -> dict[str, Any]:
    headers: dict[str, Any] = dict(_LIMIT_HEADERS) if endpoint.limit is not None else {}
    if endpoint.has_etag:
        headers["ETag"] = {"required": endpoint.is_read, "schema": {"type": "string"}}
    if endpoint.is_list:
        headers["Link"] = {"description": "rel=next : la page suivante.", "schema": {"type": "string"}}
    answers: dict[str, Any] = {}
    for status, model in sorted(endpoint.answers.items()):
        answer: dict[str, Any] = {"description": HTTPStatus(status).phrase}
        if headers:
            answer["headers"] = headers
        if model is not None:
            schema = _reference(model, "serialization", schemas)
            answer["content"] = {"application/json": {"schema": schema}}
        answers[str(status)] = answer
    if endpoint.has_etag and endpoint.is_read:
        answers["304"] = {"description": HTTPStatus(304).phrase, "headers": {"ETag": headers["ETag"]}}
    return answers


def codes_of(endpoint: Endpoint[Any, Any, Any]) -> Iterable[ProblemCode]:
    """The kit's own codes that this endpoint may give."""
    yield from (ProblemCode.BAD_INPUT, ProblemCode.UNAVAILABLE, ProblemCode.INTERNAL)
    if endpoint.schemes:
        yield from (ProblemCode.UNAUTHENTICATED, ProblemCode.FORBIDDEN, ProblemCode.TOO_MANY_REQUESTS)
    if endpoint.limit is not None:
        yield ProblemCode.TOO_MANY_REQUESTS
    if endpoint.path_model.model_fields:
        yield ProblemCode.NOT_FOUND
    if endpoint.takes_body:
        yield from (ProblemCode.LIMIT_EXCEEDED, ProblemCode.UNSUPPORTED_MEDIA_TYPE)
    if endpoint.is_idempotent:
        yield ProblemCode.IDEMPOTENCY_CONFLICT
    if endpoint.has_etag:
        yield ProblemCode.PRECONDITION_FAILED


def _problems(endpoint: Endpoint[Any, Any, Any], schemas: dict[str, Any]) -> dict[str, Any]:
    """Each status with the codes that it may carry here, and nothing else."""
    alternatives: dict[int, list[dict[str, Any]]] = defaultdict(list)
    own: dict[int, set[str]] = defaultdict(set)
    for code in codes_of(endpoint):
        own[STATUS[code]].add(code.value)
    for status, codes in own.items():
        alternatives[status].append(_specific(sorted(codes)))
    for refusal, status in endpoint.refusals.items():
        alternatives[status].append(_refusal(refusal, schemas))
    return {
        str(status): {
            "description": TITLES[status],
            **({"headers": _RETRY} if status == STATUS[ProblemCode.TOO_MANY_REQUESTS] else {}),
            "content": {MEDIA_TYPE: {"schema": found[0] if len(found) == 1 else {"anyOf": found}}},
        }
        for status, found in sorted(alternatives.items())
    }


def _specific(codes: list[str], **more: Any) -> dict[str, Any]:
    properties = {"code": {"enum": codes}, **more}
    return {"allOf": [{"$ref": _REF.format(model="Problem")}, {"properties": properties}]}


def _refusal(refusal: type[Refusal], schemas: dict[str, Any]) -> dict[str, str]:
    facts = schema_of(refusal)
    schema = _specific([refusal.code], **({} if facts is None else {"facts": facts}))
    if facts is not None:
        schema["allOf"][1]["required"] = ["facts"]
    if refusal.__doc__:
        schema["description"] = refusal.__doc__.splitlines()[0]
    schemas[refusal.__name__] = schema
    return {"$ref": _REF.format(model=refusal.__name__)}
