"""The labels people give their headings: whole labels first, then cues inside longer ones."""

from __future__ import annotations

import re
import unicodedata

from kb.markdown.document import SectionKind
from kb.markdown.headings import languages

# Labels are compared after `headings.normalise`: lower case, no numbers, emoji, colons or marks.
_LABELS: tuple[tuple[SectionKind, str], ...] = (
    (
        "error",
        """error; errors; error message; error messages; error log; error logs; error output;
        error text; error details; error description; error signature; error code; error codes;
        exact error; exact error message; sample error; exception; exception details;
        exception message; stack trace; stacktrace; traceback; backtrace; log output; log excerpt;
        relevant logs; console output; crash log; message; failure; what failed;
        alert description; meaning; full error""",
    ),
    (
        "symptoms",
        """symptom; symptoms; common symptoms; problem; problem description; problem statement;
        problem identification; issue; issue description; bug; bug description; describe the bug;
        observable behavior; observable behaviour; observed behavior; observed behaviour;
        expected; actual; expected actual; expected behavior; expected behaviour; expected result;
        actual result; expected results; actual results; actual behavior; actual behaviour;
        current behavior; current behaviour; simulation; user report; executive summary;
        incident summary; introduction; background; description; narrative; steps to reproduce;
        reproduction steps; reproduction; how to reproduce; minimal reproduction; what we saw;
        what users saw; what you see; what you'll see; what is the problem; what is the issue;
        how it manifests""",
    ),
    (
        "environment",
        """environment; environments; environment details; applies to; affected component;
        affected components; affected version; affected versions; affected product;
        affected products; affected systems; affected platforms; affected environments;
        versions affected; components affected; products affected; context; prerequisites;
        requirements; scope; default definition; version; versions; version information;
        system information; system info; environment information; software versions; platform;
        platforms; tech stack; technology stack; setup""",
    ),
    (
        "impact",
        """impact; impacts; stats; statistics; severity; severities; severity level; priority;
        urgency; customer impact; business impact; user impact; financial impact; affected;
        affected users; users affected; affected customers; customers affected; affected services;
        services affected; services impacted; users impacted; why it matters; why this matters;
        blast radius; scope of impact; consequences; duration; downtime; outage duration;
        incident duration; data loss""",
    ),
    (
        "detection",
        """detection; monitoring; alerting; alerts; alert; alert rule; alert rules;
        alert definition; monitoring alerting; monitoring and alerting; dashboards;
        telemetry signature; early signals; warning signs; early warning signs; red flags;
        code smells; how to recognize it; how to recognise it; how to detect; how we found out;
        how we found it; how we noticed; how did we find out; how it was detected;
        how was it detected; how was this detected; time to detect; time to detection""",
    ),
    (
        "diagnosis",
        """diagnosis; diagnosis steps; diagnostics; diagnostic; diagnostic steps;
        diagnostic commands; diagnostic queries; possible checks; checks; steps to check;
        first and foremost; troubleshooting; troubleshooting steps; troubleshooting pointers;
        troubleshooting guide; debugging the error; debugging; debugging steps;
        debugging steps taken; debug; data to collect; data collection; evidence; investigation;
        analysis; triage; pre-checks; pre checks; prechecks; how to debug; how to diagnose;
        how to troubleshoot; how to investigate; what to check; things to check; where to look;
        logs to check; queries; example queries; sample queries; useful queries; promql queries;
        sql queries; useful commands; findings""",
    ),
    (
        "cause",
        """cause; causes; root cause; root causes; root-cause; root cause analysis; rca; the bug;
        contributing factor; contributing factors; contributing factors findings;
        contributing causes; contributing conditions; possible causes; common causes;
        likely causes; probable cause; underlying cause; underlying causes; underlying issue;
        underlying problem; why this error occurred; why this message occurred; why this happens;
        why this happened; why it happens; why it happened; why it fails; why it failed;
        why does this happen; why did this happen; why did it happen; why is this happening;
        why am i seeing this; why you are seeing this; why it caused issues; failure mode;
        failure modes; trigger; triggers; fault; culprit; explanation; what caused it;
        what caused this; what caused the problem; whys; five whys""",
    ),
    (
        "fix",
        """fix; fixes; fixes applied; fix applied; quick fix; quick fixes; hotfix; resolution;
        resolutions; resolving; solution; solutions; solution that worked; mitigation;
        mitigations; mitigation steps; mitigating; remediation; remediation steps; workaround;
        workarounds; work around; work-around; emergency workarounds; temporary workaround;
        how to mitigate; possible ways to fix it; ways to fix this; ways to fix; ways to fix it;
        steps to fix; steps to resolve; steps taken; how to fix; how to fix it; how to fix this;
        how do i fix this; how do i fix it; how to resolve; how to resolve it;
        how to resolve this; how to solve; how to solve it; how to solve this; how we fixed it;
        fixing it; what fixed it; correction; recommended actions; recommended action;
        suggested actions; suggested action; what to do; what you can do; what should i do; steps;
        procedure; rollback; roll back; runbook; playbook; patches; patch; repair; repair steps;
        recovery; recovery steps; response; incident response; emergency response; permanent fix;
        evolution of solutions; evolution of solution; what was changed; what changed;
        what we changed; what was done; what we did; key changes; key changes made; changes made;
        code changes; before; after; before after; before and after; short-term fix;
        long-term fix; immediate fix; immediate action; immediate actions; immediate actions taken""",
    ),
    (
        "alternatives",
        """what didn't help; attempted solution; attempted solutions; attempted fixes;
        failed attempts; failed approaches; failed solutions; dead ends; alternatives;
        alternative; alternative approaches; alternative solution; alternative solutions;
        alternatives considered; approaches considered; trade-off; trade-offs; tradeoffs;
        alternatives and trade-offs; alternative approaches and trade-offs; gotchas; caveats;
        limitations; known limitations; pitfalls; common pitfalls; patterns; when not to;
        other approaches; other options; options considered; rejected options;
        rejected alternatives; rejected approaches""",
    ),
    (
        "verification",
        """verification; verify; verify the fix; verify the resolution; verifying the fix;
        post checks; post-checks; postchecks; post-fix validation; testing; testing the fix;
        test the fix; tests; tests added; test plan; test results; validation; validate;
        expected outcome; success criteria; how to verify; how to test; how to confirm;
        how to confirm it's fixed; confirmation; confirming the fix""",
    ),
    (
        "lessons",
        """lesson; lessons; lessons learned; lessons learnt; lesson learned; key lessons;
        takeaway; takeaways; key takeaways; key takeaway; main takeaways; key insight;
        key insights; insights; learning points; key learning points; learnings; key learnings;
        learning; what we learned; what we learnt; what i learned; what did we learn;
        what went poorly; what went badly; what didn't go well; what did not go well;
        what could have gone better; what could be improved; what can be improved;
        what could be better; what we got right; what surprised us; what we'd do differently;
        what would we do differently; things that went well; things that went wrong;
        things that went poorly; went well; went wrong; why not caught earlier;
        why the issue escaped detection; why this works; why it works; why this fixes it;
        best practices; best practice; summary best practices; reflections; reflection;
        retrospective; conclusion; conclusions; teaching the concept; understanding the concept;
        understanding the problem; understanding the error; the correct mental model;
        mental model; the concept; key principle""",
    ),
    (
        "prevention",
        """prevention; preventive measures; preventative measures; proposed prevention;
        prevention steps; preventing; how to prevent; how to prevent it; how to prevent this;
        how to avoid; how to avoid it; how to avoid this; improvements needed; improvements;
        possible corrective actions; corrective action; corrective actions; corrective measures;
        corrective and preventive actions; corrective and preventative actions;
        corrective and preventive measures; corrective and preventative measures;
        preventive actions; preventative actions; action items; action item; action plan; actions;
        actions taken; post-incident actions; remediation items; recommendations; recommendation;
        safeguards; guardrails; next steps; next step; follow-ups; follow-up; follow ups;
        follow up; followup; followups; follow-up actions; follow-up items; follow-up tasks;
        tasks; to do; todo; future work; future improvements; planned improvements;
        improvement plan; remaining work; long-term solutions; long-term solution;
        preventing recurrence; hardening""",
    ),
    (
        "timeline",
        """timeline; time line; incident timeline; timeline of events; chronology;
        sequence of events; events; key events; event log; incident log; history; lead-up; leadup;
        lead up; attendees; participants; authors; author; roles; stakeholders; people;
        people involved; responders; incident commander; escalation; escalations; escalation path;
        escalation contacts; support channels; when to escalate; contacting support; contact;
        contacts; on-call; on call; ownership; owner; owners""",
    ),
    (
        "resources",
        """useful links; links; external links; links to further documentation;
        additional resources; useful resources; resources; additional notes; notes; references;
        reference; sources; related; related alerts; related issues; related links; related docs;
        related documentation; related runbooks; related articles; related tickets; related prs;
        related incidents; similar incidents; past incidents; previous incidents;
        example incidents; see also; see more; more information; more info; further information;
        further info; additional information; additional info; additional context;
        additional details; further reading; read more; learn more; documentation;
        supporting information; supporting data; supporting documents; supporting documentation;
        attachments; artifacts; screenshots; footnotes; bibliography; pr links; appendix;
        appendices""",
    ),
)

# Labels that mean one thing here and another there; `headings` has a rule for each.
_DOUBLES: tuple[tuple[str, str], ...] = (
    (
        "what didn't work",
        """what didn't work; what did not work; things that didn't work; things that did not work;
        what we tried; things we tried; what i tried; what was tried;
        what we tried that didn't work""",
    ),
    ("what happened", "what happened"),
    ("what went wrong", "what went wrong; things that went wrong; went wrong; where it went wrong"),
    ("prevention strategies", "prevention strategies"),
    ("summary", "summary; overview; tl dr; tldr; abstract; brief summary"),
    ("critical", "critical; warning; major; minor; info; page; ticket"),
    ("reason", "reason; reasons; why"),
)


def _list_labels(cell: str) -> list[str]:
    """List a cell's labels, each also as people without accents on their keyboard write it."""
    labels = [" ".join(label.split()) for label in cell.split(";")]
    return [form for label in labels for form in (label, *_spell_plainly(label))]


def _spell_plainly(label: str) -> tuple[str, ...]:
    """Spell a Latin label without its accents: `lösung` as `losung` and `loesung`."""
    parts = unicodedata.normalize("NFD", label)
    bare = "".join(char for char in parts if unicodedata.category(char) != "Mn")
    if label.isascii() or not bare.replace("ß", "").isascii():
        return ()
    return (bare.replace("ß", "ss"), label.translate(_UMLAUTS))


_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})

DOUBLES: dict[str, str] = {
    label: rule for rule, cell in (*_DOUBLES, *languages.DOUBLES) for label in _list_labels(cell)
}

# What a look back praises: beside these, what did not work and what went wrong are lessons too.
_WENT_WELL = """what went well; went well; things that went well; what worked; what worked well;
    where we got lucky; where we were lucky; what went right"""
_ALL_WENT_WELL = f"{_WENT_WELL}; {languages.WENT_WELL}"
WENT_WELL = frozenset(_list_labels(_ALL_WENT_WELL))

KINDS: dict[str, SectionKind] = {
    label: kind
    for kind, cell in (*languages.LABELS, *_LABELS, ("lessons", _ALL_WENT_WELL))
    for label in _list_labels(cell)
}

# Slips of the pen are looked for near these; other languages' words stand too close to English.
ENGLISH = frozenset(label for _, cell in _LABELS for label in _list_labels(cell))

# Words that may stand before or behind a label of the table without changing what it means.
FRONT = frozenset(
    """actual additional basic bug common complete current detailed error failure final first full
    general high-level immediate incident initial issue key known likely main outage overall
    permanent possible potential primary probable problem proposed quick real recommended
    short suggested technical temporary true typical""".split()
)
BACK = frozenset(
    """actions analysis applied assessment checklist description details efforts info information
    measures options overview performed plan procedure procedures process report steps strategies
    strategy summary taken""".split()
)

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
    ("lessons", r"(?:(?:done|gone|do|did) (?:better|differently)|be(?:en)? improved)"),
    ("fix", rf"causes? (?:and|or|with) {_FIX_WORDS}"),
    ("alternatives", r"alternatives?|trade-?offs?|(?:didn't|did not) (?:work|help)|pitfalls?"),
    ("alternatives", r"gotchas?|attempted|other (?:approaches|options|ways|solutions)"),
    ("detection", r"warning signs?|early (?:signs?|signals?|warnings?)|red flags?|smells?"),
    (
        "detection",
        r"detect(?:ed|ing|ion)?|recogni[sz]e|monitoring|alerting|alerts|alert behaviou?r",
    ),
    (
        "verification",
        rf"(?:test|verify|validat|check|confirm)\w{{0,5}} (?:it's |the |your )?{_FIX_WORDS}",
    ),
    ("verification", r"verif(?:y|ying|ication)|post-?checks?|it works|smoke tests?"),
    ("prevention", r"prevent(?:s|ed|ing|ion|ive)?|avoid(?:ing)?|next steps?|action items?"),
    ("prevention", r"follow-?ups?|(?:corrective|preventi?ve) (?:actions?|measures?)|hardening"),
    ("cause", r"root causes?|(?:^|the|possible|common|likely) causes?|caused(?: by)?|reasons?"),
    ("cause", r"contributing \w{4,12}s|went wrong|misconceptions?|triggered|culprit"),
    ("cause", r"why .{0,60}(?:fail|broke|break|crash|happen|occur|stop|went down|see)\w{0,5}"),
    ("fix", rf"{_FIX_WORDS}|repair(?:s|ed|ing)?|recover(?:y|ed|ing)?|roll(?:ed)?[ -]?back"),
    ("fix", r"(?:option|approach|method|workaround) \d{1,3}|changes?(?: made)?|changed"),
    ("fix", r"^(?:before|after)|restor(?:e[ds]?|ing) service"),
    ("diagnosis", r"diagnos\w{1,6}|debug\w{0,6}|investigat\w{1,5}|troubleshoot\w{0,5}"),
    ("diagnosis", r"what to (?:check|look (?:for|at))|how to (?:check|find|confirm|tell)"),
    ("timeline", r"timeline|chronology|sequence of events|attendees|participants|escalat\w{1,5}"),
    ("environment", r"affected (?:versions?|products?|components?|platforms?|packages?)"),
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
CUES: tuple[tuple[SectionKind, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(rf"\b(?:{cue})\b")) for kind, cue in _CUES
)
SIGNS: tuple[tuple[SectionKind, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(sign)) for kind, sign in languages.SIGNS
)
STEMS = re.compile(r"\b(?:" + "|".join(f"({stem})" for _, stem in languages.STEMS) + ")")
STEM_KINDS = tuple(kind for kind, _ in languages.STEMS)
