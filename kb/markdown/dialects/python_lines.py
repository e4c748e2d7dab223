"""Which lines of a text became which part of Python-Markdown's tree, which itself forgets lines.

Before the text is parsed, its lines get their numbers behind their last word, in the digits of a
script that no one uses; whatever the parser makes of a line, its number is found there again.
"""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element

from kb.markdown.dialects.python_limits import OPENER
from kb.markdown.dialects.python_parser import PLACEHOLDER, Fence, Reading

# Digits count as digits wherever the parser looks for a number, and as letters everywhere else.
_DIGITS = [chr(0x16A60 + digit) for digit in range(10)]
_TO_MARK = str.maketrans("0123456789", "".join(_DIGITS))
_FROM_MARK = {ord(digit): str(place) for place, digit in enumerate(_DIGITS)}
_MARK = re.compile(f"[{_DIGITS[0]}-{_DIGITS[9]}]+")
_HASHES = re.compile(r"[ \t]*+#{1,6}")
_LAST_WORD = re.compile(r".*[^\W_]", re.DOTALL)
# Lines of which only the ends tell what they are may be shortened in between.
_MAX_LINE = 2_000


def mark_lines(text: str) -> str:
    """Write the number of each line into it where no rule of the parser looks."""
    lines = text.translate(_FROM_MARK).split("\n")
    return "\n".join(_mark(number, _shorten(line)) for number, line in enumerate(lines))


def _shorten(line: str) -> str:
    if len(line) <= _MAX_LINE or "<" in line or ">" in line:
        return line
    return line[: _MAX_LINE // 2] + line[-_MAX_LINE // 2 :]


def _mark(number: int, line: str) -> str:
    """Mark a heading behind its signs, any other line behind its last word outside of tags."""
    end = _find_place(line)
    return line[:end] + str(number).translate(_TO_MARK) + line[end:] if end else line


def _find_place(line: str) -> int:
    if OPENER.match(line):
        return 0
    found = _HASHES.match(line) or _LAST_WORD.match(line.partition("<")[0])
    return found.end() if found else 0


def is_marked(line: str) -> bool:
    """Tell whether a line has a word that its number can follow."""
    return _find_place(line) > 0


def unmark(text: str) -> str:
    """Take all numbers of lines out of a text."""
    return _MARK.sub("", text)


def find_marks(text: str) -> list[int]:
    """List the numbers of the lines that a text of the tree came from."""
    return [int(found.translate(_FROM_MARK)) for found in _MARK.findall(text)]


def find_lines(element: Element, reading: Reading) -> list[int]:
    """List the lines that an element and all inside it came from."""
    found: list[int] = []
    for one in element.iter():
        tail = one.tail if one is not element else ""
        for text in filter(None, (one.text, one.get("class"), tail)):
            found += _find_in(text, reading)
    return found


def _find_in(text: str, reading: Reading) -> list[int]:
    found = find_marks(text)
    for place in PLACEHOLDER.findall(text):
        kept = reading.stash(place)
        if isinstance(kept, Fence):
            span = reading.fences[int(place)]
            found += (span.start, span.stop - 1)
        else:
            found += _find_in(kept, reading)
    return found
