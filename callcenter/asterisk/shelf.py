"""Recordings that the prompt store has put out for Asterisk: which file says what, and is it there?

The list is taken over as a whole, so a caller hears the old recording or the new one. It is also
kept beside the files, for a start without the database. A file that is gone is told once and is
treated as if there were none. This file must not know how the store makes its files.
"""

from __future__ import annotations

import json
import logging
import secrets
from collections.abc import Iterable, Mapping
from pathlib import Path

log = logging.getLogger(__name__)

Files = Mapping[str, Mapping[str, tuple[str, str]]]
"""(file, words) by prompt id and language; the file without folder and ending."""

LIST = "list.json"


class Shelf:
    def __init__(self) -> None:
        self._folder: Path | None = None
        self._files: Files = {}
        self._told: set[str] = set()

    def open(self, folder: Path) -> None:
        """Take the list that lies in `folder`, if there is one that can be read."""
        try:
            found = json.loads((folder / LIST).read_text("utf-8"))
            files = {
                str(id): {str(lang): (str(file), str(text)) for lang, (file, text) in row.items()}
                for id, row in found.items()
            }
        except FileNotFoundError:
            return
        except (OSError, ValueError, TypeError, AttributeError) as error:
            log.warning("the list of recorded prompts cannot be read: %s", error)
            return
        self._folder, self._files = folder, files

    def take(self, folder: Path, files: Files) -> None:
        """These are the recordings from now on. Raises OSError when the list cannot be kept."""
        changed = folder != self._folder or files != self._files
        self._folder, self._files, self._told = folder, files, set()
        if changed or not (folder / LIST).is_file():
            new = folder / f"{LIST}.{secrets.token_hex(4)}.new"
            new.write_text(json.dumps(files, ensure_ascii=False), "utf-8")
            new.replace(folder / LIST)

    def find(self, prompt_id: str, language: str) -> str | None:
        """The file to play, whole but without ending; None: there is none, or it is gone."""
        for each in (language, language.partition("-")[0]):
            row = self._files.get(prompt_id, {}).get(each)
            if row is None or self._folder is None:
                continue
            path = self._folder / row[0]
            if path.with_name(f"{path.name}.wav").is_file():
                return str(path)
            if row[0] not in self._told:
                self._told.add(row[0])
                log.error("the recording of %s (%s) is gone: %s", prompt_id, each, path)
        return None

    def words(self, prompt_id: str, language: str) -> str | None:
        row = self._files.get(prompt_id, {})
        found = row.get(language) or row.get(language.partition("-")[0])
        return found[1] or None if found else None

    def languages(self, prompt_id: str) -> Iterable[str]:
        return self._files.get(prompt_id, {})
