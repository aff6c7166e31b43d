"""Everything that brings facts in and keeps them: sources, frame contracts, the store."""

__version__ = "0.1.0"
