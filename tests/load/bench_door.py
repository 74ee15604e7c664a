"""What the door costs a request, beside the same request sent to the gateway directly.

    ./pass bench door [--requests 4000] [--in-flight 16]

The smallest question there is, through each router, so that the door is as large a part as it can be.
"""

import argparse
from typing import Any

import orjson
import uvloop
from meter import metered, publish
from stage import Stage, door, router, stage
from wire import Request, post_all
from world import tokens

from chassis.ids import new_id

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
    share = f"{through['requests/s'] / direct['requests/s']:.0%}"
    return [
        {"gateway": name, "way": "direct", **direct},
        {"gateway": name, "way": "through the door", "of direct": share, **through},
    ]


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
