"""A domain document as Tantivy stores it, and back."""

from hashlib import blake2b
from typing import Any, NamedTuple

import numpy as np
import orjson
import tantivy
from numpy.typing import NDArray

from search.domain.document import Document, Slot
from search.domain.geography import Position
from search.domain.instants import DAY_US, SECOND_US
from search.domain.words import prepared, with_compounds
from search.engine.cells import cells_of
from search.engine.schema import DUO, EVENT, NEVER_S, NOWHERE, ONLINE, THING, schema

_HALF_WEIGHT = 10
"""The editorial weight worth half of the best possible."""


class Stored(NamedTuple):
    """What comes back of a hit: enough to judge it exactly and to show it."""

    offer_id: str
    name: str
    venue_name: str
    city: str | None
    timezone: str
    subcategory_id: str
    search_group: str | None
    is_duo: bool
    is_digital: bool
    position: Position | None
    opens_us: int
    slots: list[Slot]


def product_number(product_key: str) -> int:
    """63 bits that tell products apart."""
    return int.from_bytes(blake2b(product_key.encode(), digest_size=8).digest()) >> 1


def quality(weight: int, published_us: int) -> int:
    """Orders by editorial weight, then newest first, in one number."""
    permille = 1000 * weight // (weight + _HALF_WEIGHT)
    return (permille << 32) | min(published_us // SECOND_US, 2**32 - 1)


def editorial_shares(qualities: list[int]) -> NDArray[np.float64]:
    """The editorial part of each `quality`, from 0 (none) to 1."""
    return (np.array(qualities, dtype=np.int64) >> 32) / 1000


def encode(document: Document) -> tantivy.Document:
    """Every field of the schema; the exact facts ride along in `body`."""
    slots = document.slots
    name, venue, artist = (
        with_compounds(prepared(text)) for text in (document.name, document.venue_name, document.artist)
    )
    starts = [slot.starts_us for slot in slots if slot.starts_us is not None]
    fields: dict[str, Any] = {
        "offer_id": document.offer_id,
        "name": name,
        "venue": venue,
        "description": with_compounds(prepared(document.description)),
        "artist": artist,
        "exact": " ".join((name, artist, venue)),
        "subcategory": document.subcategory_id,
        "kind": _kinds(document),
        "day": sorted({start // DAY_US for start in starts}),
        "hour": sorted({slot.local_seconds // 3600 for slot in slots if slot.local_seconds is not None}),
        "product": product_number(document.product_key),
        "price": sorted({slot.price_cents for slot in slots}),
        "min_price": min(slot.price_cents for slot in slots),
        "quality": quality(document.ranking_weight, document.opens_us),
        "first_start": min(starts) // SECOND_US if starts else NEVER_S,
        "lapses": NEVER_S if document.lapses_us is None else -(-document.lapses_us // SECOND_US),
        "newest": max(slot.created_us for slot in slots) // SECOND_US,
        "body": _body(document),
    }
    if document.isbn is not None:
        fields["isbn"] = document.isbn
    if document.search_group is not None:
        fields["group"] = document.search_group
    if document.position is not None:
        fields["cell"] = cells_of(document.position)
        fields["latitude"] = document.position.latitude
        fields["longitude"] = document.position.longitude
    return tantivy.Document.from_dict(fields, schema())


def decode(body: bytes) -> Stored:
    """The inverse of what `encode` put into `body`."""
    *facts, place, opens_us, slots = orjson.loads(body)
    position = None if place is None else Position(*place)
    return Stored._make((*facts, position, opens_us, [Slot(*slot) for slot in slots]))


def _body(document: Document) -> bytes:
    place = document.position
    return orjson.dumps(
        [
            document.offer_id,
            document.name,
            document.venue_name,
            document.city,
            document.timezone,
            document.subcategory_id,
            document.search_group,
            document.is_duo,
            document.is_digital,
            None if place is None else (place.latitude, place.longitude),
            document.opens_us,
            [tuple(slot) for slot in document.slots],
        ]
    )


def _kinds(document: Document) -> list[str]:
    kinds = [EVENT if document.is_event else THING]
    if document.is_digital:
        kinds.append(ONLINE)
    if document.is_duo:
        kinds.append(DUO)
    if document.position is None:
        kinds.append(NOWHERE)
    return kinds
