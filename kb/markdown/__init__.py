"""Texts, first room: Markdown in, sources, entries, sections and safe pages out."""
