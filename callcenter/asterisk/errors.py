"""The three ways in which asking Asterisk for something can fail, and no fourth.

They differ in what the asker may do next, which is all that matters to him.
"""

from __future__ import annotations


class AmiError(Exception):
    """Asterisk did not do what was asked, or we cannot know."""


class AmiDown(AmiError):
    """Not sent: there is no link, or it takes nothing more. It may be tried again freely."""


class AmiUnknown(AmiError):
    """Sent, but no answer came: it may or may not have been done. Look, then decide."""


class AmiRejected(AmiError):
    """Asterisk answered that it will not. The text is Asterisk's own."""


class Refused(Exception):
    """The effect does not fit where the call stands; nothing was sent."""
