from django.urls import path

from hovedindgang.privacy import breach_views, request_views, views

urlpatterns = [
    path("", views.retention, name="retention"),
    path("tilbagehold/<int:hold_id>/ophaev/", views.lift, name="lift_hold"),
    path("borger/", views.find_citizen, name="find_citizen_rights"),
    path("borger/<int:citizen_id>/", views.citizen_rights, name="citizen_rights"),
    path("borger/<int:citizen_id>/pakke/", views.citizen_package, name="citizen_package"),
    path("borger/<int:citizen_id>/slet/", views.erase, name="erase_citizen"),
    path("anmodninger/", request_views.requests, name="rights_requests"),
    path("borger/<int:citizen_id>/anmodning/<int:enquiry_id>/forlaeng/", request_views.prolong, name="prolong_request"),
    path("borger/<int:citizen_id>/anmodning/<int:enquiry_id>/svar/", request_views.answer, name="answer_request"),
    path("borger/<int:citizen_id>/anmodning/", request_views.register, name="register_request"),
    path("borger/<int:citizen_id>/ret/", request_views.correct, name="correct_citizen"),
    path("borger/<int:citizen_id>/begraens/", request_views.restrict, name="restrict_citizen"),
    path("borger/<int:citizen_id>/ophaev/", request_views.unrestrict, name="lift_restriction"),
    path("brud/", breach_views.breaches, name="breaches"),
    path("brud/<int:breach_id>/", breach_views.breach, name="breach"),
    path("brud/<int:breach_id>/vurder/", breach_views.assess, name="assess_breach"),
    path("brud/<int:breach_id>/anmeldt/", breach_views.notified, name="breach_notified"),
    path("brud/<int:breach_id>/fortalt/", breach_views.told, name="citizens_told"),
    path("brud/<int:breach_id>/luk/", breach_views.close, name="close_breach"),
    path("brud/<int:breach_id>/hent/", breach_views.export, name="export_breach"),
    path("pakke/<int:package_id>/gennemset/", views.review, name="review_package"),
]
