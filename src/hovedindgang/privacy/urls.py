from django.urls import path

from hovedindgang.privacy import request_views, views

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
    path("pakke/<int:package_id>/gennemset/", views.review, name="review_package"),
]
