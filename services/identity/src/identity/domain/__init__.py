"""The rules of identity: pure functions over plain values, no clock, no database."""
