"""Texts of made-up sentences, for what is promised of repairs."""

import unicodedata
from random import Random

from hypothesis import strategies as st


def texts_of(clauses: list[str], marks: list[str]) -> st.SearchStrategy[str]:
    """Texts of three to ten of the clauses, each with one of the marks."""
    parts = st.lists(st.tuples(st.sampled_from(clauses), st.sampled_from(marks)), min_size=3, max_size=10)
    return parts.map(lambda pairs: "".join(clause + mark for clause, mark in pairs) + "特此通知。")


def made(clauses: list[str], marks: list[str], seed: int, times: int, end: str = "特此通知。") -> list[str]:
    """So many such texts, drawn with a seed."""
    rnd = Random(seed)
    lengths = (rnd.randint(3, 10) for _ in range(times))
    return ["".join(rnd.choice(clauses) + rnd.choice(marks) for _ in range(n)) + end for n in lengths]


def narrow(text: str) -> str:
    """The text with marks, letters and digits of half width."""
    return unicodedata.normalize("NFKC", text)
