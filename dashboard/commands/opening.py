"""Opens the store that a subcommand was pointed at."""

from __future__ import annotations

import os
from pathlib import Path

from connectors.store import Runner, Store, home_folder, open_store


def opened(home: Path | None) -> Store:
    """Open the store in a folder and make it the folder of this process.

    Parameters
    ----------
    home : Path or None
        Folder given on the command line; None is HEELWISE_HOME or the user's data folder.

    Returns
    -------
    Store
        Made anew where there was none.

    Raises
    ------
    StoreError
        When it cannot be opened; it is left as it is.

    Source
    ------
    ours: what this process starts later, and its own problem log, must land in the same folder.
    """
    folder = home_folder(home.expanduser().absolute() if home else None)
    os.environ["HEELWISE_HOME"] = str(folder)
    return open_store(folder)


def whose(store: Store, athlete: str | None, create: bool = False) -> Runner:
    """Give the runner a subcommand is about.

    Parameters
    ----------
    store : Store
        Where to look.
    athlete : str or None
        Name; None is the only or the first runner.
    create : bool
        Whether new data may start a new runner: then the made-up one is never taken.

    Returns
    -------
    Runner
        The runner.

    Raises
    ------
    RunnerUnknown
        When there is none of that name, or none at all.

    Source
    ------
    ours: one person's machine mostly holds one runner, who need not name themselves.
    """
    return store.runner(athlete, create=create)
