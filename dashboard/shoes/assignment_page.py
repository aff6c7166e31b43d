"""The runner's rules for pairs: listed, added, removed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping
from typing import Any

import streamlit as st

from connectors.errors import HeelwiseError
from connectors.frames import EVENT, RUN_SPORTS, SURFACES
from connectors.plural import count, percent
from connectors.store import Runner
from dashboard.shared import session, text, ui
from dashboard.shared.text import KIND_NAMES, SURFACE_NAMES, WEEKDAYS, run_line
from dashboard.shared.units import duration_s
from dashboard.shoes import assignment_review, assignment_rules
from dashboard.shoes.assignment_review import IssueGroup
from dashboard.shoes.assignment_rules import ShoeRule
from dashboard.shoes.text import (
    BY_HABIT,
    BY_RULE,
    DOUBTED,
    LIKELY,
    NO_SUGGESTION,
    OTHER_KIND_TOO,
    WOULD_CHANGE,
    WOULD_NOT,
)

RULE_FORM = "rule"


def rules_section(runner: Runner, labels: Mapping[str, str]) -> None:
    """Show the rules, behind a tap."""
    rules = assignment_rules.load_rules(session.store(), runner.athlete_id)
    with st.expander(f"Rules for pairs ({len(rules)})", key="pair_rules"):
        st.markdown(
            "A rule suggests a pair for the runs it fits; the first that fits counts. It changes no run."
        )
        for number, rule in enumerate(rules):
            with st.container(horizontal=True, vertical_alignment="center"):
                sentence = text.escape_markdown(assignment_rules.rule_line(rule, labels, session.units()))
                st.markdown(f"{number + 1}. {sentence}")
                st.button("Remove", on_click=_remove, args=(runner, number), key=f"remove_rule_{number}")
        if labels:
            _form(runner, labels)


def _form(runner: Runner, labels: Mapping[str, str]) -> None:
    version = ui.form_version(RULE_FORM)
    with st.form(f"rule_{version}"):
        values = {**_which(version, labels), **_how_far(version)}
        is_sent = st.form_submit_button("Add rule", key=f"add_rule_{version}")
    if not is_sent:
        return
    try:
        rule = ShoeRule(
            **{**values, "least_mps": _speed(values["least_mps"]), "most_mps": _speed(values["most_mps"])}
        )
    except HeelwiseError as error:
        st.error(text.escape_markdown(str(error)))
        return
    if not rule.shoe_id or rule.asks_nothing:
        st.warning("A rule needs a pair and at least one thing to go by. Nothing was changed.")
        return
    rules = assignment_rules.load_rules(session.store(), runner.athlete_id)
    assignment_rules.save_rules(session.store(), runner.athlete_id, [*rules, rule])
    ui.reset_form(RULE_FORM)
    st.rerun()


def _which(version: int, labels: Mapping[str, str]) -> dict[str, Any]:
    one, two, three = st.columns(3)
    shoe = one.selectbox(
        "Pair", list(labels), index=None, format_func=labels.__getitem__, key=f"rule_shoe_{version}"
    )
    sport = two.selectbox(
        "Sport", RUN_SPORTS, index=None, format_func=text.SPORTS.__getitem__, key=f"rule_sport_{version}"
    )
    surface = three.selectbox(
        "Surface", SURFACES, index=None, format_func=SURFACE_NAMES.__getitem__, key=f"rule_surface_{version}"
    )
    days = st.pills(
        "Weekdays",
        list(WEEKDAYS),
        selection_mode="multi",
        format_func=WEEKDAYS.__getitem__,
        key=f"rule_days_{version}",
    )
    return {"shoe_id": shoe or "", "sport": sport, "surface": surface, "weekdays": tuple(sorted(days))}


def _how_far(version: int) -> dict[str, Any]:
    units = session.units()
    one, two, three = st.columns(3)
    unit, pace = units.distance_unit, units.pace_unit
    least = one.number_input(f"From, {unit}", 0.0, value=None, step=1.0, key=f"rule_least_{version}")
    most = one.number_input(f"To, {unit}", 0.0, value=None, step=1.0, key=f"rule_most_{version}")
    quick = two.text_input(f"Pace {pace} or quicker", placeholder="4:30", key=f"rule_quick_{version}")
    slow = two.text_input(f"Pace {pace} or slower", placeholder="6:00", key=f"rule_slow_{version}")
    climb = three.number_input(
        f"Climb from, {units.height_unit}/{unit}", 0.0, value=None, step=5.0, key=f"rule_climb_{version}"
    )
    return {
        "least_m": None if least is None else units.metres(least),
        "most_m": None if most is None else units.metres(most),
        "least_mps": quick,
        "most_mps": slow,
        "least_climb_m_per_km": None
        if climb is None
        else climb / units.height(1.0) / units.metres(1.0) * 1000,
    }


def _speed(pace: str) -> float | None:
    """Read a pace such as 4:30."""
    seconds = duration_s(pace)
    return session.units().metres(1.0) / seconds if seconds else None


def _remove(runner: Runner, number: int) -> None:
    rules = list(assignment_rules.load_rules(session.store(), runner.athlete_id))
    del rules[number]
    assignment_rules.save_rules(session.store(), runner.athlete_id, rules)


GROUPS_SECTION = "shoe_groups"
GROUPS_SHOWN = 5
LISTED = 200
SUGGESTED = "As suggested"


def issue_groups_section(
    runner: Runner, review: assignment_review.AssignmentReview, labels: Mapping[str, str]
) -> None:
    """List the groups, the latest first."""
    st.header("Pairs to look at")
    ui.undo_bar(GROUPS_SECTION)
    if not review.groups:
        st.caption("No run has a shoe that looks wrong, and none lacks one.")
        return
    all_shown = len(review.groups) <= GROUPS_SHOWN or st.toggle(
        f"Show all {len(review.groups)}", key="all_groups", persist_state="session"
    )
    for group in review.groups if all_shown else review.groups[:GROUPS_SHOWN]:
        _card(runner, group, labels)


def _card(runner: Runner, group: IssueGroup, labels: Mapping[str, str]) -> None:
    with st.container(border=True, key=f"group_{group.key}"):
        head, *rest = map(text.escape_markdown, [_reason(group, labels), *_suggested(group, labels)])
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
            changes = _chosen_changes(group, chosen)
            st.button(
                f"Change {count(len(changes), 'run')}",
                type="primary",
                disabled=not changes,
                on_click=_fix,
                args=(runner, group, labels),
                key=f"fix_{group.key}",
            )
            st.button("Leave as they are", on_click=_leave, args=(runner, group), key=f"leave_{group.key}")
        if chosen is not None:
            st.caption(text.escape_markdown(_preview(group, changes, labels)))
        with st.expander("See the runs", on_change="rerun", key=f"see_{group.key}") as opened:
            if opened.open:
                _runs(group, labels)


def _reason(group: IssueGroup, labels: Mapping[str, str]) -> str:
    single, several = DOUBTED[group.doubt]
    sentence = (single if len(group.runs) == 1 else several).format(
        count=len(group.runs),
        span=text.span_in_words(group.first, group.last),
        shoe=labels.get(group.shoe_id or "", text.SHOE_NAMELESS),
        since=text.day_in_words(group.since) if group.since else "",
        kind=KIND_NAMES.get(group.kind or "", ""),
    )
    others = sum(run["is_other_kind"] for run in group.runs)
    return (
        f"{sentence} {OTHER_KIND_TOO.format(count=others)}" if group.doubt == "alone" and others else sentence
    )


def _suggested(group: IssueGroup, labels: Mapping[str, str]) -> list[str]:
    sentences = []
    alone = len(group.runs) == 1
    wanted = group.changes()
    by = [(run["by"], run["suggested_id"], run["rule"]) for run in group.runs if run["activity_id"] in wanted]
    for (how, shoe_id, rule), changed in Counter(by).most_common():
        shoe = labels.get(shoe_id, shoe_id)
        if how == "rule":
            sentences.append(BY_RULE[not alone].format(shoe=shoe, count=changed, rule=rule + 1))
            continue
        shares = [run["share"] for run in group.runs if (run["by"], run["suggested_id"]) == (how, shoe_id)]
        low, high = percent(min(shares)), percent(max(shares))
        sure = low if low == high else f"{low} to {high}"
        sentences.append(BY_HABIT[changed > 1].format(shoe=shoe, count=changed, sure=sure))
    open_still = sum(run["suggested_id"] is None for run in group.runs)
    return sentences + ([NO_SUGGESTION[not alone].format(count=open_still)] if open_still else [])


def _preview(group: IssueGroup, changes: Mapping[str, str], labels: Mapping[str, str]) -> str:
    if not changes:
        return WOULD_NOT
    parts = [
        f"{count} to {labels.get(shoe, shoe)}" for shoe, count in Counter(changes.values()).most_common()
    ]
    return WOULD_CHANGE.format(changed=len(changes), count=len(group.runs), parts=", ".join(parts))


def _runs(group: IssueGroup, labels: Mapping[str, str]) -> None:
    newest = list(reversed(group.runs))[:LISTED]
    st.dataframe(
        [
            {
                "Run": run_line(run, session.units()),
                "Suggested": labels.get(run["suggested_id"] or "", ""),
                "Share among alike runs": run["share"],
            }
            for run in newest
        ],
        hide_index=True,
        column_config={"Share among alike runs": st.column_config.NumberColumn(format="percent")},
        placeholder="–",
        alt="The runs of this group and the pair suggested for each",
    )
    if len(group.runs) > LISTED:
        rest = len(group.runs) - LISTED
        older = count(rest, "older one is", "older ones are")
        st.caption(
            f"{older} not listed here; {'it changes' if rest == 1 else 'they change'} with the others."
        )


def _chosen_changes(group: IssueGroup, chosen: str | None) -> Mapping[str, str]:
    return {} if chosen is None else group.changes(None if chosen == SUGGESTED else chosen)


def _fix(runner: Runner, group: IssueGroup, labels: Mapping[str, str]) -> None:
    """Change the runs of a group to the pair that stands in its field now."""
    chosen = st.session_state.get(f"pair_{group.key}")
    changes = _chosen_changes(group, chosen)
    if not changes:
        return
    reason = _reason(group, labels)
    if chosen == SUGGESTED:
        reason = f"{reason} {assignment_review.AS_SUGGESTED}"
    ui.remember_change(
        GROUPS_SECTION,
        None,
        assignment_review.assign_pairs(session.store(), runner.athlete_id, changes, ui.decided_by(), reason),
    )


def _leave(runner: Runner, group: IssueGroup) -> None:
    ui.remember_change(
        GROUPS_SECTION,
        None,
        assignment_review.leave_as_is(
            session.store(), runner.athlete_id, group.doubt, group.runs, ui.decided_by()
        ),
    )


@st.cache_resource(max_entries=session.RECORDS_AT_ONCE, show_spinner=False)
def _review(
    folder: str, athlete_id: int, version: Hashable, rules: str
) -> assignment_review.AssignmentReview:
    return assignment_review.review_assignments(session.store(), athlete_id)


def current_review(runner: Runner) -> assignment_review.AssignmentReview:
    """Return what there is to ask about pairs."""
    store = session.store()
    rules = store.settings(runner.athlete_id).get(assignment_rules.RULES_SETTING, "")
    return _review(
        session.folder_key(),
        runner.athlete_id,
        session.load_version(runner, EVENT),
        rules,
    )


QUESTION_SECTION = "which_shoe"
RUNS_SHOWN = 3


def which_shoe_section(
    runner: Runner, review: assignment_review.AssignmentReview, labels: Mapping[str, str]
) -> None:
    """Ask about the latest runs without a pair."""
    st.header("Which shoe?")
    ui.undo_bar(QUESTION_SECTION)
    if not labels:
        st.caption("No pair is known yet; a Strava export or a link to Strava brings them along.")
        return
    if not review.waiting:
        st.caption(f"Every run of the last {assignment_review.LATEST_DAYS} days of record has a shoe.")
        return
    with st.container(key=QUESTION_SECTION):
        for run in review.waiting[:RUNS_SHOWN]:
            _ask(runner, run, labels)
    rest = len(review.waiting) - RUNS_SHOWN
    if rest > 0:
        st.caption(
            f"{rest:,} more of the last {assignment_review.LATEST_DAYS} days "
            f"{'waits' if rest == 1 else 'wait'} behind these."
        )


def _ask(runner: Runner, run: Mapping[str, Any], labels: Mapping[str, str]) -> None:
    one = run["activity_id"]
    with st.container(border=True, key=f"which_{one}"):
        likely = f"  \n:small[{text.escape_markdown(_likely(run, labels))}]" if run["suggested_id"] else ""
        st.markdown(f"**{text.escape_markdown(run_line(run, session.units()))}**{likely}")
        with st.container(horizontal=True, vertical_alignment="center", key=f"taps_{one}"):
            for shoe_id in run["pairs"]:
                st.button(
                    text.escape_markdown(labels.get(shoe_id, shoe_id)),
                    key=f"tap_{one}_{shoe_id}",
                    type="primary" if shoe_id == run["suggested_id"] else "secondary",
                    on_click=_assign,
                    args=(runner, one, shoe_id),
                )
            others = [shoe_id for shoe_id in labels if shoe_id not in run["pairs"]]
            if others:
                st.selectbox(
                    "Another pair",
                    others,
                    index=None,
                    format_func=labels.__getitem__,
                    placeholder="Another pair",
                    label_visibility="collapsed",
                    key=f"other_{one}",
                    on_change=_assign_other,
                    args=(runner, one),
                    width=180,
                )
            st.button("Skip", key=f"skip_{one}", type="tertiary", on_click=_skip, args=(runner, run))


def _likely(run: Mapping[str, Any], labels: Mapping[str, str]) -> str:
    shoe = labels.get(run["suggested_id"], "")
    return LIKELY[run["by"]].format(shoe=shoe, rule=(run["rule"] or 0) + 1, share=percent(run["share"] or 0))


def _assign(runner: Runner, activity_id: str, shoe_id: str) -> None:
    ui.remember_change(
        QUESTION_SECTION,
        None,
        assignment_review.assign_pairs(
            session.store(),
            runner.athlete_id,
            {activity_id: shoe_id},
            ui.decided_by(),
            None,
        ),
    )


def _assign_other(runner: Runner, activity_id: str) -> None:
    shoe_id = st.session_state.get(f"other_{activity_id}")
    if shoe_id:
        _assign(runner, activity_id, shoe_id)


def _skip(runner: Runner, run: Mapping[str, Any]) -> None:
    ui.remember_change(
        QUESTION_SECTION,
        None,
        assignment_review.leave_as_is(session.store(), runner.athlete_id, "missing", [run], ui.decided_by()),
    )
