import sys,os,re,glob
os.chdir(sys.argv[1])
sys.path.insert(0,'move_script')
from config import DEST,REN,SYM
def sub(path,*pairs,must=True):
    if not os.path.exists(path): print('POST missing',path); return
    t=open(path).read()
    for a,b in pairs:
        n=t.replace(a,b)
        if n==t and must and b not in t: print('POST no match',path,repr(a)[:70])
        t=n
    open(path,'w').write(t)
# page paths
for f in glob.glob('dashboard/**/*.py',recursive=True)+glob.glob('tests/**/*.py',recursive=True):
    t=open(f).read(); o=t
    def r(m):
        src=f'dashboard/views/{m.group(1)}.py'
        return '"'+DEST[src][len('dashboard/'):]+'"' if src in DEST else m.group(0)
    t=re.sub(r'"views/(\w+)\.py"',r,t)
    if t!=o: open(f,'w').write(t)
PAGES=['flares/page','today/page','today/start_page','shoes/page','diary/log_page','diary/events_page','plan/page','cadence/page','strength/page','strength/tests_page','runs/page','data/page','settings/page','settings/method_page','timeline/page','report/take_home_page']
for p in PAGES:
    f=f'dashboard/{p}.py'; t=open(f).read()
    if '__main__' not in t: t=t.rstrip()+'\n\n\nif __name__ == "__main__":\n    render()\n'
    open(f,'w').write(t)
# main
t=open('dashboard/main.py').read()
t=t.replace('VIEWS = "views"\n','')
FILES={'timeline':'timeline/page','start':'today/start_page','today':'today/page','flares':'flares/page','shoes':'shoes/page','log':'diary/log_page','plan':'plan/page','mechanics':'cadence/page','strength':'strength/page','checks':'strength/tests_page','events':'diary/events_page','runs':'runs/page','data':'data/page','settings':'settings/page','method':'settings/method_page','consult_report':'report/take_home_page'}
for k,v in FILES.items(): t=re.sub(r'_page\("%s", "(?!%s)'%(k,v),'_page("%s", "%s.py", "'%(k,v),t)
for k,fn in (('consult','cover'),('consult_symptoms','symptoms'),('consult_timeline','timeline'),('consult_first','changed_first')):
    t=re.sub(r'_page\("%s", "'%k,'_page("%s", _consult_step("%s"), "'%(k,fn),t) if '_consult_step("%s")'%fn not in t else t
t=t.replace('''def _page(view: str, title: str, icon: str, **more: Any) -> tuple[str, Any]:
    return view, st.Page(f"{VIEWS}/{view}.py", title=title, icon=f":material/{icon}:", **more)
''','''def _page(
    url: str, page: str | Callable[[], None], title: str, icon: str, **more: Any
) -> tuple[str, Any]:
    return url, st.Page(page, url_path=url, title=title, icon=f":material/{icon}:", **more)


def _consult_step(name: str) -> Callable[[], None]:
    """Import the pages of the consult only when one of them is drawn."""
    return lambda: getattr(import_module("dashboard.consult.pages"), name)()
''')
if 'import_module' not in t.split('def ')[0]:
    t=t.replace('from pathlib import Path\n','from collections.abc import Callable\nfrom importlib import import_module\nfrom pathlib import Path\n',1)
open('dashboard/main.py','w').write(t)
# cli
t=open('dashboard/cli.py').read()
for old,new in (('bring_in','"import_", "import"'),('sync','"strava", "sync"'),('connect','"strava", "connect"'),('demo','"store", "demo"'),('log','"log", "log"'),('report','"report", "report"'),('backup','"store", "backup"'),('restore','"store", "restore"'),('forget','"store", "forget"'),('doctor','"store", "doctor"'),('serve','"serve", "serve"')):
    t=t.replace(f'_run("{old}",',f'_run({new},')
t=t.replace('''def _run(command: str, *given: object, **also: object) -> None:''','''def _run(module: str, command: str, *given: object, **also: object) -> None:''')
t=t.replace('import_module(f"dashboard.commands.{command}").run(*given, **also)','getattr(import_module(f"dashboard.commands.{module}"), f"{command}_command")(*given, **also)')
t=t.replace('import_module("dashboard.incident")','import_module("dashboard.shared.crash_log")')
open('dashboard/cli.py','w').write(t)
# formats scan
sub('connectors/__init__.py',('import_module("connectors.files")','import_module("connectors.formats")'),('f"connectors.files.{m.name}"','f"connectors.formats.{m.name}"'),('module.SOURCE for','module.FORMAT for'),('hasattr(module, "SOURCE")','hasattr(module, "FORMAT")'),('connectors/files','connectors/formats'),('SOURCE = Source(...)','FORMAT = FileFormat(...)'),("holds a `SOURCE`","holds a `FORMAT`"),must=False)
os.makedirs('connectors/formats/fit',exist_ok=True)
open('connectors/formats/fit/__init__.py','w').write('"""Garmin FIT files: bytes to sessions."""\n\nfrom connectors.formats.fit.sessions import FORMAT, parse_fit\n\n__all__ = ["FORMAT", "parse_fit"]\n')
# __all__ only in facades
for f in glob.glob('connectors/**/*.py',recursive=True)+glob.glob('dashboard/**/*.py',recursive=True):
    if f.endswith('__init__.py') or f in ('connectors/frames.py',): continue
    t=open(f).read()
    n=re.sub(r'\n__all__ = \[[^\]]*\]\n(""".*?"""\n)?','\n',t,flags=re.S)
    if n!=t: open(f,'w').write(n)
# empty __init__
for f in glob.glob('connectors/**/__init__.py',recursive=True)+glob.glob('dashboard/*/**/__init__.py',recursive=True):
    t=open(f).read()
    import ast
    body=ast.parse(t).body
    if all(isinstance(n,ast.ImportFrom) and n.module=='__future__' or isinstance(n,ast.Expr) for n in body): os.remove(f)
# tests
S='tests/'
for f in glob.glob('tests/**/*.py',recursive=True)+glob.glob('docs/*.py'):
    t=open(f).read(); o=t
    def dotted(m):
        full=m.group(1)
        mod,_,attr=full.rpartition('.')
        rest=''
        for k in range(3):
            src=mod.replace('.','/')+'.py'
            if src in DEST:
                nm=REN.get((mod,attr),attr); dest=SYM.get((mod,attr),DEST[src])
                return '"'+dest[:-3].replace('/','.')+'.'+nm+rest+'"'
            rest='.'+attr+rest; mod,_,attr=mod.rpartition('.')
        return m.group(0)
    t=re.sub(r'"((?:connectors|dashboard)\.[\w.]+)"',dotted,t)
    if t!=o: open(f,'w').write(t)
RN=[('tests/dashboard/shared/test_session.py',[('"runs_of"','"load_runs_of"'),('"adapted"','"adapt_runs"'),('"ground_of"','"recording_data_of"')]),
 ('tests/dashboard/strava_link/test_background_sync.py',[('"beside"','"start_process"')])]
for f,ps in RN: sub(f,*ps)

sub('connectors/formats/xml_reader.py',('TypeVar("V"','TypeVar("VALUE"'))
sub('dashboard/model/load/seconds.py',('TypeVar("Part"','TypeVar("SecondsPart"'),('TypeVar("Found"','TypeVar("CleanSeconds"'))
sub('connectors/__init__.py',('from typing import TYPE_CHECKING\n',''),must=False)
sub('dashboard/model/load/factor.py',('from dashboard.model.load import factors as model_load_factors\n',''),('from dashboard.model.load import factors as folder\n',''),('model_load_factors','folder'),('names = sorted','folder = importlib.import_module("dashboard.model.load.factors")\n    names = sorted'),must=False)
for f in glob.glob('tests/**/*.py',recursive=True):
    t=open(f).read(); o=t
    t=re.sub(r'from tests\.(\w+) import',r'from \1 import',t)
    t=re.sub(r'from tests import (\w+)',r'import \1',t)
    if re.search(r'from \.+conftest import run_row',t):
        t=re.sub(r'from \.+conftest import run_row','from store_builders import activity_row',t); t=re.sub(r'\brun_row\b','activity_row',t)
    depth=f.count('/')
    t=re.sub(r'(ROOT|MAIN|PUBLISHED|file) = Path\(__file__\)(\.resolve\(\))?\.parents\[\d\]',lambda m:f'{m.group(1)} = Path(__file__).resolve().parents[{depth-1 if m.group(1)=="PUBLISHED" else depth}]',t)
    if f=='tests/page_runner.py' or t!=o: open(f,'w').write(t)

t=open('tests/page_runner.py').read()
c=open('tests/dashboard/conftest.py').read()
c=c.replace('app.switch_page(f"views/{view}.py").run()','app.switch_page(FILES[view]).run()')
if 'FILES' not in c.split('def ')[0]: c=c.replace('from page_runner import MAIN','from page_list import FILES\nfrom page_runner import MAIN')
open('tests/dashboard/conftest.py','w').write(c)
p=open('tests/page_list.py').read()
if 'FILES =' not in p:
    p=p.rstrip()+'\n\nFILES = dict(re.findall(r\'_page\\(\\s*"(\\w+)",\\s*"([\\w/]+\\.py)"\', _MAIN.read_text()))\n"""Each page that is a file, by its address."""\n'
p=p.replace('r"_page\\(\\"(\\w+)\\""','r"_page\\(\\s*\\"(\\w+)\\""').replace('"""Names of files in dashboard/views."""','"""Addresses of the pages."""')
open('tests/page_list.py','w').write(p)
for f in glob.glob('tests/dashboard/strava_link/test_routes.py'):
    s=open(f).read(); s=s.replace('background_sync, "begin"','background_sync, "begin_sync"'); open(f,'w').write(s)
