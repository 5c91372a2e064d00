from django.urls import path

from hovedindgang.scenarios import views, views_inputs, views_runs

urlpatterns = [
    path("", views.scenarios, name="scenarios"),
    path("ny/", views.new_scenario, name="new_scenario"),
    path("<int:scenario_id>/", views.scenario, name="scenario"),
    path("<int:scenario_id>/aendring/", views.add_change, name="add_change"),
    path("<int:scenario_id>/aendring/<int:number>/fjern/", views.remove_change, name="remove_change"),
    path("<int:scenario_id>/koer/", views.start_run, name="start_run"),
    path("grundlag/", views_inputs.inputs, name="plan_inputs"),
    path("grundlag/maal/", views_inputs.measure, name="measure_inputs"),
    path("grundlag/<int:inputs_id>/", views_inputs.document, name="inputs_document"),
    path("grundlag/<int:inputs_id>/efterproev/", views_inputs.replay, name="start_replay"),
    path("koersel/<int:run_id>/", views_runs.run, name="plan_run"),
    path("koersel/<int:run_id>/stop/", views_runs.stop, name="stop_run"),
    path("koersel/<int:run_id>/tvivl/", views_runs.doubt, name="doubt_run"),
    path("koersel/<int:run_id>/udkast/", views_runs.draft, name="draft_run"),
    path("koersel/<int:run_id>/tal.csv", views_runs.as_csv, name="run_csv"),
    path("koersel/<int:run_id>/tal.json", views_runs.as_json, name="run_json"),
    path("sammenlign/", views_runs.compare, name="compare_runs"),
]
