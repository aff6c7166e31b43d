"""Garmin FIT files: bytes to sessions."""

from connectors.formats.fit.sessions import FORMAT, parse_fit

__all__ = ["FORMAT", "parse_fit"]
