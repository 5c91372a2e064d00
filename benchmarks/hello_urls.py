"""The product's pages, and a view that does nothing under the same server and middleware."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from benchmarks.web import HELLO
from hovedindgang.site.urls import urlpatterns as product


def hello(request: HttpRequest) -> HttpResponse:
    return HttpResponse("Hej")


urlpatterns = [path(HELLO.lstrip("/"), hello), *product]
