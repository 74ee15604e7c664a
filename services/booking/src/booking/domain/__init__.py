"""The rules of booking as pure functions over plain values: no database, no clock, no framework."""
