"""Builders of finance's tests."""
