import json,collections
NEW=json.load(open('move_script/new.json'))
DEST={o:n for n,os_ in NEW.items() for o in os_}
G='dashboard/plan/guardrails/'
DEST['dashboard/model/guardrail_checks.py']=G+'checks.py'
DEST['dashboard/model/guardrail_changes.py']=G+'fixes.py'
DEST['dashboard/charts/guardrail_words.py']=G+'text.py'
FACADES={'connectors.store','connectors.backup','connectors.demo','connectors.frames'}
S='dashboard/shared/'
_sym={
 'dashboard.charts.stage': {'SMALL':'dashboard/charts/style.py','BODY':'dashboard/charts/style.py','NAME':'dashboard/charts/style.py','FONT':'dashboard/charts/style.py','Plain':'dashboard/charts/style.py'},
 'dashboard.run_words': {k:S+'text.py' for k in ('SURFACE_NAMES','KIND_NAMES','WEEKDAYS','UNKNOWN','YES_NO','run_line','time_words','shoe_labels','EDITED')},
 'connectors.intake': {'settle_days':'connectors/deduplication.py','settle_matches':'connectors/deduplication.py'},
 'dashboard.commands.restore': {'in_words':'dashboard/data/backup_section.py'},
 'dashboard.commands.bring_in': {'KIND':S+'jobs.py'},
 'dashboard.report.page': {'initials':S+'text.py','MOST_INITIALS':S+'text.py'},
 'dashboard.report_words': {'PICTURE_TITLE':'dashboard/timeline/text.py','PICTURE_ALT':'dashboard/timeline/text.py'},
 'dashboard.views.consult_frame': {'is_open':S+'consult_mode.py'},
 'dashboard.charts.event_marks': {'in_view':'dashboard/diary/text.py'},
 'dashboard.manual_run': {'duration_s':S+'units.py'},
 'dashboard.why_words': {'DECIDERS':S+'text.py'},
}
SYM={(m,s):p for m,d in _sym.items() for s,p in d.items()}
REN={}
for l in open('move_script/renames.txt'):
    l=l.strip()
    if not l: continue
    m,rest=l.split(': ',1)
    for p in rest.split():
        a,b=p.split('=')
        if a!=b: REN[(m,a)]=b
DOCS={'dashboard/charts/style.py':'What every figure shares: sizes of type, the font, and the type of plain Plotly data.'}
EMPTY_INIT=set()
DEST['dashboard/views/start.py']='dashboard/today/start_page.py'
SYM[('connectors.intake','settle_days')]='connectors/store/after_import.py'
SYM[('connectors.intake','settle_matches')]='connectors/store/after_import.py'
DOCS['connectors/store/after_import.py']='What is worked out again after rows came in: local dates by the usual zone, and which rows are one run.'
# tests
import glob,os
T={
'tests/connectors/backup/test_backup.py':'tests/connectors/backup/test_restore.py',
'tests/connectors/backup/test_many_runners.py':'tests/connectors/backup/test_restore_many_runners.py',
'tests/connectors/files/test_fit_hostile.py':'tests/connectors/formats/fit/test_decoder_hostile.py',
'tests/connectors/files/test_fit_oracle.py':'tests/connectors/formats/fit/test_decoder_oracle.py',
'tests/connectors/store/test_processes.py':'tests/connectors/store/test_database_processes.py',
'tests/connectors/store/test_sharing.py':'tests/connectors/store/test_database_sharing.py',
'tests/connectors/strava/test_faults.py':'tests/connectors/strava/test_sync_faults.py',
'tests/connectors/test_demo.py':'tests/connectors/demo/test_runner.py',
'tests/dashboard/charts/test_flare_pages.py':'tests/dashboard/flares/test_cards.py',
'tests/dashboard/charts/test_left_out.py':'tests/dashboard/timeline/test_figure_excluded.py',
'tests/dashboard/test_connect_command.py':'tests/dashboard/commands/test_strava_connect.py',
'tests/dashboard/test_sync_command.py':'tests/dashboard/commands/test_strava_sync.py',
'tests/dashboard/test_keeping_commands.py':'tests/dashboard/commands/test_store.py',
'tests/dashboard/views/test_main.py':'tests/dashboard/test_main.py',
'tests/dashboard/conftest.py':'tests/store_builders.py',
'tests/dashboard/charts/conftest.py':'tests/run_builders.py',
'tests/dashboard/model/conftest.py':'tests/model_builders.py',
'tests/dashboard/report/conftest.py':'tests/demo_builders.py',
'tests/dashboard/views/conftest.py':'tests/page_runner.py',
}
taken=set(T.values())
for f in sorted(glob.glob('tests/connectors/**/test_*.py',recursive=True)+glob.glob('tests/dashboard/**/test_*.py',recursive=True)):
    if f in T: continue
    base=f[len('tests/'):]; d,b=os.path.split(base); src=f'{d}/{b[5:]}'
    n=DEST.get(src,src); nd,nb=os.path.split(n); t=f'tests/{nd}/test_{nb}'
    if t in taken:
        t=f'tests/{nd}/test_{nb[:-3]}_{b[5:]}'
    if t in taken: t=t[:-3]+'_'+d.split('/')[-1]+'.py'
    assert t not in taken,(f,t)
    taken.add(t); T[f]=t
DEST.update(T)

for _m,_names in {
 'tests.dashboard.conftest':('home','store','athlete_id'),
 'tests.dashboard.charts.conftest':('steady','jumping','fifteen_years','make_run','shoe_names'),
 'tests.dashboard.model.conftest':('made',),
 'tests.dashboard.report.conftest':('demo','demo_runner','demo_ready','demo_page'),
 'tests.dashboard.views.conftest':('open_page',),
}.items():
    for _n in _names: SYM[(_m,_n)]='tests/dashboard/conftest.py'
REN[('tests.dashboard.conftest','run_row')]='activity_row'
DOCS['tests/dashboard/conftest.py']='Fixtures of the dashboard: a store with a little running, made-up analyses, the demo, a page run without a browser.'
REN[('tests.dashboard.conftest','FIRST')]='FIRST_STORED_DAY'
