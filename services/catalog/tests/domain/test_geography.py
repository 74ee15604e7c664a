from catalog.domain.geography import are_coordinates, map_position


def test_coordinates_exclude_their_bounds():
    assert are_coordinates(89.999, 179.999)
    assert not are_coordinates(90, 0)
    assert not are_coordinates(0, 180)


def test_E93_a_digital_offer_is_put_at_the_centre_of_france():
    assert map_position(None, None) == (47.158459, 2.409289)
    assert map_position(48.39, None) == (47.158459, 2.409289)
    assert map_position(48.39, -4.49) == (48.39, -4.49)
