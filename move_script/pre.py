"""Pre-transform in the old tree: page bodies become `render`."""
import ast,glob,sys,os,re
os.chdir(sys.argv[1])
import tokenize,io
def indent(seg):
    src=''.join(seg); skip=set()
    for tok in tokenize.generate_tokens(io.StringIO(src).readline):
        if tok.type==tokenize.STRING and tok.end[0]>tok.start[0]: skip|=set(range(tok.start[0]+1,tok.end[0]+1))
    return ''.join(l if (i+1 in skip or not l.strip()) else '    '+l for i,l in enumerate(src.splitlines(keepends=True)))

for f in sorted(glob.glob('dashboard/views/*.py')):
    t=open(f).read(); tree=ast.parse(t); lines=t.splitlines(keepends=True); body=tree.body
    if any(isinstance(n,ast.FunctionDef) and n.name=='render' for n in body): continue
    ex=[]
    for n in body:
        if isinstance(n,ast.Expr) and not isinstance(n.value,ast.Constant): ex.append(n)
        elif isinstance(n,(ast.If,ast.For,ast.With,ast.Try)): ex.append(n)
        elif ex and isinstance(n,(ast.Assign,ast.AnnAssign)): ex.append(n)
    if not ex: continue
    start=ex[0].lineno
    # preceding assignment calling state (e.g. today = state.today())
    i=body.index(ex[0])
    while i>0 and isinstance(body[i-1],ast.Assign) and 'state.' in ast.unparse(body[i-1].value): i-=1; start=body[i].lineno
    while lines[start-2].lstrip().startswith('#'): start-=1
    seg=lines[start-1:]
    texts=[ast.unparse(n) for n in ex]
    if len(ex)==2 and texts[0].startswith('st.title(') and re.match(r'page\(',texts[1]):
        fn=next(n for n in body if isinstance(n,ast.FunctionDef) and n.name=='page')
        arg=texts[1][5:-1]
        L=lines[:start-1]
        d=fn.lineno-1
        sig=L[d]
        param=fn.args.args[0].arg if fn.args.args else None
        L[d]=re.sub(r'def page\(.*?\) -> None:','def render() -> None:',sig)
        assert 'def render' in L[d],(f,sig)
        doc=fn.body[0]; at=doc.end_lineno
        ins='    '+texts[0]+'\n'
        if param: ins+=f'    {param} = {arg}\n'
        L.insert(at,ins)
        out=''.join(L).rstrip()+'\n'
    else:
        # consult.py: page() inner
        out=''.join(lines[:start-1]).rstrip()+'\n\n\ndef render() -> None:\n    """Draw the page."""\n'+indent(seg)
    open(f,'w').write(out); ast.parse(out)
