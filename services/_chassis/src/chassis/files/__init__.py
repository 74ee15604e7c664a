"""Files that a context keeps and hands out: written once, streamed, behind links that expire."""

from chassis.files.errors import FileMissing, FilesError, FilesUnavailable, FileTooLarge, NameTaken
from chassis.files.files import Files, Link
from chassis.files.names import content_name, new_name
from chassis.files.settings import FilesSettings
from chassis.files.store import Chunks, Stored

__all__ = [
    "Chunks",
    "FileMissing",
    "FileTooLarge",
    "Files",
    "FilesError",
    "FilesSettings",
    "FilesUnavailable",
    "Link",
    "NameTaken",
    "Stored",
    "content_name",
    "new_name",
]
