"""English sentences with gaps in Chinese, for texts that are put together where only English is
spoken (`ivr`)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from callcenter.flows.meanings import CHINESE as MEANINGS


class Sentences:
    """A table from English to Chinese; `{}` is a gap. In the Chinese `{1}`, `{0}` name the gaps
    where their order changes."""

    def __init__(self, table: Mapping[str, str]) -> None:
        self._whole = table
        found = []
        for english, chinese in table.items():
            if "{}" in english:
                parts = (re.escape(part) for part in english.split("{}"))
                found.append((re.compile("(.+?)".join(parts), re.DOTALL), chinese))
        # The most words first: the closest sentence wins.
        self._gapped = sorted(found, key=lambda row: -len(row[0].pattern))

    def said(self, text: str) -> str:
        """`text` in Chinese, else as it is. What stands before a colon may stay English."""
        if text in self._whole:
            return self._whole[text]
        for pattern, chinese in self._gapped:
            found = pattern.fullmatch(text)
            if found is not None:
                return _filled(chinese, found.groups())
        place, colon, rest = text.partition(": ")
        return f"{place}：{self.said(rest)}" if colon else text


def _filled(chinese: str, gaps: Iterable[str]) -> str:
    values = [MEANINGS.get(gap, gap) for gap in gaps]
    if "{}" not in chinese:
        return re.sub(r"\{(\d)\}", lambda found: values[int(found[1])], chinese)
    rest = iter(values)
    return re.sub(r"\{\}", lambda _: next(rest), chinese)
