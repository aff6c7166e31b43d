""""""

from __future__ import annotations

from datetime import timedelta

from model_builders import analyse

from connectors.frames import SHOE_FACT
from dashboard.model.settings import ModelSettings


def test_the_whole_way(made) -> None:
    frame = made.recording(1800)
    rows = [made.recorded(i, frame) for i in range(0, 120, 2)]
    rows += [made.activity(125, sport="Ride", distance_m=30_000.0, moving_s=3600.0)]
    frames = {f"{i:04x}": frame for i in range(0, 120, 2)}
    analysis = analyse(
        made.activities(rows),
        made.scan(frames),
        SHOE_FACT.empty(),
        made.no_symptoms,
        ModelSettings(),
    )
    assert analysis.runs.height == 60
    assert analysis.days.height == 126
    assert analysis.days["known"].all()
    assert analysis.days["distance_m"].sum() == analysis.runs["distance_m"].sum()
    assert analysis.days["ratio"].drop_nulls().len() == 126 - 42
    assert analysis.windows.is_empty()
    assert analysis.spikes.is_empty()
    assert analysis.personal is not None
    again = analyse(
        made.activities(rows), made.scan(frames), SHOE_FACT.empty(), made.no_symptoms,
        ModelSettings(), made.first + timedelta(days=130),
    )  # fmt: skip
    assert again.days.height == 131
