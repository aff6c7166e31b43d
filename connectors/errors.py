"""The exception tree.

::

    HeelwiseError
    ├── SourceError            something outside could not be read
    │   ├── UnreadableFile     not the format it claims, cut off before anything useful, or empty
    │   │   ├── LockedFile         closed with a passphrase that is missing or does not fit
    │   │   ├── ExcessiveWork      closed with more work than this machine does in time
    │   │   └── AmbiguousDates     day and month cannot be told apart; the answer is asked for
    │   ├── UnsafeFile         a size, nesting or name that no honest export has
    │   ├── UnknownFile        nothing on the shelf reads this kind
    │   └── ServiceError       a service did not give what was asked
    │       ├── KeyMissing         no key for it on this machine
    │       ├── KeyRefused         the key is mistyped, of another service, expired or revoked
    │       ├── OtherAccount       the key opens another account than the record's
    │       ├── RequestsSpent      no request until a known time
    │       ├── ServiceUnreachable no network, no name, no secure connection, no answer in time
    │       ├── ServiceTroubled    it answers, but with a fault of its own
    │       └── StravaError        Strava's servers did not give what was asked
    │           ├── NotLinked          no token on this machine
    │           ├── LinkEnded          the token was taken back: link again
    │           ├── ScopeMissing       the runner did not tick what is needed
    │           ├── AppUnknown         client id or secret are wrong
    │           ├── AppInactive        the owner of the app has no subscription
    │           ├── AthleteLimit       the app may not serve one more runner
    │           ├── BudgetSpent        RequestsSpent of Strava
    │           ├── StravaUnreachable  ServiceUnreachable of Strava
    │           └── StravaTroubled     ServiceTroubled of Strava
    ├── SignInFailed           a person could not be signed in at the provider
    │   ├── ProviderUnreachable    it does not answer, or with a fault of its own
    │   └── SignInRefused          what it answered does not verify, or is for nobody who may sign in
    ├── ContractError          a frame breaks its contract
    └── StoreError             the runner's own data on this machine
        ├── StoreUnreadable    the database is damaged or is not a database; it is left as it is
        ├── SamplesUnreachable the bucket with the recordings does not answer
        ├── StoreTooNew        written by a later Heelwise
        ├── StoreFull          the disk is full or may not be written to
        ├── DatabaseUnreachable the database server does not answer; nothing was saved
        ├── RunnerUnknown      no runner of that name
        ├── RunnerNotShown     a page may write for the runner it names alone
        ├── NotAllowed         a paired device asked for what only the owner may do
        ├── RunnerForgotten    the runner is being deleted
        ├── RecordDoubtful     rows are not as they were written; their table is read-only
        ├── LockTaken          another process or thread holds the lock
        └── VaultUnreadable    the tokens are there but may not be used or do not open

Every message says what happened, what was kept, and what to do next.
"""

from __future__ import annotations

from datetime import datetime

from connectors.written_dates import DateQuestion


class HeelwiseError(Exception):
    """Root of every error a reader may see: its text is a plain sentence, never a traceback."""


class SourceError(HeelwiseError):
    """Something outside could not be read."""


class UnreadableFile(SourceError):
    """Not the format it claims, cut off before anything useful, or empty."""


class LockedFile(UnreadableFile):
    """Closed with a passphrase that was not given or does not fit."""


class ExcessiveWork(UnreadableFile):
    """Closed with a passphrase on a faster machine: opening it would take this one too long."""


class AmbiguousDates(UnreadableFile):
    """Day and month of a table's dates cannot be told apart; it is not read before that is answered."""

    def __init__(self, question: DateQuestion) -> None:
        super().__init__(question.sentence())
        self.question = question


class UnsafeFile(SourceError):
    """A size, nesting or member name that no honest export has."""


class UnknownFile(SourceError):
    """Nothing on the shelf of connectors reads this kind."""


class ServiceError(SourceError):
    """A service did not give what was asked; everything brought in before is kept."""


class KeyMissing(ServiceError):
    """There is no key of the service on this machine for this runner."""


class KeyRefused(ServiceError):
    """The service does not take the key: mistyped, of another service, expired or revoked."""


class OtherAccount(ServiceError):
    """The key opens another account than the one whose runs are on record, or an account not yet confirmed."""


class RequestsSpent(ServiceError):
    """The service takes no request for now."""

    def __init__(self, sentence: str, until: datetime) -> None:
        super().__init__(sentence)
        self.until = until


class ServiceUnreachable(ServiceError):
    """No network, no such name, no secure connection, a connection that broke, or no answer in time."""


class ServiceTroubled(ServiceError):
    """The service answered with a fault of its own: 5xx, a page instead of data, or data cut off."""


class StravaError(ServiceError):
    """Strava's servers did not give what was asked; everything brought in before is kept."""


class NotLinked(StravaError):
    """There is no link to Strava on this machine for this runner."""


class LinkEnded(StravaError):
    """Strava no longer takes the token: the link was taken back, on strava.com or here."""


class ScopeMissing(StravaError):
    """The runner did not allow something that is needed."""


class AppUnknown(StravaError):
    """Strava does not know the client id, or the client secret does not belong to it."""


class AppInactive(StravaError):
    """The API app is switched off, as its owner has no active Strava subscription."""


class AthleteLimit(StravaError):
    """The API app has as many connected athletes as it may have."""


class BudgetSpent(StravaError, RequestsSpent):
    """No request is left for now."""


class StravaUnreachable(StravaError, ServiceUnreachable):
    """No network, no such name, no secure connection, a connection that broke, or no answer in time."""


class StravaTroubled(StravaError, ServiceTroubled):
    """Strava answered with a fault of its own: 5xx, a page instead of data, or data cut off."""


class SignInFailed(HeelwiseError):
    """A person could not be signed in at the provider of this server."""


class ProviderUnreachable(SignInFailed):
    """The provider does not answer, or answers with a fault of its own."""


class SignInRefused(SignInFailed):
    """What the provider answered does not verify, or is about nobody who may sign in."""


class ContractError(HeelwiseError):
    """A frame breaks its contract; the text names each broken rule and the rows."""


class StoreError(HeelwiseError):
    """The runner's own data on this machine cannot be used as asked."""


class StoreGone(StoreError):
    """The store's folder was moved or deleted while it was open."""


class StoreUnreadable(StoreError):
    """The database is damaged or is not a database; it is left exactly as it is."""


class SamplesUnreachable(StoreError):
    """The bucket with the recordings does not answer, or does not allow what was asked."""


class StoreTooNew(StoreError):
    """The database was written by a later version of Heelwise."""


class DatabaseUnreachable(StoreError):
    """The database server does not answer, or the connection broke: nothing was saved, and it may be tried again."""


class StoreFull(StoreError):
    """The disk is full or the folder may not be written to."""


class RunnerUnknown(StoreError):
    """There is no runner of that name in the store."""


class RunnerNotShown(StoreError):
    """A page would have written for a runner who is gone, or is not the one that it names."""


class NotAllowed(StoreError):
    """A paired device asked for what only the owner of this machine may do, or for another runner."""


class RunnerForgotten(StoreError):
    """The runner is being deleted: nothing more is written for them."""


class RecordDoubtful(StoreError):
    """Rows of a runner are not as they were written, so their table is read-only until it is restored."""


class LockTaken(StoreError):
    """Another process or thread holds the lock; nothing was changed."""


class VaultUnreadable(StoreError):
    """The place for tokens cannot be used: locked, open to others, or its key does not fit."""
