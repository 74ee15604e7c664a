"""Hostile requests cost little, are refused without harm, and stop nobody else."""

from typing import Any

import httpx
import pytest

from .conftest import Target
from .corpus import FAMILIES, Hostile, corpus

pytestmark = pytest.mark.servers

CPU_SECONDS = 0.25
"""Of the process, not of the clock: the machine may be busy with others."""
GROWTH_BYTES = 50 * 1024 * 1024
PATIENCE_SECONDS = 15.0


def test_the_corpus_is_large_and_no_request_of_it_is() -> None:
    requests = [hostile for _, hostile in corpus()]
    assert len(requests) >= 300
    assert len({(name, hostile.what) for name, hostile in corpus()}) == len(requests)
    assert max(len(hostile.body) for hostile in requests) <= 256 * 1024


@pytest.mark.parametrize("name", FAMILIES)
def test_each_costs_little_and_is_refused(target: Target, name: str) -> None:
    wrong = []
    with httpx.Client(timeout=PATIENCE_SECONDS) as client:
        for hostile in FAMILIES[name]():
            wrong += [f"{hostile.what}: {complaint}" for complaint in _complaints(target, client, hostile)]
    assert target.process.is_running()
    assert not wrong, "\n".join(wrong)
    assert not target.health, "its health was not told meanwhile"


def _complaints(target: Target, client: httpx.Client, hostile: Hostile) -> list[str]:
    cpu, memory = target.cpu_seconds(), target.memory_bytes()
    try:
        answer = client.request(
            hostile.method, target.url + hostile.parameters, content=hostile.body, headers=hostile.headers
        )
    except httpx.TimeoutException:
        return [f"no answer for {PATIENCE_SECONDS} s"]
    except httpx.TransportError:
        return []  # hung up on us, which is a refusal too
    spent, grown = target.cpu_seconds() - cpu, target.memory_bytes() - memory
    wrong = []
    if spent > CPU_SECONDS:
        wrong.append(f"{spent:.2f} s of CPU")
    if grown > GROWTH_BYTES:
        wrong.append(f"{grown >> 20} MiB more memory")
    if answer.status_code >= 500:
        wrong.append(f"status {answer.status_code}: {answer.text[:200]}")
    if target.name != "hive-router any" and not _is_text(answer):
        wrong.append(f"is no text: {answer.content[:200]!r}")
    elif not _may_be_answered(target, hostile) and _has_values(answer):
        wrong.append(f"was answered: {answer.text[:200]}")
    return wrong


def _may_be_answered(target: Target, hostile: Hostile) -> bool:
    router, _, _ = target.name.partition(" ")
    return hostile.harmless or hostile.borne_by == router


def _is_text(answer: httpx.Response) -> bool:
    """Hive Router's parser quotes memory that it has given back: why production lets it parse nothing of strangers."""
    try:
        answer.content.decode()
    except UnicodeDecodeError:
        return False
    return True


def _has_values(answer: httpx.Response) -> bool:
    try:
        body: Any = answer.json()
    except ValueError:
        return False
    data = body.get("data") if isinstance(body, dict) else body
    return bool(data) and (not isinstance(data, dict) or any(value is not None for value in data.values()))
