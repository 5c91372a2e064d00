from django.urls import path

from hovedindgang.insight import views, views_agreed, views_counts, views_weeks

urlpatterns = [
    path("", views.board, name="board"),
    path("medarbejdere/", views_agreed.agreed, name="agreed_figures"),
    path("taelleuger/", views_weeks.weeks, name="counting_weeks"),
    path("taelleuger/<int:week_id>/", views_weeks.week, name="counting_week"),
    path("taelleuger/<int:week_id>/fil/", views_weeks.week_csv, name="counting_week_file"),
    path("taelleuger/<int:week_id>/slet/", views_weeks.week_dropped, name="counting_week_dropped"),
    path("talt/", views_counts.hand_counts, name="hand_counts"),
    path("talt/<int:count_id>/", views_counts.hand_count_corrected, name="hand_count"),
    path("liste/<str:kind>/<str:figure>/", views.board_list, name="board_list"),
]
