"""Forms of the import."""

from django import forms
from django.conf import settings
from django.core.files.base import File

# A hint for the browser's window of files; which kind it is, its first bytes tell.
ACCEPTED = ".txt,.md,.docx,.html,.htm,.pdf,text/plain,text/html,application/pdf"


class UploadForm(forms.Form):
    """The file of a gazette; its content is judged when it is read."""

    file = forms.FileField(
        label="公报文件",
        max_length=200,
        allow_empty_file=True,
        error_messages={
            "required": "请选择公报文件。",
            "missing": "请选择公报文件。",
            "max_length": "文件名太长，请改短后再上传。",
        },
        widget=forms.ClearableFileInput(attrs={"accept": ACCEPTED}),
    )

    def clean_file(self) -> "File[bytes]":
        """Neither empty nor larger than the limit."""
        file: File[bytes] = self.cleaned_data["file"]
        limit = settings.UPLOAD_MAX_BYTES
        if not file.size:
            raise forms.ValidationError("文件是空的，请选择公报正文文件。")
        if file.size > limit:
            raise forms.ValidationError(f"文件超过 {limit // (1024 * 1024)} MB，请分期上传。")
        return file
