"""Pairs that are missing or look wrong, in groups: a reason, a suggestion, one click for all of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import streamlit as st

from connectors.plural import count
from connectors.store import Runner
from dashboard import shoe_fix, state, words
from dashboard.run_words import (
    BY_HABIT,
    BY_RULE,
    DOUBTED,
    KIND_NAMES,
    NO_SUGGESTION,
    OTHER_KIND_TOO,
    WOULD_CHANGE,
    WOULD_NOT,
    run_line,
)
from dashboard.shoe_fix import Group
from dashboard.views import acts

PLACE = "shoe_groups"
SHOWN = 5
LISTED = 200
SUGGESTED = "As suggested"


def show(mine: Runner, found: shoe_fix.Review, labels: Mapping[str, str]) -> None:
    """List the groups, the latest first."""
    st.header("Pairs to look at")
    acts.done(mine, PLACE)
    if not found.groups:
        st.caption("No run names a pair that looks wrong, and none lacks one.")
        return
    all_shown = len(found.groups) <= SHOWN or st.toggle(
        f"Show all {len(found.groups)}", key="all_groups", persist_state="session"
    )
    for group in found.groups if all_shown else found.groups[:SHOWN]:
        _card(mine, group, labels)


def _card(mine: Runner, group: Group, labels: Mapping[str, str]) -> None:
    with st.container(border=True, key=f"group_{group.key}"):
        head, *rest = map(words.plain, [_reason(group, labels), *_suggested(group, labels)])
        st.markdown("  \n".join([f"**{head}**", *rest]))
        options = [*([SUGGESTED] if group.changes() else []), *labels]
        with st.container(horizontal=True, vertical_alignment="bottom"):
            chosen = st.selectbox(
                "Pair for all of them",
                options,
                index=0 if group.changes() else None,
                format_func=lambda one: labels.get(one, one),
                placeholder="Choose a pair",
                key=f"pair_{group.key}",
                width=260,
            )
            changes = {} if chosen is None else group.changes(None if chosen == SUGGESTED else chosen)
            st.button(
                f"Change {len(changes)} runs" if len(changes) != 1 else "Change 1 run",
                type="primary",
                disabled=not changes,
                on_click=_fix,
                args=(mine, group, changes, labels),
                key=f"fix_{group.key}",
            )
            st.button("Leave as they are", on_click=_leave, args=(mine, group), key=f"leave_{group.key}")
        if chosen is not None:
            st.caption(words.plain(_preview(group, changes, labels)))
        with st.expander("See the runs", on_change="rerun", key=f"see_{group.key}") as opened:
            if opened.open:
                _runs(group, labels)


def _reason(group: Group, labels: Mapping[str, str]) -> str:
    single, several = DOUBTED[group.doubt]
    said = (single if len(group.runs) == 1 else several).format(
        count=len(group.runs),
        span=words.span(group.first, group.last),
        shoe=labels.get(group.shoe_id or "", words.SHOE_NAMELESS),
        since=words.day(group.since) if group.since else "",
        kind=KIND_NAMES.get(group.kind or "", ""),
    )
    others = sum(run["is_other_kind"] for run in group.runs)
    return f"{said} {OTHER_KIND_TOO.format(count=others)}" if group.doubt == "alone" and others else said


def _suggested(group: Group, labels: Mapping[str, str]) -> list[str]:
    told = []
    alone = len(group.runs) == 1
    wanted = group.changes()
    by = [(run["by"], run["suggested_id"], run["rule"]) for run in group.runs if run["activity_id"] in wanted]
    for (how, shoe_id, rule), changed in Counter(by).most_common():
        shoe = labels.get(shoe_id, shoe_id)
        if how == "rule":
            told.append(BY_RULE[not alone].format(shoe=shoe, count=changed, rule=rule + 1))
            continue
        shares = [run["share"] for run in group.runs if (run["by"], run["suggested_id"]) == (how, shoe_id)]
        said = BY_HABIT[changed > 1].format(shoe=shoe, count=changed, low=min(shares), high=max(shares))
        told.append(said)
    open_still = sum(run["suggested_id"] is None for run in group.runs)
    return told + ([NO_SUGGESTION[not alone].format(count=open_still)] if open_still else [])


def _preview(group: Group, changes: Mapping[str, str], labels: Mapping[str, str]) -> str:
    if not changes:
        return WOULD_NOT
    parts = [
        f"{count} to {labels.get(shoe, shoe)}" for shoe, count in Counter(changes.values()).most_common()
    ]
    return WOULD_CHANGE.format(changed=len(changes), count=len(group.runs), parts=", ".join(parts))


def _runs(group: Group, labels: Mapping[str, str]) -> None:
    newest = list(reversed(group.runs))[:LISTED]
    st.dataframe(
        [
            {
                "Run": run_line(run, state.units()),
                "Suggested": labels.get(run["suggested_id"] or "", ""),
                "Share in habit": run["share"],
            }
            for run in newest
        ],
        hide_index=True,
        column_config={"Share in habit": st.column_config.NumberColumn(format="percent")},
        placeholder="–",
        alt="The runs of this group and the pair suggested for each",
    )
    if len(group.runs) > LISTED:
        rest = len(group.runs) - LISTED
        older = count(rest, "older one is", "older ones are")
        st.caption(
            f"{older} not listed here; {'it changes' if rest == 1 else 'they change'} with the others."
        )


def _fix(mine: Runner, group: Group, changes: Mapping[str, str], labels: Mapping[str, str]) -> None:
    reason = _reason(group, labels)
    acts.note(PLACE, shoe_fix.give_pairs(state.store(), mine.athlete_id, changes, acts.who(), reason))


def _leave(mine: Runner, group: Group) -> None:
    acts.note(PLACE, shoe_fix.leave(state.store(), mine.athlete_id, group.doubt, group.runs, acts.who()))
