"""`GET /files/<context>/<name>?filename=…&expires=…&signature=…`: the file to whoever holds its link."""

import re
from typing import Final

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from chassis.files.errors import FileMissing, FilesUnavailable
from chassis.files.files import Files
from chassis.files.links import Verdict
from chassis.files.media import MEDIA_TYPES, content_disposition
from chassis.files.names import extension_of, is_name
from chassis.rest.problems import respond
from chassis.web import served

_ONE_RANGE: Final = re.compile(r"bytes=([0-9]{0,15})-([0-9]{0,15})")

SAFE_HEADERS: Final = {
    "x-content-type-options": "nosniff",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
    "referrer-policy": "no-referrer",
    "x-robots-tag": "noindex",
}
_PROBLEMS: Final = {
    404: ("NOT_FOUND", "Ce fichier n'existe pas, ou ce lien n'y mène pas."),
    410: ("GONE", "Ce lien n'est plus valable : demandez-en un nouveau."),
    416: ("BAD_INPUT", "La partie demandée dépasse la fin du fichier."),
    503: ("UNAVAILABLE", "Les fichiers ne répondent pas : réessayez dans un instant."),
}


def route(files: Files) -> BaseRoute:
    prefix = f"/files/{files.context}"

    async def serve(request: Request) -> Response:
        served(request.scope).route = f"{prefix}/*"
        try:
            return await _answer(files, request)
        except FileMissing:
            return _problem(request, 404)
        except FilesUnavailable:
            return _problem(request, 503)

    return Route(prefix + "/{name:path}", serve, methods=["GET"])


async def _answer(files: Files, request: Request) -> Response:
    name, asked, now = request.path_params["name"], request.query_params, files.clock.now()
    filename, expires = asked.get("filename", ""), asked.get("expires", "")
    if not is_name(name):
        return _problem(request, 404)
    match files.key.verdict(name, filename, expires, asked.get("signature", ""), now):
        case Verdict.FORGED:
            return _problem(request, 404)
        case Verdict.EXPIRED:
            return _problem(request, 410)
    tag = f'"{name.rpartition("/")[2].partition(".")[0]}"'
    left_seconds = max(0, int(expires) - int(now.timestamp()))
    headers = {**SAFE_HEADERS, "etag": tag, "cache-control": f"private, max-age={left_seconds}, immutable"}
    if tag in {
        given.strip().removeprefix("W/") for given in request.headers.get("if-none-match", "").split(",")
    }:
        return Response(status_code=304, headers=headers)
    size = await files.store.size_bytes(name)
    start, end, status = 0, size, 200
    if request.headers.get("if-range", tag) == tag:
        match _part(request.headers.get("range", ""), size):
            case (start, end):
                status = 206
                headers["content-range"] = f"bytes {start}-{end - 1}/{size}"
            case "beyond":
                return _problem(request, 416, {"content-range": f"bytes */{size}"})
    extension = extension_of(name)
    headers |= {
        "accept-ranges": "bytes",
        "content-length": str(end - start),
        "content-type": MEDIA_TYPES[extension],
        "content-disposition": content_disposition(filename, extension),
    }
    if request.method == "HEAD":
        return Response(status_code=status, headers=headers)
    return StreamingResponse(await files.store.read(name, start, end), status, headers)


def _part(header: str, size: int) -> tuple[int, int] | str | None:
    """What `Range` asks for as (start, end exclusive); None for all: several parts are not worth their code."""
    match = _ONE_RANGE.fullmatch(header.replace(" ", ""))
    if match is None or match[0] == "bytes=-":
        return None
    first, last = match[1], match[2]
    if not first:
        length = min(int(last), size)
        return (size - length, size) if length else "beyond"
    if last and int(last) < int(first):
        return None
    if int(first) >= size:
        return "beyond"
    return int(first), min(int(last) + 1, size) if last else size


def _problem(request: Request, status: int, headers: dict[str, str] | None = None) -> Response:
    code, detail = _PROBLEMS[status]
    served(request.scope).code = code
    again = {"retry-after": "5"} if status == 503 else {}
    return respond(status, code, detail, headers={**SAFE_HEADERS, **again, **(headers or {})})
