"""The pages around a sign-in: where a browser goes next is a path of ours, and nothing given is markup."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.access.sign_in_page import PROBLEMS, ended_page, out_page, path_of_ours, sign_in_page

MARKUP = "<script>\"&'"


@pytest.mark.parametrize(
    "path", ["/", "/timeline", "/timeline?runner=3&from=2026-01-01", "/log", "/a/b?x=%2F%2F"]
)
def test_a_path_of_ours_is_gone_back_to(path):
    assert path_of_ours(path) == path


@pytest.mark.parametrize(
    "path",
    [
        *(None, "", "timeline", "//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example"),
        *(
            "https://evil.example",
            "javascript:alert(1)",
            "/a\r\nSet-Cookie: x=y",
            "/a b",
            "/ä",
            "/\t/evil.example",
        ),
        *("/sign-in", "/sign-in/out", "/_stcore/health", "/media/x", "/pair", "/oauth2callback", "/x" * 400),
        *('/"onclick="', "/<b>", "http:/evil.example", "/\x00"),
    ],
)
def test_what_is_none_leads_to_the_first_page(path):
    assert path_of_ours(path) == "/"


@given(st.text(max_size=60))
def test_whatever_is_given_leads_to_this_host(given_path):
    path = path_of_ours(given_path)
    assert path.startswith("/")
    assert not path.startswith(("//", "/\\"))
    assert path.isascii()


@given(st.text(max_size=40))
def test_nothing_given_is_markup(words):
    for page in (
        sign_in_page(MARKUP + words, "/" + words, words),
        out_page(MARKUP + words),
        ended_page(MARKUP, "https://x/?" + MARKUP),
    ):
        assert b"<script" not in page


@pytest.mark.parametrize("problem", PROBLEMS)
def test_each_problem_has_a_whole_sentence(problem):
    page = sign_in_page("login.example", "/", problem).decode()
    assert 'role="alert"' in page
    assert "$" not in page
    assert "Sign in at login.example" in page


def test_an_unknown_problem_is_none():
    assert b'role="alert"' not in sign_in_page("login.example", "/", "made-up")
