"""What shoes are: a catalogue of models and versions, and how a gear text finds its model.

`catalogue.csv` is shipped and read by `connectors.shoes.catalogue`; `connectors.shoes.matching` finds the model of
a text as services write it; `connectors.shoes.build` makes the catalogue again from the tables in `sources.csv`,
from `known.csv` and from what the catalogue already holds.
"""

from __future__ import annotations
