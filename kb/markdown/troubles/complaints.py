"""Which headings are errors themselves, and which chapters hold such headings: read by their words."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Literal

from kb.markdown.headings.kinds import drop_emoji, drop_number, normalise

Shelf = Literal["all", "some"]

_MAX_HEADING = 300

# Chapters whose every heading is a trouble, and chapters that mix troubles with advice.
_NOUNS = "issues|problems|errors|error messages|bugs|pitfalls|mistakes|failures"
_SHELVES: tuple[tuple[Shelf, str], ...] = (
    (
        "all",
        r"\b(?:known|common|frequent|typical|recurring|possible) (?:\S{1,30} ){0,3}?(?:NOUNS)\b",
    ),
    ("all", r"^(?:\S{1,30} ){0,2}error (?:messages|codes|reference|index|list)\b"),
    ("all", r"^(?:list of |our |all )?(?:errors|(?:\S{1,30} )?alerts|alarms|alert runbooks?)$"),
    ("all", r"\b(?:bekannte|häufige|typische) (?:fehler|probleme)"),
    ("all", r"\b(?:problèmes|erreurs) (?:connu|fréquent|courant)\S{0,3}"),
    ("all", r"\b(?:problemas|errores|erros) (?:com[uú]n|conocid|conhecid|frec?qu?ent)\S{0,4}"),
    (
        "all",
        r"известные проблемы|частые ошибки|常见(?:\S{0,8})?(?:错误|问题)|已知问题|よくあるエラー",
    ),
    ("some", r"\btroubleshoot|\bfaqs?\b|\bfrequently asked|\bq ?(?:and|/) ?a\b|^questions\b"),
    (
        "some",
        r"^(?:problems|issues)(?: and (?:\S{1,20} )?(?:solutions|fixes|answers|workarounds|NOUNS))?$",
    ),
    ("some", r"^(?:gotchas|bugs)$|\bgo(?:es)? wrong\b|fehler(?:suche|behebung)|problemlösung"),
    ("some", r"dépannage|soluci[óo]n de problemas|(?:solução|resolução) de problemas"),
    ("some", r"risoluzione dei problemi|sorun giderme|устранение (?:неполадок|проблем|ошибок)"),
    ("some", r"故障(?:排查|排除|处理)|常见问答|トラブルシューティング|문제 해결|استكشاف الأخطاء"),
)
_SHELF = tuple((shelf, re.compile(words.replace("NOUNS", _NOUNS))) for shelf, words in _SHELVES)

_ERROR_NAME = re.compile(
    r"\b(?:[A-Z]\w{0,60}(?:Error|Exception|Failure)|ERR?_[A-Z_]{2,60}"
    r"|[A-Z0-9_]{0,40}(?:ERROR|FAILED|FAILURE|DENIED|EXCEEDED|INVALID|TIMEOUT|NOT_FOUND)"
    r"(?:_[A-Z0-9]{1,20}){0,5}|E[A-Z]{4,20}|[A-Z]{2,5}-?\d{3,5})\b"
    r"|^(?:[Ee]rror|[Ee]xception|fatal|panic)\b\s{0,2}[:\[(]"
)
_TROUBLE_WORDS = (
    r"errors?|exceptions?|fail(?:s|ed|ing|ures?)?|fatal|panics?|crash\w{0,3}|abort\w{0,3}|killed",
    r"cannot|can't|unable|not|\w{2,8}n't|no \w{1,20}|nothing|never|denied|refused|rejected|blocked",
    r"missing|misses|invalid|unknown|unexpected|unsupported|undefined|unrecogni[sz]ed|forbidden",
    r"unauthori[sz]ed|unreachable|unresponsive|unavailable|disallowed|tim(?:ed|es|e)[ -]?outs?",
    r"hangs?|hanging|hung|stuck|freez\w{1,4}|frozen|slow(?:ly|er|ness)?|takes too long|deadlocks?",
    r"broken|breaks?|wrong(?:ly)?|bad|corrupt\w{0,4}|conflict\w{0,3}|mismatch\w{0,3}|garbled",
    r"already|too \w{2,10}|exceed\w{0,3}|expired|locked|lost|loses|leak\w{0,3}|oom\w{0,6}|terminated",
    r"blank|empty|blurry|warnings?|deprecat\w{1,4}|issues?|problems?|bugs?|troubles?|complain\w{0,3}",
    r"duplicate[sd]?|out of \w{2,10}|disappear\w{0,3}|vanish\w{0,3}|(?:white|black|blue) (?:screen|page)",
    r"keeps? \w{2,15}ing|still|restart loop|down|[45]\d\d",
)
_TROUBLE = re.compile(rf"\b(?:{'|'.join(_TROUBLE_WORDS)})\b", re.IGNORECASE)
_TROUBLE_ABROAD = re.compile(
    r"fehler|\bnicht\b|\bkeine?\b|verweigert|abgelehnt|fehlt|hängt|stürzt|erreur|échou|échec"
    r"|impossible|refusé|introuvable|\bpas\b|\berr(?:or|o)(?:es|s)?\b|\bfall[aoó]|\bfalh|deneg|negad"
    r"|inválid|\bnão\b|\bno se\b|ошибк|\b\u043d\u0435\u0442?\b|отказ|сбой|失败|错误|无法|不能|报错"
    r"|超时|找不到|拒绝|异常|エラー|失敗|できない|できません|오류|실패|خطأ|\bhata|ba\u015far\u0131s\u0131z",
    re.IGNORECASE,
)
# What helps with troubles is none: `Check the logs for errors`, `Still not working?`.
_ADVICE_WORDS = (
    r"how (?!(?:do|can|to) .{0,20}\b(?:fix|resolve|solve|get rid)\b)|what |where |when to |who ",
    r"can (?:i|we)\b|check|verif|ensur|make sure|enabl|disabl|set(?:ting)? |install|configur|us(?:e|ing) ",
    r"debug|diagnos|troubleshoot|collect|view|review|read|look|search|monitor|understand|handl|report",
    r"creat|updat|upgrad|restart|clear|reset|run (?:the |with )|turn(?:ing)? (?:on|off)|try |adding",
    r"prevent|avoid|fix(?:e[ds]|ing)?\b|resolv|solutions?\b|workaround|don't|do not|escalat|closing",
    r"test(?:ing)? (?:the|your|with|it|if|that)\b|running tests|managing|landing|writing|building (?!fail)",
    r"please|contact|ask|submit|fil(?:e|ing) an?|open(?:ing)? an? (?:issue|ticket)|need(?:ing)? ",
    r"get(?:ting)? (?:(?:more )?(?:help|support|logs?)|started)|nothing (?:help|work)|support$|not covered",
    r"still (?:stuck|not|having|need|no|doesn't|experienc|facing|can't)",
    r"if (?:still|nothing|you|all|none|the )",
    r"other (?:issues|problems|errors|questions)|more |further |additional |related |see also|next |before ",
    r"(?:table of )?contents|overview|introduction|about |quick |steps?\b|best practices|tips",
    r"logs?$|logging$",
    r"general (?:tips|advice|troubleshooting)",
)  # fmt: skip
_ADVICE = re.compile(rf"(?:{'|'.join(_ADVICE_WORDS)})")
_GROUP = re.compile(
    r"\b(?:issues|errors|problems|failures|questions|bugs|warnings|exceptions|alerts|fehler"
    r"|probleme|erreurs|problèmes|errores|erros|problemas|ошибки|проблемы)$|(?:错误|问题|エラー)$"
)
_QUOTED = re.compile(r"[\"“„«]([^\"“”„«»]{3,200})[\"”“»]|'([^']{3,200})'(?!\w)|``?([^`]{2,200})``?")
# Quotes inside quotes, unless two are set side by side: `"no route" or "no host"`.
_NESTED = re.compile(r"\"([^\"]{3,200}\"(?!\s{0,2}(?:or|and|/|,|&))[^\"]{1,100}\"[^\"]{0,100})\"")
# `"Address in use" at the start`, `Why does it say "damaged"?`: what is quoted is what went wrong.
_SAYS = re.compile(
    r"(?:why\b[^\"“„]{0,80}|(?:i (?:get|see)|getting)\b[^\"“„]{0,80})?[\"“„][^\"“”„]{3,200}[\"“”]",
    re.IGNORECASE,
)
_ALERT = re.compile(r"`?[A-Z][a-z0-9]+(?:[A-Z][A-Za-z0-9]*){1,12}`?")
# `Error: disk full` may be the very message, so there the word goes only before a quotation.
_LEAD = re.compile(
    r"^(?:(?:q(?:uestion)?|problem|issue|symptom|bug|problema|问题)\s{0,2}[:.\uff1a]\s{0,3}(?=\S)"
    r"|(?:error|warning|fehler|erreur|ошибка|错误)\s{0,2}[:\uff1a]\s{0,3}(?=[\"'“„«`]))",
    re.IGNORECASE,
)
_MARKUP = re.compile(
    r"^\s{0,3}(?:#{1,6}\s+|[*_]{2,3})|\s*\{[:#][^{}]{1,100}\}\s*$|\s#+\s*$|[*_]{2,3}:?\s*$"
)
_LINK = re.compile(r"\[([^\[\]]{1,200})\](?:\([^()]{0,500}\)|\[[^\[\]]{0,100}\])")


@lru_cache(maxsize=4096)
def find_shelf(label: str) -> Shelf | None:
    """Tell whether a chapter holds troubles: all its headings are some, or some of them are."""
    words = normalise(label)
    return next((shelf for shelf, pattern in _SHELF if pattern.search(words)), None)


def complains(written: str) -> bool:
    """Tell whether a heading, as written in the file, is an error itself or says what goes wrong."""
    text = bare_heading(written)
    words = drop_lead(text).replace("\u2019", "'")
    if _ADVICE.match(words.lower().lstrip("\"“„'`")) and not words.startswith(('"', "“", "„", "`")):
        return False
    found = _TROUBLE.search(words) or names_error(words) or _TROUBLE_ABROAD.search(words)
    return bool(found) or bool(_SAYS.match(words))


def gives_advice(written: str) -> bool:
    """Tell whether a heading announces help or order, not a trouble."""
    return bool(_ADVICE.match(drop_lead(bare_heading(written)).lower()))


def names_error(text: str) -> bool:
    """Tell whether a heading holds an error's name or code."""
    return bool(_ERROR_NAME.search(text))


def names_alert(written: str) -> bool:
    """Tell whether a heading is the name of an alert, such as `QueueDepthHigh`."""
    return bool(_ALERT.fullmatch(bare_heading(written)))


def names_group(label: str) -> bool:
    """Tell whether a heading may stand above several troubles: `Network errors`."""
    return bool(_GROUP.search(normalise(label)))


def quoted_message(written: str) -> str:
    """Return the message that a heading quotes or writes as code, or nothing if it is one word."""
    text = bare_heading(written)
    nested = _NESTED.search(text)
    quotes = (max(found.groups(""), key=len) for found in _QUOTED.finditer(text))
    said = (quote.strip() for quote in ((nested.group(1),) if nested else quotes))
    told = (quote for quote in said if _TROUBLE.search(quote) or names_error(quote))
    return next((quote for quote in told if " " in quote), "")


def drop_lead(text: str) -> str:
    """Take `Q:` or `Problem:` off the front of a heading, and its number before that."""
    return _LEAD.sub("", _keep_code(drop_number, text))


def unquote(text: str) -> str:
    """Take the quotes off a heading that is one quotation as a whole."""
    found = re.fullmatch(r"[\"“„«]([^\"“”„«»]+)[\"”“»]", text)
    return found.group(1).strip() if found else text


def bare_heading(written: str) -> str:
    """Take the heading's own marks, anchor and link targets off its line; its code marks stay."""
    line = written[:_MAX_HEADING].strip()
    line = _MARKUP.sub("", _MARKUP.sub("", line))
    return _keep_code(drop_emoji, _LINK.sub(r"\1", line).strip())


def _keep_code(change: Callable[[str], str], text: str) -> str:
    """Change a heading's ends; its code marks are no ornaments."""
    return change(text.replace("`", "\x01")).replace("\x01", "`")
