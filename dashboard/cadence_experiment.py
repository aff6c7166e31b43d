"""Where the cadence experiment is kept: among the settings of the runner."""

from __future__ import annotations

from connectors.store import Store
from dashboard.model.experiment import Experiment, as_settings, checked, from_settings


def of_runner(store: Store, athlete_id: int) -> Experiment | None:
    """Read the experiment of one runner.

    Parameters
    ----------
    store : Store
        Where it is kept.
    athlete_id : int
        Runner on this machine, from 1.

    Returns
    -------
    Experiment or None
        None where none was set.

    Raises
    ------
    HeelwiseError
        When what is kept cannot be read.

    Source
    ------
    ours.
    """
    return from_settings(store.settings(athlete_id))


def keep(store: Store, athlete_id: int, experiment: Experiment) -> None:
    """Store an experiment in place of the one before.

    Parameters
    ----------
    store, athlete_id
        As for `of_runner`.
    experiment : Experiment
        Start, target and end.

    Raises
    ------
    HeelwiseError
        When a limit is broken or the store cannot be written to; nothing is changed then.

    Source
    ------
    ours: one at a time, since two would each be the other's weeks before.
    """
    store.set_settings(athlete_id, as_settings(checked(experiment)))


def take_away(store: Store, athlete_id: int) -> None:
    """Forget the experiment; what was recorded stays.

    Parameters
    ----------
    store, athlete_id
        As for `of_runner`.

    Raises
    ------
    StoreError
        When the store cannot be written to.

    Source
    ------
    ours.
    """
    store.set_settings(athlete_id, as_settings(None))
