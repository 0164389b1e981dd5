"""Turns what shall be said into pieces of sound, by the rules of the language.

English numbers, dates and times are put together from the words of one recorded voice (Asterisk's
core sounds); Chinese is spoken as whole sentences, because a number in Chinese takes its form from
what stands around it. Pure: what is recorded is asked of a `Book`. This file must not
know where sounds are kept or how speech is made.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from callcenter.asterisk.spoken_chinese import (
    chinese_date,
    chinese_digits,
    chinese_money,
    chinese_number,
    chinese_time,
)
from callcenter.asterisk.spoken_english import (
    english_date,
    english_digits,
    english_money,
    english_number,
    english_time,
)
from ivr.asks import PromptItem

TEXT_MAX = 1000


@dataclass(frozen=True, slots=True)
class Sound:
    """One of Asterisk's own sounds, by name (such as "digits/7")."""

    name: str


@dataclass(frozen=True, slots=True)
class Recording:
    """A recording that the centre's owner has put in place, by prompt id."""

    id: str


@dataclass(frozen=True, slots=True)
class Words:
    """To be spoken by the speech maker, `language` as in "en" or "zh"."""

    text: str
    language: str


@dataclass(frozen=True, slots=True)
class Missing:
    """Nobody knows what this prompt says; `why` is for the log."""

    why: str
    prompt: str = ""


Piece = Sound | Recording | Words | Missing


class Book(Protocol):
    """What is known of a prompt id in a language."""

    def recorded(self, prompt_id: str, language: str) -> bool: ...
    def words(self, prompt_id: str, language: str) -> str | None: ...


# What the product itself says. Flows may use these ids too, and may give them other words.
OWN_SOUNDS_EN = {
    "queue-position": "queue-thereare",
    "queue-estimate": "queue-holdtime",
    "queue-minutes": "queue-minutes",
    "queue-thanks": "queue-thankyou",
    "voicemail-greeting": "vm-intro",
    "voicemail-thanks": "vm-msgsaved",
    "goodbye": "vm-goodbye",
    "invalid": "pm-invalid-option",
}
OWN_WORDS = {
    "en": {
        "queue-estimate-to": "to",
        "sorry": "We are sorry. Please stay on the line.",
        "callback-hello": "Hello. This is the call back that you asked for."
        " To be connected, press 1. If you no longer need it, press 9.",
        "callback-cancelled": "We will not call you again. Goodbye.",
        "recording-notice": "This call is recorded.",
        "recording-notice-refusable": "This call is recorded. If you do not want that, press 9.",
    },
    "zh": {
        "queue-position": "您目前排在第",
        "queue-estimate": "预计等待",
        "queue-estimate-to": "到",
        "queue-minutes": "分钟。",
        "queue-thanks": "感谢您的耐心等候。",
        "voicemail-greeting": "请在提示音后留言，留言完毕请按井号键或直接挂机。",
        "voicemail-thanks": "您的留言已收到，谢谢，再见。",
        "goodbye": "感谢您的来电，再见。",
        "invalid": "对不起，您的输入有误。",
        "sorry": "非常抱歉，请您不要挂机。",
        "callback-hello": "您好，这是您预约的回电。接通人工请按1，不再需要请按9。",
        "callback-cancelled": "已为您取消回电，再见。",
        "recording-notice": "本次通话将会录音。",
        "recording-notice-refusable": "本次通话将会录音，如不同意录音请按9。",
    },
}
# Said in place of what cannot be: a prompt without words, a file that is gone and cannot be made.
SORRY = {
    "en": "We are sorry, this announcement cannot be played.",
    "zh": "非常抱歉，这段语音暂时无法播放。",
    "de": "Diese Ansage kann leider nicht abgespielt werden.",
    "es": "Lo sentimos, este mensaje no se puede reproducir.",
    "fr": "Désolé, ce message ne peut pas être lu.",
    "it": "Ci dispiace, questo messaggio non può essere riprodotto.",
    "nl": "Sorry, dit bericht kan niet worden afgespeeld.",
    "pt": "Desculpe, esta mensagem não pode ser reproduzida.",
    "ru": "К сожалению, это сообщение нельзя воспроизвести.",
}
# A number said after this prompt is followed by this word.
ZH_COUNTED = {"queue-position": "位，"}
# After these the plain 二 is said, not 两.
ZH_ORDINAL = frozenset({"queue-position"})


def pieces(items: Sequence[PromptItem], language: str, book: Book) -> tuple[Piece, ...]:
    """The sounds of `items`, one after the other. Never fails: what cannot be said is Missing."""
    if _base(language) == "zh":
        return tuple(_join(_chinese(items, language, book)))
    return tuple(piece for item in items for piece in _plain(item, language, book))


def sorry(language: str) -> Words:
    """The apology in the caller's language; in English where we have no words in it."""
    base = _base(language)
    return Words(SORRY[base], language) if base in SORRY else Words(SORRY["en"], "en")


def _base(language: str) -> str:
    return language.partition("-")[0].lower()


def _prompt(item: PromptItem, language: str, book: Book) -> Piece:
    if book.recorded(item.value, language):
        return Recording(item.value)
    words = book.words(item.value, language)
    if words is None:
        base = _base(language)
        if base == "en" and item.value in OWN_SOUNDS_EN:
            return Sound(OWN_SOUNDS_EN[item.value])
        words = OWN_WORDS.get(base, {}).get(item.value)
    if words is None:
        why = f"prompt {item.value!r} has neither a recording nor words in {language!r}"
        return Missing(why, item.value)
    return _words(words, language)


def _words(text: str, language: str) -> Piece:
    text = " ".join(text.split())
    if not text:
        return Missing("nothing to say")
    return Words(text[:TEXT_MAX], language)


# -- English and every language without rules of its own ------------------------------------------


def _plain(item: PromptItem, language: str, book: Book) -> list[Piece]:
    if item.kind == "prompt":
        return [_prompt(item, language, book)]
    names: list[str] | None = None
    if _base(language) == "en":
        match item.kind:
            case "number":
                names = english_number(item.value)
            case "digits":
                names = english_digits(item.value)
            case "date":
                names = english_date(item.value)
            case "time":
                names = english_time(item.value)
            case "money" | "text":
                names = None
    if names is not None:
        return [Sound(name) for name in names]
    return [_words(english_money(item.value) if item.kind == "money" else item.value, language)]


# -- Chinese --------------------------------------------------------------------------------------


def _chinese(items: Sequence[PromptItem], language: str, book: Book) -> Iterator[Piece]:
    before = ""
    for item in items:
        match item.kind:
            case "prompt":
                yield _prompt(item, language, book)
            case "number":
                said = chinese_number(item.value, plain=before in ZH_ORDINAL)
                counted = ZH_COUNTED.get(before, "") if said else ""
                yield _words((said or item.value) + counted, language)
            case "digits":
                yield _words(chinese_digits(item.value), language)
            case "date":
                yield _words(chinese_date(item.value), language)
            case "time":
                yield _words(chinese_time(item.value), language)
            case "money":
                yield _words(chinese_money(item.value), language)
            case "text":
                yield _words(item.value, language)
        before = item.value if item.kind == "prompt" else ""


def _join(parts: Iterator[Piece]) -> Iterator[Piece]:
    """Neighbouring words become one sentence: it is said better in one breath."""
    waiting: Words | None = None
    for piece in parts:
        if isinstance(piece, Words) and waiting is not None:
            if len(waiting.text) + len(piece.text) <= TEXT_MAX:
                waiting = Words(waiting.text + piece.text, piece.language)
                continue
        if waiting is not None:
            yield waiting
        waiting = piece if isinstance(piece, Words) else None
        if waiting is None:
            yield piece
    if waiting is not None:
        yield waiting
