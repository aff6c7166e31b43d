"""Move & merge python modules at symbol level, rewriting references."""
from __future__ import annotations
import ast, re, sys, json, collections
from pathlib import Path

class Mod:
    def __init__(self, path, text, name):
        self.path, self.text, self.name = path, text, name
        self.tree = ast.parse(text)
        self.lines = text.splitlines(keepends=True)
        # byte-based col offsets: convert
        self.offs=[0]
        for l in self.lines: self.offs.append(self.offs[-1]+len(l))
        self.chunks=[]   # (names, start_line, end_line, node_list)
        self.defs={}     # name->chunk idx
        self.binds={}    # name->('mod',M)|('sym',M,s)
        self.ext_imports=[] # source text of external imports (top-level)
        self.nested_imports=[]
    def pos(self, line, col):
        l=self.lines[line-1]
        return self.offs[line-1]+len(l.encode()[:col].decode())

def modname(path):
    p=path[:-3].replace('/','.')
    return p[:-9] if p.endswith('.__init__') else p

def target_names(node):
    out=[]
    def tgt(t):
        if isinstance(t,ast.Name): out.append(t.id)
        elif isinstance(t,(ast.Tuple,ast.List)):
            for e in t.elts: tgt(e)
        elif isinstance(t,ast.Starred): tgt(t.value)
    if isinstance(node,(ast.FunctionDef,ast.AsyncFunctionDef,ast.ClassDef)): out.append(node.name)
    elif isinstance(node,ast.Assign):
        for t in node.targets: tgt(t)
    elif isinstance(node,(ast.AnnAssign,ast.AugAssign)): tgt(node.target)
    elif isinstance(node,ast.TypeAlias if hasattr(ast,'TypeAlias') else ()): tgt(node.name)
    elif isinstance(node,(ast.If,ast.For,ast.With,ast.Try)):
        for b in node.body: out+=target_names(b)
    return out

class Mover:
    def __init__(self, files, read, roots, dest_default, sym_moves=None, renames=None, facades=(), docs=None, scope_roots=('connectors','dashboard')):
        self.mods={}
        self.roots=roots
        for f in files:
            m=Mod(f, read(f), modname(f)); self.mods[m.name]=m
        self.dest_default=dest_default      # old path -> new path
        self.sym_moves=sym_moves or {}      # (mod,sym)->new path
        self.renames=renames or {}          # (mod,sym)->new
        self.facades=set(facades)
        self.docs=docs or {}
        self.problems=[]
        for m in self.mods.values(): self.scan(m)
    def is_project(self, name): return name.split('.')[0] in self.roots
    def scan(self, m):
        body=m.tree.body; i=0
        prev_end=0
        if body and isinstance(body[0],ast.Expr) and isinstance(body[0].value,ast.Constant) and isinstance(body[0].value.value,str):
            m.doc=body[0]; prev_end=body[0].end_lineno; body=body[1:]
        else: m.doc=None
        m.footer=[]
        for node in body:
            start=node.lineno
            if getattr(node,'decorator_list',None): start=min(d.lineno for d in node.decorator_list)
            if isinstance(node,(ast.Import,ast.ImportFrom)):
                self.bind(m,node,top=True); prev_end=node.end_lineno; continue
            if isinstance(node,ast.If) and ast.unparse(node.test)=='TYPE_CHECKING':
                m.type_checking=node
                for n in node.body: self.bind(m,n,top='tc')
                prev_end=node.end_lineno; continue
            # preceding comments
            s=start
            while s-1>prev_end and (m.lines[s-2].lstrip().startswith('#') or (m.lines[s-2].strip()=='' and s-2>prev_end and m.lines[s-3].lstrip().startswith('#'))): s-=1
            if isinstance(node,ast.Expr) and isinstance(node.value,ast.Constant) and isinstance(node.value.value,str) and m.chunks:
                c=m.chunks[-1]; c['end']=node.end_lineno; c['nodes'].append(node); prev_end=node.end_lineno; continue
            names=target_names(node)
            # same-line trailing
            c={'names':names,'start':s,'end':node.end_lineno,'nodes':[node],'m':m}
            m.chunks.append(c)
            for n in names: m.defs.setdefault(n,c)
            prev_end=node.end_lineno
        # nested imports
        for node in ast.walk(m.tree):
            if isinstance(node,(ast.Import,ast.ImportFrom)) and node not in m.tree.body:
                tc=getattr(m,'type_checking',None)
                if tc is not None and node in tc.body: continue
                m.nested_imports.append(node)
                before=dict(m.binds); self.bind(m,node,top=False)
                m.__dict__.setdefault('nested_names',set()).update(k for k in m.binds if k not in before)
    def bind(self,m,node,top):
        if isinstance(node,ast.Import):
            for a in node.names:
                if self.is_project(a.name): raise SystemExit(f'plain import {m.path} {a.name}')
            if top: m.ext_imports.append((ast.get_source_segment(m.text,node),top))
            return
        if node.level:
            if top: m.ext_imports.append((ast.get_source_segment(m.text,node),top))
            return
        if node.module=='__future__': return
        if not self.is_project(node.module) :
            if top: m.ext_imports.append((ast.get_source_segment(m.text,node),top))
            return
        for a in node.names:
            full=f'{node.module}.{a.name}'; b=a.asname or a.name
            if full in self.mods: m.binds[b]=('mod',full)
            elif node.module in self.mods: m.binds[b]=('sym',node.module,a.name)
            else: self.problems.append(f'{m.path}: import of unknown {full}')
            if a.asname: m.__dict__.setdefault('asnames',{})[b]=a.asname
    def origin(self, M, s, depth=0):
        """follow re-exports"""
        mod=self.mods.get(M)
        if mod is None or M in self.facades: return (M,s)
        if s in mod.defs: return (M,s)
        b=mod.binds.get(s)
        if b and b[0]=='sym' and depth<5: return self.origin(b[1],b[2],depth+1)
        if b and b[0]=='mod': return ('MOD',b[1])
        return (M,s)
    def new_path_of_mod(self,M): 
        p=self.mods[M].path
        return self.dest_default.get(p,p)
    def dest(self,M,s):
        M,s=self.origin(M,s)
        if (M,s) in self.sym_moves: return self.sym_moves[(M,s)]
        return self.new_path_of_mod(M)
    def newname(self,M,s):
        M,s=self.origin(M,s)
        return self.renames.get((M,s),s)
    # ---- scope analysis
    def local_names(self, fn):
        names=set(); glob=set()
        args=fn.args
        for a in [*args.posonlyargs,*args.args,*args.kwonlyargs,*( [args.vararg] if args.vararg else []),*([args.kwarg] if args.kwarg else [])]: names.add(a.arg)
        body=fn.body if isinstance(fn.body,list) else [fn.body]
        def visit(n):
            if isinstance(n,(ast.FunctionDef,ast.AsyncFunctionDef,ast.ClassDef)): names.add(n.name); 
            elif isinstance(n,ast.Lambda): pass
            elif isinstance(n,(ast.ListComp,ast.SetComp,ast.DictComp,ast.GeneratorExp)):
                for w in ast.walk(n):
                    if isinstance(w,ast.NamedExpr): names.add(w.target.id)
                return
            elif isinstance(n,ast.Global): glob.update(n.names)
            elif isinstance(n,ast.Name) and isinstance(n.ctx,(ast.Store,ast.Del)): names.add(n.id)
            elif isinstance(n,ast.ExceptHandler) and n.name: names.add(n.name)
            elif isinstance(n,(ast.MatchAs,ast.MatchStar)) and n.name: names.add(n.name)
            elif isinstance(n,(ast.Import,ast.ImportFrom)):
                for a in n.names:
                    if isinstance(n,ast.ImportFrom) and n.module and self.is_project(n.module): continue
                    names.add((a.asname or a.name).split('.')[0])
            if isinstance(n,(ast.FunctionDef,ast.AsyncFunctionDef,ast.ClassDef,ast.Lambda)): return
            for c in ast.iter_child_nodes(n): visit(c)
        for b in body: visit(b)
        return names-glob
    def refs(self, root):
        """yield (node, locals_stack) for global-resolved Name nodes; node may be Name, with parent attr"""
        out=[]
        def comp_targets(n):
            s=set()
            for g in n.generators:
                for w in ast.walk(g.target):
                    if isinstance(w,ast.Name): s.add(w.id)
            return s
        def visit(n,stack,parent):
            if isinstance(n,ast.Name):
                if not any(n.id in s for s in stack): out.append((n,parent,[x for s in stack for x in s]))
                return
            if isinstance(n,(ast.FunctionDef,ast.AsyncFunctionDef)):
                for d in n.decorator_list: visit(d,stack,n)
                for d in [*n.args.defaults,*[k for k in n.args.kw_defaults if k]]: visit(d,stack,n)
                for a in [*n.args.posonlyargs,*n.args.args,*n.args.kwonlyargs,*([n.args.vararg] if n.args.vararg else []),*([n.args.kwarg] if n.args.kwarg else [])]:
                    if a.annotation: visit(a.annotation,stack,n)
                if n.returns: visit(n.returns,stack,n)
                s2=stack+[self.local_names(n)]
                for b in n.body: visit(b,s2,n)
                return
            if isinstance(n,ast.Lambda):
                for d in [*n.args.defaults,*[k for k in n.args.kw_defaults if k]]: visit(d,stack,n)
                visit(n.body,stack+[self.local_names(n)],n); return
            if isinstance(n,ast.ClassDef):
                for d in n.decorator_list+n.bases+[k.value for k in n.keywords]: visit(d,stack,n)
                for b in n.body: 
                    if isinstance(b,ast.AnnAssign):
                        visit(b.annotation,stack,n)
                        if b.value: visit(b.value,stack,n)
                        continue
                    if isinstance(b,ast.Assign):
                        visit(b.value,stack,n); continue
                    visit(b,stack,n)   # class names not in nested scopes; field targets handled (Store)
                return
            if isinstance(n,(ast.ListComp,ast.SetComp,ast.GeneratorExp,ast.DictComp)):
                s2=stack+[comp_targets(n)]
                visit(n.generators[0].iter,stack,n)
                for i,g in enumerate(n.generators):
                    if i: visit(g.iter,s2,n)
                    for c in g.ifs: visit(c,s2,n)
                    visit(g.target,s2,n)
                if isinstance(n,ast.DictComp): visit(n.key,s2,n); visit(n.value,s2,n)
                else: visit(n.elt,s2,n)
                return
            for c in ast.iter_child_nodes(n): visit(c,stack,n)
        visit(root,[],None)
        return out
    # ---- plan
    def build(self):
        new=collections.defaultdict(list) # path -> chunks
        order=[]
        groups=collections.defaultdict(list)
        for m in self.mods.values(): groups[self.dest_default.get(m.path,m.path)].append(m)
        self.chunk_dest={}
        for m in self.mods.values():
            for c in m.chunks:
                d=None
                for n in c['names']:
                    if (m.name,n) in self.sym_moves: d=self.sym_moves[(m.name,n)]
                c['dest']=d or self.dest_default.get(m.path,m.path)
                new[c['dest']].append(c)
        # order of mods inside each new file by intra import deps
        for path in set(list(new)+[self.dest_default.get(m.path,m.path) for m in self.mods.values()]):
            ms=[]
            for c in new[path]:
                if c['m'] not in ms: ms.append(c['m'])
            base=[m for m in groups[path]]
            for m in base:
                if m not in ms: ms.append(m)
            names={m.name:m for m in ms}
            # dependency among ms
            deps={m.name:{ (b[1] if b[0]=='mod' else self.origin(b[1],b[2])[0]) for b in m.binds.values()} & set(names) - {m.name} for m in ms}
            done=[]; pend=[m.name for m in ms]
            while pend:
                for n in pend:
                    if not (deps[n]-set(done)): break
                else:
                    self.problems.append(f'cycle inside {path}: {pend}'); n=pend[0]
                pend.remove(n); done.append(n)
            # whole-module merges first in deps order, extras too
            chunks=[]
            for n in done: chunks+=[c for c in new[path] if c['m'].name==n]
            new[path]=chunks
            self.order=None
            new_mod_order=[names[n] for n in done]
            self.__dict__.setdefault('mod_order',{})[path]=new_mod_order
        self.new=new
        # collisions
        for path,chunks in new.items():
            seen={}
            for c in chunks:
                for n in c['names']:
                    nn=self.renames.get((c['m'].name,n),n)
                    if nn in seen and seen[nn] is not c and seen[nn]['m'] is not c['m']:
                        norm=lambda cc:[ast.dump(x) for x in cc['nodes'][:1]]
                        if norm(seen[nn])==norm(c) or nn in ('SaveAction','FloatArray','IntArray'):
                            c['drop']=True; continue
                        self.problems.append(f'COLLISION {path}: {nn} from {seen[nn]["m"].name} and {c["m"].name}')
                    seen.setdefault(nn,c)
        return new
    def short_alias(self,npath,taken):
        parts=modname(npath).split('.')
        a=parts[-1]
        if a in taken: 
            a='_'.join(parts[-2:])
        return a
    def emit(self, path):
        bare=set()
        self._emit(path,set(),bare)
        return self._emit(path,bare,set())
    def _emit(self, path, extra_taken, bare_out):
        """build text of the new file"""
        chunks=self.new[path]
        mods=self.mod_order.get(path,[])
        me=path
        # all names used in these chunks (locals, args, defs) to choose module aliases
        taken=set()
        for c in chunks:
            for node in c['nodes']:
                for w in ast.walk(node):
                    if isinstance(w,ast.Name) and isinstance(w.ctx,(ast.Store,ast.Del)): taken.add(w.id)
                    elif isinstance(w,ast.arg): taken.add(w.arg)
                    elif isinstance(w,(ast.FunctionDef,ast.ClassDef,ast.AsyncFunctionDef)): taken.add(w.name)
                    elif isinstance(w,ast.ExceptHandler) and w.name: taken.add(w.name)
            for n in c['names']: taken.add(self.renames.get((c['m'].name,n),n))
        taken|=extra_taken
        for m in mods:
            for s,_ in m.ext_imports:
                t=ast.parse(s).body[0]
                for a in t.names: taken.add((a.asname or a.name).split('.')[0])
        needs_mod={}   # npath->alias
        needs_sym={}   # bare name -> (npath,newname)
        used_alias={}
        def alias(npath):
            if npath not in needs_mod:
                a=self.short_alias(npath,taken|set(used_alias))
                if a in used_alias or a in taken: 
                    parts=modname(npath).split('.'); a='_'.join(parts[-2:])
                    if a in taken: a='_'.join(parts[-3:])
                needs_mod[npath]=a; used_alias[a]=npath
            return needs_mod[npath]
        body=[]
        pieces=[]; prev=None
        # first pass: module-attribute refs to decide syms? (bare-first) do symbols in order
        for c in chunks:
            if c.get('drop'): continue
            m=c['m']
            s=m.offs[c['start']-1]; e=m.offs[c['end']]
            edits=[]
            for node in c['nodes']:
                for (n,parent,locs) in self.refs(node):
                    edits+=self.ref_edit(m,c,n,parent,locs,me,alias,needs_sym,taken)
                # definitions renamed
                for nm in c['names']:
                    nn=self.renames.get((m.name,nm))
                    if nn:
                        for w in [node]:
                            if isinstance(w,(ast.FunctionDef,ast.AsyncFunctionDef,ast.ClassDef)) and w.name==nm:
                                ln=m.lines[w.lineno-1]; col=len(ln.encode()[:w.col_offset].decode())
                                k=re.compile(r'(?:async\s+)?(?:def|class)\s+').match(ln,col).end()
                                edits.append((m.offs[w.lineno-1]+k,m.offs[w.lineno-1]+k+len(nm),nn))
                # nested project imports
                for w in ast.walk(node):
                    if isinstance(w,ast.ImportFrom) and w.module and self.is_project(w.module):
                        out=[]
                        for a in w.names:
                            full=f'{w.module}.{a.name}'
                            b=a.asname or a.name
                            if full in self.mods:
                                np_=self.new_path_of_mod(full); al=('nested',np_)
                                tgt=modname(np_); out.append(f"from {tgt.rsplit('.',1)[0]} import {tgt.rsplit('.',1)[1]}"+(f" as {b}" if b!=tgt.rsplit('.',1)[1] else ''))
                            else:
                                np_=self.dest(w.module,a.name); nn=self.newname(w.module,a.name)
                                if np_==me: continue
                                out.append(f"from {modname(np_)} import {nn}"+(f" as {b}" if a.asname else ''))
                        ind=' '*w.col_offset
                        edits.append((m.pos(w.lineno,w.col_offset),m.pos(w.end_lineno,w.end_col_offset),('\n'+ind).join(out) or 'pass'))
            edits=sorted(set(edits))
            # drop overlapping (nested imports inside)
            text=m.text; out=[]; p=s
            last=-1
            for (a,b,t) in edits:
                if a<last: continue
                out.append(text[p:a]); out.append(t); p=b; last=b
            out.append(text[p:e])
            piece=''.join(out).strip('\n')
            i=m.chunks.index(c)
            gap='\n\n\n'
            if pieces and prev is not None and prev[0] is m and i>0 and m.chunks[i-1] is prev[1]:
                # keep the original spacing (imports between chunks do not occur)
                blank=sum(1 for l in m.lines[m.chunks[i-1]['end']:c['start']-1] if not l.strip())
                gap='\n'*(min(blank,2)+1)
            pieces.append((gap if pieces else '')+piece); prev=(m,c)
        bare_out|=set(needs_sym)
        # imports
        imports=[]; tc=[]
        for m in mods:
            for s_,top in m.ext_imports:
                (tc if top=='tc' else imports).append(s_)
        facade=modname(path) in self.facades
        if facade:
            for m in self.mods.values():
                if m.path==path:
                    for b,k in m.binds.items():
                        if k[0]=='sym':
                            needs_sym.setdefault(b,(self.dest(k[1],k[2]),self.newname(k[1],k[2])))
        proj=[]
        for npath,al in needs_mod.items():
            mn=modname(npath); pk,_,last=mn.rpartition('.')
            proj.append(f'from {pk} import {last}'+('' if al==last else f' as {al}'))
        for bare,(npath,nn) in needs_sym.items():
            if npath==me: continue
            proj.append(f'from {modname(npath)} import {nn}'+('' if bare==nn else f' as {bare}'))
        doc=self.docs.get(path)
        if doc is None:
            own=[m for m in mods if m.path==path and m.doc] or [m for m in mods if m.doc and self.dest_default.get(m.path,m.path)==path]
            doc=ast.get_source_segment(own[0].text,own[0].doc) if own else '""""""'
        else: doc='"""'+doc+'"""'
        text=doc+'\n\nfrom __future__ import annotations\n\n'
        text+='\n'.join(dict.fromkeys(imports))+'\n'+'\n'.join(sorted(dict.fromkeys(proj)))+'\n'
        if tc: text+='\nif TYPE_CHECKING:\n'+'\n'.join('    '+x.replace('\n','\n    ') for x in dict.fromkeys(tc))+'\n'
        text+='\n\n'+''.join(pieces)+'\n'
        return text
    def ref_edit(self,m,c,n,parent,locs,me,alias,needs_sym,taken):
        name=n.id
        b=m.binds.get(name)
        start=m.pos(n.lineno,n.col_offset); end=m.pos(n.end_lineno,n.end_col_offset)
        if b is None:
            if name in m.defs:
                npath=self.dest(m.name,name); nn=self.newname(m.name,name)
                if npath!=me:
                    if needs_sym.get(nn,(npath,nn))!=(npath,nn): self.problems.append(f'IMPORT CLASH {me}: {nn}')
                    needs_sym[nn]=(npath,nn)
                elif nn!=name and nn in locs: self.problems.append(f'SHADOW {m.path}:{n.lineno} {nn}')
                return [(start,end,nn)] if nn!=name else []
            return []
        if isinstance(n.ctx,ast.Store): 
            return []
        nested=name in getattr(m,'nested_names',())
        if nested: needs_sym={}; alias=lambda np_,_a=alias: name
        if b[0]=='sym':
            o=self.origin(b[1],b[2])
            if o[0]=='MOD': b=('mod',o[1])
        if b[0]=='sym':
            npath=self.dest(b[1],b[2]); nn=self.newname(b[1],b[2])
            asn=getattr(m,'asnames',{}).get(name)
            if npath==me:
                if nn in locs: self.problems.append(f'SHADOW {m.path}:{n.lineno} {nn} (bare, same file {me})')
                return [(start,end,nn)] if nn!=name else []
            bare=asn or nn
            if needs_sym.get(bare,(npath,nn))!=(npath,nn):
                self.problems.append(f'IMPORT CLASH {me}: {bare} from {needs_sym[bare][0]} and {npath}')
            if bare in {self.renames.get((cc['m'].name,x),x) for cc in self.new[me] for x in cc['names']}:
                self.problems.append(f'IMPORT/DEF CLASH {me}: {bare} from {npath} ({m.path}:{n.lineno})')
            if bare in locs and bare!=name: self.problems.append(f'SHADOW {m.path}:{n.lineno} {bare}')
            needs_sym[bare]=(npath,nn)
            return [(start,end,bare)] if bare!=name else []
        # module
        M=b[1]
        if isinstance(parent,ast.Attribute) and parent.value is n:
            s=parent.attr
            mod=self.mods[M]
            if s in mod.defs or s in mod.binds:
                o=self.origin(M,s)
                if o[0]=='MOD':
                    a=alias(self.new_path_of_mod(o[1])); return [(start,m.pos(parent.end_lineno,parent.end_col_offset),a)]
                npath=self.dest(M,s); nn=self.newname(M,s)
                pend=m.pos(parent.end_lineno,parent.end_col_offset)
                if npath==me:
                    if nn in locs: self.problems.append(f'SHADOW {m.path}:{n.lineno} {name}.{s} -> {nn} (merged {me})')
                    return [(start,pend,nn)]
                return [(start,pend,f'{alias(npath)}.{nn}')]
            # submodule or external attr (e.g. check.shutil)
            npath=self.new_path_of_mod(M)
            self.problems.append(f'ATTR? {m.path}:{n.lineno} {name}.{s}') if s not in {'__path__','__name__'} and not any((x.endswith(' '+s) or x.endswith(s)) for x,_ in mod.ext_imports) else None
            return [(start,end,alias(npath))]
        npath=self.new_path_of_mod(M)
        self.problems.append(f'MODVALUE {m.path}:{n.lineno} {ast.unparse(parent) if parent else name}'[:160])
        if npath==me: 
            self.problems.append(f'MODVALUE-SELF {m.path}:{n.lineno}')
        return [(start,end,alias(npath))]
