"""How static files are named: by what is in them, the modules inside other modules included."""

from __future__ import annotations

from django.contrib.staticfiles.storage import ManifestStaticFilesStorage


class HashedFiles(ManifestStaticFilesStorage):
    """Django's own, told to follow `import` too; so no import map (an inline script) is needed."""

    support_js_module_import_aggregation = True
