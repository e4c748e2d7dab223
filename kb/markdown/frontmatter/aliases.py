"""The keys of front matter: ours, and what other dialects call them; and the words for a status."""

from __future__ import annotations

import re
from typing import Literal

Kind = Literal["text", "prose", "list", "date", "time", "status", "slug"]

# One row a field of ours: how its value is read, then the keys it goes by, ours first.
FIELDS: dict[str, tuple[Kind, str]] = {
    "title": ("text", "title name short_description headline subject"),
    "error": ("text", "error error_message message exception"),
    "tags": (
        "list",
        "tags tag categories category keywords keyword labels label topics topic problem_type",
    ),
    "date": (
        "date",
        """date created created_at created_on incident_date published published_at pub_date
        publish_date ms_date resolved_at resolved_on date_resolved opened_at""",
    ),
    "start": ("time", "start start_time started_at start_date incident_start begin"),
    "end": ("time", "end end_time ended_at end_date incident_end finished_at"),
    "duration": ("text", "duration downtime time_to_resolve time_to_resolution ttr mttr"),
    "updated": (
        "date",
        """updated updated_at updated_on last_updated lastmod last_mod last_modified
        last_modified_at modified modified_at""",
    ),
    "review_by": (
        "date",
        """review_by review review_date next_review valid_to valid_until expires expiry expirydate
        expiry_date expire_date""",
    ),
    "severity": ("text", "severity priority sev criticality urgency"),
    "status": ("status", "status state workflow workflow_state confidence ki_status draft"),
    "products": (
        "list",
        """products product product_name environment environments applies_to appliesto applications
        application component components related_components module modules plugin service services
        system systems platform platforms os app company product_team software technology
        technologies framework frameworks stack tech_stack affected affected_products
        affected_components affected_services affected_systems ms_service ms_subservice ms_prod
        ms_technology""",
    ),
    "versions": ("list", "versions version affected_versions affected_version product_version"),
    "symptoms": ("list", "symptoms symptom issue problem observed"),
    "impact": ("prose", "impact customer_impact user_impact business_impact"),
    "root_cause": ("prose", "root_cause cause causes root_causes rootcause reason"),
    "fix": ("prose", "fix solution resolution mitigation remediation solutions resolved_by"),
    "workaround": ("prose", "workaround workarounds"),
    "prevention": ("prose", "prevention action_items follow_ups"),
    "lessons": ("prose", "lessons lessons_learned takeaways learnings"),
    "references": (
        "list",
        """references reference links link url urls source_url archive_url sources see_also
        related_links related_issues resources""",
    ),
    "owner": ("text", "owner owners author authors team maintainer maintainers assignee ms_author"),
    "aliases": ("list", "aliases alias redirect_from old_slugs slug_en"),
    "slug": ("slug", "slug permalink"),
    "ids": (
        "list",
        """ids id uuid guid kb kb_number number internal_reference incident_id incident ticket
        tickets ticket_id reference_id""",
    ),
    "summary": ("text", "summary description abstract tldr excerpt subtitle"),
    "dialect": ("text", "dialect markdown"),
    "match": ("list", "match matches signature signatures patterns pattern order"),
    "not_match": ("list", "not_match negate exclude"),
    "samples": ("list", "samples sample examples logs error_messages sample_logs log_samples"),
}  # fmt: skip
OURS = {key: field for field, (_, keys) in FIELDS.items() for key in keys.split()}

# Mappings that only group keys, and are opened: Hugo, Zola and CRE nest what others write flat.
WRAPPERS = frozenset(
    {"params", "taxonomies", "extra", "metadata", "incident", "cre", "rule", "set", "sequence"}
)
# What a key means inside a wrapper, where that is something else.
INSIDE = {("cre", "description"): "symptoms", ("metadata", "name"): "ids"}
# Keys that say yes or no.
FLAGS = {
    ("draft", "true"): ("status", "draft"),
    ("draft", "false"): ("status", "validated"),
    ("published", "true"): ("status", "validated"),
    ("published", "false"): ("status", "draft"),
    ("archived", "true"): ("status", "archived"),
    ("deprecated", "true"): ("status", "archived"),
}

_STATUS = {
    "draft": (
        "draft|wip|work in progress|in progress|in review|under review|needs review|proposed|new"
        "|open|opened|reopened|active incident|ongoing|investigating|identified|monitoring|pending"
        "|backlog|scheduled|planned|triage|triaged|todo|not validated|unvalidated|unverified"
        "|unconfirmed|incomplete|unpublished|low|root cause identified|changed"
    ),
    "validated": (
        "validated|published|public|final|finalised|finalized|done|closed|resolved|solved|fixed"
        "|mitigated|active|live|current|stable|complete|completed|approved|accepted|verified"
        "|confirmed|known|known error|no fix|won't fix|wont fix|by design|works as designed"
        "|workaround|workaround available|high"
    ),
    "archived": (
        "archived|archive|obsolete|deprecated|retired|superseded|outdated|expired|inactive"
        "|withdrawn|duplicate"
    ),
}
STATUSES = {word: status for status, words in _STATUS.items() for word in words.split("|")}

_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_GAP = re.compile(r"[\s.-]+")


def plain_key(key: str) -> str:
    """Write a key our way: `Root Cause`, `root-cause` and `rootCause` are all `root_cause`."""
    return _GAP.sub("_", _HUMP.sub("_", key.strip())).lower()
