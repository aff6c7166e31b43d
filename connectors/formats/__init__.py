"""Readers of files: bytes in, raw sessions or rows out."""
