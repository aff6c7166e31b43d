import re,glob,json
txt=open('house.md').read()
txt=txt[txt.index('## Appendix A'):txt.index('## Appendix B')]
folder=None; new={}
for line in txt.splitlines():
    m=re.match(r'\*\*(.+?)/\*\*',line)
    if m: folder=m.group(1); continue
    m=re.match(r'- `(.+?)` \((\d+)\) ← (.*)',line)
    if m:
        f=folder+'/'+m.group(1)
        if 'as it is' in m.group(3): olds=[f]
        else: olds=[o.replace('c/','connectors/',1) if o.startswith('c/') else o.replace('d/','dashboard/',1) for o in re.findall(r'`(.+?)`',m.group(3))]
        new[f]=olds
old2new={}
for f,olds in new.items():
    for o in olds:
        assert o not in old2new,(o,f,old2new[o]); old2new[o]=f
files=set(glob.glob('connectors/**/*.py',recursive=True)+glob.glob('dashboard/**/*.py',recursive=True))
print('unmapped:',sorted(files-set(old2new)))
print('missing:',sorted(set(old2new)-files))
json.dump(new,open('move_script/new.json','w'),indent=1)
print(len(new))
