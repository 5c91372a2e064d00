from django.urls import path

from hovedindgang.insight import views

urlpatterns = [
    path("", views.board, name="board"),
    path("liste/<str:kind>/<str:figure>/", views.board_list, name="board_list"),
]
