"""What a form may carry: nothing larger than a paste is read, or than an archive where one may come."""

from __future__ import annotations

from tempfile import TemporaryFile
from typing import IO, Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler

FIELDS = 64 * 1024
"""What a form may hold beside its file."""


class BodyLimit(FileUploadHandler):
    """Refuses a body by its announced length, before any of it is read; passes files on unread."""

    def handle_raw_input(
        self,
        input_data: IO[bytes],
        META: dict[str, str],  # noqa: N803  # Django's own name
        content_length: int,
        boundary: str,
        encoding: str | None = None,
    ) -> None:
        """Raise RequestDataTooBig for more than any form of ours holds."""
        if content_length > self.most():
            raise RequestDataTooBig

    def most(self) -> int:
        """Return how many bytes a body may have."""
        return int(settings.DATA_UPLOAD_MAX_MEMORY_SIZE)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """Leave the bytes to the next handler."""
        return raw_data

    def file_complete(self, file_size: int) -> UploadedFile[bytes] | None:
        """Leave the file to the next handler."""
        return None


class ArchiveUpload(BodyLimit):
    """Keeps an archive in the data folder, in a file without a name that no crash leaves behind."""

    def most(self) -> int:
        """Return how many bytes a form with an archive may have."""
        return int(settings.KB_ZIP_BYTES) + FIELDS

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin a file."""
        super().new_file(*args, **kwargs)
        self.file = TemporaryFile(dir=settings.KB_DATA_DIR)  # noqa: SIM115  # the request closes it

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Write the bytes."""
        self.file.write(raw_data)

    def file_complete(self, file_size: int) -> UploadedFile[bytes]:
        """Return the file, to be read from its start."""
        self.file.seek(0)
        return UploadedFile(self.file, self.file_name, self.content_type, file_size)
