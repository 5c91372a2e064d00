from django.urls import path

from hovedindgang.people import citizen_views, closing_views, views

urlpatterns = [
    path("", views.start, name="start"),
    path("sprog/", views.set_language, name="set_language"),
    path("vaer/<str:username>/", views.sign_in_as, name="sign_in_as"),
    path("mig/", views.my_settings, name="settings"),
    path("mig/familie/", closing_views.family, name="family"),
    path("lukket/", closing_views.openings, name="openings"),
    path("lukket/borger/<int:citizen_id>/", closing_views.ask_opening, name="ask_opening"),
    path("lukket/<int:opening_id>/aabn/", closing_views.open_for_her, name="open_for_her"),
    path("lukket/<int:opening_id>/set/", closing_views.opening_seen, name="opening_seen"),
    path("medarbejdere/<int:employee_id>/cpr/", closing_views.kin, name="kin"),
    path("medarbejdere/", views.employees, name="employees"),
    path("medarbejdere/ny/", views.new_employee, name="new_employee"),
    path("medarbejdere/<int:employee_id>/", views.edit_employee, name="edit_employee"),
    path("medarbejdere/<int:employee_id>/adgangskode/", views.new_password, name="new_password"),
    path("medarbejdere/<int:employee_id>/trin/", views.replace_second_step, name="replace_second_step"),
    path("medarbejdere/venter/", views.sign_in_locks, name="sign_in_locks"),
    path("medarbejdere/<int:employee_id>/luk/", views.end_sessions, name="end_sessions"),
    path("medarbejdere/<int:employee_id>/aabn/", views.lift_lock, name="lift_lock"),
    path("borgere/<int:citizen_id>/", citizen_views.citizen, name="citizen"),
    path("borgere/<int:citizen_id>/vis/", citizen_views.show_protected, name="show_protected"),
    path("borgere/<int:citizen_id>/beskyt/", citizen_views.protect, name="protect_citizen"),
    path("borgere/<int:citizen_id>/doed/", citizen_views.death, name="record_death"),
    path("borgere/<int:citizen_id>/repraesentation/", citizen_views.new_representation, name="new_representation"),
    path("repraesentation/<int:representation_id>/slut/", citizen_views.revoke, name="revoke_representation"),
    path("repraesentation/<int:representation_id>/bilag/", citizen_views.evidence, name="representation_evidence"),
]
