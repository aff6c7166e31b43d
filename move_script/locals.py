"""Rename parameters and locals by their type, with the keyword uses of parameters."""
import ast,glob,sys,os,re,collections
os.chdir(sys.argv[1])
src=sorted(glob.glob('connectors/**/*.py',recursive=True)+glob.glob('dashboard/**/*.py',recursive=True))
allf=src+sorted(glob.glob('tests/**/*.py',recursive=True)+glob.glob('docs/*.py'))
BYTYPE=[ # (names, annotation regex, new)
 ({'found','now','what'},r'^Analysis( \| None)?$','analysis'),
 ({'why','found'},r'^FlareExplanation( \| None)?$','explanation'),
 ({'mine','now','one','him','runner_','shown'},r'^Runner( \| None)?$','runner'),
 ({'mine','me'},r'^int( \| None)?$','athlete_id'),
 ({'look','colours'},r'^Palette$','palette'),
 ({'look'},r'^TimelineOptions$','options'),
 ({'stage'},r'^ScreenCanvas$','canvas'),
 ({'paper'},r'^PrintCanvas$','canvas'),
 ({'lane'},r'^LaneArea$','area'),
 ({'band'},r'^PrintArea$','area'),
 ({'picture','drawn'},r'^TimelineData$','timeline_data'),
 ({'ground','recorded'},r'^RecordingData$','recordings'),
 ({'ground'},r'^PlanContext$','context'),
 ({'kept'},r'^Store$','store'),
 ({'kept','done'},r'^Change( \| None)?$','change'),
 ({'kept','done'},r'^ManualChange( \| None)?$','change'),
 ({'kept','found','said','told','mine'},r'^(pl\.)?(DataFrame|LazyFrame)$','rows'),
 ({'told','said'},r'^(list|Sequence|tuple)\[str(, \.\.\.)?\]$','sentences'),
 ({'told','said'},r'^str$','sentence'),
 ({'act'},r'^EditBatch$','batch'),
 ({'who'},r'^str$','decided_by'),
 ({'baseline'},r'^ReferenceKm','reference_km'),
 ({'usual'},r'^UsualWeek$','usual_week'),
 ({'seen','outlook'},r'^PlanProjection$','projection'),
 ({'crossing','crossed'},r'^Violation$','violation'),
 ({'crossings'},r'^(list|Sequence)\[Violation\]$','violations'),
 ({'standing'},r'^SyncStatus( \| None)?$','status'),
 ({'standing'},r'^CurrentLoad( \| None)?$','current'),
 ({'standing'},r'^LadderPosition( \| None)?$','position'),
 ({'under','under_way','way'},r'^SyncContext$','context'),
 ({'budget'},r'^RateLimiter$','limiter'),
 ({'page','whole','laid_out'},r'^ReportPage$','report_page'),
 ({'material','made','of'},r'^ReportInput$','report_input'),
 ({'whole'},r'^RunnerExport$','export'),
 ({'survey','found'},r'^ImportPlan$','plan'),
 ({'measures'},r'^TimelineWindow$','window'),
 ({'course'},r'^TestHistory$','history'),
 ({'shelf'},r'^CatalogueIndex$','index'),
 ({'wardrobe'},r'^ShoeAssignments$','assignments'),
]
class Fn: pass
funcs={}  # (file,name)->node ; methods by name
byname=collections.defaultdict(list)
trees={}
for f in allf:
    t=open(f).read(); tree=ast.parse(t); trees[f]=(t,tree)
    for n in ast.walk(tree):
        if isinstance(n,(ast.FunctionDef,ast.AsyncFunctionDef)): byname[n.name].append((f,n))
ret={}
for nm,l in byname.items():
    anns={ast.unparse(n.returns) for f,n in l if n.returns and f in src}
    if len(anns)==1: ret[nm]=anns.pop()
def rule(name,ann):
    for names,rx,new in BYTYPE:
        if name in names and re.match(rx,ann): return new
def argsof(fn): 
    a=fn.args; return [*a.posonlyargs,*a.args,*a.kwonlyargs]
def names_in(fn): 
    s=set()
    for w in ast.walk(fn):
        if isinstance(w,ast.Name): s.add(w.id)
        elif isinstance(w,ast.arg): s.add(w.arg)
        elif isinstance(w,(ast.FunctionDef,)) and w is not fn: s.add(w.name)
        elif isinstance(w,ast.ExceptHandler) and w.name: s.add(w.name)
    return s
kwren=collections.defaultdict(dict) # funcname -> {old:new}
edits=collections.defaultdict(list)
count=collections.Counter(); conflicts=[]
def off(t):
    o=[0]
    for l in t.splitlines(keepends=True): o.append(o[-1]+len(l))
    return o
def scan(f,t,tree):
    lines=t.splitlines(keepends=True); offs=off(t)
    def pos(l,c): return offs[l-1]+len(lines[l-1].encode()[:c].decode())
    modnames={x.id for n in tree.body for x in ast.walk(n) if isinstance(x,ast.Name) and isinstance(x.ctx,ast.Store)} if False else set()
    imported=set()
    for n in tree.body:
        if isinstance(n,(ast.Import,ast.ImportFrom)): imported|={(a.asname or a.name).split('.')[0] for a in n.names}
        elif isinstance(n,(ast.FunctionDef,ast.ClassDef)): imported.add(n.name)
        elif isinstance(n,ast.Assign): imported|={x.id for tt in n.targets for x in ast.walk(tt) if isinstance(x,ast.Name)}
    outer=[n for n in ast.walk(tree) if isinstance(n,(ast.FunctionDef,ast.AsyncFunctionDef))]
    inner=set()
    for n in outer:
        for w in ast.walk(n):
            if w is not n and isinstance(w,(ast.FunctionDef,ast.AsyncFunctionDef)): inner.add(w)
    for fn in outer:
        if fn in inner: continue
        plan={}
        for a in argsof(fn):
            if a.annotation:
                new=rule(a.arg,ast.unparse(a.annotation).strip("'\""))
                if new and f in src: plan[a.arg]=(new,'p')
        for w in ast.walk(fn):
            tgt=val=None
            if isinstance(w,ast.Assign) and len(w.targets)==1 and isinstance(w.targets[0],ast.Name): tgt,val=w.targets[0].id,w.value
            elif isinstance(w,ast.NamedExpr): tgt,val=w.target.id,w.value
            elif isinstance(w,ast.AnnAssign) and isinstance(w.target,ast.Name):
                new=rule(w.target.id,ast.unparse(w.annotation)); 
                if new: plan.setdefault(w.target.id,(new,'l'))
                continue
            elif isinstance(w,ast.Assign) and len(w.targets)==1 and isinstance(w.targets[0],ast.Tuple) and isinstance(w.value,ast.Tuple) and len(w.value.elts)==len(w.targets[0].elts):
                for e,v in zip(w.targets[0].elts,w.value.elts):
                    if isinstance(e,ast.Name) and isinstance(v,ast.Call):
                        nm=v.func.attr if isinstance(v.func,ast.Attribute) else getattr(v.func,'id',None)
                        if nm in ret:
                            new=rule(e.id,ret[nm])
                            if new: plan.setdefault(e.id,(new,'l'))
                continue
            if tgt and isinstance(val,ast.Call):
                nm=val.func.attr if isinstance(val.func,ast.Attribute) else getattr(val.func,'id',None)
                if nm in ret:
                    new=rule(tgt,ret[nm])
                    if new: plan.setdefault(tgt,(new,'l'))
        if not plan: continue
        used=names_in(fn)
        done=set()
        for old,(new,kind) in plan.items():
            if new in used or new in imported or new in done: conflicts.append((f,fn.name,old,new)); continue
            done.add(new)
            for w in ast.walk(fn):
                if isinstance(w,ast.Name) and w.id==old: edits[f].append((pos(w.lineno,w.col_offset),pos(w.end_lineno,w.end_col_offset),new))
                elif isinstance(w,ast.arg) and w.arg==old:
                    s=pos(w.lineno,w.col_offset); edits[f].append((s,s+len(old),new))
            if kind=='p': kwren[fn.name][old]=new
            count[(old,new)]+=1
for f in allf: scan(f,*trees[f])
# keyword uses
amb=set()
for nm,m in kwren.items():
    for f,n in byname[nm]:
        for old in m:
            if any(a.arg==old for a in argsof(n)) : pass
for f in allf:
    t,tree=trees[f]; lines=t.splitlines(keepends=True); offs=off(t)
    def pos(l,c): return offs[l-1]+len(lines[l-1].encode()[:c].decode())
    for w in ast.walk(tree):
        if isinstance(w,ast.Call):
            nm=w.func.attr if isinstance(w.func,ast.Attribute) else getattr(w.func,'id',None)
            if nm in kwren:
                for k in w.keywords:
                    if k.arg in kwren[nm]:
                        s=pos(k.lineno,k.col_offset); edits[f].append((s,s+len(k.arg),kwren[nm][k.arg])); 
        # docstring params
# docstrings: "old : Type" lines
for f,es in edits.items():
    t=trees[f][0]; out=[];p=0
    for a,b,n in sorted(set(es)):
        if a<p: continue
        out.append(t[p:a]);out.append(n);p=b
    out.append(t[p:]); new=''.join(out); ast.parse(new)
    open(f,'w').write(new)
print(count.most_common(60)); print('conflicts',len(conflicts)); 
if len(sys.argv)>2:
    for c in conflicts: print(c)
