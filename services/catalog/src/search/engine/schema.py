"""The fields of a Tantivy document. Raising FORMAT makes every replica rebuild its index."""

from functools import cache

from tantivy import Schema, SchemaBuilder

from search.engine.analysis import FOLDED, STEMMED

FORMAT = 3

ONLINE, EVENT, THING, DUO, NOWHERE = "online", "event", "thing", "duo", "nowhere"
"""Terms of the field `kind`."""

NEVER_S = 2**40
"""Seconds: what stands for "no lapse" or "no date"; later than all dates, so it sorts last."""


@cache
def schema() -> Schema:
    """Filtered by term: raw texts, cells, days, hours. Filtered by range or sorted by: fast fields."""
    builder = SchemaBuilder()
    for name in ("offer_id", "isbn"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in ("name", "venue"):
        builder.add_text_field(name, tokenizer_name=STEMMED, index_option="freq")
    builder.add_text_field("description", tokenizer_name=STEMMED, index_option="freq")
    for name in ("artist", "exact"):
        builder.add_text_field(name, tokenizer_name=FOLDED, index_option="freq")
    for name in ("subcategory", "group", "kind"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in ("cell", "day", "hour"):
        builder.add_unsigned_field(name, indexed=True)
    for name in ("product", "price", "min_price", "quality"):
        builder.add_unsigned_field(name, fast=True)
    for name in ("first_start", "lapses", "newest"):
        builder.add_integer_field(name, fast=True)
    for name in ("latitude", "longitude"):
        builder.add_float_field(name, fast=True)
    builder.add_bytes_field("body", stored=True)
    return builder.build()
