"""Limits and crops of images, as pure arithmetic (domain.md §3.6). Decoding is not done here."""

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from math import floor

from catalog.domain.refusals.image import (
    CropOutsideImage,
    ImageCreditTooLong,
    ImageFormatNotAccepted,
    ImageTooHeavy,
    ImageTooSmall,
    TooManyImages,
)
from chassis.dated import BEGINNING, DatedTable, midnight, row

ImageRefusal = ImageTooHeavy | ImageFormatNotAccepted | ImageTooSmall

MAX_SIZE_BYTES = 10_000_000
MIN_WIDTH = 400
MIN_HEIGHT = 400
MAX_CREDIT_LENGTH = 255
RATIO = Fraction(2, 3)
"""Width over height of every illustration."""
MAX_OUTPUT_WIDTH = 750
OUTPUT_SIZE = (750, 1125)

IMAGE_FORMATS: DatedTable[tuple[str, ...]] = DatedTable(
    name="accepted image formats",
    keyed_by="instant at which the image is sent",
    rows=(
        row(BEGINNING, ("png", "jpg", "jpeg"), source="A:core/offers/validation.py; domain.md §3.6"),
        row(
            midnight("Europe/Paris", 2022, 1, 1),
            ("png", "jpg", "jpeg", "mpo", "webp"),
            source="M:core/offers/validation.py; domain.md §3.6",
            note="the source says 2022 or later",
        ),
    ),
)
"""Names as the decoder tells them, in lower case; the file name does not count."""

IMAGES_PER_OFFER = DatedTable(
    name="images of one offer",
    keyed_by="instant at which the image is sent",
    rows=(
        row(BEGINNING, 2, source="A@2018:domain/mediations; domain.md §3.6"),
        row(midnight("Europe/Paris", 2021, 1, 1), 1, source="A:core/offers/api.py; domain.md §3.6"),
    ),
)


def check_image(
    *, image_format: str, size_bytes: int, width: int, height: int, now: datetime
) -> ImageRefusal | None:
    """First reason why a decoded image is refused: weight, format, then dimensions (bounds allowed)."""
    if size_bytes > MAX_SIZE_BYTES:
        return ImageTooHeavy(size_bytes, MAX_SIZE_BYTES)
    accepted = IMAGE_FORMATS.at(now)
    if image_format.lower() not in accepted:
        return ImageFormatNotAccepted(image_format, accepted)
    if width < MIN_WIDTH or height < MIN_HEIGHT:
        return ImageTooSmall(MIN_WIDTH, MIN_HEIGHT)
    return None


def check_credit(credit: str) -> ImageCreditTooLong | None:
    return ImageCreditTooLong(MAX_CREDIT_LENGTH) if len(credit) > MAX_CREDIT_LENGTH else None


def check_image_count(existing: int, now: datetime) -> TooManyImages | None:
    """Where one image is allowed a new one replaces it, so that only editions with more can be full."""
    max_count = IMAGES_PER_OFFER.at(now)
    return TooManyImages(max_count) if max_count > 1 and existing >= max_count else None


@dataclass(frozen=True, slots=True)
class Crop:
    """Upper left corner and height, as fractions of the image's width and height."""

    x: float
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class Box:
    """Pixels; `right` and `bottom` excluded."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def width(self) -> int:
        return self.right - self.left

    @property
    def height(self) -> int:
        return self.bottom - self.top


def crop_box(width: int, height: int, crop: Crop) -> Box | CropOutsideImage:
    """The pixels that a crop keeps, two thirds as wide as high; one pixel of rounding is forgiven."""
    if not (0 <= crop.x < 1 and 0 <= crop.y < 1 and 0 < crop.height <= 1):
        return CropOutsideImage()
    box_height = floor(height * crop.height)
    box_width = floor(box_height * RATIO)
    left, top = floor(width * crop.x), floor(height * crop.y)
    if box_width < 1 or left + box_width > width + 1 or top + box_height > height + 1:
        return CropOutsideImage()
    left, top = min(left, width - box_width), min(top, height - box_height)
    return CropOutsideImage() if left < 0 else Box(left, top, left + box_width, top + box_height)


def largest_crop(width: int, height: int) -> Box:
    """The greatest centred box of the right ratio: what is kept when nobody chose a crop."""
    box_height = min(height, floor(width / RATIO))
    box_width = floor(box_height * RATIO)
    left, top = (width - box_width) // 2, (height - box_height) // 2
    return Box(left, top, left + box_width, top + box_height)


def output_size(box: Box) -> tuple[int, int]:
    """Size of the picture that is kept: reduced to 750 × 1125 when wider than 750, never enlarged."""
    return OUTPUT_SIZE if box.width > MAX_OUTPUT_WIDTH else (box.width, box.height)
