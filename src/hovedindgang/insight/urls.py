from django.urls import path

from hovedindgang.insight import views, views_agreed, views_counts

urlpatterns = [
    path("", views.board, name="board"),
    path("medarbejdere/", views_agreed.agreed, name="agreed_figures"),
    path("talt/", views_counts.hand_counts, name="hand_counts"),
    path("talt/<int:count_id>/", views_counts.hand_count_corrected, name="hand_count"),
    path("liste/<str:kind>/<str:figure>/", views.board_list, name="board_list"),
]
