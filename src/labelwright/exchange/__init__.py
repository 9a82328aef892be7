"""Opens files: the one reader for the command line, the API and the page; writers for exports."""

from labelwright.exchange.guess import Guess, guess
from labelwright.exchange.reader import Columns, Reader, Record, SourceError, open_source
from labelwright.exchange.surveying import Survey, survey
from labelwright.exchange.writer import WRITERS, Written, write

__all__ = [
    "WRITERS", "Columns", "Guess", "Reader", "Record", "SourceError", "Survey", "Written", "guess", "open_source",
    "survey", "write",
]  # fmt: skip
