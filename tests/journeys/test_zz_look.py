import pytest, sys
from datetime import timedelta
from app import clock
from app.database import writing
from tests.factories.monitored import *
from tests.journeys.test_office_waves import Office
from tests.surroundings.environment import SECRET, Environment
import sqlalchemy as sa, random
pytestmark = pytest.mark.browser
def test_look(served, person, tmp_path):
    office = Office(served(), person(width=1280, java_script_enabled=True))
    with Environment(PEILWIJS_VAR_FOLDER=str(office.server.var_folder), PEILWIJS_SECRET_KEY=SECRET):
        wave_in_fieldwork(tmp_path); cases = let_it_run()
        from tests.factories.fieldwork import make_cases
        from app.collection.tables import Interview
        r = random.Random(3)
        for one in make_cases(300):
            back = clock.now() - timedelta(days=r.choice(range(1, 24)))
            put_message(one, sent_at=clock.now() - timedelta(days=24))
            if r.random() < .5: put_message(one, "7-email-reminder", sent_at=clock.now() - timedelta(days=17))
            if r.random() < .5:
                change_case(one, opened_at=back)
                if r.random() < .8:
                    make_interview(one, grade=8)
                    with writing() as c: c.execute(sa.update(Interview.__table__).where(Interview.__table__.c.case_id == one).values(started_at=back, finished_at=back))
    import os
    paths = os.environ.get("LOOK", "/kantoor/veldwerk/2024 /kantoor/veldwerk/2024/werkpad").replace("{case}", str(cases["opened"])).split()
    for n, path in enumerate(paths):
        office.page.goto(office.server.url + path)
        for w in (1280, 360):
            for scheme in ("light", "dark"):
                if (w, scheme) == (360, "dark"): continue
                office.page.set_viewport_size({"width": w, "height": 900})
                office.page.emulate_media(color_scheme=scheme)
                office.page.screenshot(path=f"/tmp/mon/look{n}-{w}-{scheme}.png", full_page=True)
        office.judge()
