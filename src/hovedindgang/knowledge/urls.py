from django.urls import path

from hovedindgang.knowledge import views

urlpatterns = [
    path("", views.articles, name="articles"),
    path("<str:service>/", views.article, name="article"),
    path("<str:service>/<str:language>/ret/", views.edit_article, name="edit_article"),
]
