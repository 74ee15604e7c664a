"""Logs are one JSON object a line, and an exception in them has a place and a type but no text."""

import json
import subprocess
import sys

SCRIPT = """
import asyncio, logging
from chassis.telemetry import configure_logging, log, start_trace, traceparent

configure_logging("notebook", "info")
start_trace("00-0123456789abcdef0123456789abcdef-0123456789abcdef-01")
log.info("note.written", count=3)
log.debug("too.quiet")
try:
    raise ValueError("canari@example.org")
except ValueError:
    log.exception("ours.failed")
    logging.getLogger("library").exception("theirs failed")
logging.getLogger("library").info("too quiet as well")
async def doomed():
    raise KeyError("canari@example.org")
async def main():
    task = asyncio.create_task(doomed())
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    del task
asyncio.run(main())
log.warning("odd.values", large=2**70, half="\\ud800", code={1: None})
print(traceparent())
"""


def test_logs_are_json_lines_with_the_trace_and_no_value_of_an_exception() -> None:
    ran = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True)
    assert "canari" not in ran.stderr
    *lines, odd = [json.loads(line) for line in ran.stderr.splitlines()]
    assert (odd["large"], odd["half"], odd["code"]) == (2**70, "\ud800", {"1": None})
    assert [line["event"] for line in lines] == [
        "note.written",
        "ours.failed",
        "theirs failed",
        "Task exception was never retrieved",
    ]
    for line in lines[:3]:
        assert (line["service"], line["trace_id"]) == ("notebook", "0123456789abcdef" * 2)
        assert line["timestamp"].endswith("Z")
    assert lines[0]["count"] == 3
    assert [line.get("error") for line in lines] == [None, "ValueError", "ValueError", "KeyError"]
    assert lines[1]["at"][0].endswith(":<module>")
    assert ran.stdout.startswith("00-0123456789abcdef0123456789abcdef-")
