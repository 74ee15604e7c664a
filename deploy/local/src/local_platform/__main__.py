"""`./pass`: the commands of `local_platform.commands`."""

import typer

from local_platform.commands import COMMANDS
from local_platform.console import console, give_up
from local_platform.user_error import UserError

app = typer.Typer(
    help="pass Culture on this machine: start it, look into it, test it.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_show_locals=False,
)
for each in COMMANDS:
    settings = {"allow_extra_args": True, "ignore_unknown_options": True} if each.passes_on else None
    app.command(each.name, rich_help_panel=each.panel, context_settings=settings)(each.run)


def main() -> None:
    try:
        app(prog_name="./pass")
    except UserError as error:
        give_up(error)
    except KeyboardInterrupt:
        console.print()
        raise SystemExit(130) from None


if __name__ == "__main__":
    main()
