"""`docs/rules.md`: every edition of every rule, with the line of code that holds it."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from chassis.dated import BEGINNING, Row
from local_platform.paths import ROOT
from local_platform.rulebook.editions import CONTEXTS, Rule, all_rules, place
from local_platform.rulebook.plain import plain

PAGE = ROOT / "docs" / "rules.md"

_INTRODUCTION = """# Rules and their dates

Rules that changed over the years are data: tables of editions, each in force from an instant (inclusive)
until the next one's. This page is generated from them (`./pass rules --write`); a test fails when it is
stale. `./pass rule` answers what a rule said on any date.

Dates are days in Paris unless an hour is given. The sources are those of [domain.md](domain.md): S0–S4 the
documents of 2018–2025, A and M the code bases of 2018–2021 and since 2022.
"""


def render() -> str:
    """The whole page."""
    sections = [_INTRODUCTION]
    for context in CONTEXTS:
        sections.append(f"## {context.capitalize()}\n")
        sections.extend(_section(rule) for rule in all_rules() if rule.context == context)
    return "\n".join(sections)


def day(instant: datetime | None) -> str:
    """A start or an end as people write it."""
    if instant is None:
        return "…"
    if instant == BEGINNING:
        return "always"
    paris = instant.astimezone(ZoneInfo("Europe/Paris"))
    return f"{paris:%Y-%m-%d}" if paris.time().isoformat() == "00:00:00" else f"{instant:%Y-%m-%d %H:%M} UTC"


def _section(rule: Rule) -> str:
    rows = [_row(rule, start, end, row) for start, end, row in rule.editions()]
    head = "| from | until | rule | source | line |\n|---|---|---|---|---|"
    name = f"`{rule.context}.{rule.module}.{rule.attribute}`"
    title = f"### {rule.table.name}\n\nKeyed by the {rule.table.keyed_by} · {name}"
    return "\n".join([title, "", head, *rows, ""])


def _row(rule: Rule, start: datetime, end: datetime | None, row: Row[Any]) -> str:
    file, line = place(row)
    said = plain(row.value, rule.table.name) + (f" — {row.note}" if row.note else "")
    link = f"[{file.rpartition('/')[2]}:{line}](../{file}#L{line})"
    cells = (day(start), day(end), said, row.source, link)
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"
