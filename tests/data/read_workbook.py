"""Read an XLSX file with openpyxl, a reader that is not ours, and print it as JSON: what
tests/integration/workbook.test.mjs compares. usage: read_workbook.py FILE"""

import datetime
import json
import sys

import openpyxl


def shown(cell):
    value = cell.value
    if isinstance(value, (datetime.datetime, datetime.date)):
        value = value.strftime("%Y-%m-%d")
    return [cell.data_type, value, cell.number_format]


book = openpyxl.load_workbook(sys.argv[1])
json.dump([{
    "name": sheet.title,
    "frozen": sheet.freeze_panes,
    "filter": sheet.auto_filter.ref,
    "paper": [sheet.page_setup.orientation, sheet.page_setup.fitToHeight, sheet.sheet_properties.pageSetUpPr.fitToPage, sheet.print_title_rows],
    "rows": [[shown(cell) for cell in row] for row in sheet.iter_rows()],
} for sheet in book.worksheets], sys.stdout)
