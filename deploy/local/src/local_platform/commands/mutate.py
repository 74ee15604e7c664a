"""`./pass mutate`"""

from typing import Annotated

import typer


def command(
    contexts: Annotated[
        list[str] | None, typer.Argument(help="identity, catalog, booking, finance; all of them.")
    ] = None,
    afresh: Annotated[
        bool, typer.Option("--afresh", help="Forget the verdicts of earlier runs, and judge all again.")
    ] = False,
) -> None:
    """Change the rules a little, thousands of times, and see whether the tests notice. Long, and resumable."""
    from rich.markup import escape

    from local_platform.checks import mutation
    from local_platform.console import console
    from local_platform.user_error import UserError

    if unknown := set(contexts or ()) - set(mutation.CONTEXTS):
        raise UserError(
            f"There is no context {', '.join(sorted(unknown))}.",
            f"There are: {', '.join(mutation.CONTEXTS)}.",
        )
    scores = []
    for context in contexts or mutation.CONTEXTS:
        console.rule(context)
        score = mutation.run(context, afresh=afresh)
        for survivor in score.survivors:
            verdict = (
                f"[dim]equivalent: {escape(survivor.reason)}[/]"
                if survivor.reason
                else "[yellow]not explained[/]"
            )
            console.print(f"\n{escape(survivor.name)}  {verdict}", soft_wrap=True)
            console.print(survivor.change, markup=False, highlight=False, soft_wrap=True)
        for function in score.idle:
            console.print(f"\n{escape(function)}  [yellow]explained, but killed or made no more[/]")
        scores.append(score)
    console.rule("killed")
    for score in scores:
        unexplained = sum(survivor.reason is None for survivor in score.survivors)
        console.print(
            f"{score.context:<9} {score.killed:6.1%} of {score.mutants}"
            f"   {len(score.survivors)} survive, {unexplained} of them not explained"
        )
    if short := [score.context for score in scores if score.killed < mutation.GOAL]:
        raise UserError(
            f"Fewer than {mutation.GOAL:.0%} are killed in {', '.join(short)}.", "Test what survives."
        )
