from django.urls import path

from hovedindgang.people import views

urlpatterns = [
    path("", views.start, name="start"),
    path("sprog/", views.set_language, name="set_language"),
    path("vaer/<str:username>/", views.sign_in_as, name="sign_in_as"),
    path("mig/", views.my_settings, name="settings"),
    path("medarbejdere/", views.employees, name="employees"),
    path("medarbejdere/ny/", views.new_employee, name="new_employee"),
    path("medarbejdere/<int:employee_id>/", views.edit_employee, name="edit_employee"),
    path("medarbejdere/<int:employee_id>/adgangskode/", views.new_password, name="new_password"),
    path("medarbejdere/venter/", views.sign_in_locks, name="sign_in_locks"),
    path("medarbejdere/<int:employee_id>/luk/", views.end_sessions, name="end_sessions"),
    path("medarbejdere/<int:employee_id>/aabn/", views.lift_lock, name="lift_lock"),
]
