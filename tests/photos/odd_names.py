"""File names that phones, other systems and other people's cleverness come up with."""

from __future__ import annotations

ODD_NAMES = [
    "", ".", "..", "/", "\\", "~", "-rf", "--help", "-", " ", "  .jpg", ".jpg", "..jpg", "a" * 255,
    "é" * 255, "../../etc/passwd", "/etc/passwd", "..\\..\\windows\\system32", "C:\\photo.jpg",
    "C:photo.jpg", "\\\\server\\share\\photo.jpg", "photo.jpg/", "photo.jpg\\", "a/b/c/d.jpg",
    "nul\x00.jpg", "line\nbreak.jpg", "return\r.jpg", "tab\t.jpg", "bell\x07.jpg", "\x1b[31mred.jpg",
    "\u202egpj.exe", "\u2066hidden\u2069.jpg", "zero\u200bwidth.jpg", "\ufeffbom.jpg",
    "CON", "con.jpg", "NUL", "AUX.png", "COM1", "LPT1.jpg", "$(reboot).jpg", "`reboot`.jpg",
    "; rm -rf .jpg", "| cat.jpg", "&& ls.jpg", "photo.jpg;.html", "%2e%2e%2fphoto.jpg", "%00.jpg",
    "{{ 7*7 }}.jpg", "{% now 'Y' %}.jpg", "<img src=x onerror=alert(1)>.jpg", "'><script>.jpg",
    '"quoted".jpg', "Übergabe.JPG", "фото.jpg", "写真.heic", "صورة.jpg", "👶🏽.jpg", "👨‍👩‍👧.jpg",
    "IMG_2214.HEIC", "photo.jpg.exe", "\ud800.jpg", "a\u0301.jpg", "*.jpg", "?.jpg", "photo:stream.jpg",
]  # fmt: skip
