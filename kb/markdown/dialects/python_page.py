"""Python-Markdown's tree, brought into the shape that our pages have."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape, unescape
from xml.etree.ElementTree import Element

from markdown.extensions.footnotes import NBSP_PLACEHOLDER, FootnoteTreeprocessor
from markdown.util import AMP_SUBSTITUTE

from kb.markdown.dialects.python_parser import (
    PLACEHOLDER,
    Fence,
    Reading,
    begin,
    part_paragraphs,
    read,
)
from kb.markdown.document import ParseError
from kb.markdown.limits import MAX_HTML, MAX_PYTHON_RICH_BYTES
from kb.markdown.page.highlight import write_code
from kb.markdown.page.raw import RawWriter, is_linkable, is_remote, tick
from kb.markdown.page.sanitise import TONES

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
# The page itself owns h1 and h2.
_TOP = 3
_MAX_DEPTH = 5
# The gate knows no such tag: it drops it and keeps what is inside.
_BARE = "unwrapped"
_STASHED = re.compile(f"<p>{PLACEHOLDER.pattern}</p>|{PLACEHOLDER.pattern}")
_ENTITY = re.compile(r"&[#\w]{1,40};")
_NAME = re.compile(r"</?([a-zA-Z][\w-]{0,20})?")
_TONES = {
    word: tone
    for tone, words in {
        "tip": "tip hint important",
        "success": "success check done",
        "warning": "warning caution attention",
        "danger": "danger error failure fail missing bug",
    }.items()
    for word in words.split()
}
_OUR_CLASSES = {
    *("admonition-title", "admonition tab", "footnotes", "left", "center", "right"),
    *TONES,
    *(f"admonition {tone}" for tone in TONES),
}


def write_page(text: str, definitions: str) -> str:
    """Write a text as HTML that still has to pass the gate; raise ParseError when it would swell."""
    if len(text) + len(definitions) > MAX_PYTHON_RICH_BYTES:
        raise ParseError("The text is too long to be shown with formatting.")
    reading = begin(len(text))
    if definitions:
        read(reading, definitions)
    root = read(reading, text)
    _add_notes(reading, root)
    finish(reading, root)
    _trim_rules(root)
    _shift_headings(root)
    return write_tree(reading, root)


def finish(reading: Reading, root: Element) -> None:
    """Read the words of a tree's blocks, and give every element its shape on our pages."""
    for item in root.iter("li"):
        _tick(item)
    for step in reading.md.treeprocessors:
        step.run(root)
    size = 0
    for element in list(root.iter()):
        size += sum(len(value or "") for value in element.attrib.values())
        if size > MAX_HTML:
            raise ParseError("The text is too tangled to be shown with formatting.")
        if rule := _SHAPES.get(element.tag):
            rule(element, reading)
        if element.get("class") not in _OUR_CLASSES:
            element.attrib.pop("class", None)


def write_tree(reading: Reading, root: Element) -> str:
    """Write what is inside a finished element as HTML, with all that was set aside put back."""
    parts = map(reading.md.serializer, root)
    html = _put_back(escape(root.text or "", quote=False) + "".join(parts), reading, RawWriter(), 0)
    for step in reading.md.postprocessors:
        html = step.run(html)
    return html


def _add_notes(reading: Reading, root: Element) -> None:
    """Add all notes at the end; which of them are referred to is known when words have been read."""
    FootnoteTreeprocessor(reading.footnotes).run(root)
    for parent in list(root.iter()):
        for child in list(parent):
            if child.get("class") == "footnote-backref":
                parent.remove(child)
                parent.text = (parent.text or "").replace(NBSP_PLACEHOLDER, "")
    part_paragraphs(root)


def _trim_rules(root: Element) -> None:
    """Drop the rules around a section: they parted it from others that are not on the page."""
    while len(root) and root[0].tag == "hr":
        root.remove(root[0])
    while len(root) and root[-1].tag == "hr":
        root.remove(root[-1])


def _shift_headings(root: Element) -> None:
    headings = [element for element in root.iter() if element.tag in HEADINGS]
    shift = _TOP - min((int(element.tag[1]) for element in headings), default=_TOP)
    for element in headings:
        element.tag = f"h{min(6, int(element.tag[1]) + shift)}"


def _put_back(html: str, reading: Reading, writer: RawWriter, depth: int) -> str:
    """Write fences as our code blocks and raw HTML as far as it is harmless."""

    def write(found: re.Match[str]) -> str:
        kept = reading.stash(found[1] or found[2])
        if isinstance(kept, Fence):
            written = write_code(kept.code, kept.info)
        elif _ENTITY.fullmatch(kept):
            written = escape(unescape(kept), quote=False)
        else:
            written = _put_back(writer.write(kept), reading, writer, depth + 1)
        reading.work.spend(len(written))
        alone = found[1] and not (isinstance(kept, Fence) or _is_block(kept, reading))
        return f"<p>{written}</p>" if alone else written

    return _STASHED.sub(write, html) if depth < _MAX_DEPTH else PLACEHOLDER.sub("", html)


def _is_block(raw: str, reading: Reading) -> bool:
    found = _NAME.match(raw)
    return bool(found and (not found[1] or reading.md.is_block_level(found[1])))


def _tick(item: Element) -> None:
    first = item if (item.text or "").strip() or not len(item) else item[0]
    if first.tag in ("li", "p") and first.text:
        first.text = tick(first.text)


def _shape_link(link: Element, _: Reading) -> None:
    name = link.get("class") or ""
    address = unescape((link.get("href") or "").replace(AMP_SUBSTITUTE, "&"))
    if name == "footnote-ref":
        _unwrap(link, f"[{link.text}]")
    elif is_linkable(address):
        link.set("href", address)
        for image in link.iter("img"):
            _unwrap(image, image.get("alt") or "")
    else:
        link.tag = _BARE


def _shape_image(image: Element, _: Reading) -> None:
    """Show a remote image as a link to it, for no page may load it; any other by its words."""
    address, said = image.get("src") or "", image.get("alt") or ""
    remote = is_remote(address)
    _unwrap(image, said or ("image" if remote else ""))
    if remote:
        image.tag = "a"
        image.set("href", address)


def _unwrap(element: Element, words: str) -> None:
    element.tag, element.text = _BARE, words
    element.attrib.clear()


def _shape_cell(cell: Element, _: Reading) -> None:
    """Say a cell's side by class: a strict page has no style attributes."""
    style = cell.attrib.pop("style", "") or ""
    if style.startswith("text-align:"):
        cell.set("class", style.removeprefix("text-align:").strip(" ;"))


def _shape_code(block: Element, reading: Reading) -> None:
    """Put indented code aside, where fences are."""
    code = unescape("".join(block.itertext()))
    block[:] = []
    block.tag, block.text = "p", reading.keep(Fence("", code))


def _shape_box(box: Element, reading: Reading) -> None:
    words = (box.get("class") or "").split()
    if "tabbed-set" in words:
        _shape_tabs(box)
    elif "footnote" in words:
        _shape_notes(box, reading)
    elif "admonition" in words and "tab" not in words:
        box.set("class", f"admonition {_tone(words)}")


def _shape_details(box: Element, _: Reading) -> None:
    box.set("class", _tone((box.get("class") or "").split()))


def _tone(words: list[str]) -> str:
    return next((_TONES[word] for word in words if word in _TONES), "note")


def _shape_tabs(box: Element) -> None:
    """Show tabs one below the other, each as a box with its title: no page needs a script here."""
    box.tag = _BARE
    for field in box.findall("input"):
        box.remove(field)
    for title, content in zip(box.findall("label"), box.findall("div"), strict=False):
        box.remove(title)
        title.tag, title.attrib, title.tail = "p", {"class": "admonition-title"}, "\n"
        content.insert(0, title)
        content.set("class", "admonition tab")


def _shape_notes(box: Element, reading: Reading) -> None:
    """Keep the notes that this text refers to, in the order of their numbers."""
    order = {label: place for place, label in enumerate(reading.footnotes.footnote_order)}
    notes = {(note.get("id") or "").partition(":")[2]: note for note in box.iter("li")}
    kept = sorted(order.keys() & notes.keys(), key=order.__getitem__)
    box.set("class", "footnotes")
    box[:] = [Element("ol")] if kept else []
    for label in kept:
        box[0].append(notes[label])
    if not kept:
        box.tag = _BARE


_SHAPES: dict[str, Callable[[Element, Reading], None]] = {
    "a": _shape_link,
    "details": _shape_details,
    "div": _shape_box,
    "img": _shape_image,
    "pre": _shape_code,
    "td": _shape_cell,
    "th": _shape_cell,
}
