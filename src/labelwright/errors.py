"""One error tree: a code, a message and a hint.

Every message says who complains, what was expected, what came, and the hint says what to do.
HTTP statuses and exit codes are the faces' business: the server maps ``code`` to a status, the
command line maps ``UserError`` to exit 2 and everything else to exit 1.
"""

from __future__ import annotations


class LabelwrightError(Exception):
    """Root of all errors that Labelwright raises on purpose.

    Parameters
    ----------
    message : str
        What happened, in the form ``who: what must be expected, got found.``
    hint : str, optional
        What to do about it.
    """

    code = "error"

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()


class UserError(LabelwrightError):
    """Something that the caller can put right."""

    code = "user-error"


class InputError(UserError, ValueError):
    """An argument, a file or a row is not what was expected."""

    code = "invalid-input"


class NotFoundError(UserError, LookupError):
    """What was asked for does not exist, or the caller may not know that it does."""

    code = "not-found"


class ConflictError(UserError):
    """The request contradicts what is already stored."""

    code = "conflict"


class GoneError(UserError):
    """It existed and does not any more, such as an expired lease or a used link."""

    code = "gone"


class UnauthenticatedError(UserError):
    """Nobody is signed in."""

    code = "unauthenticated"


class ForbiddenError(UserError):
    """The caller's role does not allow this."""

    code = "forbidden"


class TooManyError(UserError):
    """A rate limit is reached."""

    code = "too-many-requests"


class TooLargeError(UserError):
    """An upload or a request exceeds a limit."""

    code = "too-large"


class NotReadyError(UserError):
    """The thing exists but cannot answer yet (still importing, paused, not fitted)."""

    code = "not-ready"


class MissingExtraError(UserError, ImportError):
    """An optional dependency is needed; the hint is the line that installs it."""

    code = "missing-extra"


class UnreachableError(UserError):
    """A server does not answer, or not as Labelwright does; what was sent may have been stored or not."""

    code = "unreachable"


class IntegrityError(LabelwrightError):
    """The record is damaged: a hash, a projection or an array file does not agree."""

    code = "integrity"


class UnavailableError(LabelwrightError):
    """What Labelwright needs is away, slow or full for now, such as the store of files; trying again may do."""

    code = "unavailable"
