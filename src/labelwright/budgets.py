"""What one piece of work may take at most: bytes, rows, files, pixels.

A file from outside can ask for any amount of memory. These are the limits, in one place; each is checked where the
work is done, with an error that names it. `python -m labs.budgets` measures what the largest accepted inputs need.
"""

from __future__ import annotations

from typing import Final

MAX_CELL: Final = 64 << 20
"""Characters of a line or cell of a source, bytes of a text file in a folder."""
MAX_IMAGE: Final = 256 << 20
"""Bytes of an image file."""
MAX_PIXELS: Final = 89_478_485
"""Pixels of an image: where Pillow begins to warn of decompression bombs; 256 MiB as 24-bit colours."""
MAX_EXPANSION: Final = 200
"""How many times its size a gzipped file may become; tables become 5 to 20 times as large."""
FREE_EXPANSION: Final = 16 << 20
"""Decompressed bytes before the ratio counts: a few lines of zeros are no attack."""
MAX_DECOMPRESSED: Final = 32 << 30
"""Bytes that a gzipped file may become, whatever its size."""
SAMPLE_SIZE: Final = 32 << 20
"""Characters and bytes of the rows from which columns are guessed and a preview is made."""
COUNT_ROWS: Final = 1_000_000
"""Rows that a preview counts; beyond, it does not say how many there are."""
COUNT_SIZE: Final = 256 << 20
"""Characters and bytes of the rows that a preview counts."""
BLOCK_SIZE: Final = 64 << 20
"""Bytes of contents that are in memory at once, while items are imported or encoded; one item may have more."""
MAX_FILES: Final = 200_000
"""Files of one upload. They are received one after the other, so one of them is open at a time."""
MAX_NAME: Final = 200
"""UTF-8 bytes of each part of the name of a file of an upload."""
MAX_PART_HEADERS: Final = 16 << 10
"""Bytes of the headers of one file of an upload."""
MAX_LABELS: Final = 1000
"""Labels of one question."""
