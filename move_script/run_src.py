import sys,json,glob,os
sys.path.insert(0,'move_script')
from mover import *
root=sys.argv[1]; os.chdir(root)
from config import *
src=sorted(glob.glob('connectors/**/*.py',recursive=True)+glob.glob('dashboard/**/*.py',recursive=True))
oth=sorted(glob.glob('tests/**/*.py',recursive=True)+glob.glob('docs/*.py'))
mv=Mover(src+oth,lambda f:open(f).read(),('connectors','dashboard'),DEST,SYM,REN,FACADES,DOCS)
mv.build()
out={}
for p in list(mv.mod_order): out[p]=mv.emit(p)
import collections
for x in sorted(set(mv.problems)): print(x)
# circles
g=collections.defaultdict(set)
for p,t in out.items():
    if p.startswith(('tests','docs')): continue
    tree=ast.parse(t)
    for n in ast.walk(tree):
        if isinstance(n,ast.ImportFrom) and n.module and n.module.split('.')[0] in('connectors','dashboard'):
            for a in n.names:
                full=(n.module+'.'+a.name)
                for cand in (full,n.module):
                    q=cand.replace('.','/')+'.py'; q2=cand.replace('.','/')+'/__init__.py'
                    if q in out: g[p].add(q); break
                    if q2 in out: g[p].add(q2); break
json.dump({k:sorted(v) for k,v in g.items()},open('move_script/graph.json','w'))
def sccs(g):
    idx={};low={};st=[];on=set();res=[];c=[0]
    sys.setrecursionlimit(10000)
    def go(v):
        idx[v]=low[v]=c[0];c[0]+=1;st.append(v);on.add(v)
        for w in g.get(v,()):
            if w not in idx: go(w);low[v]=min(low[v],low[w])
            elif w in on: low[v]=min(low[v],idx[w])
        if low[v]==idx[v]:
            comp=[]
            while True:
                w=st.pop();on.discard(w);comp.append(w)
                if w==v:break
            if len(comp)>1: res.append(comp)
    for v in list(g): 
        if v not in idx: go(v)
    return res
print('FILE CIRCLES'); 
for comp in sccs(g):
    print(' ',comp)
    for a in comp:
        for b in g[a]:
            if b in comp: print('      ',a,'->',b)
folder=lambda p:p.rsplit('/',1)[0]
fg=collections.defaultdict(set); ex=collections.defaultdict(list)
for a,bs in g.items():
    for b in bs:
        if folder(a)!=folder(b): fg[folder(a)].add(folder(b)); ex[(folder(a),folder(b))].append((a,b))
print('FOLDER CIRCLES')
for comp in sccs(fg):
    print(' ',comp)
    for a in comp:
        for b in fg[a]:
            if b in comp: print('      ',a,'->',b, len(ex[(a,b)]), ex[(a,b)][:4])
if len(sys.argv)>2:
    for f in src+oth: os.remove(f)
    for p,t in out.items():
        if p in EMPTY_INIT or True:
            os.makedirs(os.path.dirname(p),exist_ok=True); open(p,'w').write(t)
