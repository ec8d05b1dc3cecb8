"""Prefect flows, sources, settings and the command line: the thin plot above."""
