"""Write matrix.csv from the URL table and the rules: `python manage.py shell -c "import tests.policy.generate"`."""

import sys

from tests.policy.matrix import FILE, as_csv, expected_rows, without_route, without_rule

missing = [f"no rule for {name}" for name in without_rule()] + [f"no route for {name}" for name in without_route()]
FILE.write_text(as_csv(expected_rows()), encoding="utf-8")
sys.stdout.write("\n".join([*missing, f"{FILE.name}: {len(expected_rows())} rows\n"]))
