"""`./pass mail`"""

from typing import Annotated

import typer


def command(
    number: Annotated[int | None, typer.Argument(help="Read this mail, as numbered in the list.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="All of them, for a program to read.")] = False,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Show each mail as it arrives.")] = False,
) -> None:
    """The local mailbox: every mail that the platform has sent. The newest comes first."""
    import json

    from local_platform.console import console
    from local_platform.platform.platform import Platform
    from local_platform.servers import mail_reader
    from local_platform.user_error import UserError

    folder = Platform.as_started().state / "mail"
    if follow:
        for mail in mail_reader.arriving(folder):
            mail_reader.show(mail, console)
        return
    found = mail_reader.read_all(folder)
    if as_json:
        print(json.dumps([mail.as_dict() for mail in found], ensure_ascii=False, indent=2))
    elif number is None:
        mail_reader.show_list(found, console)
    elif 1 <= number <= len(found):
        mail_reader.show(found[number - 1], console)
    else:
        raise UserError(f"There is no mail number {number}.", f"There are {len(found)}.")
