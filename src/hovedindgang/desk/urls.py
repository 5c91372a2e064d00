from django.urls import path

from hovedindgang.desk import views, views_missing, views_now, views_paper, views_week

urlpatterns = [
    path("", views.desk, name="desk"),
    path("kladde/", views.draft, name="desk_draft"),
    path("seneste/", views.latest, name="desk_latest"),
    path("strip/", views.strip, name="strip"),
    path("ikke-registreret/", views_missing.missing, name="desk_missing"),
    path("taelleuge/", views_week.count_week, name="count_week"),
    path("papir/", views_paper.paper_form, name="paper_form"),
    path("papir/indtast/", views_paper.paper_entry, name="paper_entry"),
    path("nu/", views_now.now, name="now"),
    path("viderestilling/<int:transfer_id>/<str:step>/", views_now.transfer, name="transfer_step"),
    path("sparring/<int:consultation_id>/", views_now.question, name="consultation"),
    path("sparring/<int:consultation_id>/<str:step>/", views_now.question_step, name="consultation_step"),
]
