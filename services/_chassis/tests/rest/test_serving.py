"""One request through the kit: every method, every mistake, and what each of them is answered."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest
import structlog
from notebook.nights import CANARY
from notebook.rest import FAILED_AFTER, PARTNER_KEY

from chassis.clock import TRAVEL_HEADER
from chassis.incoming import CLIENT_ADDRESS_HEADER
from chassis.rest.problems import MEDIA_TYPE
from chassis.service import Runtime
from chassis.testing import TODAY, principal, token_for

TRACE = "0123456789abcdef0123456789abcdef"
NOBODY = "00000000-0000-7000-8000-000000000000"


def session(*roles: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token_for(principal(*roles))}"}


def once(**more: str) -> dict[str, str]:
    return {**session("pro"), "idempotency-key": str(uuid4()), **more}


async def write(http: httpx.AsyncClient, title: str, **headers: str) -> dict[str, Any]:
    answer = await http.post("/v1/notes", json={"title": title, "priceCents": 5}, headers=once(**headers))
    assert answer.status_code == 201, answer.text
    written: dict[str, Any] = answer.json()
    return written


def said(answer: httpx.Response) -> tuple[int, str]:
    """Status and code of a problem that has the whole form of one."""
    problem = answer.json()
    assert answer.headers["content-type"] == MEDIA_TYPE
    assert answer.headers["cache-control"] == "no-store"
    assert {"type", "title", "status", "detail", "code", "traceId"} <= set(problem)
    assert problem["status"] == answer.status_code
    return answer.status_code, problem["code"]


async def test_a_problem_has_the_form_of_rfc_9457_with_a_code_and_the_trace(alone: httpx.AsyncClient) -> None:
    answer = await alone.get("/v1/notes?limit=0", headers={"traceparent": f"00-{TRACE}-{'b' * 16}-01"})
    assert said(answer) == (400, "BAD_INPUT")
    assert answer.json() == {
        "type": "about:blank",
        "title": "Demande incorrecte",
        "status": 400,
        "detail": "« limit » doit être au moins 1.",
        "code": "BAD_INPUT",
        "traceId": TRACE,
        "errors": [{"in": "query", "field": "limit", "detail": "doit être au moins 1"}],
    }


async def test_a_path_beside_the_known_ones_is_a_problem_too(alone: httpx.AsyncClient) -> None:
    for path in ("/v1/nothing", "/v1/notes/", "/v1/notes/1/2"):
        assert said(await alone.get(path)) == (404, "NOT_FOUND")


async def test_what_has_no_possible_name_does_not_exist(alone: httpx.AsyncClient) -> None:
    assert said(await alone.get(f"/v1/notes/{CANARY}")) == (404, "NOT_FOUND")


async def test_other_methods_are_refused_and_the_allowed_ones_named(alone: httpx.AsyncClient) -> None:
    answer = await alone.delete("/v1/notes")
    assert said(answer) == (405, "METHOD_NOT_ALLOWED")
    assert answer.headers["allow"] == "GET, HEAD, OPTIONS, POST"
    options = await alone.options(f"/v1/notes/{NOBODY}")
    assert (options.status_code, options.headers["allow"]) == (204, "GET, HEAD, OPTIONS, PATCH")


@pytest.mark.servers
async def test_head_is_get_without_the_body(http: httpx.AsyncClient) -> None:
    note = await write(http, "Courses")
    whole, head = await http.get(f"/v1/notes/{note['id']}"), await http.head(f"/v1/notes/{note['id']}")
    assert (head.status_code, head.content) == (200, b"")
    for name in ("content-length", "content-type", "etag"):
        assert head.headers[name] == whole.headers[name]


async def test_a_bug_shows_a_trace_and_nothing_else(alone: httpx.AsyncClient) -> None:
    with structlog.testing.capture_logs() as logged:
        answer = await alone.get("/v1/broken/bug")
    assert said(answer) == (500, "INTERNAL")
    bug, line = logged
    assert (bug["event"], bug["error"], line["code"]) == ("rest.bug", "RuntimeError", "INTERNAL")
    assert bug["at"][-1].endswith(":bug")
    assert CANARY not in answer.text + str(logged)
    assert said(await alone.get("/v1/broken/undeclared")) == (500, "INTERNAL")


@pytest.mark.servers
async def test_an_error_of_the_database_quotes_nothing(http: httpx.AsyncClient) -> None:
    with structlog.testing.capture_logs() as logged:
        answer = await http.get("/v1/broken/table")
    assert said(answer) == (500, "INTERNAL")
    assert CANARY not in answer.text + str(logged)


async def test_a_database_out_of_reach_is_unavailable_and_not_a_bug(alone: httpx.AsyncClient) -> None:
    with structlog.testing.capture_logs() as logged:
        assert said(await alone.get(f"/v1/notes/{NOBODY}")) == (503, "UNAVAILABLE")
    assert [line["event"] for line in logged] == ["rest.unavailable", "http.request"]


async def test_a_request_is_logged_under_its_operation_and_template(alone: httpx.AsyncClient) -> None:
    with structlog.testing.capture_logs() as logged:
        await alone.get(f"/v1/notes/{CANARY}")
    (line,) = logged
    assert (line["operation"], line["route"], line["status"], line["code"]) == (
        "showNote",
        "/v1/notes/{noteId}",
        404,
        "NOT_FOUND",
    )


async def test_nobody_in_particular_is_unauthenticated_and_told_how(alone: httpx.AsyncClient) -> None:
    answer = await alone.post("/v1/notes", json={})
    assert said(answer) == (401, "UNAUTHENTICATED")
    assert answer.headers["www-authenticate"] == "Bearer"


@pytest.mark.servers
async def test_wrong_tokens_and_keys_are_unauthenticated_whatever_they_are(http: httpx.AsyncClient) -> None:
    expired = token_for(principal("pro"), exp=1)
    wrong = PARTNER_KEY.text[:-1] + ("0" if PARTNER_KEY.text[-1] != "0" else "1")
    for authorization in (
        f"Bearer {expired}",
        f"Bearer {wrong}",
        "Bearer a_b",
        "Bearer",
        "Basic YTpi",
        "a.b.c",
    ):
        answer = await http.post("/v1/notes", json={}, headers={"authorization": authorization})
        assert said(answer) == (401, "UNAUTHENTICATED")


@pytest.mark.servers
async def test_a_key_opens_what_is_for_keys_and_nothing_else(http: httpx.AsyncClient) -> None:
    key = {"authorization": f"Bearer {PARTNER_KEY.text}"}
    note = await write(http, "Par clé", **key)
    answer = await http.patch(f"/v1/notes/{note['id']}", json={"title": "Autre"}, headers=key)
    assert said(answer) == (401, "UNAUTHENTICATED")


@pytest.mark.servers
async def test_failed_recognitions_are_counted_per_address(http: httpx.AsyncClient) -> None:
    def from_(address: str) -> dict[str, str]:
        return {"authorization": "Bearer partner_0000_0000000000000000", CLIENT_ADDRESS_HEADER: address}

    for _ in range(FAILED_AFTER):
        assert said(await http.post("/v1/notes", headers=from_("192.0.2.1"))) == (401, "UNAUTHENTICATED")
    answer = await http.post("/v1/notes", headers=from_("192.0.2.1"))
    assert said(answer) == (429, "TOO_MANY_REQUESTS")
    assert answer.headers["retry-after"] == "60"
    assert said(await http.post("/v1/notes", headers=from_("192.0.2.2"))) == (401, "UNAUTHENTICATED")
    assert said(await http.post("/v1/notes", headers={CLIENT_ADDRESS_HEADER: "192.0.2.1"})) == (
        401,
        "UNAUTHENTICATED",
    )


@pytest.mark.servers
async def test_what_one_may_know_of_but_not_do_is_forbidden(http: httpx.AsyncClient) -> None:
    note = await write(http, "Courses")
    answer = await http.patch(f"/v1/notes/{note['id']}", json={"title": "Autre"}, headers=session("reader"))
    assert said(answer) == (403, "FORBIDDEN")


@pytest.mark.servers
async def test_a_refusal_is_a_problem_with_its_code_and_its_facts(http: httpx.AsyncClient) -> None:
    await write(http, "Courses")
    answer = await http.post("/v1/notes", json={"title": "Courses", "priceCents": 5}, headers=once())
    assert said(answer) == (409, "TITLE_TAKEN")
    assert answer.json()["detail"] == "Une autre note s'appelle déjà « Courses »."
    assert answer.json()["facts"] == {
        "title": "Courses",
        "feeCents": 50,
        "freeFrom": "2026-11-22T10:00:00Z",
    }


@pytest.mark.servers
async def test_one_idempotency_key_has_one_effect_and_one_answer(http: httpx.AsyncClient) -> None:
    headers, body = once(), {"title": "Une fois", "priceCents": 5}
    answers = await asyncio.gather(*(http.post("/v1/notes", json=body, headers=headers) for _ in range(20)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["id"] for answer in answers}) == 1
    quoted = {**headers, "idempotency-key": f'"{headers["idempotency-key"]}"'}
    assert (await http.post("/v1/notes", json=body, headers=quoted)).json() == answers[0].json()
    other = await http.post("/v1/notes", json={**body, "priceCents": 6}, headers=headers)
    assert said(other) == (422, "IDEMPOTENCY_CONFLICT")
    somebody_else = {**session("pro"), "idempotency-key": headers["idempotency-key"]}
    assert said(await http.post("/v1/notes", json=body, headers=somebody_else)) == (409, "TITLE_TAKEN")


@pytest.mark.parametrize("key", [None, "", "1", '"', "'", "é"])
async def test_an_idempotent_endpoint_wants_a_key_that_is_a_uuid(
    key: str | None, alone: httpx.AsyncClient
) -> None:
    sent = {} if key is None else {"idempotency-key": key}
    answer = await alone.post(
        "/v1/notes",
        json={"title": "a", "priceCents": 5},
        headers=[(name, value.encode()) for name, value in {**session("pro"), **sent}.items()],
    )
    assert said(answer) == (400, "BAD_INPUT")


@pytest.mark.servers
async def test_a_list_is_read_page_by_page_to_its_end(http: httpx.AsyncClient) -> None:
    titles = [f"Note {number}" for number in range(5)]
    for title in titles:
        await write(http, title)
    seen, address = [], "/v1/notes?limit=2"
    pages = 0
    while address:
        answer = await http.get(address)
        seen += [note["title"] for note in answer.json()["notes"]]
        following = answer.links.get("next")
        address = str(answer.url.join(following["url"])) if following else ""
        pages += 1
    assert (seen, pages) == (titles, 3)
    some = await http.get("/v1/notes", params=[("title", "Note 1"), ("title", "Note 4"), ("limit", "1")])
    assert "title=Note+1&title=Note+4&limit=1&cursor=" in some.links["next"]["url"]


@pytest.mark.parametrize(
    "query",
    [
        "cursor=",
        "cursor=%00",
        "cursor=W10",
        "cursor=a&cursor=b",
        "limit=101",
        "limit=un",
        "other=1",
        "limit=",
    ],
)
async def test_a_query_that_is_not_the_declared_one_is_refused(query: str, alone: httpx.AsyncClient) -> None:
    assert said(await alone.get(f"/v1/notes?{query}")) == (400, "BAD_INPUT")


@pytest.mark.servers
async def test_who_has_the_newest_state_is_told_so_and_who_has_not_changes_nothing(
    http: httpx.AsyncClient,
) -> None:
    note = await write(http, "Avant")
    address, pro = f"/v1/notes/{note['id']}", session("pro")
    etag = (await http.get(address)).headers["etag"]
    unchanged = await http.get(address, headers={"if-none-match": f'"other", W/{etag}'})
    assert (unchanged.status_code, unchanged.content, unchanged.headers["etag"]) == (304, b"", etag)
    assert said(await http.get(address, headers={"if-match": '"other"'})) == (412, "PRECONDITION_FAILED")

    changed = await http.patch(address, json={"title": "Après"}, headers={**pro, "if-match": etag})
    assert changed.status_code == 204
    late = await http.patch(address, json={"title": "Trop tard"}, headers={**pro, "if-match": etag})
    assert said(late) == (412, "PRECONDITION_FAILED")
    now = await http.get(address, headers={"if-none-match": etag})
    assert (now.json()["title"], now.headers["etag"]) == ("Après", changed.headers["etag"])


@pytest.mark.servers
async def test_of_changes_from_one_state_at_once_one_is_made(http: httpx.AsyncClient) -> None:
    note = await write(http, "Avant")
    address = f"/v1/notes/{note['id']}"
    headers = {**session("pro"), "if-match": (await http.get(address)).headers["etag"]}
    answers = await asyncio.gather(
        *(http.patch(address, json={"title": f"Après {n}"}, headers=headers) for n in range(8))
    )
    assert sorted(answer.status_code for answer in answers) == [204] + [412] * 7


@pytest.mark.servers
async def test_beyond_its_rate_a_caller_is_told_when_to_come_back(
    http: httpx.AsyncClient, runtime: Runtime[Any]
) -> None:
    def standing(answer: httpx.Response) -> list[str]:
        return [answer.headers[f"ratelimit-{name}"] for name in ("limit", "remaining", "reset")]

    here = {CLIENT_ADDRESS_HEADER: "192.0.2.1"}
    for left in (2, 1, 0):
        answer = await http.get("/v1/now", headers=here)
        assert (answer.status_code, standing(answer)) == (200, ["3", str(left), "60"])
    runtime.clock.instant += timedelta(seconds=20.5)
    answer = await http.get("/v1/now", headers=here)
    assert said(answer) == (429, "TOO_MANY_REQUESTS")
    assert (answer.headers["retry-after"], standing(answer)) == ("40", ["3", "0", "40"])
    assert (await http.get("/v1/now", headers={CLIENT_ADDRESS_HEADER: "192.0.2.2"})).status_code == 200
    runtime.clock.instant = TODAY + timedelta(minutes=1)
    assert (await http.get("/v1/now", headers=here)).status_code == 200
    async with runtime.database.read() as connection:
        kept = (
            await connection.exec_driver_sql("SELECT string_agg(bucket, ' ') FROM throttles")
        ).scalar_one()
    assert "192.0.2" not in kept


@pytest.mark.servers
async def test_the_business_clock_moves_only_with_time_travel(http: httpx.AsyncClient) -> None:
    then = datetime(2019, 2, 1, tzinfo=UTC)
    answer = await http.get("/v1/now", headers={TRAVEL_HEADER: then.isoformat()})
    assert answer.json()["now"] == "2019-02-01T00:00:00Z"
    assert said(await http.get("/v1/now", headers={TRAVEL_HEADER: "hier"})) == (400, "BAD_INPUT")
