from django.urls import path

from hovedindgang.desk import views

urlpatterns = [
    path("", views.desk, name="desk"),
    path("kladde/", views.draft, name="desk_draft"),
    path("strip/", views.strip, name="strip"),
]
