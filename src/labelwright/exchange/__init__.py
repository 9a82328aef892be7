"""Opens files: the one reader for the command line, the API and the page; formats for exports."""

from labelwright.exchange.format import Answered, Asked, Export, Format, Said, Written
from labelwright.exchange.guess import Guess, guess
from labelwright.exchange.reader import Columns, Reader, Record, SourceError, open_source
from labelwright.exchange.surveying import Survey, survey
from labelwright.exchange.writer import format_for, formats, whole, write, write_as

__all__ = [
    "Answered", "Asked", "Columns", "Export", "Format", "Guess", "Reader", "Record", "Said", "SourceError", "Survey",
    "Written", "format_for", "formats", "guess", "open_source", "survey", "whole", "write", "write_as",
]  # fmt: skip
