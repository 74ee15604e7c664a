"""How a use case says that there is nothing under an id."""


class Unknown(LookupError):
    """Nothing has this id, or nothing that the person may know of."""
