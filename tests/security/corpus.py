"""Requests made to be expensive, to break a parser or to guess: one function a family, all of them small.

Documents are of the tests' catalogue (`tests/gateway/subgraphs/catalog.py`), so that the same request is put to both
routers and to a subgraph alone.
"""

import gzip
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache

JSON = {"content-type": "application/json"}
ROOM_BYTES = 250 * 1024
"""Of bodies that are as long as they may be."""


@dataclass(frozen=True, slots=True)
class Hostile:
    """A request, and whether it may be answered: where not, no field of it has a value."""

    what: str
    body: bytes
    harmless: bool = False
    """It may be answered, if it costs no more than any other."""
    borne_by: str = ""
    """Who may answer it all the same."""
    headers: dict[str, str] = field(default_factory=lambda: dict(JSON))
    method: str = "POST"
    parameters: str = ""


Family = Callable[[], Iterator[Hostile]]
FAMILIES: dict[str, Family] = {}


def family(make: Family) -> Family:
    FAMILIES[make.__name__] = make
    return make


def _asked(what: str, document: str, *, harmless: bool = False, **more: object) -> Hostile:
    return Hostile(what, json.dumps({"query": document, **more}).encode(), harmless)


@cache
def _packed_blanks() -> bytes:
    return gzip.compress(b" " * 100_000_000)


def _chain(levels: int, inner: Callable[[str], str], leaf: str = "__typename", of: str = "Query") -> str:
    """`levels` fragments f0, f1 …, each what `inner` makes of a spread of the next."""
    chain = " ".join(f"fragment f{n} on {of} {{ {inner(f'...f{n + 1}')} }}" for n in range(levels))
    return f"{chain} fragment f{levels} on {of} {{ {leaf} }}"


# --- the envelope -------------------------------------------------------------------------------------------------


@family
def deep_json() -> Iterator[Hostile]:
    for key in ("variables", "extensions", "whatever"):
        for opening, closing in (("[", "]"), ('{"a":', "}"), ('[{"a":', "}]")):
            for levels in (70, 2_000, 10_000, ROOM_BYTES // len(opening + closing)):
                nested = opening * levels + "1" + closing * levels
                body = f'{{"query": "{{ __typename }}", "{key}": {{"a": {nested}}}}}'
                # Hive Router reads it and forgets it: the stack that it is given has room.
                yield Hostile(f"{levels} levels of {opening} in {key}", body.encode(), borne_by="hive-router")
    for opening in ("[", '{"a":', '{"query":'):
        yield Hostile(f"{opening} without end", opening.encode() * (ROOM_BYTES // len(opening)))
    yield Hostile("closings without beginning", b"]" * ROOM_BYTES)
    yield Hostile("a document of lists", b'{"query": ' + b"[" * 50_000 + b"]" * 50_000 + b"}")
    yield Hostile(
        "deep in a batch", b'[{"query": "{__typename}", "variables": ' + b"[" * 9_000 + b"]" * 9_000 + b"}]"
    )


@family
def wide_json() -> Iterator[Hostile]:
    many = {f"v{n}": n for n in range(15_000)}
    yield _asked("15 000 variables nobody declared", "{ __typename }", variables=many, harmless=True)
    yield _asked("60 000 numbers", "{ __typename }", variables={"a": [1] * 60_000}, harmless=True)
    yield _asked("60 000 lists", "{ __typename }", variables={"a": [[]] * 60_000}, harmless=True)
    yield _asked("a long text", "{ __typename }", variables={"a": "é" * 40_000}, harmless=True)
    body = b'{"query": "{ __typename }"' + b', "variables": {}' * 10_000 + b"}"
    yield Hostile("variables ten thousand times", body, harmless=True)
    body = b'{"query": "{ __typename }"' + b', "query": "{ nothing }"' * 5_000 + b"}"
    yield Hostile("another document in the same key", body)
    body = b'{"query": "{ __typename }", "variables": {' + b'"a": 1,' * 20_000 + b'"a": 2}}'
    yield Hostile("one variable, 20 000 times", body, harmless=True)


@family
def numbers() -> Iterator[Hostile]:
    for what, number in {
        "of 50 000 digits": "9" * 50_000,
        "with an exponent": "1e999999999",
        "with a negative one": "1e-999999999",
        "of 50 000 decimals": "0." + "1" * 50_000,
        "beyond 64 bits": str(2**64),
        "not one": "NaN",
        "without end": "Infinity",
        "minus nothing": "-0",
    }.items():
        document = "query ($first: Int) { offers(first: $first) { id } }"
        body = f'{{"query": "{document}", "variables": {{"first": {number}}}}}'
        yield Hostile(f"a variable {what}", body.encode(), harmless=number.startswith(("-0", "1e-")))
    for what, number in {
        "huge": "9" * 20_000,
        "beyond 32 bits": "2147483648",
        "a fraction": "1.5e400",
    }.items():
        yield _asked(f"a literal that is {what}", f"{{ offers(first: {number}) {{ id }} }}")


@family
def encodings() -> Iterator[Hostile]:
    for what, text in {
        "half a character": b"\xc3",
        "no UTF-8": b"\xff\xfe\xff",
        "an overlong slash": b"\xc0\xaf",
        "a surrogate": b"\xed\xa0\x80",
        "beyond Unicode": b"\xf7\xbf\xbf\xbf",
    }.items():
        yield Hostile(f"{what} in the document", b'{"query": "{ __typename ' + text + b'}"}', harmless=True)
        yield Hostile(
            f"{what} in a variable",
            b'{"query": "{ __typename }", "variables": {"a": "' + text + b'"}}',
            harmless=True,
        )
    yield Hostile(
        "an escaped half surrogate",
        rb'{"query": "{ __typename }", "variables": {"a": "\ud800"}}',
        harmless=True,
    )
    yield Hostile("a NUL in the document", rb'{"query": "{ __typename \u0000 }"}')
    yield Hostile("a raw NUL", b'{"query": "{ __typename \x00 }"}')
    yield Hostile("a mark of byte order", b"\xef\xbb\xbf" + b'{"query": "{ nothing }"}')
    yield Hostile("UTF-16", json.dumps({"query": "{ __typename }"}).encode("utf-16"))
    body = json.dumps({"query": "{ __typename }"}).encode("utf-16-le")
    yield Hostile("UTF-16 that says so", body, headers={"content-type": "application/json; charset=utf-16"})
    for how, body in {
        "gzip": _packed_blanks(),
        "br": b"\x00" * 1_000,
        "gzip, gzip": b"\x1f\x8b" * 99,
    }.items():
        yield Hostile(
            f"what unpacks to much more: {how}", body[:ROOM_BYTES], headers={**JSON, "content-encoding": how}
        )


@family
def junk() -> Iterator[Hostile]:
    for body in (
        b"",
        b"null",
        b"true",
        b"0",
        b'""',
        b"{}",
        b"{",
        b"\x00",
        b"<x/>",
        b'{"query": 5}',
        b'{"query": null}',
    ):
        yield Hostile(f"the body {body!r}", body)
    yield Hostile("a list as document", b'{"query": ["{ __typename }"]}')
    yield _asked("an empty document", "")
    yield _asked("blanks", " \t\n," * 5_000)
    yield _asked("comments", "#\n" * 5_000 + "{ nothing }")
    yield _asked("half a document", "{ offer(id: 1) { id ")
    yield _asked("variables as text", "{ __typename }", variables="x")
    yield _asked("variables as a list", "{ __typename }", variables=[1])
    yield _asked("a name that is a list", "query A { __typename }", operationName=["A"])
    yield _asked("a name that is unknown", "query A { __typename }", operationName="B")
    yield _asked("two operations and no name", "query A { __typename } query B { __typename }", harmless=True)
    yield _asked("seventy operations", " ".join(f"query A{n} {{ nothing }}" for n in range(70)))


@family
def batches() -> Iterator[Hostile]:
    one = {"query": "{ __typename }"}
    for count in (0, 1, 3, 5_000):
        yield Hostile(f"{count} at once", json.dumps([one] * count).encode())
    yield Hostile("lists of lists", json.dumps([[one], [[one]]]).encode())


@family
def content_types() -> Iterator[Hostile]:
    body = json.dumps({"query": "{ offers { id } }"}).encode()
    for kind in (
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/xml",
        "application/octet-stream",
        "text/plain; application/json",
        "text/plain;charset=application/json",
        "application/x-www-form-urlencoded; a=application/json",
        "application/" + "x" * 2_000,
    ):
        yield Hostile(f"as {kind[:40]}", body, headers={"content-type": kind})
    form = b'--x\r\ncontent-disposition: form-data; name="operations"\r\n\r\n' + body + b"\r\n--x--\r\n"
    yield Hostile("a form with files", form, headers={"content-type": "multipart/form-data; boundary=x"})
    yield Hostile("of no type", body, headers={})
    yield Hostile("by GET", b"", headers={}, method="GET", parameters="?query={offers{id}}")
    yield Hostile("by GET, long", b"", headers={}, method="GET", parameters="?query=" + "{a" * 5_000)
    for method in ("PUT", "PATCH", "DELETE", "TRACE"):
        yield Hostile(f"by {method}", body, method=method)


@family
def headers() -> Iterator[Hostile]:
    body = json.dumps({"query": "{ nothing }"}).encode()
    for name in ("x-request-id", "authorization", "traceparent", "x-pass-clock", "accept-language", "cookie"):
        for length in (4_000, 60_000):
            yield Hostile(f"{length} bytes of {name}", body, headers={**JSON, name: "x" * length})
    yield Hostile("300 headers", body, headers={**JSON, **{f"x-h{n}": "x" for n in range(300)}})
    yield Hostile("an odd accept", body, headers={**JSON, "accept": "*/*;q=" + "9" * 999})
    yield Hostile("a token of no use", body, headers={**JSON, "authorization": "Bearer " + "a." * 1_500})
    yield Hostile("a scheme of no use", body, headers={**JSON, "authorization": "Basic eDp4"})


# --- the document -------------------------------------------------------------------------------------------------


@family
def fragment_bombs() -> Iterator[Hostile]:
    for n in (12, 20, 40, 60):
        yield _asked(f"2^{n} spreads", "{ ...f0 } " + _chain(n, lambda spread: spread * 2))
    yield _asked("3^30 spreads", "{ ...f0 } " + _chain(20, lambda spread: spread * 3))
    for levels, times in ((3, 60), (4, 40), (5, 30), (6, 25), (3, 150)):
        yield _asked(
            f"{times}^{levels} spreads", "{ ...f0 } " + _chain(levels, lambda s, t=times: f"{s} " * t)
        )
    yield _asked(
        "doubled in a field", "{ offer(id: 1) { ...f0 } } " + _chain(20, lambda s: s * 2, "id", "Offer")
    )
    yield _asked(
        "doubled by fields",
        "{ offer(id: 1) { ...f0 } } " + _chain(12, lambda s: f"similar {{ {s} }} " * 2, "id", "Offer"),
    )
    yield _asked(
        "doubled by aliases",
        "{ offer(id: 1) { ...f0 } } "
        + _chain(9, lambda s: f"a: similar {{ {s} }} b: similar {{ {s} }}", "id", "Offer"),
    )
    yield _asked(
        "doubled in inline fragments", "{ ...f0 } " + _chain(20, lambda s: f"... on Query {{ {s} }} " * 2)
    )
    yield _asked(
        "doubled under a condition", "{ ...f0 } " + _chain(20, lambda s: f"{s} @include(if: true) {s}")
    )
    yield _asked("doubled and left out", "{ ...f0 @skip(if: true) } " + _chain(40, lambda s: s * 2))
    yield _asked("spread by nobody", "{ __typename } " + _chain(40, lambda s: s * 2))
    yield _asked(
        "in the operation that is not asked",
        "query A { __typename } query B { ...f0 } " + _chain(30, lambda s: s * 2),
        operationName="A",
    )
    yield _asked("in a mutation", "mutation { ...f0 } " + _chain(30, lambda s: s * 2, of="Mutation"))
    yield _asked(
        "in a subscription", "subscription { ...f0 } " + _chain(30, lambda s: s * 2, of="Subscription")
    )
    yield _asked("beside a cycle", "{ ...f0 } " + _chain(20, lambda s: f"{s} {s} ...f0"))


@family
def odd_fragments() -> Iterator[Hostile]:
    yield _asked("of itself", "{ ...a } fragment a on Query { ...a }")
    yield _asked("of each other", "{ ...a } fragment a on Query { ...b } fragment b on Query { ...a }")
    cycle = " ".join(f"fragment f{n} on Query {{ ...f{(n + 1) % 35} }}" for n in range(35))
    yield _asked("a cycle of 35", "{ ...f0 } " + cycle)
    yield _asked(
        "a cycle through fields", "{ offer(id: 1) { ...a } } fragment a on Offer { similar { ...a } }"
    )
    yield _asked("unknown ones", "{ " + " ".join(f"...u{n}" for n in range(140)) + " }")
    yield _asked("a chain of 35", "{ ...f0 } " + _chain(35, str), harmless=True)
    yield _asked("a chain of 120", "{ ...f0 } " + _chain(120, str), harmless=True)
    yield _asked(
        "one name, twice", "{ ...a } fragment a on Query { __typename } fragment a on Query { nothing }"
    )
    yield _asked("on nothing", "{ ...a } fragment a on Nothing { x }")
    yield _asked("on a scalar", "{ ...a } fragment a on Int { x }")
    # What a router that unfolds first still has to bear: the most that passes its limits.
    yield _asked(
        "38 spreads of 38 of 38",
        "{ " + "...f0 " * 38 + "} " + _chain(2, lambda s: f"{s} " * 38),
        harmless=True,
    )
    yield _asked(
        "115 spreads in a row", "{ " + "...f0 " * 115 + "} fragment f0 on Query { __typename }", harmless=True
    )


@family
def aliases() -> Iterator[Hostile]:
    for count in (31, 60, 120):
        yield _asked(f"{count} of a field", "{ " + " ".join(f"a{n}: now" for n in range(count)) + " }")
        yield _asked(
            f"{count} of a list", "{ " + " ".join(f"a{n}: offers {{ id }}" for n in range(count)) + " }"
        )
    yield _asked("31 further in", "{ offer(id: 1) { " + " ".join(f"a{n}: id" for n in range(31)) + " } }")
    many = " ".join(f"a{n}: __typename" for n in range(16))
    yield _asked(
        "16 in a fragment spread twice", f"{{ ...f ...f }} fragment f on Query {{ {many} }}", harmless=True
    )
    yield _asked("31 of __typename", "{ " + " ".join(f"a{n}: __typename" for n in range(31)) + " }")
    yield _asked("one alias, two fields", "{ a: offers { id } a: __typename }")
    yield _asked("one alias, two arguments", "{ a: offer(id: 1) { id } a: offer(id: 2) { id } }")
    yield _asked("a long one", "{ " + "a" * 60_000 + ": nothing }")


@family
def directives() -> Iterator[Hostile]:
    some = "@include(if: true) "
    yield _asked("60 on a field", "{ __typename " + "@x " * 60 + "}")
    yield _asked("60 on an operation", "query " + "@x " * 60 + "{ __typename }")
    yield _asked("60 on an inline fragment", "{ ... " + "@x " * 60 + "{ __typename } }")
    yield _asked("60 on a fragment", "{ ...a } fragment a on Query " + "@x " * 60 + "{ __typename }")
    yield _asked("60 on a spread", "{ ...a " + "@x " * 60 + "} fragment a on Query { __typename }")
    yield _asked("one that may stand once, 52 times", "{ __typename " + some * 52 + "}")
    yield _asked("an unknown one", "{ __typename @nothing }")
    yield _asked("deferred", "{ ... @defer { offers { id @nothing } } }")
    yield _asked("without its argument", "{ __typename @include }")


@family
def tokens() -> Iterator[Hostile]:
    yield _asked("fields", "{ offer(id: 1) { " + "id " * 2_000 + "} }")
    yield _asked("unknown fields", "{ " + " ".join(f"x{n}" for n in range(2_000)) + " }")
    yield _asked("a list", "{ offers(first: [" + "1 " * 2_000 + "]) { id } }")
    yield _asked("an object", "{ offers(first: {" + "a: 1 " * 1_000 + "}) { id } }")
    yield _asked("variables", "query (" + " ".join(f"$v{n}: Int" for n in range(1_000)) + ") { __typename }")
    yield _asked("arguments", "{ offers(" + " ".join(f"a{n}: 1" for n in range(1_000)) + ") { id } }")
    yield _asked("punctuation", "!" * 50_000)
    yield _asked("a text without end", '{ offer(id: "' + "x" * 100_000)
    yield _asked("a block of text without end", '{ offer(id: """' + "x\n" * 50_000)
    yield _asked(
        "one field, overlapping", "{ offer(id: 1) { " + "similar { id } " * 90 + "} }", harmless=True
    )
    yield _asked(
        "fields in fields, overlapping", "{ offer(id: 1) { " + "similar { similar { id } } " * 200 + "} }"
    )


@family
def depth() -> Iterator[Hostile]:
    for levels in (13, 40, 90, 500, 20_000):
        nested = "similar { " * levels + "id" + " }" * levels
        yield _asked(f"{levels} fields", f"{{ offer(id: 1) {{ {nested} }} }}")
    for levels in (200, 5_000, 40_000):
        yield _asked(f"{levels} inline fragments", "{" + "...{" * levels + "nothing" + "}" * levels + "}")
        yield _asked(f"{levels} lists", "{ offers(first: " + "[" * levels + "]" * levels + ") { id } }")
        yield _asked(
            f"{levels} objects", "{ offers(first: " + "{a:" * levels + "1" + "}" * levels + ") { id } }"
        )
        yield _asked(
            f"{levels} lists of a type", "query ($a: " + "[" * levels + "Int" + "]" * levels + ") { nothing }"
        )
    yield _asked("open ends", "{a" * 50_000)
    yield _asked(
        "13 through fragments",
        "{ offer(id: 1) { ...f0 } } " + _chain(13, lambda s: f"similar {{ {s} }}", "id", "Offer"),
    )


@family
def introspection() -> Iterator[Hostile]:
    yield _asked("the schema", "{ __schema { types { name fields { name } } } }")
    yield _asked("a type", '{ __type(name: "Offer") { fields { name } } }')
    yield _asked("by another name", "{ innocent: __schema { queryType { name } } }")
    yield _asked("in a fragment", "{ ...a } fragment a on Query { __schema { queryType { name } } }")
    yield _asked("in an inline fragment", "{ ... on Query { __schema { queryType { name } } } }")
    yield _asked("beside a field", '{ __typename __type(name: "Query") { name } }')
    nested = "fields { type { " * 40 + "name" + " } }" * 40
    yield _asked("without end", f"{{ __schema {{ types {{ {nested} }} }} }}")
    yield _asked(
        "through of-types", "{ __schema { types { " + "ofType { " * 90 + "name" + " }" * 90 + " } } }"
    )
    yield _asked("the subgraph's own", "{ _service { sdl } }")


@family
def unknown() -> Iterator[Hostile]:
    yield _asked("a field", "{ secrets }")
    yield _asked("a field nearly right", "{ offr(id: 1) { id } }")
    yield _asked("a field further in", "{ offer(id: 1) { nam } }")
    yield _asked("an argument", "{ offers(frist: 1) { id } }")
    yield _asked("a type", "query ($a: Ofer) { offers(first: $a) { id } }")
    yield _asked("a variable", "{ offers(first: $nobody) { id } }")
    yield _asked("no selection", "{ offers }")
    yield _asked("a selection of a scalar", "{ __typename { x } }")
    yield _asked("the wrong kind", '{ offers(first: "many") { id } }')
    yield _asked("an operation that does not exist", "mutation { everything }")
    yield _asked("a definition of a type", "type Query { a: Int }")
    yield _asked("an extension", "extend type Query { a: Int } { a }")
    for name in ("__proto__", "constructor", "toString", "hasOwnProperty", "__class__"):
        yield _asked(f"the field {name}", f"{{ {name} }}")
        body = json.dumps({"query": "{ nothing }", "variables": {name: {"polluted": 1}}, name: 1}).encode()
        yield Hostile(f"the key {name}", body)


@family
def names() -> Iterator[Hostile]:
    long = "n" * 60_000
    yield _asked("of an operation", f"query {long} {{ nothing }}")
    yield _asked("of an operation that is asked", "query A { __typename }", operationName=long)
    yield _asked("of a field", f"{{ {long} }}")
    yield _asked("of a variable", f"query (${long}: Int) {{ nothing }}")
    yield _asked("of a fragment", f"{{ ...{long} }}")
    yield _asked("of a type", f"{{ ... on {long} {{ x }} }}")
    yield _asked("of a directive", f"{{ __typename @{long} }}")


@family
def persisted() -> Iterator[Hostile]:
    for name in (
        "0" * 64,
        "x" * 100_000,
        "../../etc/passwd",
        "__proto__",
        "constructor",
        "",
        "\x00",
        "é" * 500,
    ):
        yield Hostile(f"the document {name[:20]!r}", json.dumps({"documentId": name}).encode())
        extension = {"persistedQuery": {"version": 1, "sha256Hash": name}}
        yield Hostile(f"the hash {name[:20]!r}", json.dumps({"extensions": extension}).encode())
    yield Hostile("a number", b'{"documentId": 5}')
    yield Hostile("a list", b'{"documentId": ["a"]}')
    yield Hostile("an extension of another shape", b'{"extensions": {"persistedQuery": [1, 2]}}')


@family
def entities() -> Iterator[Hostile]:
    """What only a router may ask of a subgraph."""
    asked = "query ($r: [_Any!]!) { _entities(representations: $r) { __typename ... on Offer { name } } }"
    one = {"__typename": "Offer", "id": "1"}
    for count in (1, 1_000, 5_000):
        yield _asked(f"{count} of them", asked, variables={"r": [one] * count}, harmless=True)
    yield _asked("of no type", asked, variables={"r": [{"id": "1"}]})
    yield _asked("of an unknown type", asked, variables={"r": [{"__typename": "Secret", "id": "1"}]})
    yield _asked("of a root type", asked, variables={"r": [{"__typename": "Query"}]})
    yield _asked("of a scalar", asked, variables={"r": [{"__typename": "String"}]})
    yield _asked("of a type's inner name", asked, variables={"r": [{"__typename": "__Schema"}]})
    yield _asked("of a long type", asked, variables={"r": [{"__typename": "O" * 60_000, "id": "1"}]})
    yield _asked("without a key", asked, variables={"r": [{"__typename": "Offer"}]})
    yield _asked("with a long key", asked, variables={"r": [{**one, "id": "1" * 60_000}]})
    yield _asked("with a key that is a map", asked, variables={"r": [{**one, "id": {"$ne": None}}]})
    yield _asked("that are texts", asked, variables={"r": ["Offer", "1"]})
    yield _asked("that are nothing", asked, variables={"r": [None]})
    yield _asked("none", asked, variables={"r": []}, harmless=True)
    yield _asked("by literals", '{ _entities(representations: [{__typename: "Nobody"}]) { __typename } }')


@family
def operations() -> Iterator[Hostile]:
    many = " ".join(f"query Q{n} {{ nothing }}" for n in range(140))
    yield _asked("140 of them", many, operationName="Q7")
    yield _asked("two without a name", "{ __typename } { __typename }")
    yield _asked("two of one name", "query A { __typename } query A { __typename }", operationName="A")
    yield _asked("one that is not there", "query A { __typename }", operationName="B")
    yield _asked("none", "fragment a on Query { __typename }")
    yield _asked("of an unknown kind", "query { __typename } quarry { __typename }")
    yield _asked("a subscription to two things", "subscription { a: nothing b: nothing }")
    yield _asked("a subscription by introspection", "subscription { __schema { queryType { name } } }")
    yield _asked("variables that depend on each other", "query ($a: Int = $b, $b: Int = $a) { __typename }")
    yield _asked("a variable, twice", "query ($a: Int, $a: Int) { nothing }")
    yield _asked("a variable with a long default", f'query ($a: String = "{"x" * 60_000}") {{ nothing }}')


@family
def literals() -> Iterator[Hostile]:
    yield _asked("a whole number of 60 000 digits", "{ offers(first: " + "9" * 60_000 + ") { id } }")
    yield _asked("a number of 60 000 places", "{ offers(first: 0." + "1" * 60_000 + ") { id } }")
    yield _asked("a large exponent", "{ offers(first: 1e999999999) { id } }")
    yield _asked("a lone surrogate", '{ offer(id: "\\ud800") { id } }', harmless=True)
    yield _asked("surrogates the wrong way round", '{ offer(id: "\\udc00\\ud800") { id } }', harmless=True)
    yield _asked("an escape without end", '{ offer(id: "\\u{110000}") { id } }')
    yield _asked("30 000 escapes", '{ offer(id: "' + "\\u0000" * 30_000 + '") { id } }', harmless=True)
    yield _asked(
        "a block of 60 000 lines", '{ offer(id: """' + "\n " * 60_000 + '""") { id } }', harmless=True
    )
    yield _asked("a byte order mark in the middle", "{ __type\ufeffname offers { \ufeff } }")
    yield _asked("60 000 comments", "# x\n" * 30_000 + "{ nothing }")
    yield _asked("commas alone", "," * 100_000)


def corpus() -> Iterator[tuple[str, Hostile]]:
    """Every family's name with each of its requests."""
    for name, make in FAMILIES.items():
        yield from ((name, hostile) for hostile in make())
