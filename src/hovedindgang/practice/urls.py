from django.urls import path

from hovedindgang.practice import views

urlpatterns = [
    path("", views.practice, name="practice"),
    path("gaa/", views.go, name="go_to_practice"),
    path("ind/", views.come, name="come_to_practice"),
    path("nyt/", views.clear, name="clear_practice"),
]
