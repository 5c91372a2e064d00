from django.urls import path

from hovedindgang.contacts import mending_views, views

urlpatterns = [
    path("<int:contact_id>/", views.contact, name="contact"),
    path("<int:contact_id>/her/", views.company, name="company"),
    path("<int:contact_id>/arbejde/<str:step>/", views.claim, name="claim_contact"),
    path("<int:contact_id>/note/", views.add_note, name="add_note"),
    path("<int:contact_id>/saml/", views.merge, name="merge_contacts"),
    path("<int:contact_id>/skil/", views.part, name="part_contacts"),
    path("<int:contact_id>/ret/", mending_views.mend, name="mend"),
    path("<int:contact_id>/ret/<str:what>/", mending_views.mend_contact, name="mend_contact"),
    path("aerinde/<int:enquiry_id>/ret-opgave/", mending_views.mend_service, name="mend_service"),
    path("rettelser/", mending_views.corrections_to_review, name="corrections_to_review"),
    path("rettelser/<int:correction_id>/set/", mending_views.review_correction, name="review_correction"),
    path("note/<int:note_id>/ret/", views.amend_note, name="amend_note"),
    path("note/<int:note_id>/uenig/", views.contest_note, name="contest_note"),
    path("aerinde/<int:enquiry_id>/afslut/", views.conclude, name="conclude_enquiry"),
    path("aerinde/<int:enquiry_id>/overdrag/", views.hand_over, name="hand_over"),
    path("aerinde/<int:enquiry_id>/overtag/", views.take_over, name="take_over_enquiry"),
    path("aerinde/<int:enquiry_id>/aabn/", views.reopen, name="reopen_enquiry"),
    path("aerinde/<int:enquiry_id>/fejl/", views.correct, name="correct_enquiry"),
    path("aerinde/<int:enquiry_id>/foelger/", views.follow, name="follow_enquiry"),
    path("aerinde/<int:enquiry_id>/noegle/", views.open_matter, name="open_matter"),
    path("vist-vej/<int:signpost_id>/", views.got_there, name="got_there"),
    path("overdragelse/<int:handover_id>/<str:step>/", views.handover, name="handover_step"),
    path("mine/", views.my_open, name="my_open"),
    path("indbakke/", views.department_inbox, name="department_inbox"),
    path("soeg/", views.search, name="search_contacts"),
    path("borger/<int:citizen_id>/", views.citizen_history, name="citizen_history"),
    path("borger/<int:citizen_id>/grund/", views.say_why, name="say_why"),
]
