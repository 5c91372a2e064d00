"""The product's settings, with the points at which processes die, and at will one broken variant (FAULTS_VARIANT)."""

import os

from faults import broken
from hovedindgang.site import settings as product

globals().update({name: value for name, value in vars(product).items() if name.isupper()})
INSTALLED_APPS = [*product.INSTALLED_APPS, "faults.points.Points"]
MIDDLEWARE = ["faults.points.around_answers", *product.MIDDLEWARE]
_variant = os.environ.get("FAULTS_VARIANT", "")
if _variant in broken.MIDDLEWARE:
    MIDDLEWARE = [f"faults.broken.{_variant}", *MIDDLEWARE]
DATABASES = broken.databases(_variant, product.DATABASES)
