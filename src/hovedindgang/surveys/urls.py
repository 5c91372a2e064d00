from django.urls import path

from hovedindgang.surveys import views

urlpatterns = [
    path("", views.feedbacks, name="feedbacks"),
    path("ny/", views.new_feedback, name="new_feedback"),
    path("tal/", views.feedback_figures, name="feedback_figures"),
    path("tal.csv", views.feedback_csv, name="feedback_csv"),
    path("<int:feedback_id>/", views.feedback, name="feedback"),
    path("<int:feedback_id>/<str:step>/", views.feedback_step, name="feedback_step"),
    path("ord/<int:text_id>/ret/", views.amend_words, name="amend_feedback"),
]
