from django.urls import path

from hovedindgang.policy import views

urlpatterns = [
    path("", views.policy, name="policy"),
    path("aabne-spoergsmaal/", views.questions, name="policy_questions"),
    path("versioner/", views.versions, name="policy_versions"),
    path("versioner/<int:version_id>/", views.version, name="policy_version"),
    path("versioner/<int:old_id>/til/<int:new_id>/", views.difference, name="policy_difference"),
]
