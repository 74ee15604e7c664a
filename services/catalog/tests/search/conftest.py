"""What the tests of search start from: one bookable concert, and a seeded catalogue of offers."""

import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from search.domain.document import Document, document
from search.domain.facts import Offer, Stock, Venue
from search.domain.geography import Position
from search.engine.interface import Change
from search.engine.tantivy_engine import TantivyEngine

Changes = dict[str, Any]

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
PARIS = Position(48.8566, 2.3522)
TOWNS = {
    "Paris": PARIS,
    "Montreuil": Position(48.8638, 2.4485),
    "Versailles": Position(48.8014, 2.1301),
    "Lyon": Position(45.7640, 4.8357),
    "Saint-Denis": Position(-20.8789, 55.4481),
    "Nouméa": Position(-22.2758, 166.4580),
}
TITLES = (
    "L'Été des concerts",
    "Concert de jazz",
    "Le théâtre et la nuit",
    "Chevaux sauvages",
    "Harry Potter, tome 3",
    "Atelier de poterie",
    "Cœur de pierre",
    "Une histoire du cinéma",
)


@pytest.fixture(scope="session")
def given() -> SimpleNamespace:
    """Instants, places and builders: `given.stock(price_cents=900)`."""
    venue = Venue(
        id="venue",
        structure_status="validated",
        name="Le Petit Bain",
        city="Paris",
        timezone="Europe/Paris",
        position=PARIS,
    )
    offer = Offer(
        id="offer",
        venue_id="venue",
        subcategory_id="CONCERT",
        name="Concert de jazz",
        validation="APPROVED",
        is_active=True,
        published_at=NOW - timedelta(days=3),
    )
    stock = Stock(
        id="stock",
        offer_id="offer",
        price_cents=1500,
        created_at=NOW - timedelta(days=3),
        quantity=10,
        starts_at=NOW + timedelta(days=7),
        booking_limit_at=NOW + timedelta(days=6),
    )

    def build(
        offer_id: str = "offer",
        *,
        at: dict[str, Any] | None = None,
        stocks: list[dict[str, Any]] | None = None,
        **of: Any,
    ) -> Document:
        found = document(
            replace(venue, **(at or {})),
            replace(offer, id=offer_id, **of),
            [replace(stock, **changes) for changes in (stocks or [{}])],
            NOW,
        )
        assert found is not None
        return found

    def catalogue(count: int, seed: int = 7) -> list[Document]:
        chance = random.Random(seed)
        return [_random_document(chance, number, build) for number in range(count)]

    return SimpleNamespace(
        now=NOW,
        towns=TOWNS,
        venue=lambda **changes: replace(venue, **changes),
        offer=lambda **changes: replace(offer, **changes),
        stock=lambda **changes: replace(stock, **changes),
        document=build,
        catalogue=catalogue,
    )


def _random_document(chance: random.Random, number: int, build: Callable[..., Document]) -> Document:
    subcategory = chance.choice(["CONCERT", "SEANCE_CINE", "LIVRE_PAPIER", "VISITE", "JEU_EN_LIGNE"])
    is_event = subcategory in ("CONCERT", "SEANCE_CINE", "VISITE")
    digital = subcategory == "JEU_EN_LIGNE"
    town = chance.choice(list(TOWNS))
    here = TOWNS[town]
    stocks = []
    for _ in range(chance.randrange(1, 5) if is_event else 1):
        starts = NOW + timedelta(hours=chance.randrange(1, 24 * 40)) if is_event else None
        stocks.append(
            {
                "price_cents": chance.choice([0, 500, 990, 1500, 3000]),
                "starts_at": starts,
                "booking_limit_at": starts,
                "created_at": NOW - timedelta(days=chance.randrange(40)),
            }
        )
    shared = subcategory in ("LIVRE_PAPIER", "SEANCE_CINE") and chance.random() < 0.5
    return build(
        f"offer-{number}",
        at={
            "city": town,
            "is_virtual": digital,
            "timezone": {"Saint-Denis": "Indian/Reunion", "Nouméa": "Pacific/Noumea"}.get(town),
            "position": Position(
                here.latitude + chance.gauss(0, 0.05), here.longitude + chance.gauss(0, 0.05)
            ),
        },
        stocks=stocks,
        subcategory_id=subcategory,
        name=chance.choice(TITLES),
        is_digital=digital,
        is_duo=chance.random() < 0.4,
        product_key=f"product-{chance.randrange(20)}" if shared else None,
        ranking_weight=chance.choice([0, 0, 1, 20]),
        published_at=NOW - timedelta(days=chance.randrange(1, 30)),
    )


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[TantivyEngine]:
    """A real, empty index."""
    opened = TantivyEngine(tmp_path / "index", writer_bytes=20_000_000)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def filled(given: SimpleNamespace, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimpleNamespace]:
    """A real index of 400 documents: `filled.engine`, `filled.documents`."""
    opened = TantivyEngine(tmp_path_factory.mktemp("filled") / "index", writer_bytes=20_000_000)
    documents = given.catalogue(400)
    for first in range(0, len(documents), 100):
        opened.apply([Change(found.offer_id, found) for found in documents[first : first + 100]])
    yield SimpleNamespace(engine=opened, documents=documents)
    opened.close()
