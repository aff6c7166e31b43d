"""Docstrings in two grades, by script."""
import ast,glob,sys,os,re,textwrap,collections
os.chdir(sys.argv[1])
SCI=('dashboard/model/','connectors/recordings/','connectors/formats/','connectors/contract.py','connectors/frames.py')
VERB={'Give':'Return','Gives':'Return','Make':'Build','Put':'Put'}
NAMED=re.compile(r'doi|PMID|RFC \d|https?:|\bISO\b|10\.\d{4}|\b(19|20)\d\d\b|IUGG|W3C|\.com/|\.org/|GPX 1|Garmin Training|age format|Strava, "Auth|guidelines|schema|Parquet format|Fernet',re.I)
SECT=re.compile(r'^(Parameters|Returns|Yields|Raises|Source|Notes|References|Attributes|Examples|See Also|Warnings)\n-{3,}\n',re.M)
def split(doc):
    ms=list(SECT.finditer(doc))
    head=doc[:ms[0].start()] if ms else doc
    secs=[]
    for i,m in enumerate(ms):
        e=ms[i+1].start() if i+1<len(ms) else len(doc)
        secs.append([m.group(1),doc[m.end():e].strip('\n')])
    return head.strip(),secs
def params(body):
    out=[]
    for l in body.split('\n'):
        if l and not l.startswith(' '): out.append([l,[]])
        elif out: out[-1][1].append(l)
    return out
index={} # module->func->params dict
files=sorted(glob.glob('connectors/**/*.py',recursive=True)+glob.glob('dashboard/**/*.py',recursive=True))
trees={}
OLD2NEW={}
sys.path.insert(0,'move_script')
from config import REN,DEST
for f in files:
    t=open(f).read(); tree=ast.parse(t); trees[f]=(t,tree)
    for n in ast.walk(tree):
        if isinstance(n,(ast.FunctionDef,ast.ClassDef)):
            d=ast.get_docstring(n)
            if d:
                h,s=split(d)
                for name,b in s:
                    if name=='Parameters':
                        for k,v in params(b):
                            names,_,typ=k.partition(' : ')
                            for nm in names.split(','):
                                nm=nm.strip()
                                index.setdefault((f,n.name),{})[nm]=(typ,v); index.setdefault((None,n.name),{}).setdefault(nm,(typ,v))
newof={}
for (m,a),b in REN.items(): newof.setdefault(a,set()).add(b)
def lookup(f,ref,nm,depth=0):
    ref=ref.split('.')[-1]
    cands=[ref]+sorted(newof.get(ref,()))
    for key in [(f,c) for c in cands]+[(None,c) for c in cands]:
        got=index.get(key,{}).get(nm)
        if got:
            m=re.match(r'\s*As for `([\w.]+)`',' '.join(got[1])) 
            if m and depth<4: return lookup(f,m.group(1),nm,depth+1)
            if not m: return got
    return None
def reason(body):
    b=' '.join(body.split())
    m=re.match(r'^ours(?:, [^:;.]*)?[:;,]\s*(.*)$',b)
    if b in('ours.','ours'): return None,''
    if m: r=m.group(1)
    elif b.startswith('ours. '): r=b[6:]
    else: r=b
    return r[:1].upper()+r[1:],''
def new_doc(f,n,doc,sci):
    head,secs=split(doc)
    first=head.split()[0] if head.split() else ''
    if first in VERB: head=VERB[first]+head[len(first):]
    out=head
    keep=[]
    for name,b in secs:
        if name=='Source':
            txt=' '.join(b.split())
            if NAMED.search(b):
                keep.append(['References',re.sub(r'^ours[,;:] ?(.*)',lambda m:m.group(1)[:1].upper()+m.group(1)[1:],b,flags=re.S)])
            else:
                r,_=reason(b)
                if r: out=out.rstrip()+'\n\n'+'\n'.join(textwrap.wrap(r,112)) if sci else out.rstrip()+'\n\n'+'\n'.join(textwrap.wrap(r,112))
        elif sci:
            if name=='Parameters' and 'As for' in b:
                nb=[]
                for k,v in params(b):
                    vt=' '.join(x.strip() for x in v)
                    m=re.match(r'As for `([\w.]+)`[.,;]?\s*(.*)$',vt)
                    if m:
                        names,_,typ=k.partition(' : ')
                        miss=[]
                        for nm in [x.strip() for x in names.split(',')]:
                            got=lookup(f,m.group(1),nm)
                            if got:
                                nb.append(nm+(' : '+(got[0] or typ) if (got[0] or typ) else '')); nb+=got[1]
                                if m.group(2): nb.append('    '+m.group(2))
                            else: miss.append(nm)
                        for nm in miss: nb.append(nm+(' : '+typ if typ else '')); nb.append('    As in `%s`.'%m.group(1).split('.')[-1])
                    else: nb.append(k); nb+=v
                b='\n'.join(nb)
            keep.append([name,b])
    if not sci:
        # summary: first paragraph only, plus reason line
        paras=out.split('\n\n')
        out='\n'.join(paras[0].split('\n')) if len(paras)==1 else '\n\n'.join(paras)
    for name,b in keep: out+=f'\n\n{name}\n{"-"*len(name)}\n{b}'
    return out
from config import SYM
uniq=collections.defaultdict(set)
for (m,a),b in REN.items(): uniq[a].add(b)
moduniq=collections.defaultdict(set)
for o,n in DEST.items():
    if o.startswith(('connectors','dashboard')): moduniq[o.split('/')[-1][:-3]].add(n.split('/')[-1][:-3])
OLDOF=collections.defaultdict(set)
for o,n in DEST.items(): OLDOF[n].add(o[:-3].replace('/','.'))
def new_ident(f,tok):
    parts=tok.split('.')
    if len(parts)==1:
        for m in OLDOF[f]:
            if (m,tok) in REN: return REN[(m,tok)]
        if len(uniq.get(tok,()))==1 and (tok[0].isupper() or '_' in tok): return next(iter(uniq[tok]))
        return tok
    if len(parts)==2:
        c={REN[k] for k in REN if k[1]==parts[1] and k[0].split('.')[-1]==parts[0]}
        ms=moduniq.get(parts[0],set())
        return (next(iter(ms)) if len(ms)==1 else parts[0])+'.'+(next(iter(c)) if len(c)==1 else parts[1])
    full=tok.split('.')
    return tok
def idents(f,doc):
    doc=re.sub(r'`([A-Za-z_][\w.]*)`',lambda m:'`'+new_ident(f,m.group(1))+'`',doc)
    def ty(m):
        return m.group(1)+re.sub(r'\b[A-Z]\w+\b',lambda x:new_ident(f,x.group(0)),m.group(2))
    return re.sub(r'(?m)^([\w, ]+ : )(.*)$',ty,doc)
def ret_types(f,doc):
    return re.sub(r'(?m)(^Returns\n-+\n)([A-Z]\w+)',lambda m:m.group(1)+new_ident(f,m.group(2)),doc)
for f in files:
    t,tree=trees[f]; sci=f.startswith(SCI); lines=t.splitlines(keepends=True); edits=[]
    for n in ast.walk(tree):
        if isinstance(n,(ast.Module,ast.ClassDef,ast.FunctionDef,ast.AsyncFunctionDef)) and n.body and isinstance(n.body[0],ast.Expr) and isinstance(n.body[0].value,ast.Constant) and isinstance(n.body[0].value.value,str):
            d=n.body[0]; doc=ast.get_docstring(n)
            if not doc: continue
            nd=ret_types(f,idents(f,new_doc(f,n,doc,sci)))
            if nd==doc: continue
            raw=ast.get_source_segment(t,d); q='r' if raw.startswith('r') else ''
            ind=' '*d.col_offset
            esc=nd if q else nd.replace('\\','\\\\')
            ls=esc.split('\n')
            if len(ls)==1 and len(ind)+len(esc)+6+len(q)<=118: s=f'{q}"""{esc}"""'
            else: s=f'{q}"""'+'\n'.join([ls[0]]+[(ind+l if l else '') for l in ls[1:]])+f'\n{ind}"""'
            edits.append((d.lineno,d.end_lineno,ind+s+'\n'))
    for a,b,s in sorted(edits,reverse=True): lines[a-1:b]=[s]
    new=''.join(lines); 
    def strip(tr):
        for n in ast.walk(tr):
            if isinstance(n,(ast.Module,ast.ClassDef,ast.FunctionDef,ast.AsyncFunctionDef)) and ast.get_docstring(n) is not None: n.body=n.body[1:]
        return ast.dump(tr)
    assert strip(ast.parse(new))==strip(ast.parse(t)),f
    open(f,'w').write(new)
