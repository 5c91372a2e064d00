from django.urls import path

from hovedindgang.oversight import views

urlpatterns = [
    path("", views.look_ups, name="look_ups"),
    path("spoerg/", views.ask_about, name="ask_about"),
    path("stikproever/", views.samples, name="samples"),
    path("stikproever/<int:year>-<int:month>/", views.sample, name="sample"),
    path("stikproever/<int:year>-<int:month>/spoerg/", views.ask_all, name="ask_all"),
    path("spoergsmaal/<int:question_id>/", views.question, name="question"),
    path("spoergsmaal/<int:question_id>/spoerg/", views.ask, name="ask_question"),
    path("spoergsmaal/<int:question_id>/svar/", views.answer, name="answer_question"),
    path("spoergsmaal/<int:question_id>/afgoer/", views.judge, name="judge_question"),
    path("borger/<int:citizen_id>/", views.citizens_print, name="citizens_print"),
    path("borger/<int:citizen_id>/navn/", views.give_name, name="give_name"),
    path("mit-eget/", views.mine, name="mine"),
]
