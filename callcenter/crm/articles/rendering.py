"""Markdown to HTML that may stand in a page. Pure.

Two fences, each enough alone: the Markdown reader knows no HTML (what looks like a tag is shown as
text), and what it makes is passed through a sanitiser with a list of what may stay. Both are loaded
with the first article (docs/decisions/0025).
"""

from __future__ import annotations

import difflib
from functools import cache
from typing import TYPE_CHECKING

from callcenter.crm.articles.schemas import Line

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

TAGS = frozenset(
    "p br hr h1 h2 h3 h4 h5 h6 strong em s code pre blockquote ul ol li a table thead tbody tr th"
    " td".split()
)
ATTRIBUTES = {"a": {"href", "title"}, "th": {"align"}, "td": {"align"}, "ol": {"start"}}
SCHEMES = frozenset(("http", "https", "mailto", "tel"))
DIFF_LINES_MAX = 4000


@cache
def _reader() -> MarkdownIt:
    from markdown_it import MarkdownIt

    plain = MarkdownIt("commonmark", {"html": False, "linkify": False})
    return plain.enable(["table", "strikethrough"])


def to_html(markdown: str) -> str:
    """Pictures are left out: nothing in an article is fetched from elsewhere."""
    import nh3

    return nh3.clean(
        _reader().render(markdown),
        tags=set(TAGS),
        attributes={tag: set(names) for tag, names in ATTRIBUTES.items()},
        url_schemes=set(SCHEMES),
        link_rel="noopener noreferrer",
        # A click on a link must not take the agent's page away in the middle of a call.
        set_tag_attribute_values={"a": {"target": "_blank"}},
    )


def difference(older: str, newer: str) -> list[Line]:
    """Line by line."""
    before, after = older.splitlines()[:DIFF_LINES_MAX], newer.splitlines()[:DIFF_LINES_MAX]
    lines: list[Line] = []
    matcher = difflib.SequenceMatcher(a=before, b=after, autojunk=False)
    for kind, a0, a1, b0, b1 in matcher.get_opcodes():
        if kind == "equal":
            lines += [Line("same", text) for text in before[a0:a1]]
        else:
            lines += [Line("gone", text) for text in before[a0:a1]]
            lines += [Line("new", text) for text in after[b0:b1]]
    return lines
