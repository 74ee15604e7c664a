from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.domain.images import (
    Box,
    Crop,
    check_credit,
    check_image,
    check_image_count,
    crop_box,
    largest_crop,
    output_size,
)
from catalog.domain.refusals.image import (
    CropOutsideImage,
    ImageCreditTooLong,
    ImageFormatNotAccepted,
    ImageTooHeavy,
    ImageTooSmall,
    TooManyImages,
)

NOW = datetime(2026, 11, 1, tzinfo=UTC)
INSTANT = timedelta(microseconds=1)


def check(image_format="JPEG", size_bytes=10_000_000, width=400, height=400, now=NOW):
    return check_image(image_format=image_format, size_bytes=size_bytes, width=width, height=height, now=now)


def test_E91_images_too_small_fitting_and_too_heavy():
    assert check(width=399, height=800) == ImageTooSmall(400, 400)
    assert check(width=800, height=399) == ImageTooSmall(400, 400)
    assert check() is None
    assert check(size_bytes=10_000_001) == ImageTooHeavy(10_000_001, 10_000_000)


def test_formats_of_2021_and_later():
    first = datetime(2021, 12, 31, 23, tzinfo=UTC)
    assert check("gif") == ImageFormatNotAccepted("gif", ("png", "jpg", "jpeg", "mpo", "webp"))
    assert check("WEBP", now=first) is None
    assert check("webp", now=first - INSTANT) == ImageFormatNotAccepted("webp", ("png", "jpg", "jpeg"))
    assert check("PNG", now=first - INSTANT) is None


def test_credits():
    assert check_credit("x" * 255) is None
    assert check_credit("x" * 256) == ImageCreditTooLong(255)


def test_two_images_until_2021_then_one_that_replaces_the_other():
    first = datetime(2020, 12, 31, 23, tzinfo=UTC)
    assert check_image_count(1, first - INSTANT) is None
    assert check_image_count(2, first - INSTANT) == TooManyImages(2)
    assert check_image_count(2, first) is None


def test_a_crop_is_two_thirds_as_wide_as_high():
    assert crop_box(1000, 1200, Crop(0.1, 0.25, 0.75)) == Box(100, 300, 700, 1200)


def test_a_crop_may_be_the_whole_image_or_a_pixel_of_it():
    assert crop_box(600, 900, Crop(0, 0, 1)) == Box(0, 0, 600, 900)
    assert crop_box(900, 900, Crop(0, 0, 0.003)) == Box(0, 0, 1, 2)


def test_one_pixel_of_rounding_is_forgiven_and_not_two():
    assert crop_box(667, 1000, Crop(0.002, 0, 1)) == Box(1, 0, 667, 1000)
    assert crop_box(666, 1000, Crop(0.002, 0, 1)) == Box(0, 0, 666, 1000)
    assert crop_box(666, 1000, Crop(0.0031, 0, 1)) == CropOutsideImage()
    assert crop_box(700, 1000, Crop(0, 0.0011, 1)) == Box(0, 0, 666, 1000)
    assert crop_box(700, 1000, Crop(0, 0.0021, 1)) == CropOutsideImage()


@pytest.mark.parametrize(
    "crop",
    [
        Crop(-0.1, 0, 0.5),
        Crop(0, -0.1, 0.5),
        Crop(1, 0, 0.5),
        Crop(0, 1, 0.5),
        Crop(0, 0, 0),
        Crop(0, 0, 1.1),
        Crop(0, 0, 1.0005),
        Crop(1, 0, 0.003),
        Crop(0.5, 0, 1),
        Crop(0, 0.5, 0.6),
        Crop(0, 0, 0.001),
        Crop(float("nan"), 0, 0.5),
    ],
)
def test_crops_that_leave_the_image(crop):
    assert crop_box(900, 900, crop) == CropOutsideImage()


def test_a_narrow_image_cannot_be_cropped_at_full_height():
    assert crop_box(400, 900, Crop(0, 0, 1)) == CropOutsideImage()
    assert crop_box(599, 900, Crop(0, 0, 1)) == CropOutsideImage()


def test_the_largest_crop_is_centred():
    assert largest_crop(900, 900) == Box(150, 0, 750, 900)
    assert largest_crop(400, 900) == Box(0, 150, 400, 750)
    assert largest_crop(901, 900) == Box(150, 0, 750, 900)
    assert largest_crop(400, 901) == Box(0, 150, 400, 750)


def test_wide_pictures_are_reduced_and_small_ones_never_enlarged():
    assert output_size(Box(0, 0, 751, 1126)) == (750, 1125)
    assert output_size(Box(0, 0, 750, 1126)) == (750, 1126)
    assert output_size(Box(10, 10, 410, 610)) == (400, 600)


fractions = st.floats(0, 1, exclude_max=True)


@given(st.integers(400, 5000), st.integers(400, 5000), fractions, fractions, st.floats(0.01, 1))
def test_a_crop_stays_inside_and_keeps_its_ratio(width, height, x, y, part):
    boxes = (crop_box(width, height, Crop(x, y, part)), largest_crop(width, height))
    inside = [box for box in boxes if isinstance(box, Box)]
    assert inside, "the largest crop is always one"
    for box in inside:
        assert 0 <= box.left < box.right <= width
        assert 0 <= box.top < box.bottom <= height
        assert abs(3 * box.width - 2 * box.height) < 3
