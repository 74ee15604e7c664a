"""A request's parameters and body as the declared models, or what is wrong with them in French.

No value sent is ever echoed, nor the name of a field that is not declared: they may be anything.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, TypeVar
from uuid import UUID

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from starlette.datastructures import QueryParams
from starlette.exceptions import HTTPException
from starlette.requests import Request

from chassis.incoming import Headers
from chassis.json_nesting import TooDeep, read_json
from chassis.rest.problems import Problem, ProblemCode, not_found

M = TypeVar("M", bound=BaseModel)

MAX_DEPTH = 20
"""Objects and lists within each other in a body; `{"a": [1]}` is 2 deep."""

_ERRORS_SHOWN = 20

_SENTENCES: Mapping[str, str] = {
    "missing": "est obligatoire",
    "extra_forbidden": "contient un champ inconnu",
    "string_too_long": "doit avoir {max_length} caractères au plus",
    "string_too_short": "doit avoir {min_length} caractères au moins",
    "string_pattern_mismatch": "n'a pas la forme attendue",
    "too_long": "doit avoir {max_length} éléments au plus",
    "too_short": "doit avoir {min_length} éléments au moins",
    "greater_than": "doit être supérieur à {gt}",
    "greater_than_equal": "doit être au moins {ge}",
    "less_than": "doit être inférieur à {lt}",
    "less_than_equal": "doit être au plus {le}",
    "enum": "ne fait pas partie des valeurs possibles",
    "literal_error": "ne fait pas partie des valeurs possibles",
}
_BY_BEGINNING: Mapping[str, str] = {
    "int_": "doit être un nombre entier",
    "float_": "doit être un nombre",
    "decimal_": "doit être un nombre décimal",
    "bool_": "doit être vrai ou faux",
    "string_": "doit être un texte",
    "uuid_": "doit être un identifiant UUID",
    "datetime_": "doit être un instant ISO 8601",
    "timezone_": "doit être un instant ISO 8601 avec son fuseau",
    "date_": "doit être une date ISO 8601",
    "list_": "doit être une liste",
    "dict_": "doit être un objet",
    "model_": "doit être un objet",
}


def read_path(model: type[M], values: Mapping[str, Any]) -> M:
    """Raises Problem NOT_FOUND: what has no possible name does not exist."""
    try:
        return model.model_validate(dict(values))
    except ValidationError:
        not_found()


def read_query(model: type[M], raw: bytes) -> M:
    """Raises Problem BAD_INPUT, also for a parameter sent twice where one is meant."""
    sent = QueryParams(raw)
    lists = _lists(model)
    values: dict[str, Any] = {}
    for name in sent:
        several = sent.getlist(name)
        if name in lists:
            values[name] = several
        elif len(several) == 1:
            values[name] = several[0]
        else:
            raise Problem(ProblemCode.BAD_INPUT, "Un paramètre est donné deux fois.")
    try:
        return model.model_validate(values)
    except ValidationError as error:
        raise _refused(error, "query", model) from None


async def read_body(model: type[M], request: Request, headers: Headers, max_bytes: int) -> M:
    """Raises Problem UNSUPPORTED_MEDIA_TYPE, LIMIT_EXCEEDED or BAD_INPUT."""
    _declared_type(headers)
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > max_bytes:
                raise _too_long(max_bytes)
    except HTTPException as error:
        if error.status_code != 413:
            raise
        raise _too_long(max_bytes) from None
    text = bytes(body)
    try:
        read_json(text, MAX_DEPTH)
    except TooDeep:
        raise Problem(ProblemCode.LIMIT_EXCEEDED, f"Le corps a plus de {MAX_DEPTH} niveaux.") from None
    except ValueError:
        raise Problem(ProblemCode.BAD_INPUT, "Le corps n'est pas du JSON.") from None
    try:
        return model.model_validate_json(text, strict=True)
    except ValidationError as error:
        raise _refused(error, "body", model) from None


def read_idempotency_key(headers: Headers) -> UUID:
    """The UUID in `Idempotency-Key`, with or without the quotes of a structured field. Raises Problem BAD_INPUT."""
    text = headers.get(b"idempotency-key", b"").decode("latin-1").strip()
    if len(text) > 1 and text[0] == text[-1] == '"':
        text = text[1:-1]
    try:
        return UUID(text)
    except ValueError:
        raise Problem(
            ProblemCode.BAD_INPUT, "L'en-tête Idempotency-Key doit porter un UUID choisi par vous."
        ) from None


def _declared_type(headers: Headers) -> None:
    kind, _, parameters = headers.get(b"content-type", b"").decode("latin-1").partition(";")
    charset = parameters.strip().lower()
    if kind.strip().lower() != "application/json" or charset not in ("", "charset=utf-8", 'charset="utf-8"'):
        raise Problem(
            ProblemCode.UNSUPPORTED_MEDIA_TYPE, "Le corps doit être de type application/json, en UTF-8."
        )


def _too_long(max_bytes: int) -> Problem:
    return Problem(ProblemCode.LIMIT_EXCEEDED, f"Le corps doit tenir en {max_bytes} octets.")


def _refused(error: ValidationError, where: str, model: type[BaseModel]) -> Problem:
    problems = error.errors(include_url=False, include_input=False)[:_ERRORS_SHOWN]
    errors = [_item(problem, where, model) for problem in problems]
    first = errors[0]
    what = f"« {first['field']} »" if first["field"] else "La demande"
    return Problem(ProblemCode.BAD_INPUT, f"{what} {first['detail']}.", errors=errors)


def _item(problem: ErrorDetails, where: str, model: type[BaseModel]) -> dict[str, str]:
    declared = _declared(model)
    path = [str(part) for part in problem["loc"] if isinstance(part, int) or part in declared]
    return {"in": where, "field": ".".join(path), "detail": _sentence(problem)}


def _sentence(problem: ErrorDetails) -> str:
    kind = problem["type"]
    if kind in _SENTENCES:
        return _SENTENCES[kind].format_map(problem.get("ctx", {}))
    for beginning, sentence in _BY_BEGINNING.items():
        if kind.startswith(beginning):
            return sentence
    return "n'est pas valable"


@cache
def _declared(model: type[BaseModel]) -> frozenset[str]:
    """The names of all fields that the model knows, at any depth."""
    return frozenset(_properties(model.model_json_schema()))


@cache
def _lists(model: type[BaseModel]) -> frozenset[str]:
    """The parameters that may be given several times."""
    properties = model.model_json_schema().get("properties", {})
    return frozenset(
        name
        for name, schema in properties.items()
        if "array" in {choice.get("type") for choice in (schema, *schema.get("anyOf", ()))}
    )


def _properties(schema: Any) -> Iterator[str]:
    if isinstance(schema, dict):
        for name, inner in schema.items():
            if name == "properties":
                yield from inner
            yield from _properties(inner)
    elif isinstance(schema, list):
        for inner in schema:
            yield from _properties(inner)
