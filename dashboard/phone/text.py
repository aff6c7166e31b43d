"""Sentences of the phone's log that the Log page has no need of."""

from __future__ import annotations

LOG = "Log"
LOG_OF = "Log for {label}"
TODAY = "Today"
LOGGED_ON = "Logged, {day}."
SAVED_TODAY = "Saved, today: {entry}."
ON_PHONE_ONE = "1 answer is on this phone and not sent yet."
ON_PHONE = "{count} answers are on this phone and not sent yet."
NOT_REACHED = (
    "Heelwise cannot be reached just now. What you tap stays on this phone and is sent when it can be."
)
SENT = "Sent and saved."
UNDONE = "Taken back."
REMOVED = (
    "This phone is no longer paired, so nothing more is taken from it. Pair it again under Settings on the machine "
    "that runs Heelwise."
)
REMOVED_WITH = "These answers were not stored. Copy them, and write them on the Log page."
OTHER_PAIRING = "Tapped before this phone was paired anew, so they were not sent:"
REFUSED = "These answers were not stored:"
ASKED = "Please say whether this is meant:"
STORE_IT, LEAVE_IT = "Store it", "Leave it"
COPY, COPIED, DROP = "Copy", "Copied.", "Remove from this phone"
UNDO, CHANGE, LEAVE = "Undo", "Change", "Leave it as it was"
RUN_FIRST = "Your run of {run}"
PASS, NOT_NOW = "Skip this one", "Not now"
AFTER_A_RUN = "After a run"
MORNING = "Morning"
PLANNED = "Planned for today"
PLANNED_RUN = "Run: {run}."
NO_PLAN = "Nothing is planned for today."
PLAN_UNKNOWN = "Shown once Heelwise answers."
DAY_UNKNOWN = "… not known"
DONE_AS_PLANNED = "Done as planned"
SETS_LOGGED = "{count} logged today"
OTHER_SETS = "Log sets"
EXERCISE, SETS, REPETITIONS, LOAD, HOLD = (
    "Exercise",
    "Sets",
    "Repetitions",
    "Added weight, {unit}",
    "Hold, seconds",
)
SIDE = "Side"
PAIN = "Pain during the sets, 0–10"
SAVE_SETS = "Save sets"
MADE_UP = "What you write here belongs to the made-up runner and goes when it is left."
OVER_HTTP = (
    "Over plain HTTP this page opens only while Heelwise can be reached. While it is open, what you tap is kept until "
    "it is sent."
)
NO_SCRIPT = "The log needs JavaScript, which is turned off in this browser."
NO_STORAGE = (
    "This browser keeps nothing for this page (a private window?), so leave it open until everything is sent."
)
NOBODY = "This page is for a paired phone. Open Heelwise on the machine itself, or pair this phone under its Settings."
WHOSE = "Whose log is it? Add ?runner= and a number to the address, or open the log from the menu."
TOO_LARGE = "That is more than a phone sends at once. Nothing was stored."
NOT_JSON = "That was not sent by the log, so nothing was stored."
