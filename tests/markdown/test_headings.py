"""Laws of `kb.markdown.headings.kinds` and its table of synonyms."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.markdown.headings.kinds import clear_kind, drop_number, kind_of, known_kind, normalise
from kb.markdown.headings.synonyms import KINDS


def test_every_label_of_the_table_is_in_its_normal_form() -> None:
    """A label that `normalise` would change could never be found."""
    assert [label for label in KINDS if normalise(label) != label] == []


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ("Root Cause", "root cause"),
        ("❌ Root Cause:", "root cause"),
        ("🖼️ **Root** `Cause`", "root cause"),
        (":bug: :fire: Root Cause", "root cause"),
        ("1. Root Cause", "root cause"),
        ("2.1 Root Cause", "root cause"),
        ("(3) Root Cause", "root cause"),
        ("IV. Root Cause", "root cause"),
        ("Step 2: Root Cause", "root cause"),
        ("Error 6: Read-Only File System", "read-only file system"),
        ("Error 1045: Access denied", "error 1045 access denied"),
        ("Root Cause {#root-cause}", "root cause"),
        ("What Didn’t Work?", "what didn't work"),
        ("Causes & Solutions", "causes and solutions"),
        ("TL;DR", "tl dr"),
        ("ROOT   CAUSE!", "root cause"),
        ("Lösung:", "lösung"),
        ("原因\uff1a", "原因"),
        ("Мо́дуль", "мо́дуль"),
        ("", ""),
        ("🎉", ""),
    ],
)
def test_labels_lose_all_but_their_words(label: str, expected: str) -> None:
    """Case, pictures, numbers, marks and anchors say nothing about the kind."""
    assert normalise(label) == expected


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ("❌ Error 6: Read-Only File System", "Read-Only File System"),
        ("3. Disk is full", "Disk is full"),
        ("Issue #12 - Slow start", "Slow start"),
        ("Step 2. Restart 🚀", "Restart"),
        ("503 Service Unavailable", "503 Service Unavailable"),
        ("Error 1045: Access denied", "Error 1045: Access denied"),
        ("3.11 breaks the build", "3.11 breaks the build"),
        ("Error 6", "Error 6"),
        ("FUNCTION_INVOCATION_FAILED Error", "FUNCTION_INVOCATION_FAILED Error"),
        ("❌", "❌"),
    ],
)
def test_numbers_of_a_list_are_dropped_but_codes_stay(label: str, expected: str) -> None:
    """`Error 6:` counts entries, `Error 1045:` and `503` are what people search for."""
    assert drop_number(label) == expected


@pytest.mark.parametrize(
    ("label", "kind"),
    [
        ("Meaning", "error"),
        ("Error Message", "error"),
        ("Stack trace", "error"),
        ("Mensagem de erro", "error"),
        ("Summary", "symptoms"),
        ("TL;DR", "symptoms"),
        ("Expected / actual", "symptoms"),
        ("Problem: disk is full", "symptoms"),
        ("Applies to", "environment"),
        ("Customer impact", "impact"),
        ("Who was affected?", "impact"),
        ("Stats", "impact"),
        ("4. Warning Signs to Recognize This Pattern", "detection"),
        ("How we noticed: alerts", "detection"),
        ("Debugging the error", "diagnosis"),
        ("What to check first", "diagnosis"),
        ("Contributing Factors (findings)", "cause"),
        ("Root Cause Analysis of the outage", "cause"),
        ("Root cause(s)", "cause"),
        ("Cause 2: clocks differ", "cause"),
        ("Why did the pods crash?", "cause"),
        ("What Misconception Led to This?", "cause"),
        ("Why This Error Occurred", "cause"),
        ("Ursachen", "cause"),
        ("Cause racine", "cause"),
        ("根本原因", "cause"),
        ("How we fixed it", "fix"),
        ("Fix: restart the pod", "fix"),
        ("Common Causes & Solutions", "fix"),
        ("Evolution of Solutions", "fix"),
        ("What Was Changed", "fix"),
        ("Before (Incorrect)", "fix"),
        ("After (Correct)", "fix"),
        ("Backend Changes", "fix"),
        ("Option 2", "fix"),
        ("Schritte zur Behebung", "fix"),
        ("解決策", "fix"),
        ("Alternatives and Trade-offs", "alternatives"),
        ("What Didn't Work", "alternatives"),
        ("Other approaches we considered", "alternatives"),
        ("Testing the Fix", "verification"),
        ("How to verify the solution", "verification"),
        ("Post-checks", "verification"),
        ("Key Takeaways for New Developers", "lessons"),
        ("Summary: Best Practices", "lessons"),
        ("3. Teaching the Concept", "lessons"),
        ("Understanding what broke", "lessons"),
        ("Why This Works", "lessons"),
        ("Why This Fixes It", "lessons"),
        ("What went well", "lessons"),
        ("Where we got lucky", "lessons"),
        ("Lecciones aprendidas", "lessons"),
        ("Action Items", "prevention"),
        ("Next Steps", "prevention"),
        ("How do we avoid this?", "prevention"),
        ("Timeline (UTC)", "timeline"),
        ("Atendees", "timeline"),
        ("See also", "resources"),
        ("Related issues and links", "resources"),
        ("Enviroment", "environment"),
        ("Root Casue", "cause"),
        ("Preferences", None),
        ("Migration", None),
        ("Architecture Patterns", None),
        ("Success Metrics", None),
        ("Table of Contents", None),
        ("Error: ECONNREFUSED", None),
        ("CORS Errors in Browser", None),
        ("", None),
    ],
)
def test_labels_have_their_kind(label: str, kind: str | None) -> None:
    """The table decides first, then the first words, one slip of the pen, and cues."""
    assert kind_of(label) == kind


@pytest.mark.parametrize(
    ("label", "siblings", "kind"),
    [
        ("What happened", [], "cause"),
        ("What Happened:", ["Solution"], "cause"),
        ("What happened", ["Root Cause", "Solution"], "symptoms"),
        ("What didn't work", ["Solution"], "alternatives"),
        ("What didn't work", ["What went well"], "lessons"),
        ("What didn't work", ["What worked", "Solution"], "alternatives"),
        ("Prevention Strategies", ["What Happened"], "fix"),
        ("Prevention Strategies", ["Solutions:"], "prevention"),
        ("Prevention", ["What Happened"], "prevention"),
    ],
)
def test_neighbours_settle_double_meanings(label: str, siblings: list[str], kind: str) -> None:
    """The same words mean different things beside a cause, beside a fix, or alone."""
    assert kind_of(label, siblings) == kind


@pytest.mark.parametrize(
    ("label", "clear", "known"),
    [
        ("Fix", "fix", "fix"),
        ("Fix: restart", "fix", None),
        ("Lessons from the outage", "lessons", None),
        ("Problems with printing", None, None),
        ("Issue in the queue", None, None),
        ("Error: disk is full", None, None),
        ("How we fixed the pods", None, None),
    ],
)
def test_only_the_table_makes_a_kind_clear(
    label: str, clear: str | None, known: str | None
) -> None:
    """Cues are good enough to sort a section, not to take a heading for one in the first place."""
    assert clear_kind(label) == clear
    assert known_kind(label) == known


LISTED = {
    "error": "error|error message|error messages|exception|exception details|what failed"
    "|alert description|meaning|message|failure",
    "symptoms": "symptom|symptoms|common symptoms|problem|problem description|problem statement"
    "|issue|observable behavior|expected / actual|simulation|user report|summary"
    "|executive summary|overview|introduction|background|description",
    "environment": "environment|applies to|affected components|context|prerequisites"
    "|requirements|scope|default definition|version",
    "impact": "impact|stats|severity|customer impact|affected|why it matters",
    "detection": "detection|monitoring/alerting|alerts|alerting|dashboards|telemetry signature"
    "|early signals",
    "diagnosis": "diagnosis|diagnosis steps|possible checks|steps to check|first and foremost"
    "|troubleshooting|troubleshooting pointers|debugging the error|data to collect|evidence"
    "|investigation|analysis|pre-checks",
    "cause": "cause|causes|root cause|root causes|root cause(s)|root cause analysis|the bug"
    "|contributing factors (findings)|contributing factors|possible causes|reason"
    "|why this error occurred|why this message occurred|why this happens|why does this happen"
    "|why it caused issues|failure modes|trigger|what happened|what went wrong",
    "fix": "fix|the fix|fixes applied|resolution|solution|solutions|solution(s)|mitigation"
    "|mitigation steps|mitigating|remediation|workaround|workarounds|emergency workarounds"
    "|possible ways to fix it|ways to fix this|how to fix|how to fix the crash"
    "|recommended actions|what to do|steps|procedure|rollback|patches|option 1|option 2"
    "|cause and resolution",
    "alternatives": "what didn't work|attempted solutions|alternatives|trade-off|gotchas"
    "|patterns|when not to",
    "verification": "verification|verify|post checks|post-checks|postchecks|testing|validation"
    "|expected outcome",
    "lessons": "lessons learned|lessons|key lessons|takeaways|key takeaways|key insight"
    "|key insights|learning points|what went well|what went right|where we got lucky"
    "|what worked|why not caught earlier|why the issue escaped detection|why this works"
    "|best practices|reflections",
    "prevention": "prevention|proposed prevention|improvements needed"
    "|possible corrective actions|action items|next steps|follow-ups|future improvements"
    "|long-term solutions",
    "timeline": "timeline|timeline (UTC)|Timeline (all times in CET)|attendees|authors"
    "|escalation|escalation path|contacting support|ownership",
    "resources": "useful links|links to further documentation|additional resources"
    "|additional notes|notes|references|related alerts|related issues|see also"
    "|more information|further reading|learn more",
}


@pytest.mark.parametrize(
    ("label", "kind"),
    [(label, kind) for kind, cell in LISTED.items() for label in cell.split("|")],
)
def test_the_labels_that_real_documents_use_have_their_kind(label: str, kind: str) -> None:
    """Each label that was counted in public documents stands in the row of its kind."""
    assert kind_of(label) == kind
    assert kind_of(f"## 3.2 {label.title()}:") == kind


ABROAD = {
    "error": "Fehlermeldung|Message d'erreur|Mensaje de error|Mensagem de erro"
    "|Messaggio di errore|Текст ошибки|错误日志|エラーメッセージ|에러 메시지",
    "symptoms": "Beschreibung des Problems|Symptômes|Descripción del problema|Resumo"
    "|Sintesi|Краткое описание|故障现象|概要|증상",
    "environment": "Betroffene Versionen|Prérequis|Entorno|Pré-requisitos|Окружение|运行环境"
    "|動作環境|환경",
    "impact": "Auswirkungen|Gravité|Impacto|Usuários afetados|Impatto|Последствия|影响范围"
    "|影響範囲|영향 범위",
    "detection": "Warnsignale|Détection|Detección|Monitoramento|Обнаружение|监控|検知|감지",
    "diagnosis": "Fehlersuche|Dépannage|Diagnóstico|Análise|Indagine|Диагностика|排查过程|調査|진단",
    "cause": "Ursachenanalyse|Cause profonde|Causa raíz|Fatores contribuintes|Causa principale"
    "|Корневая причина|根因分析|根本原因|원인 분석",
    "fix": "Lösungsweg|Contournement|Solución|Correção|Risoluzione|Как исправить|修复方案"
    "|暫定対処|해결 방법",
    "alternatives": "Alternativen|Autres solutions|Otras opciones|Alternativas"
    "|Soluzioni alternative|Другие варианты|替代方案|代替案|대안",
    "verification": "Überprüfung|Vérification|Comprobación|Verificação|Verifica|Как проверить"
    "|验证方法|動作確認|검증",
    "lessons": "Erkenntnisse|Leçons tirées|Lecciones aprendidas|Lições aprendidas"
    "|Lezioni apprese|Выводы|经验教训|学び|교훈",
    "prevention": "Maßnahmen|Plan d'action|Acciones correctivas|Próximos passos"
    "|Azioni preventive|План действий|改进措施|再発防止策|재발 방지",
    "timeline": "Zeitlicher Ablauf|Déroulement|Línea de tiempo|Linha do tempo|Cronologia"
    "|Хронология событий|时间线|時系列|타임라인",
    "resources": "Siehe auch|Liens utiles|Ver también|Veja também|Vedi anche|Полезные ссылки"
    "|参考链接|関連リンク|관련 링크",
}


@pytest.mark.parametrize(
    ("label", "kind"),
    [(label, kind) for kind, cell in ABROAD.items() for label in cell.split("|")],
)
def test_labels_of_other_languages_are_whole_labels(label: str, kind: str) -> None:
    """German, French, Spanish, Portuguese, Italian, Russian, Chinese, Japanese, Korean: each kind."""
    assert known_kind(label) == kind


@pytest.mark.parametrize(
    ("label", "kind"),
    [
        ("Loesung", "fix"),
        ("Losung", "fix"),
        ("Massnahmen", "prevention"),
        ("Resolucion", "fix"),
        ("Acoes corretivas e preventivas", "prevention"),
        ("原因（Root Cause）", "cause"),
        ("证据与处置（Mitigation）", "fix"),
        ("一、故障原因", "cause"),
        ("（三）解决方案", "fix"),
        ("2、影响范围", "impact"),
        ("数据库故障根本原因说明", "cause"),
        ("Ursache der Störung", "cause"),
        ("Causa del problema", "cause"),
        ("Анализ причин сбоя", "cause"),
    ],
)
def test_labels_are_known_however_they_are_typed(label: str, kind: str) -> None:
    """Without accents, in wide brackets, behind numerals of their own script, inside a compound."""
    assert kind_of(label) == kind


@pytest.mark.parametrize(
    ("label", "kind"),
    [
        ("3.2 Root cause", "cause"),
        ("Step 1 \u2013 Fix", "fix"),
        ("III. Root cause", "cause"),
        ("1 - Root cause", "cause"),
        ("[2] Root cause", "cause"),
        ("B. Resolution", "fix"),
        ("b) Resolution", "fix"),
        ("Phase 2: Recovery", "fix"),
        ("🔧 Fix \u2705", "fix"),
        ("Fix \u2014 restart the pod", "fix"),
        ("Detailed Timeline", "timeline"),
        ("Resolution Steps Taken", "fix"),
        ("Impact Assessment", "impact"),
        ("Potential Causes", "cause"),
        ("Problem Analysis", "diagnosis"),
        ("Issue Summary", "symptoms"),
        ("Attempted Solution 1", "alternatives"),
        ("Mitigation & Recovery", "fix"),
        ("Root Causes and Solutions", "fix"),
        ("Detection & Response", "detection"),
        ("Lessons / Follow-ups", "lessons"),
        ("What went well / what went wrong", "lessons"),
        ("Description of the incident", "symptoms"),
        ("Affected versions", "environment"),
        ("Services affected", "impact"),
        ("5 Whys", "cause"),
        ("Common Errors", None),
        ("Setup steps", None),
        ("Response from daemon is empty", None),
        ("Contributing", None),
        ("Fix and riddle", "fix"),
        ("Riddles and games", None),
        ("Contracts", None),
    ],
)
def test_words_around_the_one_that_counts_do_not_matter(label: str, kind: str | None) -> None:
    """Numbers, adjectives, `steps` and `analysis`, and a second label beside the first."""
    assert kind_of(label) == kind


@pytest.mark.parametrize("label", ["What we tried", "Was nicht funktioniert hat", "что не помогло"])
def test_what_was_tried_is_read_beside_a_fix_or_a_look_back(label: str) -> None:
    """Beside a solution it is an alternative, in a retrospective a lesson, in any language."""
    assert kind_of(label, ["Lösung", label]) == "alternatives"
    assert kind_of(label, [label, "Was lief gut"]) == "lessons"
    assert kind_of(label) == "alternatives"


@pytest.mark.parametrize(
    ("label", "siblings", "kind"),
    [
        ("What went wrong", ["Root cause"], "cause"),
        ("What went wrong", ["What went well"], "lessons"),
        ("Что пошло плохо", ["Что прошло хорошо"], "lessons"),
        ("Was ist passiert?", ["Ursache", "Was ist passiert?"], "symptoms"),
        ("何が起きたか", [], "cause"),
        ("Summary", ["Summary", "Root cause", "Fix"], "symptoms"),
        ("Summary", ["Problem", "Fix", "Summary"], "lessons"),
        ("Overview", ["Fix"], "symptoms"),
        ("Critical", ["Impact", "Critical", "Warning"], "impact"),
        ("Warning", ["Impact", "Warning"], None),
        ("Warning", [], None),
        ("Reason", ["Reason", "Goal"], None),
        ("Reason", ["Symptoms", "Reason"], "cause"),
    ],
)
def test_neighbours_settle_more_double_meanings(
    label: str, siblings: list[str], kind: str | None
) -> None:
    """Retrospectives, closing summaries, degrees of severity and reasons of plans."""
    assert kind_of(label, siblings) == kind


@given(st.text(max_size=300))
def test_any_heading_has_an_answer(label: str) -> None:
    """No heading raises, and normalising twice changes nothing more but numbers and articles."""
    kind_of(label)

    assert normalise(label) == normalise(label).strip()
