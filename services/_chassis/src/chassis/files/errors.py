"""What can be wrong with a file. No text here quotes a name."""


class FilesError(Exception):
    """Base of what a store raises."""


class FileMissing(FilesError):
    """There is no file of that name, or its writing never ended."""


class NameTaken(FilesError):
    """A file of that name is there: what a name means never changes."""


class FileTooLarge(FilesError):
    """What was to be written is longer than allowed; nothing of it is kept."""


class FilesUnavailable(FilesError):
    """The folder or the bucket cannot be reached, or refuses us."""
