"""The exception tree.

::

    HeelwiseError
    ├── SourceError            something outside could not be read
    │   ├── UnreadableFile     not the format it claims, cut off before anything useful, or empty
    │   ├── UnsafeFile         a size, nesting or name that no honest export has
    │   └── UnknownFile        nothing on the shelf reads this kind
    ├── ContractError          a frame breaks its contract
    └── StoreError             the runner's own data on this machine
        ├── StoreUnreadable    the database is damaged or is not a database; it is left as it is
        ├── StoreTooNew        written by a later Heelwise
        ├── StoreFull          the disk is full or may not be written to
        ├── RunnerUnknown      no runner of that name
        └── VaultUnreadable    the tokens are there but may not be used or do not open

Every message says what happened, what was kept, and what to do next.
"""


class HeelwiseError(Exception):
    """Root of every error a reader may see: its text is a plain sentence, never a traceback."""


class SourceError(HeelwiseError):
    """Something outside could not be read."""


class UnreadableFile(SourceError):
    """Not the format it claims, cut off before anything useful, or empty."""


class UnsafeFile(SourceError):
    """A size, nesting or member name that no honest export has."""


class UnknownFile(SourceError):
    """Nothing on the shelf of connectors reads this kind."""


class ContractError(HeelwiseError):
    """A frame breaks its contract; the text names each broken rule and the rows."""


class StoreError(HeelwiseError):
    """The runner's own data on this machine cannot be used as asked."""


class StoreUnreadable(StoreError):
    """The database is damaged or is not a database; it is left exactly as it is."""


class StoreTooNew(StoreError):
    """The database was written by a later version of Heelwise."""


class StoreFull(StoreError):
    """The disk is full or the folder may not be written to."""


class RunnerUnknown(StoreError):
    """There is no runner of that name in the store."""


class VaultUnreadable(StoreError):
    """The place for tokens cannot be used: locked, open to others, or its key does not fit."""
