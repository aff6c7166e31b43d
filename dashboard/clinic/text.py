"""Words of the pages about who may see which record."""

from __future__ import annotations

from datetime import date, tzinfo

from connectors.plural import count
from connectors.store.claims import ClaimMade, ClaimPreview
from connectors.store.grants import Grant, PersonCount, PersonRemoved
from connectors.store.store import ServerSizes
from dashboard.shared.text import day_in_words

ACCESS = {"see": "see", "write": "see and write"}
ABOUT_SHARING = (
    "Only you see this record, and those you let see it here. A right ends with the last day you choose, where you "
    "are, or at once when you press End: an open page then goes blank. Runs that came by a Strava or Garmin link stay "
    "yours alone; whoever else opens the record is told how many are missing."
)
NOT_OWN = "Who may see this record is its runner's to say. It is shared with you."
UNCLAIMED = (
    "Nobody has claimed this record yet. Make a code and hand it to the runner: good once, for 14 days. From then "
    "on the record is theirs, and you ask for 90 days."
)
NOBODY = "Nobody but you."
NO_THERAPIST = "No physical therapist has signed in on this server yet."
INVITE = (
    "Or make a code and hand it to a physical therapist: with it they ask, and you decide here. The code alone opens "
    "nothing."
)
CODE_MADE = "The code, shown this once: **{code}**. It is good once and for 14 days; five wrong tries end it."
ASKED_TITLE = "Before anything else"
ASKED = "{name} asks to {access} your record until {day}. Nothing is shared before you confirm."
CODE_ABOUT = (
    "A code has 10 characters. The one that your physical therapist gave you opens your record. The one that a runner "
    "gave you lets you ask, as their physical therapist, to see theirs."
)
CODE_SHOWN = (
    "This code is of a record with the initials {initials}, year of birth {year}. It was made by {maker}."
)
IS_YOU = "Is this you? From then on the record is yours, and you say who sees it."
NOT_YOU = "Nothing was opened. Tell whoever gave you the code that it is of somebody else."
IS_RUNNER = "Is this the runner you treat? They are asked to confirm; until then you see nothing."
CLAIMED = "The record is yours now."
ASKED_DONE = "The runner is asked. You see the record as soon as they confirm."
BEGIN = "Or begin a record of your own. A number is added to the name, to tell runners apart."
SERVER_ABOUT = (
    "People, roles, numbers and times; no record. Who is a physical therapist follows the sign-in's groups."
)
REMOVES = (
    "**{name}** may sign in no longer, every open page of theirs is closed, and their role as administrator and their "
    "rights in records of others end. Records stay. Admit them again, and they begin without these rights."
)
ROLE_CHANGED = "The role is changed."
READMITTED = "They may sign in again. Rights that ended are the runners' to give anew."
RIGHT_GIVEN, RIGHT_ENDED = "Shared.", "Ended. Pages of theirs that were open are blank."
UNDONE = "Undone. The record is its physical therapist's to write again, and nobody else's."


def access_option(access: str) -> str:
    """Return what somebody may do as one of a list to choose from."""
    return ACCESS[access].capitalize()


def grant_in_words(grant: Grant) -> str:
    """Describe one right."""
    until = "without an end" if grant.until is None else f"until {day_in_words(grant.until)}"
    return f"{grant.person_name} may {ACCESS.get(grant.access, grant.access)}, {until}"


def ended_in_words(grant: Grant, today: date) -> str:
    """Describe a right that is over."""
    ended = grant.until if grant.ended is None else grant.ended.date()
    return f"{grant.person_name}: ended {day_in_words(ended or today)}"


def asked_in_words(grant: Grant) -> str:
    """Describe what a therapist asks for."""
    until = "a day you choose" if grant.until is None else day_in_words(grant.until)
    return ASKED.format(name=grant.person_name, access=ACCESS.get(grant.access, grant.access), day=until)


def code_in_words(claim: ClaimPreview) -> str:
    """Describe whose record a code is of, without a name."""
    return CODE_SHOWN.format(
        initials=claim.initials or "not on record",
        year=claim.birth_year or "not on record",
        maker=claim.made_by,
    )


def claim_in_words(claim: ClaimMade) -> str:
    """Describe that a record was claimed."""
    return f"{claim.claimed_by} claimed the record {claim.initials} on {day_in_words(claim.claimed.date())}."


def person_in_words(one: PersonCount) -> str:
    """Describe a person for an administrator: roles, numbers and times."""
    names = ("physical therapist",) * one.is_therapist + ("administrator",) * one.is_admin
    parts = [
        " and ".join(names) or "no role but their own record",
        f"{count(one.own_records, 'own record')}, {count(one.records_seen, 'record')} shared with them",
        "never signed in" if one.seen is None else f"last here {day_in_words(one.seen.date())}",
    ]
    return "; ".join([*parts, *(["removed"] if one.is_removed else [])])


def removed_in_words(one: PersonRemoved) -> str:
    """Describe what came of removing a person, and what stays."""
    lines = [f"{one.name} is removed: {count(one.rights_ended, 'right')} ended, and every session of theirs."]
    if one.own_records:
        lines.append(
            f"Their own {'record stays' if one.own_records == 1 else 'records stay'}, for those they share with."
        )
    if one.unclaimed_records:
        stays = "stays" if one.unclaimed_records == 1 else "stay"
        lines.append(
            f"{count(one.unclaimed_records, 'record')} that nobody has claimed {stays}, seen by nobody until its "
            "runner claims it by a code, or the person is admitted again."
        )
    return " ".join(lines)


def sizes_in_words(sizes: ServerSizes, zone: tzinfo | None) -> str:
    """Describe the room of a server, and its last dump."""
    dumped = "no dump was written yet"
    if sizes.dumped is not None:
        local = sizes.dumped.astimezone(zone)
        dumped = f"last dump {day_in_words(local.date())}, {local:%H:%M}"
    return f"Database {_size(sizes.database_b)}; {_size(sizes.free_b)} free on the disk; {dumped}."


def _size(size_b: int) -> str:
    return f"{size_b / 1e9:.1f} GB" if size_b >= 1e9 else f"{max(1, round(size_b / 1e6)):,} MB"


def counts_in_words(counts: dict[str, int]) -> str:
    """Describe how much there is on this server."""
    return (
        f"{count(counts['runners'], 'record')}, {counts['claimed']} of them claimed; "
        f"{count(counts['persons'], 'person', 'people')}; {count(counts['shared'], 'right')} to see a record given now."
    )
