"""The load factors, one file each, found by looking at this folder."""
