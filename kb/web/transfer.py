"""Import and export: a ZIP archive of Markdown in, and every text out as one."""

from __future__ import annotations

from http import HTTPStatus
from tempfile import TemporaryFile
from typing import cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import RequestDataTooBig
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_safe

from kb.entries.alone import Busy
from kb.entries.export import UnsafePath, export_zip
from kb.entries.upload import Upload, take_zip
from kb.entries.zips import BadZip
from kb.models import Source
from kb.web.access import writer
from kb.web.forms import ArchiveForm
from kb.web.uploads import ArchiveUpload

NAMED = 3
"""So many files that were left out are named."""
READ_AWAY = 4
"""So many times the limit is read and forgotten, for a browser shows no answer while it sends."""
CHUNK = 1024 * 1024


@writer
@csrf_exempt  # checked by _take: reading the form earlier would bind it to the smaller limit
@require_http_methods(["GET", "HEAD", "POST"])
def transfer(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return _show(request, ArchiveForm())
    request.upload_handlers = [ArchiveUpload(request)]
    try:
        return _take(request)
    except RequestDataTooBig:
        _read_away(request)
        most = settings.KB_ZIP_BYTES >> 20
        problem = f"That is more than {most} MB. Nothing was read; make several archives of it."
        return _show(request, ArchiveForm(), problem, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)


@writer
@require_safe
def export(request: HttpRequest) -> FileResponse | HttpResponse:
    file = TemporaryFile(dir=settings.KB_DATA_DIR)  # noqa: SIM115  # the response closes it
    try:
        export_zip(file, request.user)
    except UnsafePath as unsafe:
        file.close()
        return _show(request, ArchiveForm(), str(unsafe), HTTPStatus.CONFLICT)
    file.seek(0)
    name = f"rootnote-{timezone.now():%Y-%m-%d}.zip"
    response = FileResponse(file, as_attachment=True, filename=name, content_type="application/zip")
    response["Cache-Control"] = "no-store"
    return response


@csrf_protect
def _take(request: HttpRequest) -> HttpResponse:
    form = ArchiveForm(request.POST, request.FILES)
    if not form.is_valid():
        return _show(request, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    file, force = form.cleaned_data["archive"], form.cleaned_data["force"]
    try:
        upload = take_zip(file, file.name, author=cast("User", request.user), force=force)
    except BadZip as bad:
        return _show(request, form, f"{file.name}: {bad}", HTTPStatus.UNPROCESSABLE_ENTITY)
    except Busy as busy:
        return _show(request, form, str(busy), HTTPStatus.CONFLICT)
    messages.success(request, _tell(upload))
    return redirect(upload.run)


def _read_away(request: HttpRequest) -> None:
    for _ in range(READ_AWAY * settings.KB_ZIP_BYTES // CHUNK):
        if not request.read(CHUNK):
            return


def _tell(upload: Upload) -> str:
    total = len(upload.report.files)
    told = f"Read {total:,} Markdown file{'' if total == 1 else 's'}; what became of each is below."
    names, count = ", ".join(upload.left_out[:NAMED]), len(upload.left_out)
    if not names:
        return told
    more = f" and {count - NAMED:,} more" if count > NAMED else ""
    return f"{told} Left out, not Markdown by name: {names}{more}."


def _show(
    request: HttpRequest, form: ArchiveForm, problem: str = "", status: int = HTTPStatus.OK
) -> HttpResponse:
    context = {
        "form": form,
        "problem": problem,
        "count": Source.objects.visible_to(request.user).count(),
        "most": settings.KB_ZIP_BYTES >> 20,
    }
    return render(request, "transfer/transfer.html", context, status=status)
