"""The rules of the catalogue as pure functions over plain values: no clock, no database, no framework."""
