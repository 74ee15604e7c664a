"""Parsing, limits and validation of a document, once per distinct text."""

from dataclasses import dataclass
from functools import lru_cache

from graphql import (
    DocumentNode,
    FieldNode,
    GraphQLError,
    GraphQLSchema,
    GraphQLSyntaxError,
    ValidationRule,
    VisitorAction,
    parse,
    specified_rules,
    validate,
)
from graphql.validation import NoSchemaIntrospectionCustomRule, ValuesOfCorrectTypeRule
from strawberry.schema.validation_rules.maybe_null import MaybeNullValidationRule
from strawberry.schema.validation_rules.one_of import OneOfInputValidationRule

from chassis.graphql.errors import ErrorCode, discreet, tagged
from chassis.graphql.limits import MAX_TOKENS, excesses

_DOCUMENTS = 1000
_LONGEST_KEPT = 16 * 1024
"""Characters of a document worth remembering: longer ones would let strangers fill the memory."""

_ERRORS_SHOWN = 10


class _NoSubgraphDescription(ValidationRule):
    """`_service { sdl }` is introspection by another name."""

    def enter_field(self, node: FieldNode, *_: object) -> VisitorAction:
        if node.name.value == "_service":
            self.report_error(GraphQLError("GraphQL introspection has been disabled.", node))
        return None


_STRUCTURE = tuple(rule for rule in specified_rules if rule is not ValuesOfCorrectTypeRule)
_VALUES = (ValuesOfCorrectTypeRule, MaybeNullValidationRule, OneOfInputValidationRule)
_CLOSED = (NoSchemaIntrospectionCustomRule, _NoSubgraphDescription)


@dataclass(frozen=True, slots=True)
class Checked:
    """A document that may be executed, or why not."""

    document: DocumentNode | None
    errors: tuple[GraphQLError, ...] = ()


def check(schema: GraphQLSchema, text: str, *, introspection: bool) -> Checked:
    """Parse and judge a document. Equal texts are judged once.

    Without `introspection` errors quote no value of the document and suggest no name.
    """
    if len(text) > _LONGEST_KEPT:
        return _check(schema, text, introspection)
    return _check_kept(schema, text, introspection)


def _check(schema: GraphQLSchema, text: str, introspection: bool) -> Checked:
    try:
        document = parse(text, max_lexical_tokens=MAX_TOKENS, max_comments=MAX_TOKENS)
    except GraphQLSyntaxError as error:
        # The engine says "aborted" where a limit stopped it: tokens, comments, nesting.
        limited = "Parsing aborted" in error.message
        code = ErrorCode.LIMIT_EXCEEDED if limited else ErrorCode.GRAPHQL_INVALID
        return Checked(None, (tagged(error if introspection or limited else _unquoted(error), code),))
    # The limits come first and alone: the standard rules may cost more than linear time
    # on a document made to be expensive.
    if exceeded := [tagged(GraphQLError(said), ErrorCode.LIMIT_EXCEEDED) for said in excesses(document)]:
        return Checked(None, tuple(exceeded))
    rules = _STRUCTURE if introspection else (*_STRUCTURE, *_CLOSED)
    for group, code in ((rules, ErrorCode.GRAPHQL_INVALID), (_VALUES, ErrorCode.BAD_INPUT)):
        wrong = validate(
            schema, document, group, max_errors=_ERRORS_SHOWN, hide_suggestions=not introspection
        )
        if wrong:
            shown = wrong if introspection or group is rules else map(discreet, wrong)
            return Checked(None, tuple(tagged(error, code) for error in shown))
    return Checked(document)


def _unquoted(error: GraphQLSyntaxError) -> GraphQLError:
    return GraphQLError("Le document n'est pas du GraphQL.", source=error.source, positions=error.positions)


_check_kept = lru_cache(maxsize=_DOCUMENTS)(_check)
