"""The sizes beyond which a Markdown text is refused or shown plain; each was measured to hurt."""

from __future__ import annotations

KB = 1024

MAX_BYTES = 1024 * KB
MAX_FRONT_MATTER = 16 * KB
MAX_HEADINGS = 2_000
MAX_TOKENS = 150_000
MAX_NESTING = 20

MAX_RICH_BYTES = 256 * KB
MAX_HTML = 4 * 1024 * KB
MAX_PAGE_TOKENS = 60_000
MAX_BRACKETS = 10_000
MAX_INLINE_DEPTH = 60
MAX_BARE_TAGS = 100
MAX_URL = 2_000
MAX_CODE_BYTES = 64 * KB
MAX_CODE_LINE = 2 * KB

# What Python-Markdown, which is quadratic in places, may be made to do for one text: twice what
# any of the documents it was tried on takes, and a little more for the short ones.
MAX_WORK = 1_000_000
WORK_PER_LETTER = 20
MAX_PYTHON_BYTES = 512 * KB
MAX_PYTHON_RICH_BYTES = 128 * KB
MAX_PYTHON_BLOCKS = 20_000
MAX_FENCE_QUOTES = 40
MAX_NOTE_MARKS = 500
MAX_TITLE = 200
