"""`./pass rule`"""

import typer


def command(context: typer.Context) -> None:
    """What the rules said on any date: credit, cancellation, claim, reimbursement, table. See ./pass rule --help."""
    from local_platform.rulebook.desk import desk

    desk(context.args, prog_name="./pass rule")
