"""`python -m <context> job <name> [--option …]`: one job, here and now, as CronJobs and operators run it."""

import inspect
from collections.abc import Callable, Sequence
from typing import Annotated, Any

import typer
from pydantic import TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from chassis.jobs.kinds import Job
from chassis.jobs.queue import JobState
from chassis.jobs.run import Run
from chassis.jobs.runner import Runner
from chassis.refusals import Refusal
from chassis.security_log import operator_ran
from chassis.service import Runtime


async def perform(runtime: Runtime[Any], job: Job, program: str, words: Sequence[str]) -> str:
    """Do a job with the arguments of a command line; what it reports.

    Exits with the reason when it failed; when it will be tried again, a worker does that.
    """
    given, now = parse(job, program, words), runtime.clock.now()
    operator_ran(job.name)
    if not job.is_recorded:
        outcome = await job.work(Run.unrecorded(runtime, job.name, now), **job.read(given))
        if isinstance(outcome, Refusal):
            raise SystemExit(outcome.message)
        return outcome
    ended = await Runner(runtime.database, runtime.settings, [job], runtime).run_now(job, given, now)
    if ended.state is JobState.SUCCEEDED:
        return ended.report or ""
    raise SystemExit(ended.failure or f"{job.name}: {ended.error}; a worker will try it again")


def parse(job: Job, program: str, words: Sequence[str]) -> dict[str, Any]:
    """The job's arguments out of a command line: an option for each, dates and instants in ISO 8601.

    Exits with the usage and 2 on anything else, with 0 after `--help`.
    """
    read: list[dict[str, Any]] = []

    def collect(**options: Any) -> None:
        read.append({name: value for name, value in options.items() if value is not None})

    options = [_option(name, field) for name, field in job.arguments.model_fields.items()]
    collect.__signature__ = inspect.Signature(options)  # type: ignore[attr-defined]
    collect.__annotations__ = {option.name: option.annotation for option in options}
    collect.__doc__ = inspect.getdoc(job.work)
    app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
    app.command()(collect)
    try:
        app(args=list(words), prog_name=f"{program} job {job.name}")
    except SystemExit:
        if not read:
            raise
    return read[0]


def _option(name: str, field: FieldInfo) -> inspect.Parameter:
    option = typer.Option(f"--{name.replace('_', '-')}", parser=_reader(field), metavar=name.upper())
    return inspect.Parameter(
        name,
        inspect.Parameter.KEYWORD_ONLY,
        default=inspect.Parameter.empty if field.is_required() else None,
        annotation=Annotated[Any if field.is_required() else Any | None, option],
    )


def _reader(field: FieldInfo) -> Callable[[str], Any]:
    whole: Any = Annotated[(field.annotation, *field.metadata)] if field.metadata else field.annotation
    adapter: TypeAdapter[Any] = TypeAdapter(whole)

    def read(text: str) -> Any:
        try:
            return adapter.validate_strings(text)
        except ValidationError as error:
            raise typer.BadParameter(error.errors(include_input=False)[0]["msg"]) from None

    return read
