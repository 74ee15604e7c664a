"""A server of others can be away, slow, wrong or hostile: the caller hears of it in time, by name."""

import asyncio
import dataclasses
import datetime as dt
import ssl
import time
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path

import httpcore
import psutil
import pytest
import structlog
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from prometheus_client import REGISTRY
from standardwebhooks.webhooks import Webhook

from chassis.outbound import (
    Answer,
    AnswerTooLarge,
    CircuitOpen,
    Outbound,
    OutboundError,
    OutboundRules,
    TargetRefused,
    TimedOut,
    Unreachable,
    UnusableAnswer,
)
from chassis.outbound.partner import (
    Partner,
    bomb,
    cut,
    drip,
    flood,
    garbage,
    json,
    redirect,
    reset,
    respond,
    silence,
    status,
)
from chassis.outbound.signing import new_secret, webhook_headers
from chassis.telemetry import start_trace

Open = Callable[..., Outbound]
TRACE = "0123456789abcdef0123456789abcdef"


@pytest.fixture
async def open_client() -> AsyncIterator[Open]:
    clients: list[Outbound] = []

    def open_one(rules: OutboundRules, **parts: object) -> Outbound:
        clients.append(Outbound(rules, **parts))  # type: ignore[arg-type]
        return clients[-1]

    yield open_one
    for client in clients:
        await client.close()


@pytest.fixture
def client(partner: Partner, open_client: Open) -> Outbound:
    return open_client(partner.rules)


async def get(client: Outbound, address: str, **how: object) -> Answer:
    return await client.request("GET", address, partner="stub", **how)  # type: ignore[arg-type]


def count(outcome: str) -> float:
    labels = {"partner": "stub", "outcome": outcome}
    return REGISTRY.get_sample_value("outbound_request_seconds_count", labels) or 0.0


async def test_an_answer_is_given_whatever_its_status(partner: Partner, client: Outbound) -> None:
    found = await get(client, partner.on("/a", json({"total": 1})))
    assert (found.status, found.is_success, found.json(), found.tries) == (200, True, {"total": 1}, 1)
    missing = await get(client, partner.address + "/none")
    assert (missing.status, missing.is_success) == (404, False)


async def test_a_request_hands_the_trace_on_and_asks_for_nothing_packed(
    partner: Partner, client: Outbound
) -> None:
    start_trace(f"00-{TRACE}-{'b' * 16}-01")
    await get(client, partner.on("/a", json({})), headers={"Authorization": "Bearer x"})
    (received,) = partner.requests
    assert received.headers["traceparent"].split("-")[1] == TRACE
    assert received.headers["accept-encoding"] == "identity"
    assert received.headers["authorization"] == "Bearer x"


async def test_metrics_and_one_line_tell_the_outcome_without_a_value(
    partner: Partner, client: Outbound
) -> None:
    before = count("ok")
    address = partner.on("/canari-path", json({"canari": "body"}))
    with structlog.testing.capture_logs() as logged:
        await get(client, address + "?q=canari-query", headers={"x-key": "canari-key"})
        with pytest.raises(TargetRefused) as refused:
            await get(client, "http://canari.localhost:1/")
    assert count("ok") == before + 1
    assert [(line["event"], line["partner"], line["outcome"], line["status"]) for line in logged] == [
        ("outbound.request", "stub", "ok", 200),
        ("outbound.request", "stub", "target_refused", None),
    ]
    assert "canari" not in f"{logged}{refused.value!r}"


# -- Time


async def test_silence_ends_after_the_read_time_out(partner: Partner, client: Outbound) -> None:
    address = partner.on("/a", silence())
    started = time.monotonic()
    with pytest.raises(TimedOut):
        await get(client, address, idempotent=False)
    assert 0.4 < time.monotonic() - started < 15


async def test_a_body_that_drips_forever_ends_after_the_total_time_out(
    partner: Partner, open_client: Open
) -> None:
    client = open_client(dataclasses.replace(partner.rules, total_seconds=0.7))
    started = time.monotonic()
    with pytest.raises(TimedOut):
        await get(client, partner.on("/a", drip(b"x" * 1000, every_seconds=0.05)))
    assert 0.6 < time.monotonic() - started < 15, "it would drip for fifty"


async def test_tries_and_pauses_stay_within_the_total(partner: Partner, open_client: Open) -> None:
    client = open_client(dataclasses.replace(partner.rules, total_seconds=1.0, tries=50, failures_to_open=99))
    address = partner.on("/a", status(503, retry_after="30"))
    started = time.monotonic()
    assert (await get(client, address)).status == 503
    assert len(partner.requests) == 1
    partner.on("/a", status(503))
    assert (await get(client, address)).status == 503
    assert time.monotonic() - started < 15, "half a minute was asked for"


async def test_a_late_answer_within_time_is_an_answer(partner: Partner, client: Outbound) -> None:
    assert (await get(client, partner.on("/a", json(1, after_seconds=0.1)))).json() == 1


# -- Tries


@pytest.mark.parametrize("trouble", [status(503), status(502), status(504), status(429), reset(), cut()])
async def test_an_idempotent_request_is_tried_again_after_what_passes(
    partner: Partner, client: Outbound, trouble: object
) -> None:
    answer = await get(client, partner.on("/a", trouble, trouble, json("well")))  # type: ignore[arg-type]
    assert (answer.json(), answer.tries, len(partner.requests)) == ("well", 3, 3)


async def test_the_last_try_tells_what_was_wrong(partner: Partner, open_client: Open) -> None:
    client = open_client(dataclasses.replace(partner.rules, failures_to_open=99))
    assert (await get(client, partner.on("/a", status(503)))).status == 503
    with pytest.raises(Unreachable):
        await get(client, partner.on("/b", reset()))
    assert len(partner.requests) == 6


@pytest.mark.parametrize("trouble", [status(503), reset()])
async def test_a_post_is_made_once_unless_it_says_that_twice_is_once(
    partner: Partner, client: Outbound, trouble: object
) -> None:
    address = partner.on("/a", trouble, json("well"))  # type: ignore[arg-type]
    try:
        answer = await client.request("POST", address, partner="stub", body=b"{}")
        assert answer.status == 503
    except Unreachable:
        pass
    assert len(partner.requests) == 1
    partner.on("/a", trouble, json("well"))  # type: ignore[arg-type]
    keyed = await client.request("POST", address, partner="stub", body=b"{}", idempotent=True)
    assert (keyed.json(), len(partner.requests)) == ("well", 3)
    assert {received.body for received in partner.requests} == {b"{}"}


@pytest.mark.parametrize("code", [400, 401, 404, 500])
async def test_what_will_not_pass_is_not_tried_again(partner: Partner, client: Outbound, code: int) -> None:
    assert (await get(client, partner.on("/a", status(code)))).tries == 1


async def test_a_server_that_asks_to_wait_is_waited_for(partner: Partner, client: Outbound) -> None:
    started = time.monotonic()
    answer = await get(client, partner.on("/a", status(429, retry_after="1"), json("well")))
    assert answer.json() == "well"
    assert time.monotonic() - started >= 1


async def test_each_try_of_a_webhook_is_signed_anew_and_verifies(partner: Partner, client: Outbound) -> None:
    secret = new_secret()
    instants = iter(dt.datetime.now(dt.UTC) + dt.timedelta(seconds=offset) for offset in (0, 2))
    answer = await client.request(
        "POST",
        partner.on("/hook", status(503), status(204)),
        partner="stub",
        body=b'{"a":1}',
        sign=lambda body: webhook_headers([secret], "msg_1", body, next(instants)),
        idempotent=True,
    )
    assert answer.status == 204
    first, second = partner.requests
    for received in (first, second):
        Webhook(secret.get_secret_value()).verify(received.body, dict(received.headers))
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert first.headers["webhook-timestamp"] != second.headers["webhook-timestamp"]


# -- The circuit


async def test_a_host_that_keeps_failing_is_left_alone_then_tried_once(
    partner: Partner, open_client: Open
) -> None:
    rules = dataclasses.replace(partner.rules, tries=1, failures_to_open=3, open_seconds=0.4)
    client = open_client(rules)
    address = partner.on("/a", status(500))
    for _ in range(3):
        await get(client, address)
    before = count("circuit_open")
    for _ in range(5):
        with pytest.raises(CircuitOpen):
            await get(client, address)
    assert (len(partner.requests), count("circuit_open") - before) == (3, 5)
    await asyncio.sleep(0.45)
    partner.on("/a", json("well", after_seconds=0.1))
    answers = await asyncio.gather(*(get(client, address) for _ in range(5)), return_exceptions=True)
    assert len([answer for answer in answers if isinstance(answer, Answer)]) == 1
    assert len(partner.requests) == 4
    assert (await get(client, address)).json() == "well"


async def test_a_slow_host_opens_its_circuit_too(partner: Partner, open_client: Open) -> None:
    rules = dataclasses.replace(partner.rules, tries=1, failures_to_open=2, total_seconds=0.2)
    client = open_client(rules)
    address = partner.on("/a", drip(b"x" * 1000, every_seconds=0.05))
    for _ in range(2):
        with pytest.raises(TimedOut):
            await get(client, address)
    with pytest.raises(CircuitOpen):
        await get(client, address)


async def test_requests_that_are_cancelled_open_no_circuit(partner: Partner, open_client: Open) -> None:
    client = open_client(dataclasses.replace(partner.rules, tries=1, failures_to_open=2))
    address = partner.on("/a", silence())
    for _ in range(3):
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(get(client, address), 0.05)
    assert (await get(client, partner.on("/b", json("well")))).json() == "well"


# -- Size and lies


@pytest.mark.parametrize("declared", [True, False])
async def test_a_huge_body_is_not_read(partner: Partner, client: Outbound, declared: bool) -> None:
    address = partner.on("/a", flood(500, declared=declared))
    before = psutil.Process().memory_info().rss
    with pytest.raises(AnswerTooLarge):
        await get(client, address)
    assert psutil.Process().memory_info().rss - before < 30 * 1024 * 1024


async def test_the_limit_is_the_last_length_that_is_read(partner: Partner, client: Outbound) -> None:
    assert len((await get(client, partner.on("/a", respond(b"x" * 100)), max_answer_bytes=100)).body) == 100
    with pytest.raises(AnswerTooLarge):
        await get(client, partner.address + "/a", max_answer_bytes=99)


async def test_a_packed_answer_that_nobody_asked_for_is_not_unpacked(
    partner: Partner, client: Outbound
) -> None:
    with pytest.raises(UnusableAnswer):
        await get(client, partner.on("/a", bomb(200)))


async def test_an_answer_that_breaks_off_is_none(partner: Partner, client: Outbound) -> None:
    with pytest.raises(Unreachable):
        await get(client, partner.on("/a", cut()))


async def test_bytes_that_are_no_http_are_no_answer(partner: Partner, client: Outbound) -> None:
    with pytest.raises(Unreachable):
        await get(client, partner.on("/a", garbage()))


@pytest.mark.parametrize(
    "lie",
    [
        json({}, content_type="text/html"),
        json({}, content_type=""),
        respond(b"<html>", content_type="application/json"),
        respond(b"", content_type="application/json"),
        respond(b"\xff\xfe{}", content_type="application/json"),
    ],
)
async def test_what_is_not_json_or_does_not_say_so_is_not_read_as_json(
    partner: Partner, client: Outbound, lie: object
) -> None:
    answer = await get(client, partner.on("/a", lie))  # type: ignore[arg-type]
    with pytest.raises(UnusableAnswer):
        answer.json()


@pytest.mark.parametrize(
    "content_type", ["application/json; charset=utf-8", "APPLICATION/JSON", "application/geo+json"]
)
async def test_json_by_any_of_its_names_is_read(
    partner: Partner, client: Outbound, content_type: str
) -> None:
    assert (await get(client, partner.on("/a", json([1], content_type=content_type)))).json() == [1]


async def test_nobody_listening_is_unreachable(client: Outbound, partner: Partner) -> None:
    await partner.stop()
    with pytest.raises(Unreachable):
        await get(client, partner.address + "/a")


# -- Where it connects to


async def test_a_private_address_is_not_asked_in_any_spelling(partner: Partner, open_client: Open) -> None:
    client = open_client(dataclasses.replace(partner.rules, allowed_hosts=frozenset(), ports={partner.port}))
    port = partner.port
    for host in (
        *("127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "2130706433", "0x7f.1"),
        *("0177.0.0.1", "127.1", "[::127.0.0.1]", "[64:ff9b::7f00:1]", "0.0.0.0", "example.org@127.0.0.1"),
        *("localhost.", "LOCALHOST", r"example.org\@127.0.0.1"),
    ):
        with pytest.raises(TargetRefused):
            await get(client, f"http://{host}:{port}/a")
    assert partner.requests == []


async def test_a_name_that_resolves_into_a_private_network_is_not_asked(
    partner: Partner, open_client: Open
) -> None:
    async def resolve(host: str, port: int) -> Sequence[str]:
        return {"inner.example": ["10.0.0.1"], "both.example": ["93.184.216.34", "127.0.0.1"]}[host]

    client = open_client(OutboundRules(tries=1), resolve=resolve)
    for host in ("inner.example", "both.example"):
        with pytest.raises(TargetRefused):
            await get(client, f"http://{host}/")


class _Recording(httpcore.AsyncNetworkBackend):
    def __init__(self, port: int) -> None:
        self.port = port
        self.asked: list[str] = []

    async def connect_tcp(self, host: str, port: int, **how: object) -> httpcore.AsyncNetworkStream:  # type: ignore[override]
        """Any address leads to the partner; what was asked for is kept."""
        self.asked.append(host)
        return await httpcore.AnyIOBackend().connect_tcp("127.0.0.1", self.port, timeout=1)


async def test_a_name_is_resolved_once_and_the_checked_address_connected_to(
    partner: Partner, open_client: Open
) -> None:
    """A name that is public when it is checked and private when it is connected to: DNS rebinding."""
    said = iter([["93.184.216.34"], ["127.0.0.1"], ["127.0.0.1"]])

    async def resolve(_: str, __: int) -> Sequence[str]:
        return next(said)

    network = _Recording(partner.port)
    client = open_client(OutboundRules(tries=1), resolve=resolve, network=network)
    partner.on("/a", json({}, headers={"connection": "close"}))
    await get(client, "http://rebinding.example/a")
    assert network.asked == ["93.184.216.34"]
    assert partner.requests[0].headers["host"] == "rebinding.example"
    with pytest.raises(TargetRefused):
        await get(client, "http://rebinding.example/a")
    assert network.asked == ["93.184.216.34"]


@pytest.mark.parametrize(
    "to",
    [
        *(
            "http://169.254.169.254/latest/meta-data/",
            "http://10.0.0.1/",
            "http://[::1]/",
            "file:///etc/passwd",
        ),
        *("http://localhost/", "//192.168.0.1/", "http://2130706433/", "http://a@127.0.0.1/", "gopher://x/"),
    ],
)
async def test_a_redirect_into_a_private_network_is_not_followed(
    partner: Partner, client: Outbound, to: str
) -> None:
    with pytest.raises(TargetRefused):
        await get(client, partner.on("/a", redirect(to)))
    assert len(partner.requests) == 1


async def test_redirects_are_followed_a_few_times(partner: Partner, client: Outbound) -> None:
    partner.on("/b", redirect("c?d=e", 307))
    partner.on("/c", json("there"))
    assert (await get(client, partner.on("/a", redirect("/b")))).json() == "there"
    assert partner.requests[-1].query == {"d": "e"}
    with pytest.raises(UnusableAnswer):
        await get(client, partner.on("/loop", redirect("/loop")))
    with pytest.raises(UnusableAnswer):
        await get(client, partner.on("/nowhere", status(302)))


async def test_a_redirect_of_a_post_is_its_answer(partner: Partner, client: Outbound) -> None:
    answer = await client.request("POST", partner.on("/a", redirect("/b", 307)), partner="stub", body=b"x")
    assert (answer.status, len(partner.requests)) == (307, 1)


async def test_what_is_said_to_one_server_is_not_said_to_the_next(
    partner: Partner, open_client: Open
) -> None:
    other = await Partner().start()
    try:
        allowed = frozenset({f"127.0.0.1:{partner.port}", f"127.0.0.1:{other.port}"})
        client = open_client(dataclasses.replace(partner.rules, allowed_hosts=allowed))
        address = partner.on("/a", redirect(other.on("/b", json({}))))
        secret = {"Authorization": "Bearer x", "X-Api-Key": "k", "Cookie": "c", "Accept": "application/json"}
        await get(client, address, headers=secret, sign=lambda _: {"webhook-id": "1"})
        (received,) = other.requests
        assert not {"authorization", "x-api-key", "cookie", "webhook-id"} & set(received.headers)
        assert received.headers["accept"] == "application/json"
    finally:
        await other.stop()


# -- TLS


def _tls_for(name: str, folder: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """What a server of that name shows, and what a client needs to trust it."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = folder / f"{name}.pem"
    pem.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(pem)
    return server, ssl.create_default_context(cafile=str(pem))


async def test_the_name_stays_in_tls_though_the_address_is_connected_to(
    open_client: Open, tmp_path: Path
) -> None:
    shown, trusted = _tls_for("partner.test", tmp_path)
    server = await Partner(host="partner.test").start(tls=shown)

    async def resolve(_: str, __: int) -> Sequence[str]:
        return ["127.0.0.1"]

    try:
        client = open_client(server.rules, resolve=resolve, tls=trusted)
        assert (await get(client, server.on("/a", json("well")))).json() == "well"
        assert server.server_names == ["partner.test"]
        assert server.requests[0].headers["host"] == f"partner.test:{server.port}"
        # The same server under another name is not whom we mean.
        server.host = "other.test"
        stranger = open_client(server.rules, resolve=resolve, tls=trusted)
        with pytest.raises(OutboundError):
            await get(stranger, server.address + "/a")
        # And nobody is trusted whom no authority vouches for.
        server.host = "partner.test"
        careful = open_client(server.rules, resolve=resolve)
        with pytest.raises(Unreachable):
            await get(careful, server.address + "/a")
        assert len(server.requests) == 1
    finally:
        await server.stop()
