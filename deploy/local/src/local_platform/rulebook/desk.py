"""The questions as commands: `./pass rule credit 2008-05-01 --on 2026-11-22`."""

from datetime import datetime
from difflib import get_close_matches
from typing import Annotated

import typer

from local_platform.console import console
from local_platform.rulebook import questions
from local_platform.rulebook.editions import all_rules, place
from local_platform.rulebook.page import day
from local_platform.rulebook.plain import plain
from local_platform.rulebook.questions import PARIS, Answer
from local_platform.user_error import UserError

desk = typer.Typer(help="What the rules said on any date.", no_args_is_help=True, add_completion=False)

_FORMATS = ["%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"]
On = Annotated[
    datetime | None,
    typer.Option("--on", formats=_FORMATS, help="Paris time; a day is judged at noon; default: now."),
]
Subcategory = Annotated[
    str, typer.Option("--subcategory", "-s", help="As in domain.md §3.1: CONCERT, LIVRE_PAPIER, …")
]


@desk.command()
def credit(
    birth_date: Annotated[datetime, typer.Argument(formats=["%Y-%m-%d"])],
    on: On = None,
    department: Annotated[str | None, typer.Option(help="Where the person lives: 67, 2A, 974, …")] = None,
) -> None:
    """The credit of somebody born that day."""
    _say(questions.credit(birth_date.date(), _instant(on), department))


@desk.command()
def cancellation(
    starts: Annotated[
        datetime | None, typer.Option(formats=_FORMATS, help="Start of the event, if it is one.")
    ] = None,
    on: On = None,
    subcategory: Subcategory = "CONCERT",
) -> None:
    """Until when a booking made on that date could be undone."""
    _say(questions.cancellation_limit(subcategory, _instant(on), _instant(starts) if starts else None))


@desk.command()
def claim(on: On = None, subcategory: Subcategory = "LIVRE_PAPIER") -> None:
    """When a booking made on that date expires, unclaimed."""
    _say(questions.claim(subcategory, _instant(on)))


@desk.command()
def reimbursement(
    euros: Annotated[float, typer.Argument(min=0, help="Amount of the booking, in euros.")],
    turnover: Annotated[
        float, typer.Option(min=0, help="The place's turnover of the year before it, in euros.")
    ] = 0,
    on: On = None,
    subcategory: Subcategory = "CONCERT",
) -> None:
    """What a place is paid for a booking validated on that date."""
    _say(questions.reimbursement(subcategory, round(euros * 100), round(turnover * 100), _instant(on)))


@desk.command()
def table(name: Annotated[str, typer.Argument(help="As listed by ./pass rules.")], on: On = None) -> None:
    """What one table of rules holds on that date."""
    by_name = {rule.table.name: rule for rule in all_rules()}
    chosen = by_name.get(name)
    if chosen is None:
        close = get_close_matches(name, by_name, n=3, cutoff=0.3) or list(by_name)
        raise UserError(f"No table of rules is called “{name}”.", f"Close to it: {'; '.join(close)}.")
    row = chosen.table.row_at(_instant(on))
    _say(Answer(plain(row.value, chosen.table.name), [(chosen.table, row)]))


def _instant(on: datetime | None) -> datetime:
    if on is None:
        return datetime.now(PARIS)
    return questions.at_noon(on.date()) if on.time().isoformat() == "00:00:00" else on.replace(tzinfo=PARIS)


def _say(answer: Answer) -> None:
    console.print(f"[bold]{answer.sentence}[/]")
    for table, row in answer.used:
        file, line = place(row)
        note = f" ({row.note})" if row.note else ""
        console.print(
            f"[dim]{table.name}, in force since {day(row.valid_from)}: {row.source}{note} — {file}:{line}[/]"
        )
