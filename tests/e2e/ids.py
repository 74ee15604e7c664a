"""Ids as clients know them, and the UUIDs that databases, events, tokens and logs know instead."""

from uuid import uuid4

from chassis.graphql import global_id, read_global_id


def plain(id_: str) -> str:
    """The UUID behind a client's id."""
    named = read_global_id(id_)
    assert named is not None, id_
    return str(named[1])


def nothing(type_name: str) -> str:
    """A client's id of a thing of this type that does not exist."""
    return str(global_id(type_name, uuid4()))
