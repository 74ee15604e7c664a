"""Why an image cannot illustrate an offer."""

from dataclasses import dataclass
from typing import ClassVar

from chassis.refusals import Refusal


@dataclass(frozen=True, slots=True)
class ImageTooHeavy(Refusal):
    """More bytes than allowed."""

    code: ClassVar[str] = "IMAGE_TOO_HEAVY"
    size_bytes: int
    max_bytes: int

    @property
    def message(self) -> str:
        return f"L'image dépasse {self.max_bytes // 1_000_000} Mo."


@dataclass(frozen=True, slots=True)
class ImageFormatNotAccepted(Refusal):
    """Decoded as a format that is not accepted."""

    code: ClassVar[str] = "IMAGE_FORMAT_NOT_ACCEPTED"
    image_format: str
    accepted: tuple[str, ...]

    @property
    def message(self) -> str:
        return f"Formats d'image acceptés : {', '.join(self.accepted)}."


@dataclass(frozen=True, slots=True)
class ImageTooSmall(Refusal):
    """Fewer pixels than needed."""

    code: ClassVar[str] = "IMAGE_TOO_SMALL"
    min_width: int
    min_height: int

    @property
    def message(self) -> str:
        return f"L'image doit mesurer au moins {self.min_width} × {self.min_height} pixels."


@dataclass(frozen=True, slots=True)
class CropOutsideImage(Refusal):
    """The crop leaves the image."""

    code: ClassVar[str] = "CROP_OUTSIDE_IMAGE"

    @property
    def message(self) -> str:
        return "Le cadrage sort de l'image."


@dataclass(frozen=True, slots=True)
class ImageCreditTooLong(Refusal):
    """The credit is longer than allowed."""

    code: ClassVar[str] = "IMAGE_CREDIT_TOO_LONG"
    max_length: int

    @property
    def message(self) -> str:
        return f"Le crédit de l'image dépasse {self.max_length} caractères."


@dataclass(frozen=True, slots=True)
class TooManyImages(Refusal):
    """The offer has all the images it may have."""

    code: ClassVar[str] = "TOO_MANY_IMAGES"
    max_count: int

    @property
    def message(self) -> str:
        return f"Une offre porte au plus {self.max_count} image(s)."
