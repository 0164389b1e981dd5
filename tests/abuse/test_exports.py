"""A11: what people wrote computes nothing in a spreadsheet, in any column of any export."""

from __future__ import annotations

import asyncio
import csv
import io
import re
import shutil
from pathlib import Path

import openpyxl
import pytest

from callcenter.crm.customers.schemas import CustomerDraft
from callcenter.sheets import FORMULA_STARTS, csv_lines
from tests.abuse.figures import Abuse
from tests.web.place import BY, Place

pytestmark = [pytest.mark.web, pytest.mark.anyio]

HEARTS = [
    '=HYPERLINK("http://x","y")', "=1+1", "=cmd|' /C calc'!A0", "=DDE(\"cmd\";\"/C calc\";\"x\")",
    "+1+1", "-1+1", "@SUM(1+1)", "=IMPORTXML(\"http://x\",\"//a\")", "=WEBSERVICE(\"http://x\")",
    "-2+3+cmd|' /C calc'!D2", "=1;=2", "={1,2}", "=A1&A2", "=IFERROR(1/0,\"x\")", "@A1",
    "=2+5+cmd|' /C notepad'!'A1'", "=rundll32|'URL.dll,OpenURL calc.exe'!A", "=INDIRECT(\"A1\")",
    '=FILTERXML("<a/>","/a")', "=RTD(\"x\",,\"y\")",
]  # fmt: skip
COVERS = [
    "{}", " {}", "\t{}", "\r{}", "\n{}", '"{}', "'{}", "{}\n{}", ";{}", ",{}", "\ufeff{}",
    "\u00a0{}", "x,{}", "＝{}", "|{}", "%09{}", "\u200b{}",
]  # fmt: skip
CONVERT_SECONDS_MAX = 120
FORMULA = re.compile(r'table:formula="')


def payloads(count: int) -> list[str]:
    made = [cover.format(heart, heart) for cover in COVERS for heart in HEARTS]
    return made[:: max(1, len(made) // count)][:count]


def drafts(payloads: list[str]) -> list[CustomerDraft]:
    """Each payload in every text column that the customer record lets it into."""
    return [
        CustomerDraft(
            evil.strip() or "x",
            ((f"1380013{number:04}", evil[:40]),),
            ((f"p{number}@example.com", evil[:40]),),
            company=evil,
            notes=evil,
            tags=(evil.strip()[:40],) if evil.strip() else (),
        )
        for number, evil in enumerate(payloads)
    ]


def live_in_csv(content: bytes) -> list[str]:
    rows = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    return [cell for row in rows for cell in row if cell.startswith(FORMULA_STARTS)]


def live_in_xlsx(content: bytes) -> list[str]:
    book = openpyxl.load_workbook(io.BytesIO(content))
    return [
        str(cell.value)
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    ]


async def opened(folder: Path, name: str, content: bytes, program: str) -> int:
    """How many formulas LibreOffice sees in the file."""
    (folder / name).write_bytes(content)
    process = await asyncio.create_subprocess_exec(
        program, f"-env:UserInstallation=file://{folder}/profile", "--headless",
        "--convert-to", "fods", "--outdir", str(folder), str(folder / name),
        stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    async with asyncio.timeout(CONVERT_SECONDS_MAX):
        await process.wait()
    return len(FORMULA.findall((folder / name).with_suffix(".fods").read_text()))


async def test_a11_formulas_in_every_text_column(
    place: Place, abuse: Abuse, tmp_path: Path
) -> None:
    evil = payloads(abuse.count(40, 200))
    taken = [draft for draft in drafts(evil) if await _kept(place, draft)]
    async with await place.signed_in("administrator") as admin:
        exports = {
            form: (await admin.get("/api/customers/export", params={"form": form})).content
            for form in ("csv", "xlsx")
        }
    exports["other.csv"] = csv_lines([[one, f"x{one}"] for one in evil], first=True)
    live = live_in_csv(exports["csv"]) + live_in_csv(exports["other.csv"])
    live += live_in_xlsx(exports["xlsx"])
    how, program = "read back with openpyxl and csv", shutil.which("soffice")
    if abuse.full and program is not None:
        how = "opened with LibreOffice"
        for name, content in exports.items():
            form = name.rpartition(".")[2]
            file = f"{name.replace('.', '-')}.{form}"
            live += ["?"] * await opened(tmp_path, file, content, program)
    abuse.reached(
        "A11",
        f"{len(evil)} formulas in every text column of {len(taken)} customers, CSV and XLSX",
        "0 live formulas",
        f"{len(live)} live formulas, {how}",
        not live and len(taken) > len(evil) * 0.9,
        "; ".join(live)[:200],
    )


async def _kept(place: Place, draft: CustomerDraft) -> bool:
    made = await place.customers.create(draft, by=BY)
    return hasattr(made, "id")
