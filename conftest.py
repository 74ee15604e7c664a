"""Fixtures of the whole suite: real servers, and services opened on fresh databases."""

pytest_plugins = ["local_platform.testing", "chassis.testing"]
