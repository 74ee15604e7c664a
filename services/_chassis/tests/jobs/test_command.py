"""The arguments of a job are its work's own parameters, on a command line and in the table."""

from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any, Literal
from uuid import UUID

import pytest
from pydantic import AwareDatetime, ValidationError

from chassis.ids import new_id
from chassis.jobs import Job
from chassis.jobs.command import parse
from chassis.jobs.queue import enqueue


class Colour(StrEnum):
    RED = "red"


async def _work(
    run: Any,
    last_day: date,
    at: AwareDatetime | None = None,
    size: int = 3,
    colour: Colour | None = None,
    way: Literal["up", "down"] = "up",
    thing: UUID | None = None,
) -> str:
    """Paint the fence."""
    return ""


PAINT = Job("paint", _work)


def test_each_option_is_read_as_what_it_is() -> None:
    thing = new_id()
    words = ["--last-day", "2026-11-15", "--at", "2026-11-15T01:00:00+01:00", "--size", "4"]
    words += ["--colour", "red", "--way", "down", "--thing", str(thing)]
    assert parse(PAINT, "python -m notebook", words) == {
        "last_day": date(2026, 11, 15),
        "at": datetime(2026, 11, 15, tzinfo=UTC),
        "size": 4,
        "colour": Colour.RED,
        "way": "down",
        "thing": thing,
    }


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "Missing option '--last-day'"),
        (["--last-day", "15/11/2026"], "Invalid value for '--last-day'"),
        (["--last-day", "2026-11-31"], "Invalid value for '--last-day'"),
        (["--last-day", "2026-11-15", "--at", "2026-11-15T01:00:00"], "Input should have timezone info"),
        (["--last-day", "2026-11-15", "--size", "four"], "Invalid value for '--size'"),
        (["--last-day", "2026-11-15", "--way", "left"], "Invalid value for '--way'"),
        (["--last-day", "2026-11-15", "--unknown", "1"], "No such option: --unknown"),
        (["--last-day", "2026-11-15", "stray"], "unexpected extra argument"),
    ],
)
def test_what_does_not_fit_is_refused_with_the_usage(
    words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        parse(PAINT, "python -m notebook", words)
    told = capsys.readouterr().err
    assert ended.value.code == 2
    assert said in told
    assert "python -m notebook job paint" in told


def test_help_tells_what_the_job_does_and_takes(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        parse(PAINT, "python -m notebook", ["--help"])
    told = capsys.readouterr().out
    assert not ended.value.code
    assert "Paint the fence." in told
    assert "--last-day" in told


def test_arguments_come_out_of_the_table_as_they_went_in() -> None:
    given = {"last_day": date(2026, 11, 15), "at": datetime(2026, 11, 15, tzinfo=UTC), "colour": Colour.RED}
    written = PAINT.write(given)
    assert written == {"last_day": "2026-11-15", "at": "2026-11-15T00:00:00Z", "colour": "red"}
    assert PAINT.read(written) == {**given, "size": 3, "way": "up", "thing": None}


@pytest.mark.parametrize("given", [{}, {"last_day": "soon"}, {"last_day": "2026-11-15", "what": 1}])
def test_arguments_of_another_work_are_refused_where_the_job_is_asked_for(given: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        PAINT.write(given)


async def test_a_job_with_personal_arguments_is_kept_by_no_row() -> None:
    with pytest.raises(ValueError, match="from the command line only"):
        await enqueue(None, Job("secret", _work, is_recorded=False), now=datetime.now(UTC))  # type: ignore[arg-type]
