# python3 pandas.py <job> <input> <output> <times>: runs a job and prints the seconds of each run.
import sys
import time

import pandas as pd

job, source, target, times = sys.argv[1:]


def csv():
    return pd.read_csv(source, parse_dates=["ts"])


jobs = {
    "csv-parquet": lambda: csv().to_parquet(target, compression="snappy", index=False),
    "parquet-csv": lambda: pd.read_parquet(source).to_csv(target, index=False),
    "csv-group": lambda: csv().groupby("category").agg(n=("amount", "count"), total=("amount", "sum")).to_csv(target),
    "ndjson-parquet": lambda: pd.read_json(source, lines=True).to_parquet(target, compression="snappy", index=False),
}
for _ in range(int(times)):
    start = time.perf_counter()
    jobs[job]()
    print(time.perf_counter() - start)
