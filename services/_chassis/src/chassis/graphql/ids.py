"""Identifiers as clients send them."""

from uuid import UUID

import strawberry

from chassis.graphql.errors import ApiError, ErrorCode


def uuid_of(id_: strawberry.ID) -> UUID:
    """An ID as the UUID it is. Raises ApiError BAD_INPUT."""
    try:
        return UUID(id_)
    except ValueError:
        raise ApiError(ErrorCode.BAD_INPUT, "Cet identifiant n'a pas la forme attendue.") from None


def known_uuid(id_: strawberry.ID) -> UUID | None:
    """An ID that another subgraph gave; None when it cannot be one of ours."""
    try:
        return UUID(id_)
    except ValueError:
        return None
