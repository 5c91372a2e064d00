"""Static files with a content hash in the name, compressed once when they are collected."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticFiles(CompressedManifestStaticFilesStorage):
    """A missing file is an error in tests and in use: a page without its style is broken."""

    support_js_module_import_aggregation = True  # a module imports its neighbour by the name with the hash
