"""The labels people give their headings: whole labels first, then cues inside longer ones."""

# ruff: noqa: RUF001 - labels of other alphabets look like Latin letters by nature

from __future__ import annotations

import re

from kb.markdown.document import SectionKind

# Labels are compared after `headings.normalise`: lower case, no numbers, emoji, colons or marks.
_LABELS: tuple[tuple[SectionKind, str], ...] = (
    (
        "error",
        """error; errors; error message; error messages; error log; error output; error text;
        exception; exception details; exception message; stack trace; stacktrace; traceback;
        log output; message; failure; what failed; alert description; meaning; the error;
        full error; fehler; fehlermeldung; erreur; message d'erreur; mensaje de error; errore;
        messaggio di errore; erro; mensagem de erro; ошибка; сообщение об ошибке; エラー;
        エラーメッセージ; 错误; 错误信息; 报错; 报错信息; 오류; foutmelding; błąd""",
    ),
    (
        "symptoms",
        """symptom; symptoms; common symptoms; problem; the problem; problem description;
        problem statement; issue; the issue; issue description; observable behavior;
        observable behaviour; observed behavior; observed behaviour; expected; actual; expected actual;
        expected behavior; expected behaviour; actual behavior; actual behaviour; simulation;
        user report; summary; executive summary; incident summary; overview; introduction;
        background; description; abstract; tl dr; tldr; steps to reproduce; reproduction;
        how to reproduce; what we saw; what users saw; what you see; symptome; beschreibung;
        problembeschreibung; zusammenfassung; symptômes; description du problème; problème;
        résumé; síntomas; problema; resumen; descripción; sintomi; descrizione; sintomas;
        descrição; resumo; симптомы; проблема; описание; 症状; 現象; 概要; 問題; 问题;
        问题描述; 现象; 증상; 문제; symptomen; probleem; objawy""",
    ),
    (
        "environment",
        """environment; environments; applies to; affected components; affected versions;
        context; prerequisites; requirements; scope; default definition; version; versions;
        setup; umgebung; environnement; entorno; ambiente; окружение; 環境; 环境; 환경;
        omgeving""",
    ),
    (
        "impact",
        """impact; stats; statistics; severity; customer impact; business impact; user impact;
        affected; affected users; affected services; why it matters; blast radius; auswirkung;
        auswirkungen; conséquences; impacto; impatto; влияние; последствия; 影響; 影响; 영향""",
    ),
    (
        "detection",
        """detection; monitoring; alerting; alerts; alert; monitoring alerting;
        monitoring and alerting; dashboards; telemetry signature; early signals;
        warning signs; early warning signs; red flags; code smells; how to recognize it;
        how to recognise it; how to detect; how we found out; how it was detected; erkennung;
        warnzeichen; détection; detección; rilevamento; обнаружение; 検知; 检测""",
    ),
    (
        "diagnosis",
        """diagnosis; diagnosis steps; diagnostics; diagnostic steps; possible checks;
        steps to check; first and foremost; troubleshooting; troubleshooting steps;
        troubleshooting pointers; debugging the error; debugging; debugging steps;
        data to collect; evidence; investigation; analysis; pre-checks; pre checks; prechecks;
        how to debug; how to diagnose; fehleranalyse; diagnose; analyse; diagnostic;
        diagnóstico; análisis; diagnosi; análise; диагностика; анализ; отладка; 調査; 診断;
        排查; 诊断; 진단""",
    ),
    (
        "cause",
        """cause; causes; root cause; root causes; the root cause; root cause analysis; rca;
        the cause; the bug; contributing factors; contributing factors findings;
        contributing causes; possible causes; common causes; likely causes; probable cause;
        reason; reasons; the reason; why; why this error occurred; why this message occurred;
        why this happens; why this happened; why it happens; why it happened;
        why does this happen; why did this happen; why it caused issues; failure modes;
        trigger; triggers; what went wrong; what caused it; what caused this; ursache;
        ursachen; grund; cause racine; cause première; raison; causa; causas; causa raíz;
        causa raiz; causa principale; причина; причины; 原因; 根本原因; 根因; 根本原因分析;
        원인; oorzaak; przyczyna""",
    ),
    (
        "fix",
        """fix; the fix; fixes; fixes applied; fix applied; quick fix; hotfix; resolution;
        resolutions; solution; the solution; solutions; mitigation; mitigations;
        mitigation steps; mitigating; remediation; remediation steps; workaround; workarounds;
        emergency workarounds; temporary workaround; possible ways to fix it;
        ways to fix this; how to fix; how to fix it; how to fix this; how to resolve;
        how to solve; recommended actions; what to do; steps; procedure; rollback; runbook;
        playbook; patches; patch; repair; recovery; recovery steps; permanent fix;
        cause and resolution; causes and solutions; common causes and solutions;
        causes and fixes; cause and fix; cause and solution; evolution of solutions;
        evolution of solution; what was changed; what changed; what we changed; what was done;
        what we did; key changes; key changes made; changes made; code changes; before; after;
        before after; before and after; short-term fix; long-term fix; immediate fix;
        immediate actions; lösung; lösungen; behebung; schritte zur behebung; abhilfe;
        correctif; résolution; solución; soluciones; arreglo; soluzione; solução; correção;
        решение; решения; исправление; устранение; 解決; 解決策; 解決方法; 対処; 対応; 对策;
        解决; 解决方案; 解决方法; 修复; 해결; 해결 방법; 해결책; oplossing; rozwiązanie""",
    ),
    (
        "alternatives",
        """what didn't work; what did not work; what didn't help; attempted solutions;
        alternatives; alternative; alternative approaches; alternative solutions; trade-off;
        trade-offs; tradeoffs; alternatives and trade-offs;
        alternative approaches and trade-offs; gotchas; patterns; when not to;
        other approaches; options considered; rejected options; what we tried;
        things we tried; alternativen; alternativas; alternative soluzioni; альтернативы;
        代替案; 替代方案""",
    ),
    (
        "verification",
        """verification; verify; verify the fix; verifying the fix; post checks; post-checks;
        postchecks; testing; testing the fix; test the fix; tests; validation; validate;
        expected outcome; how to verify; how to test; confirmation; überprüfung;
        verifizierung; vérification; verificación; verifica; verificação; проверка; 確認;
        検証; 验证; 확인""",
    ),
    (
        "lessons",
        """lesson; lessons; lessons learned; lessons learnt; lesson learned; key lessons;
        takeaway; takeaways; key takeaways; key takeaway; main takeaways; key insight;
        key insights; insights; learning points; key learning points; learnings;
        key learnings; learning; what we learned; what we learnt; what i learned;
        what went well; what went right; where we got lucky; what worked;
        why not caught earlier; why the issue escaped detection; why this works; why it works;
        why this fixes it; best practices; best practice; summary best practices; reflections;
        retrospective; teaching the concept; understanding the concept;
        understanding the problem; understanding the error; the correct mental model;
        mental model; the concept; key principle; lehren; erkenntnisse; gelernte lektionen;
        was wir gelernt haben; leçons; leçons apprises; enseignements; lecciones;
        lecciones aprendidas; lezioni apprese; lezioni; lições; lições aprendidas; уроки;
        выводы; 教訓; 学び; 经验教训; 教训; 总结; 교훈; lessen; geleerde lessen; wnioski""",
    ),
    (
        "prevention",
        """prevention; prevention strategies; preventive measures; preventative measures;
        proposed prevention; prevention steps; how to prevent; how to prevent it;
        how to avoid; how to avoid it; how to avoid this; improvements needed; improvements;
        possible corrective actions; corrective actions; action items; actions; actions taken;
        next steps; follow-ups; follow-up; follow ups; follow up; followup; follow-up actions;
        follow-up tasks; future improvements; long-term solutions; long-term solution;
        preventing recurrence; vorbeugung; maßnahmen; prävention; nächste schritte;
        prévention; mesures préventives; actions correctives; prevención; acciones;
        próximos pasos; prevenzione; prevenção; ações; предотвращение; профилактика; 再発防止;
        再発防止策; 予防; 预防; 预防措施; 예방""",
    ),
    (
        "timeline",
        """timeline; incident timeline; timeline of events; chronology; sequence of events;
        events; attendees; participants; authors; author; escalation; escalation path;
        contacting support; ownership; owner; owners; people involved; responders; zeitleiste;
        zeitlicher ablauf; ablauf; chronologie; cronología; cronologia; linha do tempo;
        хронология; タイムライン; 時系列; 时间线; 타임라인""",
    ),
    (
        "resources",
        """useful links; links; links to further documentation; additional resources; resources;
        additional notes; notes; references; reference; related alerts; related issues;
        related; related links; see also; more information; further reading; learn more;
        documentation; supporting information; pr links; appendix; literatur;
        weiterführende links; quellen; ressources; références; referencias; recursos; enlaces;
        risorse; riferimenti; referências; ссылки; ресурсы; 参考; 参考資料; 参考资料; 참고;
        참고 자료; bronnen""",
    ),
)

KINDS: dict[str, SectionKind] = {
    " ".join(label.split()): kind for kind, labels in _LABELS for label in labels.split(";")
}

_FIX_WORDS = (
    r"(?:fix(?:es|ed|ing)?|solv(?:e[ds]?|ing)|solutions?|resol(?:ve[ds]?|ving|utions?)"
    r"|mitigat(?:e[ds]?|ing|ions?)|remed(?:y|ies|iation)|work-?arounds?)"
)

# Tried in order on labels of which the table knows no part; the first cue that is found decides.
_CUES: tuple[tuple[SectionKind, str], ...] = (
    ("lessons", r"best practices?|lessons?|take-?aways?|learnings?|learned|learnt|insights?"),
    ("lessons", rf"why (?:this|it|the \w{{1,20}}) (?:works|worked|helps|{_FIX_WORDS})"),
    ("lessons", r"went (?:well|right)|got lucky|retrospective|reflections?|mental model"),
    ("lessons", r"(?:teaching|understanding|explaining) (?:the|this|what|why|how)"),
    ("fix", rf"causes? (?:and|or|with) {_FIX_WORDS}"),
    ("alternatives", r"alternatives?|trade-?offs?|(?:didn't|did not) (?:work|help)|pitfalls?"),
    ("alternatives", r"gotchas?|attempted|other (?:approaches|options|ways|solutions)"),
    ("detection", r"warning signs?|early (?:signs?|signals?|warnings?)|red flags?|smells?"),
    ("detection", r"detect(?:ed|ing|ion)?|recogni[sz]e|monitoring|alerting|alerts"),
    (
        "verification",
        rf"(?:test|verify|validat|check|confirm)\w{{0,5}} (?:the |your )?{_FIX_WORDS}",
    ),
    ("verification", r"verif(?:y|ying|ication)|post-?checks?|it works|smoke tests?"),
    ("prevention", r"prevent(?:s|ed|ing|ion|ive)?|avoid(?:ing)?|next steps?|action items?"),
    ("prevention", r"follow-?ups?|(?:corrective|preventive) (?:actions?|measures?)|hardening"),
    ("cause", r"root causes?|(?:^|the|possible|common|likely) causes?|caused(?: by)?|reasons?"),
    ("cause", r"contributing|went wrong|misconceptions?|triggered|culprit"),
    ("cause", r"why .{0,60}(?:fail|broke|break|crash|happen|occur|stop|went down)\w{0,5}"),
    ("fix", rf"{_FIX_WORDS}|repair(?:s|ed|ing)?|recover(?:y|ed|ing)?|roll(?:ed)?[ -]?back"),
    ("fix", r"(?:option|approach|method|workaround) \d{1,3}|changes?(?: made)?|changed"),
    ("fix", r"^(?:before|after)|restor(?:e[ds]?|ing) service"),
    ("diagnosis", r"diagnos\w{1,6}|debug\w{0,6}|investigat\w{1,5}|troubleshoot\w{0,5}"),
    ("diagnosis", r"what to (?:check|look (?:for|at))|how to (?:check|find|confirm|tell)"),
    ("timeline", r"timeline|chronology|sequence of events|attendees|participants"),
    ("impact", r"impact(?:ed|s)?|who was affected|affected|severity|blast radius"),
    (
        "symptoms",
        r"symptoms?|reproduc\w{1,6}|what (?:we|you|users|it) (?:saw|see|looks?)\b.{0,20}",
    ),
    ("environment", r"environment|applies to|affected versions?|prerequisites?"),
    (
        "resources",
        r"references?|resources?|further reading|see also|related (?:links?|issues?|docs?)|useful links?",
    ),
    ("error", r"error (?:messages?|logs?|output|text)|stack ?traces?|tracebacks?|exceptions?"),
)
CUES = tuple((kind, re.compile(rf"\b(?:{cue})\b")) for kind, cue in _CUES)
