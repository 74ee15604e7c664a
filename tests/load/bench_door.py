"""What the door costs a request, beside the same request sent to the gateway directly, and through a Caddy
without a rule.

    ./pass bench door [--requests 4000] [--in-flight 16]

The smallest question there is, through each router, so that the door is as large a part as it can be. What a
Caddy costs that only passes on is the machine's and Caddy's; what is beyond it is our rules'.
"""

import argparse
import os
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any
from urllib.parse import urlsplit

import orjson
import uvloop
from meter import metered, publish
from stage import Stage, door, router, stage
from wire import Request, post_all
from world import tokens

from chassis.ids import new_id
from local_platform.servers.door import CADDY
from local_platform.servers.ports import free_ports

QUESTION = orjson.dumps({"query": "{ __typename }"})
COLUMNS = (
    "gateway",
    "way",
    "requests/s",
    "of direct",
    "p50 ms",
    "p95 ms",
    "CPU ms each: door",
    "gateway CPU",
)


def judge(answer: dict[str, Any]) -> str:
    return "good" if answer.get("data") == {"__typename": "Query"} else str(answer)


async def measure(on: Stage, url: str, pids: dict[str, int], requests: int, in_flight: int) -> dict[str, Any]:
    (token,) = tokens([new_id()], on.platform.secrets["PASS_SIGNING_KEY"])
    asked = [Request(QUESTION, token)] * requests
    await post_all(url, asked[: requests // 4], in_flight, judge)
    with metered(pids) as used:
        outcome = await post_all(url, asked, in_flight, judge)
    if outcome.other:
        raise SystemExit(f"not every answer was good: {outcome.other}")
    each = {name: seconds / requests * 1000 for name, seconds in used.items()}
    return {
        "requests/s": outcome.per_second,
        "p50 ms": outcome.percentile(0.5) * 1000,
        "p95 ms": outcome.percentile(0.95) * 1000,
        "CPU ms each: door": each.get("door"),
        "gateway CPU": each["gateway"],
    }


async def both_ways(on: Stage, name: str, requests: int, in_flight: int) -> list[dict[str, Any]]:
    with router(on, name) as found:
        if found is None:
            return []
        url, pid = found
        direct = await measure(on, url, {"gateway": pid}, requests, in_flight)
        with door(on, url) as (published, door_pid):
            pids = {"gateway": pid, "door": door_pid}
            through = await measure(on, published, pids, requests, in_flight)
        with _bare_caddy(url) as (passed_on, caddy_pid):
            pids = {"gateway": pid, "door": caddy_pid}
            bare = await measure(on, passed_on, pids, requests, in_flight)
    return [
        {"gateway": name, "way": way, "of direct": f"{row['requests/s'] / direct['requests/s']:.0%}", **row}
        for way, row in (("direct", direct), ("a bare Caddy", bare), ("the door", through))
    ]


@contextmanager
def _bare_caddy(url: str) -> Iterator[tuple[str, int]]:
    """URL and process of a Caddy that passes on, adds nothing and writes no log of requests."""
    (port,) = free_ports(1)
    command = [str(CADDY), "reverse-proxy", "--from", f"http://:{port}", "--to", urlsplit(url).netloc]
    with tempfile.TemporaryDirectory() as folder:
        own = {**os.environ, "GOGC": "400", "XDG_DATA_HOME": folder, "XDG_CONFIG_HOME": folder}
        process = subprocess.Popen(command, env=own, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            while True:
                with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                    break
                time.sleep(0.05)
            yield f"http://127.0.0.1:{port}/graphql", process.pid
        finally:
            process.terminate()
            process.wait()


async def main() -> None:
    parser = argparse.ArgumentParser(prog="./pass bench door", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--requests", type=int, default=4000)
    parser.add_argument("--in-flight", type=int, default=16)
    asked = parser.parse_args()
    rows = []
    with stage("postgres", "kafka", "identity", "booking") as on:
        for name in ("hive-router", "hive-gateway"):
            rows += await both_ways(on, name, asked.requests, asked.in_flight)
    publish("door", f"{asked.requests} requests, {asked.in_flight} in flight", COLUMNS, rows)


if __name__ == "__main__":
    uvloop.run(main())
