"""`./pass mail`"""

from typing import Annotated

import typer

from local_platform.commands import LOOKING

PANEL = LOOKING


def command(
    number: Annotated[int | None, typer.Argument(help="Read this mail, as numbered in the list.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="All of them, for a program to read.")] = False,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Show each mail as it arrives.")] = False,
) -> None:
    """The local mailbox: every mail that the platform has sent. The newest comes first."""
    import json

    from local_platform import letters
    from local_platform.console import console
    from local_platform.platform import Platform
    from local_platform.trouble import Trouble

    folder = Platform.as_started().state / "mail"
    if follow:
        for letter in letters.arriving(folder):
            letters.show(letter, console)
        return
    found = letters.read_all(folder)
    if as_json:
        print(json.dumps([letter.as_dict() for letter in found], ensure_ascii=False, indent=2))
    elif number is None:
        letters.show_list(found, console)
    elif 1 <= number <= len(found):
        letters.show(found[number - 1], console)
    else:
        raise Trouble(f"There is no mail number {number}.", f"There are {len(found)}.")
