"""Folders of Markdown as teams have them: short runbooks, post-mortems, a guide here and there."""

from __future__ import annotations

import random
from itertools import accumulate, product
from pathlib import Path

from tests.bench.troubles import make_trouble, write_entry

SYLLABLES = "ba ce di fo gu ha je ki lo mu na pe ri so tu va we xi yo zu".split()
WORDS = ["".join(word) for word in product(SYLLABLES, repeat=3)]
COMMON = list(accumulate(1 / rank for rank in range(1, len(WORDS) + 1)))
"""Words are as common as in any language: the n-th a n-th as often as the first."""
A_FOLDER = 500
GUIDE_EVERY = 100


def make_folder(folder: Path, count: int) -> None:
    """Write `count` files of about 2 kB, some of them much longer, in folders of at most 500."""
    for number in range(count):
        path = folder / f"team-{number // A_FOLDER:03d}" / f"note-{number:06d}.md"
        path.parent.mkdir(exist_ok=True, parents=True)
        path.write_text(make_file(number), encoding="utf-8")


def make_file(number: int) -> str:
    """Return one file; every hundredth is a guide of ten troubles."""
    if number % GUIDE_EVERY:
        return f"{write_entry(make_trouble(number))}\n## Notes\n\n{make_prose(number)}\n"
    troubles = (make_trouble(number * 1_000 + part) for part in range(10))
    parts = (
        f"## Error {at}: {trouble.message.capitalize()}\n\n```\n{trouble.message}\n```\n\n"
        f"### Cause\n\n{make_prose(number + at)}\n\n### Fix\n\n{make_prose(number - at)}\n"
        for at, trouble in enumerate(troubles, 1)
    )
    return f"# Guide {number}\n\n" + "\n".join(parts)


def make_prose(seed: int) -> str:
    """Return a paragraph of 20 to 200 words."""
    dice = random.Random(seed)
    words = dice.choices(WORDS, cum_weights=COMMON, k=dice.randint(20, 200))
    return f"{' '.join(words).capitalize()}."
