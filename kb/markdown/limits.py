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
