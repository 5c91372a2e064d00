from django.urls import path

from hovedindgang.privacy import views

urlpatterns = [
    path("", views.retention, name="retention"),
    path("tilbagehold/<int:hold_id>/ophaev/", views.lift, name="lift_hold"),
]
