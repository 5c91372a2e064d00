from django.urls import path

from hovedindgang.governance import views

urlpatterns = [
    path("", views.drafts, name="drafts"),
    path("udkast/<int:version_id>/", views.draft, name="draft"),
    path("dage/", views.exceptional_days, name="exceptional_days"),
    path("dage/<int:day_id>/fjern/", views.withdraw_day, name="withdraw_day"),
]
