"""A class in the place of a fuller one refuses what it does not allow, whatever is added to the other later."""

from __future__ import annotations

from typing import Any, NoReturn

from connectors.errors import NotAllowed


def close_other_names(narrowed: type, full: type, sentence: str) -> None:
    """Refuse every public name of the full class that the narrowed one has not of its own."""
    own = set(vars(narrowed))
    for name in dir(full):
        if not name.startswith("_") and name not in own:
            setattr(narrowed, name, _refused(full, name, sentence))


def _refused(full: type, name: str, sentence: str) -> Any:
    def refuse(_self: object, *_given: Any, **_more: Any) -> NoReturn:
        raise NotAllowed(sentence)

    refuse.__name__ = name
    refuse.__doc__ = f"Refuse `{full.__name__}.{name}`."
    return refuse if callable(getattr(full, name, None)) else property(refuse)
