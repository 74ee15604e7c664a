"""The SQLite file: the newest version of every aggregate, how far Kafka was read, and what the
index still has to be given. Instants are microseconds (UTC).

Triggers put an offer into `pending` whenever a row it is made of really changes: an upsert that
the version guard turns away fires none. What was heard, how far, and what is left to do thus
change in one transaction, and no crash can part them.
"""

FORMAT = 3
"""`PRAGMA user_version`; another one, and the state is made anew from the topics."""

SCHEMA = """
CREATE TABLE venues (
    id TEXT PRIMARY KEY, version INTEGER NOT NULL, structure_status TEXT NOT NULL, name TEXT NOT NULL,
    city TEXT, timezone TEXT, is_virtual INTEGER NOT NULL, latitude REAL, longitude REAL
) WITHOUT ROWID;

CREATE TABLE offers (
    id TEXT PRIMARY KEY, version INTEGER NOT NULL, venue_id TEXT NOT NULL, subcategory_id TEXT NOT NULL,
    name TEXT NOT NULL, validation TEXT NOT NULL, is_active INTEGER NOT NULL, published_us INTEGER,
    description TEXT, artist TEXT, isbn TEXT, product_key TEXT, is_duo INTEGER NOT NULL,
    is_digital INTEGER NOT NULL, ranking_weight INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX offers_of_venue ON offers (venue_id);

CREATE TABLE stocks (
    id TEXT PRIMARY KEY, version INTEGER NOT NULL, offer_id TEXT NOT NULL, price_cents INTEGER NOT NULL,
    created_us INTEGER NOT NULL, quantity INTEGER, starts_us INTEGER, limit_us INTEGER,
    is_deleted INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX stocks_of_offer ON stocks (offer_id);

CREATE TABLE availabilities (
    id TEXT PRIMARY KEY, version INTEGER NOT NULL, offer_id TEXT NOT NULL, booked INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX availabilities_of_offer ON availabilities (offer_id);

CREATE TABLE pending (offer_id TEXT PRIMARY KEY) WITHOUT ROWID;

CREATE TABLE lapses (offer_id TEXT PRIMARY KEY, next_us INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX lapses_in_order ON lapses (next_us);

CREATE TABLE positions (
    topic TEXT NOT NULL, partition INTEGER NOT NULL, next_offset INTEGER NOT NULL,
    last_timestamp_ms INTEGER NOT NULL, PRIMARY KEY (topic, partition)
) WITHOUT ROWID;

CREATE TABLE beginnings (
    topic TEXT NOT NULL, partition INTEGER NOT NULL, "offset" INTEGER NOT NULL, timestamp_ms INTEGER NOT NULL,
    PRIMARY KEY (topic, partition)
) WITHOUT ROWID;

CREATE TABLE dead_letters (
    topic TEXT NOT NULL, partition INTEGER NOT NULL, "offset" INTEGER NOT NULL, reason TEXT NOT NULL,
    PRIMARY KEY (topic, partition, "offset")
) WITHOUT ROWID;

CREATE TABLE fed_index (generation TEXT NOT NULL);
"""

_OFFERS_TOUCHED_BY = {
    "venues": "SELECT id FROM offers WHERE venue_id = new.id",
    "offers": "VALUES (new.id)",
    "stocks": "VALUES (new.offer_id)",
    "availabilities": "VALUES (new.offer_id)",
}

# Not INSERT OR IGNORE: inside a trigger, the conflict clause of the outer statement would replace it.
TRIGGERS = "\n".join(
    f"CREATE TRIGGER {table}_{event.lower()} AFTER {event} ON {table} BEGIN"
    f" INSERT INTO pending {offers} ON CONFLICT DO NOTHING; END;"
    for table, offers in _OFFERS_TOUCHED_BY.items()
    for event in ("INSERT", "UPDATE")
)


def upsert(table: str, columns: tuple[str, ...]) -> str:
    """Insert, or replace where the stored version is lower; parameters in the order of `columns`."""
    values = ", ".join("?" for _ in columns)
    news = ", ".join(f"{name} = excluded.{name}" for name in columns if name != "id")
    return (
        f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({values})"  # noqa: S608 — names of ours only
        f" ON CONFLICT (id) DO UPDATE SET {news} WHERE excluded.version > {table}.version"
    )
