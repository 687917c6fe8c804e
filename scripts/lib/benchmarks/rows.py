"""`rows` beside duckdb and Miller: a million rows from one form to the other."""

import subprocess

from .peers import TOOLS, compare, have, python_with

ROWS = 1_000_000


def rows(folder, runs):
    csv, jsonl = folder / "rows.csv", folder / "rows.jsonl"
    make_rows(csv)
    subprocess.run([TOOLS / "rows", "-q", "-f", "jsonl", csv, "-o", jsonl], check=True)
    to_jsonl = [("rows", f"rows -q -f jsonl {csv} > {folder}/out")]
    to_csv = [("rows", f"rows -q -f csv {jsonl} > {folder}/out")]
    if python := python_with(folder, "duckdb"):
        duckdb = folder / "convert.py"
        duckdb.write_text(
            "import duckdb, sys\n"
            "duckdb.sql('SET threads TO 1')\n"
            "read, form = ('read_csv', '(FORMAT json)') if sys.argv[1].endswith('csv') else ('read_json', '(FORMAT csv)')\n"
            "duckdb.sql(f\"COPY (SELECT * FROM {read}('{sys.argv[1]}')) TO '{sys.argv[2]}' {form}\")\n"
        )
        to_jsonl.append(("duckdb, one thread", f"{python} {duckdb} {csv} {folder}/out"))
        to_csv.append(("duckdb, one thread", f"{python} {duckdb} {jsonl} {folder}/out"))
    if have("mlr", "miller"):
        to_jsonl.append(("mlr", f"mlr --icsv --ojsonl cat {csv} > {folder}/out"))
        to_csv.append(("mlr", f"mlr --ijsonl --ocsv cat {jsonl} > {folder}/out"))
    compare(f"rows: CSV to JSON lines, {ROWS:,} rows, {csv.stat().st_size // 1_000_000} MB", to_jsonl, runs)
    compare(f"rows: JSON lines to CSV, {jsonl.stat().st_size // 1_000_000} MB", to_csv, runs)


def make_rows(path):
    names = "org_id,seq_id,img_id,captured_at,lon,lat,computed_lon,computed_lat,altitude,compass_angle,camera_type"
    with open(path, "w") as out:
        out.write(names + ",is_pano,make,model,width,height\n")
        for at in range(ROWS):
            lon, lat = 13.4 + at * 1e-6, 52.5 + at * 1e-6
            out.write(
                f"800900100200301,Qm3vT7xKpL0aWcZyR2sNfB,{1020304050600000 + at * 977},{1717245296123 + at * 1000},"
                f"{lon:.10f},{lat:.10f},{lon:.12f},{lat:.12f},{34.2 + at % 100 / 7:.3f},{at % 3600 / 10:.1f},"
                'perspective,false,Acme,"One, 9",4000,3000\n'
            )
