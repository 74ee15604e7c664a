"""Whoever wrote a line, it is read in one shape."""

import json

from local_platform.platform.log_reader import LogLine, read, read_all

TRACE = "961c352f07284a40957fb67668518da3"
SERVICE = (
    f'{{"service": "booking", "route": "/graphql", "status": 200, "event": "http.request", "level": "info", '
    f'"timestamp": "2026-11-26T01:04:50.534649Z", "trace_id": "{TRACE}"}}'
)
DOOR = (
    f'{{"level":"error","timestamp":"2026-11-26T01:04:50.535401895Z","logger":"http.log.access.log0",'
    f'"event":"handled request","status":503,"route":"/graphql","trace_id":"{TRACE}","service":"door"}}'
)
ROUTER = (
    f'{{"timestamp":"2026-11-26T01:04:50.535104Z","level":"INFO","target":"router::request",'
    f'"trace_id":"{TRACE}","operation_type":"mutation","status_code":200}}'
)
POSTGRES = "2026-11-26 01:04:50.536 UTC booking@booking ERROR:  deadlock detected"
CHECKPOINT = "2026-11-26 01:39:28.903 UTC @ LOG:  checkpoint starting: time"
KAFKA = "2026-11-26T01:04:50.100Z WARN Broker fenced (ReplicaManager)"


def test_a_request_is_one_event_in_door_router_and_service() -> None:
    lines = [read(part, text) for part, text in (("booking", SERVICE), ("door", DOOR), ("gateway", ROUTER))]
    assert {(line.event, line.trace_id) for line in lines} == {("http.request", TRACE)}
    assert [line.level for line in lines] == ["info", "error", "info"]
    assert lines[2].more == {"operation_type": "mutation", "status_code": 200}


def test_servers_that_write_text_are_read_too() -> None:
    assert read("postgres", POSTGRES) == LogLine(
        "2026-11-26T01:04:50.536Z", "postgres", "error", "deadlock detected", more={"role": "booking@booking"}
    )
    assert read("postgres", CHECKPOINT).level == "info"
    assert read("postgres", CHECKPOINT).more == {}
    assert read("kafka", KAFKA) == LogLine(
        "2026-11-26T01:04:50.100Z", "kafka", "warning", "Broker fenced (ReplicaManager)"
    )


def test_all_parts_in_the_order_of_time_and_what_has_none_after_the_line_before_it() -> None:
    lines = read_all({"postgres": [POSTGRES], "kafka": [KAFKA, "java.io.IOException"], "booking": [SERVICE]})
    assert [line.service for line in lines] == ["kafka", "kafka", "booking", "postgres"]
    assert lines[1].event == "java.io.IOException"


def test_a_line_that_a_kill_tore_is_shown_as_it_is() -> None:
    assert read("booking", SERVICE[:40]).event == SERVICE[:40]


def test_one_json_shape_for_programs() -> None:
    for part, text in {"booking": SERVICE, "gateway": ROUTER, "postgres": POSTGRES, "kafka": KAFKA}.items():
        shown = json.loads(read(part, text).as_json())
        assert {"timestamp", "service", "level", "event"} <= set(shown)
        assert shown["service"] == part


def test_a_person_sees_time_part_and_what_to_look_at() -> None:
    assert read("postgres", POSTGRES).for_people(8) == (
        "01:04:50.536 postgres ERROR deadlock detected role=booking@booking"
    )
    assert "ERROR" not in read("booking", SERVICE).for_people(8)
