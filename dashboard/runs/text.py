"""Names and sentences of the Runs page: runs, pairs in doubt, suggestions, and what was edited."""

from __future__ import annotations

# Reasons to doubt a pair: of one run, and of several.
DOUBTED = {
    "missing": ("1 run, {span}, names no pair.", "{count} runs from {span} name no pair."),
    "retired": (
        "1 run, {span}, on {shoe}, after the pair was retired.",
        "{count} runs from {span} on {shoe}, after the pair was retired.",
    ),
    "unused": (
        "1 run, {span}, on {shoe}, before the first day you gave for that pair.",
        "{count} runs from {span} on {shoe}, before the first day you gave for that pair.",
    ),
    "alone": (
        "1 run, {span}, on {shoe}, worn alone since {since}; before that you changed between pairs.",
        "{count} runs from {span} all on {shoe}, worn alone since {since}; in the 90 days before that you changed "
        "between pairs.",
    ),
    "other_kind": (
        "1 {kind} run, {span}, on {shoe}; you wear other pairs for that kind of run.",
        "{count} {kind} runs from {span} on {shoe}; you wear other pairs for that kind of run.",
    ),
}
OTHER_KIND_TOO = "{count} of them are of a kind you wear other pairs for."
BY_RULE = ("{shoe}, by your rule {rule}.", "{shoe} for {count} of them, by your rule {rule}.")
BY_HABIT = (
    "{shoe} for 1 run, by habit: its share among your most alike runs is {low:.0%}.",
    "{shoe} for {count} of them, by habit: its share among your most alike runs is {low:.0%} to {high:.0%}.",
)
LIKELY = {
    "rule": "Likely {shoe}, by your rule {rule}.",
    "habit": "Likely {shoe}: its share among your most alike runs is {share:.0%}.",
}
NO_SUGGESTION = (
    "Neither a rule nor habit is sure enough to suggest a pair.",
    "Neither a rule nor habit is sure enough to suggest a pair for {count} of them.",
)
WOULD_CHANGE = "{changed} of {count} runs would change: {parts}."
WOULD_NOT = "No run would change."
