"""A domain refusal is a GraphQL type, field for field."""

from dataclasses import dataclass
from typing import ClassVar

import strawberry
from notebook.notes import TitleTaken
from notebook.schema import build

from chassis.graphql import answer, build_schema, refusal_type, result_union
from chassis.refusals import Refusal
from chassis.testing import TODAY


def test_a_refusal_is_a_shareable_member_of_the_interface_with_its_own_fields() -> None:
    schema = build(True)
    assert '''"""Another note has this title."""
type TitleTaken implements Refusal @shareable {
  """
  Why not, for programs: one of a closed list, the same in every language.
  """
  code: String!

  """Why not, for people: a French sentence."""
  message: String!
  title: String!
  feeCents: Cents
  freeFrom: DateTime
}''' in schema.as_str()
    assert "union WriteNoteResult = NoteWritten | TitleTaken" in schema.as_str()


def test_the_answer_carries_the_refusals_code_sentence_and_values() -> None:
    refusal = TitleTaken(title="a", fee_cents=50, free_from=TODAY)
    said = answer(refusal)
    assert (said.code, said.message) == ("TITLE_TAKEN", "Une autre note s'appelle déjà « a ».")
    assert (said.title, said.fee_cents, said.free_from) == ("a", 50, TODAY)


def test_a_refusal_is_one_type_however_often_it_is_used() -> None:
    assert refusal_type(TitleTaken) is refusal_type(TitleTaken)


async def test_a_refusal_without_fields_has_its_code_and_message() -> None:
    @dataclass(frozen=True, slots=True)
    class Closed(Refusal):
        """Nothing can be written any more."""

        code: ClassVar[str] = "CLOSED"

        @property
        def message(self) -> str:
            return "Le carnet est fermé."

    @strawberry.type
    class Opened:
        at: int

    @strawberry.type
    class Query:
        @strawberry.field(graphql_type=result_union("OpenResult", Opened, Closed))  # type: ignore[untyped-decorator]
        def open(self) -> object:
            return answer(Closed())

    result = await build_schema(Query).execute("{open{__typename ... on Refusal{code message}}}")
    assert result.data == {
        "open": {"__typename": "Closed", "code": "CLOSED", "message": "Le carnet est fermé."}
    }
