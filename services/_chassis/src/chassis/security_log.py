"""Who did what, and who was not let in: one line each, in one shape, for whoever has to find out later.

    {"event": "security", "kind": "mutation", "acts": ["suspendPerson"], "outcome": "done", "codes": [],
     "person": "0195…", "roles": ["admin"], "subjects": ["0196…"], "place": "9f2c…", "trace_id": "…", …}

A line is kept of what was refused for who asked (`NOT_LET_IN`), of everything that the team asks for, reads
included, and of the acts that a context names, whoever asks and whatever becomes of them. It holds ids and never
a name, an address, a word that somebody typed: `place` is a keyed digest of the client's network, the same in all
contexts for as long as the sealing key. Lines are of level info.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from chassis.auth import Principal
from chassis.telemetry import log

NOT_LET_IN: Final = frozenset({"UNAUTHENTICATED", "FORBIDDEN", "TOO_MANY_REQUESTS", "LIMIT_EXCEEDED"})
"""The codes of requests that are told of, whoever asked."""

_FAILED: Final = frozenset({"INTERNAL", "UNAVAILABLE"})
_SUBJECTS: Final = 20
"""Ids of one request that are told: a page of the portal asks about no more."""


@dataclass(frozen=True, slots=True)
class Watch:
    """Of what else a context keeps a line."""

    staff: frozenset[str] = frozenset()
    """The roles of the team: whatever they ask for."""
    acts: frozenset[str] = frozenset()
    """Mutations and REST operations by name: whoever asks for them."""


class SecurityLog:
    def __init__(self, watch: Watch, place_of: Callable[[str], str]) -> None:
        """`place_of` makes of an address what tells two networks apart and nothing else."""
        self._watch = watch
        self._place_of = place_of

    def is_staff(self, principal: Principal | None) -> bool:
        return principal is not None and not self._watch.staff.isdisjoint(principal.roles)

    def request(
        self,
        kind: str,
        acts: Callable[[], Collection[str]],
        subjects: Callable[[], Iterable[UUID]],
        codes: Collection[str],
        principal: Principal | None,
        client_address: str,
    ) -> None:
        """Keep a line of one request, if it is one of those. `acts` and `subjects` are worked out only then."""
        is_refused = not NOT_LET_IN.isdisjoint(codes)
        is_staff = self.is_staff(principal)
        is_an_act = kind != "query" and bool(self._watch.acts) and not self._watch.acts.isdisjoint(acts())
        if not (is_refused or is_staff or is_an_act):
            return
        failed = not _FAILED.isdisjoint(codes)
        log.info(
            "security",
            kind=kind,
            acts=sorted(acts()),
            outcome="failed" if failed else "refused" if codes else "done",
            codes=sorted(set(codes)),
            person=None if principal is None else str(principal.person_id),
            roles=[] if principal is None else sorted(principal.roles),
            subjects=[str(each) for each in _first(subjects())],
            place=self._place_of(client_address),
        )


def operator_ran(job: str) -> None:
    """Keep a line of a job that was begun from the command line of a context."""
    line = {
        "kind": "job",
        "acts": [job],
        "outcome": "begun",
        "codes": [],
        "person": None,
        "roles": ["operator"],
    }
    log.info("security", **line, subjects=[], place="")


def _first(subjects: Iterable[UUID]) -> list[UUID]:
    found: dict[UUID, None] = {}
    for each in subjects:
        found[each] = None
        if len(found) == _SUBJECTS:
            break
    return list(found)
