"""Substring search that works for any script on a PostgreSQL without extensions.

Text is folded (NFKC, case, accents stay), and cut into pieces of two and three characters, plus
single ones for scripts without spaces. The pieces of a customer lie in an array with a GIN index; a
search asks for rows that have all pieces of the words looked for, and the exact substring decides.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping

SEARCHABLE_MAX = 2000
QUERY_MAX = 100
NOTES_SEARCHED = 500
WORDS_MAX = 8
PHONE_LIKE = re.compile(r"^\+?[\d\s().\-/]{3,}$")


def fold(text: str) -> str:
    """One form for comparing: full-width becomes normal, case goes, blanks become one."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _ideographic(character: str) -> bool:
    return unicodedata.category(character) == "Lo"


def grams(folded: str) -> set[str]:
    """All pieces of two and three characters within words; single characters where a script
    writes words without spaces."""
    pieces: set[str] = set()
    for word in folded.split():
        pieces.update(c for c in word if _ideographic(c))
        pieces.update(word[i : i + 2] for i in range(len(word) - 1))
        pieces.update(word[i : i + 3] for i in range(len(word) - 2))
    return pieces


def searchable(texts: Iterable[str]) -> tuple[str, list[str]]:
    """What is stored for a customer: the folded text and its pieces, sorted."""
    folded = fold(" ".join(texts).replace("\0", ""))[:SEARCHABLE_MAX]
    return folded, sorted(grams(folded))


def customer_search(
    name: str,
    company: str,
    numbers: Iterable[str],
    tags: Iterable[str],
    custom: Mapping[str, object],
    notes: str,
    emails: Iterable[str] = (),
) -> tuple[str, list[str]]:
    """`search_text` and `grams` of a customer. The name comes first: a search ranks by it."""
    own = (str(value) for value in custom.values() if isinstance(value, str | int))
    digits = (number.removeprefix("+") for number in numbers)
    return searchable([name, company, *digits, *emails, *tags, *own, notes[:NOTES_SEARCHED]])


def query_words(query: str) -> list[str]:
    """The words of a search. What looks like a telephone number becomes one word of digits, without
    the trunk prefix 0, so that `010 8888-8888` finds +861088888888."""
    folded = fold(query[:QUERY_MAX].replace("\0", ""))
    if PHONE_LIKE.match(folded):
        digits = re.sub(r"\D", "", folded).lstrip("0")
        return [digits] if digits else []
    return folded.split()[:WORDS_MAX]


def query_grams(words: Iterable[str]) -> list[str]:
    """The pieces a row must have: the longest each word offers. Empty: no index can help."""
    pieces: set[str] = set()
    for word in words:
        if len(word) >= 3:
            pieces.update(word[i : i + 3] for i in range(len(word) - 2))
        elif len(word) == 2 or _ideographic(word):
            pieces.add(word)
    return sorted(pieces)


def like_pattern(word: str) -> str:
    """`word` anywhere, for LIKE with the default escape character."""
    escaped = word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"
