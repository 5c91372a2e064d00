from django.urls import path

from hovedindgang.safety import views

urlpatterns = [
    path("alarm/", views.alarms, name="alarms"),
    path("alarm/slaa/", views.raise_alarm, name="raise_alarm"),
    path("alarm/<int:alarm_id>/<str:step>/", views.alarm_step, name="alarm_step"),
    path("advarsler/", views.warnings, name="warnings"),
    path("advarsler/<int:warning_id>/", views.warning, name="warning"),
    path("borger/<int:citizen_id>/advarsel/", views.propose, name="propose_warning"),
    path("haendelser/", views.incidents, name="incidents"),
    path("haendelser/<int:incident_id>/", views.incident, name="incident"),
]
