"""`./pass accounts`"""

from typing import Annotated

import typer


def command(
    as_json: Annotated[bool, typer.Option("--json", help="For a program to read.")] = False,
) -> None:
    """The accounts that ./pass up has made: role, address and password of each, and the team's code of now."""
    import json

    from rich.markup import escape
    from rich.table import Table

    from local_platform.console import console
    from local_platform.demo.accounts import known_accounts
    from local_platform.demo.acting.team import code_now
    from local_platform.platform.platform import Platform
    from local_platform.user_error import UserError

    accounts = known_accounts(Platform.as_started())
    if not accounts:
        raise UserError("There is no account yet.", "./pass up makes some.")
    if as_json:
        print(json.dumps({role: dict(account.said()) for role, account in accounts.items()}, indent=2))
        return
    table = Table("role", "address", "password", "code", box=None, header_style="dim")
    for role, account in accounts.items():
        code = code_now(account.totp_secret) if account.totp_secret else ""
        table.add_row(role, escape(account.email), escape(account.password), code)
    console.print(table)
