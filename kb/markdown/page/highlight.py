"""Code in colours: class names only, a short list of languages, and limits that keep it quick."""

from __future__ import annotations

from functools import cache
from html import escape

from pygments import highlight
from pygments.formatters.html import HtmlFormatter
from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name

from kb.markdown.limits import MAX_CODE_BYTES, MAX_CODE_LINE

# The lexers that may run, each with the names people write for it.
_LANGUAGES: dict[str, tuple[str, ...]] = {
    "python": ("python", "py", "python3"),
    "pycon": ("pycon",),
    "pytb": ("pytb", "traceback"),
    "bash": ("bash", "sh", "shell", "zsh"),
    "console": ("console", "shell-session", "terminal"),
    "powershell": ("powershell", "ps1", "pwsh"),
    "javascript": ("javascript", "js", "jsx", "node", "mjs"),
    "typescript": ("typescript", "ts", "tsx"),
    "json": ("json", "jsonc"),
    "yaml": ("yaml", "yml"),
    "toml": ("toml",),
    "ini": ("ini", "cfg", "conf", "properties", "env", "dotenv"),
    "html": ("html", "htm"),
    "xml": ("xml",),
    "css": ("css",),
    "sql": ("sql", "psql", "mysql"),
    "java": ("java",),
    "kotlin": ("kotlin", "kt"),
    "go": ("go", "golang"),
    "rust": ("rust", "rs"),
    "c": ("c", "h"),
    "csharp": ("csharp", "cs", "c#"),
    "docker": ("docker", "dockerfile"),
    "diff": ("diff", "patch", "udiff"),
    "promql": ("promql",),
}
LANGUAGES = frozenset(_LANGUAGES)
_NAMES = {name: language for language, names in _LANGUAGES.items() for name in names}
_FORMATTER = HtmlFormatter(nowrap=True)


def find_language(info: str) -> str:
    """Name the language a fence asks for, or nothing when it is not one of ours."""
    words = info.split(maxsplit=1)
    return _NAMES.get(words[0].strip("{.}").lower(), "") if words else ""


def write_code(code: str, info: str) -> str:
    """Write a code block as HTML, in colours when its language is known and its size harmless."""
    language = find_language(info)
    inner = (
        _colour(code, language) if language and _is_harmless(code) else escape(code, quote=False)
    )
    name = f' class="language-{language}"' if language else ""
    return f'<div class="code"><pre><code{name}>{inner}</code></pre></div>\n'


def _is_harmless(code: str) -> bool:
    if len(code.encode("utf-8", "replace")) > MAX_CODE_BYTES:
        return False
    return max(map(len, code.split("\n"))) <= MAX_CODE_LINE


def _colour(code: str, language: str) -> str:
    return highlight(code, _lexer(language), _FORMATTER)


@cache
def _lexer(language: str) -> Lexer:
    return get_lexer_by_name(language, stripnl=False, ensurenl=False)
