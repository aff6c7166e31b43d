"""Words written together in one place and apart in another."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise

from connectors.shoes.words import kept_whole, split


@dataclass
class Lexicon:
    """Words written together in one place and apart in another ("Waverider", "Wave Rider").

    Parameters
    ----------
    together
        Words seen as one.
    apart
        Two words seen side by side, under what they make together.
    """

    together: set[str] = field(default_factory=set)
    apart: dict[str, tuple[str, str]] = field(default_factory=dict)

    def learn(self, names: Iterable[str]) -> None:
        """Take in how names are written.

        Parameters
        ----------
        names : iterable of str
            Brand, model and version as one text each.
        """
        for name in names:
            tokens = split(name)
            self.together.update(tokens)
            for one, two in pairwise(tokens):
                if one.isalpha() and two.isalpha() and min(len(one), len(two)) > 1:
                    self.apart.setdefault(one + two, (one, two))

    def settle(self, tokens: list[str]) -> list[str]:
        """Write words as the catalogue does, whichever way they came.

        Parameters
        ----------
        tokens : list of str
            As `split` gives them.

        Returns
        -------
        list of str
            Joined where only the joined form is known, split where the two words are known side by side.
        """
        settled: list[str] = []
        for token in tokens:
            joined = settled[-1] + token if settled and settled[-1].isalpha() and token.isalpha() else ""
            if joined in kept_whole() or (joined in self.together and joined not in self.apart):
                settled[-1] = joined
            elif token in self.apart and token not in kept_whole():
                settled += self.apart[token]
            else:
                settled.append(token)
        return settled
