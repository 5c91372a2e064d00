"""The product's settings with one page more: the hello that the product is compared with."""

from hovedindgang.site import settings as product

globals().update({name: value for name, value in vars(product).items() if name.isupper()})
ROOT_URLCONF = "benchmarks.hello_urls"
