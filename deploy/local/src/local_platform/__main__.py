"""`./pass`: each module of `local_platform.commands` is one command, named as the module."""

import importlib
import pkgutil

import typer

from local_platform import commands
from local_platform.console import console, give_up
from local_platform.trouble import Trouble

app = typer.Typer(
    help="pass Culture on this machine: start it, look into it, test it.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_show_locals=False,
)


def add_commands() -> None:
    """A command module has `command`, a typer function, and `PANEL`, where the help shows it.

    With `PASSES_ON = True` it takes whatever options follow (`context.args`), to pass them on.
    """
    modules = [
        importlib.import_module(f"{commands.__name__}.{module.name}")
        for module in pkgutil.iter_modules(commands.__path__)
    ]
    for found in sorted(modules, key=lambda module: commands.PANELS.index(module.PANEL)):
        passes_on = getattr(found, "PASSES_ON", False)
        settings = {"allow_extra_args": True, "ignore_unknown_options": True} if passes_on else None
        register = app.command(
            found.__name__.rpartition(".")[2], rich_help_panel=found.PANEL, context_settings=settings
        )
        register(found.command)


def main() -> None:
    add_commands()
    try:
        app(prog_name="./pass")
    except Trouble as trouble:
        give_up(trouble)
    except KeyboardInterrupt:
        console.print()
        raise SystemExit(130) from None


if __name__ == "__main__":
    main()
