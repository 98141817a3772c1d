# python3 books.py <job> <input> <output> <times>: writes a CSV file as a book, or reads all cells of a book, by openpyxl's fast modes.
import csv
import datetime
import sys
import time

import openpyxl

job, source, target, times = sys.argv[1:]


def write():
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    with open(source, newline="") as file:
        rows = csv.reader(file)
        sheet.append(next(rows))
        for r in rows:
            at = datetime.datetime.fromisoformat(r[1])
            sheet.append([int(r[0]), at, r[2], r[3], float(r[4]), int(r[5]), r[6] == "true", r[7] or None])
    book.save(target)


def read():
    book = openpyxl.load_workbook(source, read_only=True)
    return sum(len(row) for row in book.worksheets[0].iter_rows(values_only=True))


for _ in range(int(times)):
    start = time.perf_counter()
    write() if job == "xlsx-write" else read()
    print(time.perf_counter() - start)
