"""A file is read by whoever holds its link, until it expires, and never run by a browser."""

from datetime import timedelta
from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx
import pytest
import structlog
from filestores.content import MEGABYTE, do_not_try_again, pieces
from filestores.places import Place, settings

from chassis.clock import FixedClock
from chassis.files import Files, Link, new_name
from chassis.testing import TODAY
from chassis.web import build_app

TEXT = b"0123456789"


async def kept(files: Files, *parts: bytes, extension: str = "txt", filename: str = "notes.txt") -> Link:
    name = new_name("notes", extension)
    await files.write(name, pieces(*(parts or (TEXT,))))
    return files.link(name, filename)


def changed(url: str, **parts: str) -> str:
    split = urlsplit(url)
    return split._replace(query=urlencode({**dict(parse_qsl(split.query)), **parts})).geturl()


def is_problem(answer: httpx.Response, status: int) -> bool:
    told = answer.json()
    return (
        answer.status_code == told["status"] == status
        and answer.headers["content-type"] == "application/problem+json"
        and answer.headers["cache-control"] == "no-store"
        and len(told["traceId"]) == 32
    )


async def test_a_link_gives_the_file_to_save_under_its_name(files: Files, browser: httpx.AsyncClient) -> None:
    link = await kept(files, filename="Été 2026")
    assert link.url.startswith("http://door/files/notebook/notes/")
    answer = await browser.get(link.url)
    assert (answer.status_code, answer.content) == (200, TEXT)
    head = answer.headers
    assert head["content-type"] == "text/plain; charset=utf-8"
    assert head["content-length"] == "10"
    assert head["content-disposition"] == (
        "attachment; filename=\"Ete 2026.txt\"; filename*=UTF-8''%C3%89t%C3%A9%202026.txt"
    )
    assert head["x-content-type-options"] == "nosniff"
    assert head["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'; sandbox"
    assert head["referrer-policy"] == "no-referrer"
    assert head["cache-control"] == "private, max-age=3600, immutable"


async def test_a_page_sent_as_an_image_is_an_image_to_the_browser(
    files: Files, browser: httpx.AsyncClient
) -> None:
    link = await kept(files, b"<script>alert(1)</script>", extension="png", filename="a.html")
    head = (await browser.get(link.url)).headers
    assert (head["content-type"], head["x-content-type-options"]) == ("image/png", "nosniff")
    assert head["content-disposition"].startswith('inline; filename="a.html.png"')


async def test_a_link_expires_by_the_contexts_clock(place: Place, browser: httpx.AsyncClient) -> None:
    link = await kept(place.files)
    place.clock.instant = link.expires_at - timedelta(seconds=1)
    answer = await browser.get(link.url)
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "private, max-age=1, immutable")
    place.clock.instant = link.expires_at
    expired = await browser.get(link.url)
    assert is_problem(expired, 410)
    assert expired.json()["detail"] == "Ce lien n'est plus valable : demandez-en un nouveau."


async def test_anything_changed_in_a_link_leads_nowhere(files: Files, browser: httpx.AsyncClient) -> None:
    link, other = await kept(files), await kept(files)
    forged = [
        changed(link.url, expires=str(int(TODAY.timestamp()) + 10**6)),
        changed(link.url, filename="autre.txt"),
        changed(link.url, signature="A" * 43),
        changed(link.url, signature="é"),
        link.url.partition("?")[0],
        other.url.partition("?")[0] + "?" + link.url.partition("?")[2],
    ]
    missing = files.link(new_name("notes", "txt"), "a").url
    answers = [await browser.get(url) for url in (*forged, missing)]
    assert all(is_problem(answer, 404) for answer in answers)
    assert len({answer.json()["detail"] for answer in answers}) == 1


@pytest.mark.parametrize(
    "path",
    [
        "",
        "notes",
        "../../etc/passwd",
        "%2e%2e/%2e%2e/etc/passwd",
        "..%2f..%2fetc%2fpasswd",
        ".unfinished/x",
        "%00",
    ],
)
async def test_a_path_that_is_no_name_leads_nowhere(browser: httpx.AsyncClient, path: str) -> None:
    answer = await browser.get(f"http://door/files/notebook/{path}?expires=9999999999&signature=a")
    assert answer.status_code == 404


async def test_a_link_of_another_context_is_none_here(place: Place, browser: httpx.AsyncClient) -> None:
    link = await kept(place.files)
    assert (await browser.get(link.url.replace("/files/notebook/", "/files/other/"))).status_code == 404


async def test_only_reading_is_offered(files: Files, browser: httpx.AsyncClient) -> None:
    link = await kept(files)
    for method in ("POST", "PUT", "DELETE"):
        assert (await browser.request(method, link.url)).status_code == 405
    head = await browser.head(link.url)
    assert (head.status_code, head.content, head.headers["content-length"]) == (200, b"", "10")


@pytest.mark.parametrize(
    ("asked", "status", "content", "told"),
    [
        ("bytes=0-3", 206, b"0123", "bytes 0-3/10"),
        ("bytes=4-", 206, b"456789", "bytes 4-9/10"),
        ("bytes=-3", 206, b"789", "bytes 7-9/10"),
        ("bytes=-99", 206, TEXT, "bytes 0-9/10"),
        ("bytes=8-99", 206, b"89", "bytes 8-9/10"),
        ("bytes=9-9", 206, b"9", "bytes 9-9/10"),
        ("bytes=10-", 416, None, "bytes */10"),
        ("bytes=-0", 416, None, "bytes */10"),
        ("bytes=5-2", 200, TEXT, None),
        ("bytes=-", 200, TEXT, None),
        ("bytes=0-1,3-4", 200, TEXT, None),
        ("items=0-1", 200, TEXT, None),
        ("bytes=a-b", 200, TEXT, None),
    ],
)
async def test_a_part_is_given_when_one_is_asked_for(
    files: Files, browser: httpx.AsyncClient, asked: str, status: int, content: bytes | None, told: str | None
) -> None:
    link = await kept(files)
    answer = await browser.get(link.url, headers={"range": asked})
    assert (answer.status_code, answer.headers.get("content-range")) == (status, told)
    assert answer.headers.get("content-range") == told
    assert content is None or answer.content == content


async def test_a_download_goes_on_where_it_broke_off(files: Files, browser: httpx.AsyncClient) -> None:
    link = await kept(files, *[MEGABYTE] * 8)
    first = await browser.get(link.url, headers={"range": "bytes=0-5000000"})
    rest = await browser.get(link.url, headers={"range": "bytes=5000001-", "if-range": first.headers["etag"]})
    assert (first.status_code, rest.status_code) == (206, 206)
    assert first.content + rest.content == MEGABYTE * 8
    stale = await browser.get(link.url, headers={"range": "bytes=1-", "if-range": '"another"'})
    assert stale.status_code == 200


async def test_what_a_browser_has_already_is_not_sent_again(files: Files, browser: httpx.AsyncClient) -> None:
    link = await kept(files)
    tag = (await browser.get(link.url)).headers["etag"]
    for given in (tag, f"W/{tag}", f'"other", {tag}'):
        again = await browser.get(link.url, headers={"if-none-match": given})
        assert (again.status_code, again.content) == (304, b"")
    assert (await browser.get(link.url, headers={"if-none-match": '"other"'})).status_code == 200


async def test_a_store_out_of_reach_is_told_and_may_be_asked_again() -> None:
    files = Files(settings("s3://bucket?endpoint=http://127.0.0.1:1"), FixedClock(TODAY))
    do_not_try_again(files)
    transport = httpx.ASGITransport(build_app(routes=[files.route()], checks={}))
    async with httpx.AsyncClient(transport=transport) as client:
        answer = await client.get(files.link(new_name("notes", "txt"), "a").url)
    assert is_problem(answer, 503)
    assert answer.headers["retry-after"] == "5"


async def test_the_links_secret_is_in_no_log(files: Files, browser: httpx.AsyncClient) -> None:
    link = await kept(files)
    with structlog.testing.capture_logs() as logged:
        await browser.get(link.url)
    assert logged[-1]["route"] == "/files/notebook/*"
    assert "signature" not in str(logged)
    assert link.url.rpartition("=")[2] not in str(logged)
