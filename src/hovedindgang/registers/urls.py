from django.urls import path

from hovedindgang.registers import views

urlpatterns = [
    path("", views.registers, name="registers"),
    path("<int:file_id>/", views.register_file, name="register_file"),
]
