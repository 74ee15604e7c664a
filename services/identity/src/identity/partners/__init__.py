"""Servers of others that identity asks, each behind a port of ours."""
