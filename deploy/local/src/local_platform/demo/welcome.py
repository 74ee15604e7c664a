"""What a new platform is given, and what a person reads when everything is up."""

from collections.abc import Mapping, Sequence

from rich.markup import escape
from rich.panel import Panel
from rich.table import Table

from local_platform.console import console
from local_platform.demo.accounts import Account, ensure_staff, known_accounts
from local_platform.demo.data import ensure_demo_set
from local_platform.platform.platform import Platform

FIRST_QUESTION = (
    '{ searchOffers(query: "concert", near: {latitude: 43.61, longitude: 3.88, radiusKm: 20}, first: 5)'
    " { edges { node { name venueName city distanceKm dates minPriceCents } } } }"
)
"""Concerts around Montpellier, where the demo set has some."""


def settle_in(platform: Platform) -> Mapping[str, Account]:
    """The staff's accounts and the demo set, unless they are there already; every account, by role."""
    with console.status("making the staff's accounts"):
        staff = ensure_staff(platform)
    with console.status("loading the demo set") as status:

        def tell(loaded: int, total: int) -> None:
            status.update(f"loading the demo set: {loaded} of {total} places")

        if not ensure_demo_set(platform, staff, tell):
            console.print(
                "[yellow]–[/] no demo set: PASS_SMTP sends mails elsewhere, their links cannot be followed"
            )
    return known_accounts(platform)


def welcome(platform: Platform, accounts: Mapping[str, Account], started: Sequence[str]) -> None:
    """Where everything is, and what to try first."""
    console.print(
        f"[green]up[/] ({len(started)} started)" if started else "[green]up[/] (everything was running)"
    )
    table = Table.grid(padding=(0, 2))
    table.add_row("door", f"{platform.address}   [dim]GraphQL at /graphql, GraphiQL there in a browser[/]")
    for role, account in accounts.items():
        table.add_row(f"{role}", f"{account.email}   {escape(account.password)}")
    table.add_row("", "[dim]./pass accounts shows these again, and the codes that the team signs in with[/]")
    console.print(Panel(table, border_style="green", expand=False))
    console.print("A first question:\n")
    body = FIRST_QUESTION.replace('"', '\\"')
    console.print(
        f"curl -s {platform.url} -H 'content-type: application/json' \\\n  -d '{{\"query\": \"{escape(body)}\"}}'",
        soft_wrap=True,
    )
    console.print("\n[dim]./pass demo plays the whole story · ./pass status · ./pass mail · ./pass --help[/]")
