"""Sentences for people: a reason is a code with figures, and one table of templates makes a sentence of it.

Events and the data of the web interface carry codes and figures, so that a sentence can be reworded without touching
what is stored. The page, the command line and the library all get their sentences here.
"""

from labelwright.words.reason import (
    NO_REASON,
    Figure,
    Reason,
    codes,
    counted,
    figures_of,
    in_words,
    join,
    of_part,
    text,
)

__all__ = ["NO_REASON", "Figure", "Reason", "codes", "counted", "figures_of", "in_words", "join", "of_part", "text"]
