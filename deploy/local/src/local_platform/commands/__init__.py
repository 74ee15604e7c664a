"""The commands of `./pass`, one a file, listed here. A command imports what it needs when it runs: each is quick."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from local_platform.commands import (
    accounts,
    bench,
    certificates,
    demo,
    down,
    lint,
    lock,
    logs,
    mail,
    mutate,
    psql,
    reset,
    router,
    rule,
    rules,
    schema,
    status,
    test,
    up,
)

RUNNING = "The platform"
LOOKING = "Looking into it"
DEVELOPING = "Developing it"


@dataclass(frozen=True)
class Command:
    """One command as `./pass --help` lists it."""

    name: str
    run: Callable[..., None]
    """A typer function."""

    panel: str
    """Where the help shows it."""

    passes_on: bool = False
    """It takes whatever options follow (`context.args`), to pass them on."""


COMMANDS: Sequence[Command] = (
    Command("up", up.command, RUNNING),
    Command("demo", demo.command, RUNNING),
    Command("status", status.command, RUNNING),
    Command("down", down.command, RUNNING),
    Command("reset", reset.command, RUNNING),
    Command("accounts", accounts.command, LOOKING),
    Command("mail", mail.command, LOOKING),
    Command("logs", logs.command, LOOKING),
    Command("psql", psql.command, LOOKING, passes_on=True),
    Command("rule", rule.command, LOOKING, passes_on=True),
    Command("test", test.command, DEVELOPING, passes_on=True),
    Command("lint", lint.command, DEVELOPING),
    Command("schema", schema.command, DEVELOPING),
    Command("rules", rules.command, DEVELOPING),
    Command("mutate", mutate.command, DEVELOPING),
    Command("bench", bench.command, DEVELOPING, passes_on=True),
    Command("certificates", certificates.command, DEVELOPING),
    Command("lock", lock.command, DEVELOPING),
    Command("router", router.command, DEVELOPING),
)
