"""The table of who may do and read what, for people: `python -m tests.api.rights` writes docs/rights.md.

It is made from the tables by which the ledger and the API decide: `ledger.rights_table`, `api.reading`, the shelves, and
the pages' own (`tests.pages.rights`).
"""

from __future__ import annotations

from api.endpoints import READS, WRITES
from api.reading import Reads
from ledger.base import Right
from ledger.rights_table import RIGHTS
from ledger.rules import RULES
from tests.house.means import ROOT

TABLE = ROOT / "docs" / "rights.md"
ROLES = (
    "community_worker", "administrator", "committee_member", "treasurer", "host_charity", "auditor", "representative",
)  # fmt: skip

HEAD = """# Who may do what

Who gives which command, where, and who is shown what. The tables below are written by `python -m tests.api.rights` from those
by which the ledger and the API decide (`ledger/rights_table.py`, `api/reading.py`, `api/engines/`); a test says that they are
up to date, and others ask for every route in every role.

## How to read it

* **Roles** are appointments, and facts of the journal. They are held for the whole community, or for one place of the tree:
  then they count for what happens or lives there and below, and for nothing else, in writing and in reading. A role for a
  unit, team or fund is none for the community: a representative and a team's leader act for that unit or team alone.
* **Own** names fields of the command. Such a field belongs to the member themselves, to their registered proxy, to the
  representative of a unit and to the leader of a team. One's own affairs come before any role.
* **Any member** may try; the command's decision then asks who they are: in charge of the shift, on the fund's committee, a
  side of the deal, the sponsor of the project.
* **Where** names the fields that say where it happens, for roles held for one place; the first that leads to a place counts.
  A request is where it has gone up to, else where the one who asked lives; a session where it was done, else where the
  volunteer lives (`ledger/whereabouts.py` has all of it). "The whole community": a role for one place does not do.
* Nobody acts twice on one thing: who earns does not verify, who proposes does not approve, who approves does not pay. That is
  for each decision to refuse, whatever the roles.
* An auditor reads and writes nothing. The operator alone opens a ledger.

What somebody may not know exists is answered as what does not exist (404); what they know of and may not do is refused (403)
with a sentence; who is not signed in is asked to sign in (401).
"""


def said(name: str) -> str:
    """A role in words."""
    return name.replace("_", " ")


def roles_in_words(roles: frozenset[str]) -> str:
    """Roles in the order of this file."""
    unknown = sorted(roles - set(ROLES))
    return ", ".join(said(role) for role in (*ROLES, *unknown) if role in roles)


def who(right: Right) -> str:
    """Who may give a command."""
    if right == Right():
        return "the operator"
    own = "own " + ", ".join(f"`{field}`" for field in right.own) if right.own else ""
    return "; ".join(part for part in (roles_in_words(right.roles), own, "any member" if right.anybody else "") if part)


def where(right: Right) -> str:
    """Where a role held for one place counts."""
    if not right.roles:
        return ""
    return ", ".join(f"`{field}`" for field in right.at) if right.at else "the whole community"


def readers(reads: Reads) -> str:
    """Who is shown what a read gives."""
    if reads.public and not reads.own:
        return "anybody"
    parts = ("anybody, in part" if reads.public else "", roles_in_words(reads.roles), reads.own and f"own: {reads.own}")
    return "; ".join(part for part in parts if part)


def commands() -> list[str]:
    """The lines of all commands, area by area."""
    posts = {write.command.NAME: write.path for write in WRITES}
    areas = {kind.NAME: kind.__module__.split(".")[1] for kind in RULES}
    lines: list[str] = []
    area = ""
    for name, right in RIGHTS.items():
        if areas[name] != area:
            area = areas[name]
            lines += ["", f"### {area.capitalize()}", "", "| command | `POST` | who | where |", "|---|---|---|---|"]
        lines.append(f"| `{name}` | `{posts[name]}` | {who(right)} | {where(right)} |")
    return lines


def reads() -> list[str]:
    """The lines of all reads, area by area."""
    lines: list[str] = []
    tags = sorted({read.tag for read in READS})
    for tag in tags:
        lines += ["", f"### {tag.capitalize()}", "", "| read | `GET` | who |", "|---|---|---|"]
        lines += [f"| `{read.name}` | `{read.path}` | {readers(read.rights)} |" for read in READS if read.tag == tag]
    return lines


def document() -> str:
    """The whole of docs/rights.md."""
    writing = ["", "## Commands", "", "Below `/api/v1/{ledger}`; in the forms of the pages they are the same commands."]
    reading = ["", "## Reads", "", "Below `/api/v1/{ledger}`. Where not everybody is named, people are masked (王*)."]
    return "\n".join([HEAD.rstrip(), *writing, *commands(), *reading, *reads()]) + "\n"


if __name__ == "__main__":
    TABLE.write_text(document(), "utf-8")
