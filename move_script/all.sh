set -e
# usage: all.sh TREE : transforms a tree in place (old layout -> new)
cd $1
python3 move_script/pre.py $1
python3 move_script/run_src.py $1 write > move_script/out.txt 2>&1
find connectors dashboard tests -name __pycache__ -prune -exec rm -rf {} \; 2>/dev/null || true
git mv 2>/dev/null || true
find connectors dashboard tests -type d -empty -delete
python3 move_script/post.py $1
python3 move_script/docs.py $1
python3 move_script/locals.py $1 > move_script/locals.txt
. activate
ruff check -q --fix --select F401,F811,I connectors dashboard tests docs --config $1/pyproject.toml || true
ruff format -q connectors dashboard tests docs || true
