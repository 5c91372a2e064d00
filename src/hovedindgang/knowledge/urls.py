from django.urls import path

from hovedindgang.knowledge import views

urlpatterns = [
    path("", views.articles, name="articles"),
    path("<slug:service>/", views.article, name="article"),
    path("<slug:service>/<slug:language>/ret/", views.edit_article, name="edit_article"),
]
