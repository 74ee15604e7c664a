"""What the tests of the catalogue start from."""
