"""The product's settings with one broken variant in front: FAULTS_VARIANT names a function of `faults.broken`."""

import os

from hovedindgang.site import settings as product

globals().update({name: value for name, value in vars(product).items() if name.isupper()})
MIDDLEWARE = [f"faults.broken.{os.environ['FAULTS_VARIANT']}", *product.MIDDLEWARE]
