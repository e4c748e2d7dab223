"""The seed documents beside this checkout, where they are: every section from the right lines."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from kb.markdown.document import Document, ParsedSource
from kb.markdown.parse import parse
from kb.markdown.render import render
from kb.markdown.repair import decode
from kb.markdown.split import split
from tests.markdown.pins import (
    WRITTEN,
    Pin,
    all_words,
    bare_sections,
    check_entry,
    lost_pins,
    read_pins,
)

SEEDS = Path(__file__).resolve().parents[3] / "shared" / "seeds"
GUIDE = "troubleshooting-guide.md"

pytestmark = pytest.mark.skipif(
    not SEEDS.is_dir(), reason="the documents of ../shared are not part of this repository"
)

ENTRIES = {
    GUIDE: """
Google Cloud Credentials Not Found
error 23 f9e50adadbc5.json was not found
symptoms 26 service account key file
cause 28 pointing to wrong filename
fix 33 secret "google_ocr" exists
fix 40 FLASK_ENV=production
lessons 44 than mounting credential files
lessons 47 before referencing them in configs

Invalid Grant - Expired Credentials
error 51 503 Getting metadata from plugin failed
symptoms 54 credentials were expired or invalid
cause 56 key was old or corrupted
fix 59 to pick up new credentials
fix 68 For accessing Google OCR credentials
fix 78 AWS_DEFAULT_REGION
lessons 82 have expiration dates
lessons 84 test credentials in each environment

Module Not Found in Container
error 92 No module named 'serverless_wsgi'
symptoms 95 weren't installed in Docker
cause 97 SAM wasn't building with the container
fix 102 sam build --use-container
fix 110 google-cloud-vision==3.4.4
lessons 117 for SAM builds
lessons 119 isolated from local environments

Version Mismatch Issues
error 123 local (3.12) and Lambda (3.9)
cause 126 between development and deployment
fix 128 Update SAM template runtime
fix 130 Match your local version
lessons 134 production environments in sync
lessons 136 version managers like pyenv

Wrong AWS Account Deployment
error 144 it was the wrong account
symptoms 147 configured with wrong account credentials
cause 149 Multiple AWS profiles or cached
fix 160 Enter correct Access Key
fix 165 configure set default.region
fix 170 wrong-stack-name
lessons 174 verify AWS account before
lessons 177 careful profile management

Read-Only File System in Lambda
error 181 temp_upload_1753333941.jpg
symptoms 184 Tried to save files outside
cause 186 read-only except for
fix 188 for temporary files
fix 191 /tmp/output_
lessons 196 512MB limit
lessons 197 storage strategy for serverless

Security Constraints in API Gateway
error 201 Security Constraints Not Satisfied
symptoms 204 required authentication but none
cause 206 authentication configuration in SAM template
fix 208 Add auth configuration or disable
fix 216 or explicitly disable it
lessons 222 has security by default
lessons 224 accessibility after deployment

CORS Errors in Browser
error 232 blocked by CORS policy
symptoms 235 Browser blocked cross-origin
cause 237 Missing CORS headers in
fix 242 Access-Control-Allow-Origin
fix 255 return response
fix 261 Allow all origins
lessons 265 a browser security feature
lessons 268 different CORS configurations

Binary Media Type Issues
error 272 cannot identify image file
symptoms 275 corrupted binary image data
cause 277 configured to handle binary media
fix 279 Add binary media types
fix 286 multipart/form-data
lessons 290 explicit binary media type
lessons 292 Test file uploads thoroughly

PIL Cannot Open Image
error 300 cannot identify image file
symptoms 303 couldn't read the uploaded
cause 305 Multiple possible causes
fix 307 robust image opening with fallbacks
fix 324 img.convert('RGB')
lessons 328 can fail in many ways
lessons 331 various image formats

Image Display Issues in Browser
error 335 not loading in frontend
symptoms 338 couldn't access image file
cause 340 not accessible from web browsers
fix 342 Return image as base64
fix 348 b64encode(buffered
lessons 357 embedding images in responses
lessons 359 other storage services

File Extension Mismatch
error 367 UnicodeDecodeError while processing
symptoms 370 saving JPG as .pdf
cause 372 Hard-coded file extension
fix 374 Extract extension dynamically
fix 378 {file_extension}
lessons 382 preserve original file extensions
lessons 384 extensions might be missing

File Saving Verification Issues
error 388 not saved to disk /
symptoms 391 save operation failed silently
cause 393 Disk space, permissions, or
fix 395 Verify file after saving
fix 404 os.path.getsize
fix 414 Force write to disk
lessons 418 can fail silently
lessons 421 Check file sizes and existence

CloudFormation Template Errors
error 429 Transform AWS::Serverless-2016-10-31
symptoms 432 had configuration conflicts
cause 434 between global and method-level
fix 436 Remove conflicting configurations
fix 445 Remove: Auth:
lessons 449 hierarchical configuration rules
lessons 452 sam validate

Stack Deployment to Wrong Region/Account
error 456 Stack deployed to wrong
cause 459 wrong credentials or region
fix 465 aws configure list
fix 470 --profile production
fix 478 Wrong AWS account!
lessons 484 double-check AWS configuration
lessons 486 safety checks in deployment

WebSocket Connection Failed
error 494 Failed to connect to WebSocket
fix 503 wss://abc123.execute-api
fix 512 RouteKey: $connect
fix 519 execute-api:ManageConnections
lessons 524 protocol, not
lessons 527 CloudWatch logs for connection

Image Not Displaying in Results
error 535 shows as broken in browser
symptoms 538 load image from inaccessible
cause 540 temporary files are not web-accessible
fix 546 doesn't work!
fix 552 Display base64 image data
fix 559 "image_url"
fix 562 "processed_image"
lessons 566 don't serve static files
lessons 569 CDN/S3 for large images
""",
    "function-invocation-failed-django.md": """
FUNCTION_INVOCATION_FAILED Error - Complete Fix Guide
error 1 FUNCTION_INVOCATION_FAILED
fix 7 using an incorrect API format
fix 18 def handler(request)
fix 28 Wrapped Django initialization
fix 34 Improved error handling with tracebacks
cause 41 callback-style API
cause 56 Initialization Errors
cause 69 initialization and request processing
lessons 77 exists to alert you
lessons 93 No shared state between invocations
lessons 126 two incompatible interfaces
detection 133 Callback-Style APIs in Python
detection 147 handler(event, context)
detection 161 cold starts and initialization
alternatives 167 Built-in Django Support
alternatives 192 Generate static HTML
alternatives 213 Very High
alternatives 220 dynamic features, consider FastAPI
resources 226 peps.python.org/pep-3333
verification 233 Check Vercel Logs
verification 237 this is normal
prevention 241 Deploy the updated
prevention 246 SQLite might not work
""",
    "function-invocation-failed-fastapi.md": """
FUNCTION_INVOCATION_FAILED Error - Complete Analysis & Fix
error 1 FUNCTION_INVOCATION_FAILED
fix 16 a fallback app for debugging
fix 32 let it fail loudly
fix 40 instead of a masked failure
cause 49 a "fake" FastAPI app
cause 61 work correctly with Mangum
cause 72 a different broken state
lessons 81 something crashed before
lessons 113 Fail Fast, Fail Loud
lessons 127 ASGI → Lambda adapter
lessons 146 Redeploy with working code
lessons 342 (not import time)
lessons 346 Hide errors in production
detection 154 Around Imports with Fallbacks
detection 206 = fallback_app()
detection 222 let them fail
alternatives 233 lifespan="off"
alternatives 271 Slightly more verbose
alternatives 291 check_groq_client
alternatives 333 for core application imports
verification 356 vercel --prod
verification 371 successful invocations, not crashes
resources 378 mangum.io
""",
}
CHAPTERS = """
Troubleshooting Guide & Learning Points
other 3 invoice processing application
other 6 authentication--credentials-errors
other 15 key-learning-points
lessons 581 Stateless design required
lessons 591 signed URLs for large ones
lessons 602 safe_fallback
lessons 634 Monitor performance metrics
lessons 640 Rotate credentials regularly
lessons 668 Optimize response sizes
other 676 production-ready invoice processing
other 681 Cross-platform compatibility
lessons 686 Local ≠ Production
lessons 696 a learning opportunity
lessons 700 real-world development challenges
"""
TABLE = [
    (name, place, title, pins)
    for name, table in ENTRIES.items()
    for place, (title, pins) in enumerate(read_pins(table).items())
]


@cache
def read(name: str) -> tuple[Document, ParsedSource]:
    """Read a seed as ingest does."""
    document = parse(decode((SEEDS / name).read_bytes()).text)
    return document, split(document, name=name)


@pytest.mark.parametrize(
    ("name", "place", "title", "pins"), TABLE, ids=[title for _, _, title, _ in TABLE]
)
def test_each_section_has_its_phrase(
    name: str, place: int, title: str, pins: tuple[Pin, ...]
) -> None:
    """Each of the 19 entries has its error, cause, fix, lessons and all else from the right lines."""
    document, source = read(name)

    assert source.entries[place].title == title
    check_entry(document, source.entries[place], pins)


def test_there_are_nineteen_entries() -> None:
    """The guide holds seventeen troubles, each of the others one; all have error, fix and lessons."""
    kinds = {place: {pin.kind for pin in pins} for place, (_, _, _, pins) in enumerate(TABLE, 1)}

    assert [len(read(name)[1].entries) for name in ENTRIES] == [17, 1, 1]
    assert all(told >= {"error", "fix", "lessons"} for told in kinds.values())
    assert [place for place, told in kinds.items() if "cause" not in told] == [16]


def test_phrases_are_short_and_telling() -> None:
    """A phrase of eight words at most stands in one section alone, but for two that share an error."""
    shared = {Pin("error", line, "cannot identify image file") for line in (272, 300)}
    told = [(name, pin) for name, _, _, pins in TABLE for pin in pins if pin.line > 1]

    assert [pin for _, pin in told if len(pin.phrase.split()) > 8] == []
    assert {pin for name, pin in told if count_sections(name, pin.phrase) != 1} == shared


def count_sections(name: str, phrase: str) -> int:
    """Tell in how many sections of a seed a phrase stands."""
    source = read(name)[1]
    parts = [*source.sections, *(part for entry in source.entries for part in entry.sections)]
    return sum(phrase in part.text for part in parts)


def test_chapters_stay_with_the_guide() -> None:
    """Contents, learnings and successes are no troubles, and are still there to be found."""
    document, source = read(GUIDE)
    ((title, pins),) = read_pins(CHAPTERS).items()

    assert source.title == title
    assert lost_pins(source.sections, document.lines, pins) == []
    assert bare_sections(source.sections, pins) == []


@pytest.mark.parametrize("name", ENTRIES)
def test_no_garbled_letter_is_shown(name: str) -> None:
    """Titles, headings, sections and pages hold only what somebody meant to write."""
    document, source = read(name)
    shown = [*all_words(source)]
    shown += [render(text) for text in (document.text, *shown)]

    assert [text for text in shown if not WRITTEN.fullmatch(text)] == []
