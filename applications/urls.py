"""Pages of the people who work on cases."""

from django.urls import path

from applications.views.case import case, reveal_applicant
from applications.views.hall_list import hall_matters
from applications.views.home import home
from applications.views.lists import case_list, case_search
from applications.views.papers import case_paper, case_signature
from applications.views.statement import clock_paper, clock_statement
from applications.views.verbs import case_verb

urlpatterns = [
    path("home/", home, name="home"),
    path("halls/<str:code>/matters/", hall_matters, name="hall_matters"),
    path("cases/", case_list, name="case_list"),
    path("cases/search/", case_search, name="case_search"),
    path("cases/<str:number>/", case, name="case"),
    path("cases/<str:number>/reveal/", reveal_applicant, name="case_reveal"),
    path("cases/<str:number>/papers/<int:paper_id>/", case_paper, name="case_paper"),
    path("cases/<str:number>/papers/<int:paper_id>/signature/", case_signature, name="case_signature"),
    path("cases/<str:number>/clocks/<int:clock_id>/", clock_statement, name="clock_statement"),
    path("cases/<str:number>/clocks/<int:clock_id>/paper/", clock_paper, name="clock_paper"),
    path("cases/<str:number>/do/<slug:verb>/", case_verb, name="case_verb"),
]
