"""A file on its way in stays in memory: nothing that somebody uploads is ever written down before it was looked at."""

import io

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler

#: The largest file that is taken, in bytes.
LARGEST = 10 * 1024 * 1024
#: A request that announces more than this is refused before it is read.
MOST_SENT = 64 * 1024 * 1024


class InMemoryOnly(FileUploadHandler):
    """Django's own would put a larger file into the system's temporary folder, as it is and under its name.

    Of a file beyond the limit only the size is kept, so that the form can say why it was not taken.
    """

    def handle_raw_input(self, input_data, META, content_length, boundary, encoding=None):  # noqa: N803 (the framework's)
        if content_length > MOST_SENT:
            raise RequestDataTooBig("The request is larger than any file that is taken.")

    def new_file(self, *args, **kwargs):
        super().new_file(*args, **kwargs)
        self.content, self.seen = io.BytesIO(), 0

    def receive_data_chunk(self, raw_data, start):
        self.seen += len(raw_data)
        if self.seen <= LARGEST:
            self.content.write(raw_data)
        else:
            self.content = io.BytesIO()

    def file_complete(self, file_size):
        self.content.seek(0)
        return InMemoryUploadedFile(
            file=self.content, field_name=self.field_name, name=self.file_name, content_type=self.content_type,
            size=file_size, charset=self.charset, content_type_extra=self.content_type_extra,
        )  # fmt: skip
