"""What hides a word in a text, and how people write it: made by seed, without a line of the matcher's code.

``facts(rng)`` invents what is hidden of one family; ``variants(rng, facts)`` writes it the ways that people and
programs do, each inside a sentence.
"""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass

GIVEN = (
    "Callum", "Aoife", "Siobhán", "Zoë", "Agnieszka", "Łukasz", "Priya", "Mohammed", "Oluwaseun", "Chidinma", "Gwenllian",
    "Rhys", "Jo", "Mark", "Grace", "Will", "Hope", "Beth", "Oisín", "Jürgen", "Anne-Marie", "Tariq", "Ifeoma", "Dafydd", "Una",
)  # fmt: skip
FAMILY = (
    "Whinchat", "Redstart", "O'Sullivan", "Wójcik", "Kowalska", "Adeyemi", "Okonkwo", "Patel", "Hussain", "Llewellyn", "Ng",
    "Field", "Hunter", "Rice", "Smith-Dunnock", "Müller", "Bunting", "Fieldfare", "McAvoy", "Ó Briain", "Siskin", "Pipit", "Godwit",
)  # fmt: skip
STREETS = (
    ("Quince", "Orchard"), ("Sandpiper", "Lane"), ("Curlew", "Road"), ("Old Mill", "Street"), ("Lapwing", "Avenue"),
    ("Teal", "Close"), ("Bittern", "Crescent"), ("Lantern", "Court"), ("Plover", "Drive"), ("Egret", "Gardens"),
    ("Nuthatch", "Grove"), ("Avocet", "Park"), ("Knot", "Place"), ("Dunlin", "Square"), ("Whimbrel", "Terrace"),
    ("Ptarmigan", "Way"), ("St Swithun's", "Road"), ("Great Auk", "Walk"), ("Brambling", "Mews"), ("Greenshank", "View"),
)  # fmt: skip
SHORT = {
    "Orchard": ("Orch", "Orch."), "Lane": ("Ln", "Ln."), "Road": ("Rd", "Rd."), "Street": ("St", "St.", "Str"),
    "Avenue": ("Ave", "Av", "Ave."), "Close": ("Cl", "Cl."), "Crescent": ("Cres", "Cres."), "Court": ("Ct", "Crt"),
    "Drive": ("Dr", "Dr."), "Gardens": ("Gdns", "Gdns."), "Grove": ("Gr", "Gr."), "Park": ("Pk", "Pk."), "Place": ("Pl", "Pl."),
    "Square": ("Sq", "Sq."), "Terrace": ("Ter", "Terr", "Ter."), "Way": ("Wy",), "Walk": ("Wk",), "View": ("Vw",),
    "Primary": ("Prim", "Pri"), "School": ("Sch", "Sch."), "Surgery": ("Surg",), "Centre": ("Ctr", "Center"),
    "Saint": ("St", "St."), "St": ("Saint",), "Academy": ("Acad",), "Nursery": ("Nurs",),
}  # fmt: skip
AGENCIES = (
    ("Meadow Lane", "Primary School"), ("Sallow Steps", "Surgery"), ("Thistledown", "Refuge"), ("Estuary Locality", "Team"),
    ("St Brannoc's", "Catholic Primary School"), ("Kingfisher", "Nursery"), ("Harrier Hill", "Academy"),
    ("The Nightjars", "Children's Centre"), ("Merlin Road", "Medical Centre"), ("Ash", "Primary School"),
)  # fmt: skip
TITLES = ("Mr", "Mrs", "Ms", "Miss", "Mx", "Dr", "Mr.", "Dr.", "Sister", "Nurse", "Prof", "Doctor")
AROUND = (
    ("He was seen near ", " on Tuesday."), ("", ""), ("They go to ", ", I think."), ("mum said (", ") and then stopped"),
    ("Ask at ", "."), ("“", "” is what she told us"), ("moved to: ", "\nShe is well."), ("- ", "; see above"), ("Robin likes ", "!"),
)  # fmt: skip
UNSEEN = "\u00ad\u200b\u200c\u200d\u2060\ufeff\u2063\u034f\u200e\u202e\ufe0f"
GAPS = ("  ", "\n", "-", "_", ".", ", ", "\u00a0", " \n ", "/", " – ", "\u2009", "\t", "\u2011", "+", "%20")
PAIRS = {"a": "á", "e": "è", "i": "ï", "o": "ô", "u": "ü", "n": "ñ", "c": "ç"}


@dataclass(frozen=True)
class Worker:
    given: str
    family: str
    email: str


@dataclass(frozen=True)
class Facts:
    number: str
    street: tuple[str, str]
    postcode: str
    mobile: str
    landline: str
    mailbox: str
    agency: tuple[str, str]
    workers: tuple[Worker, ...]

    def words(self, *, alone: bool = True) -> frozenset[str]:
        """Return what the record hands to the matcher; not ``alone`` where others openly bear the same names."""
        found = {f"{self.number} {' '.join(self.street)}", self.postcode, self.mobile, self.landline, self.mailbox}
        found.add(" ".join(self.agency))
        for worker in self.workers:
            found |= {f"{worker.given} {worker.family}", worker.email}
            found |= {f"{title} {worker.family}" for title in TITLES[:6]}
            if alone:
                found |= {worker.given, worker.family, f"Mr {letters(worker.family)[0].upper()}"}
        return frozenset(found)


def letters(text: str) -> str:
    """Return the plain small letters of a name."""
    for special, plain in (("Ł", "L"), ("ł", "l")):
        text = text.replace(special, plain)
    return "".join(sign for sign in unicodedata.normalize("NFD", text).lower() if sign.isascii() and sign.isalpha())


def facts(rng: random.Random) -> Facts:
    agency = rng.choice(AGENCIES)
    domain = letters(agency[0])
    workers = []
    for _ in range(3):
        given, family = rng.choice(GIVEN), rng.choice(FAMILY)
        workers.append(Worker(given, family, f"{letters(given)[0]}.{letters(family)}@{domain}.example"))
    digits = "".join(rng.choices("0123456789", k=6))
    return Facts(
        number=rng.choice(("9", "12", "Flat 3,", "14a", "Flat 2, 9", "Unit 4,")),
        street=rng.choice(STREETS),
        postcode=rng.choice(("EM4 7QX", "E1 6AN", "EM12 3QL", "SW1A 2AB", "W1K 9ZZ")),
        mobile=f"07700 {digits[:3]} {digits[3:]}",
        landline=f"01632 {digits[3:]}{digits[:3]}",
        mailbox=f"{rng.choice('hjkm')}.quickthorn{rng.randint(2, 99)}@home.example",
        agency=agency,
        workers=tuple(workers),
    )


def variants(rng: random.Random, known: Facts) -> Iterator[tuple[str, str]]:
    """Yield one text of each kind, with its kind."""
    for kind, write in WAYS.items():
        before, after = rng.choice(AROUND)
        yield kind, f"{before}{write(rng, known)}{after}"


def _street(rng: random.Random, known: Facts) -> str:
    name, end = known.street
    if rng.random() < 0.6:
        end = rng.choice(SHORT.get(end, (end,)))
    if name.startswith("St ") and rng.random() < 0.5:
        name = name.replace("St ", "Saint ")
    text = f"{name} {end}"
    if rng.random() < 0.4:
        text = f"{known.number} {text}"
    return _disguised(rng, text)


def _street_in_web(rng: random.Random, known: Facts) -> str:
    run = rng.choice(("", "-", "_", ".")).join(letters(part) for part in " ".join(known.street).split())
    return rng.choice(
        (f"https://www.{run}.example/map?q=1", f"info@{run}.example", f"#{run}", f"at{run}now", f"{run}2")
    )


def _agency(rng: random.Random, known: Facts) -> str:
    name, kind = known.agency
    how = rng.randrange(4)
    if how == 0 and len(letters(name)) >= 5:
        return _disguised(rng, name)
    if how == 1:
        kind = " ".join(rng.choice(SHORT.get(part, (part,))) for part in kind.split())
    if how == 2:
        name = re.sub(r"^The ", "", name)
    return _disguised(rng, f"{name} {kind}")


def _agency_in_web(rng: random.Random, known: Facts) -> str:
    name = re.sub(r"^The ", "", known.agency[0])
    if len(letters(name)) < 5:
        name = " ".join(known.agency)
    run = rng.choice(("", "-")).join(letters(part) for part in name.split())
    return rng.choice(
        (
            f"www.{run}.example",
            f"office@{run}.example",
            f"http://{run}.sch.example/page",
            f"office@{run}-school.example",
        )
    )


def _postcode(rng: random.Random, known: Facts) -> str:
    out, inn = known.postcode.split()
    text = f"{out}{rng.choice((' ', '', '  ', '-', '.', chr(0xA0), chr(10), '_', ' - '))}{inn}"
    how = rng.randrange(5)
    if how == 0:
        text = text.lower()
    if how == 1:
        text = " ".join(text)
    if how == 2:
        text = _unseen(rng, text)
    if how == 3:
        text = f"near{text}" if rng.random() < 0.5 else f"{text}and"
    if how == 4 and rng.random() < 0.3:
        text = _wide(text)
    return text


def _mobile(rng: random.Random, known: Facts) -> str:
    return _number(rng, re.sub(r"\D", "", known.mobile))


def _landline(rng: random.Random, known: Facts) -> str:
    digits = re.sub(r"\D", "", known.landline)
    return digits[5:] if rng.random() < 0.2 else _number(rng, digits)


def _number(rng: random.Random, digits: str) -> str:
    digits = digits[1:]
    start = rng.choice(("0", "0", "+44 ", "+44 (0)", "0044 ", "44", "(0)"))
    gap = rng.choice((" ", "", "-", ".", " - ", "/", "\u00a0", "\n", "\u2011"))
    text, at = start, 0
    while at < len(digits):
        step = rng.choice((1, 2, 3, 4, 10))
        text += digits[at : at + step] + (gap if at + step < len(digits) else "")
        at += step
    how = rng.randrange(5)
    if how == 0:
        return _unseen(rng, text)
    if how == 1:
        return _wide(text)
    return f"tel{text}" if how == 2 else text


def _mailbox(rng: random.Random, known: Facts) -> str:
    box = known.mailbox if rng.random() < 0.5 else rng.choice(known.workers).email
    how = rng.randrange(5)
    if how == 0:
        return box.upper()
    if how == 1:
        return f"mailto:{box}"
    if how == 2:
        return _unseen(rng, box)
    if how == 3:
        return box.replace("@", " @ ").replace(".example", ". example")
    return f"<{box}>"


def _titled(rng: random.Random, known: Facts) -> str:
    worker = rng.choice(known.workers)
    title = rng.choice(TITLES)
    form = rng.choice(("{t} {f}", "{t} {i} {f}", "{t} {i}. {f}", "{t} {g} {f}", "{t} {f}'s", "{t} {f}’s"))
    text = form.format(t=title, f=worker.family, i=worker.given[0], g=worker.given)
    return _disguised(rng, text, run=False)


def _initial(rng: random.Random, known: Facts) -> str:
    worker = rng.choice(known.workers)
    title = rng.choice(TITLES[:10])
    return _unseen(rng, f"{title} {worker.family[0]}") if rng.random() < 0.3 else f"{title} {worker.family[0]}"


def _initialled(rng: random.Random, known: Facts) -> str:
    worker = rng.choice(known.workers)
    form = rng.choice(("{i} {f}", "{i}. {f}", "{i}.{f}", "{f}, {i}", "{f} {i}.", "{g} {j}."))
    return form.format(f=worker.family, i=worker.given[0], g=worker.given, j=worker.family[0])


def _full(rng: random.Random, known: Facts) -> str:
    worker = rng.choice(known.workers)
    form = rng.choice(("{g} {f}", "{f}, {g}", "{f} {g}", "{g} J {f}", "{g} J. {f}", "{g} {f}'s"))
    return _disguised(rng, form.format(f=worker.family, g=worker.given))


def _full_in_web(rng: random.Random, known: Facts) -> str:
    worker = rng.choice(known.workers)
    given, family = letters(worker.given), letters(worker.family)
    form = rng.choice(
        (
            "{g}.{f}@nhs.example",
            "{g}_{f}",
            "{g}{f}@x.example",
            "{i}{f}@x.example",
            "{i}.{f}@x.example",
            "https://x.example/{g}-{f}",
        )
    )
    if len(family) < 3:
        form = "{g}.{f}@nhs.example"
    return form.format(g=given, f=family, i=given[0])


def _alone(rng: random.Random, known: Facts) -> str:
    worker = rng.choice(known.workers)
    name = rng.choice((worker.given, worker.family))
    how = rng.randrange(6)
    if how == 0:
        return name.upper()
    if how == 1:
        return f"{name}'s"
    if how == 2:
        return _unseen(rng, name)
    if how == 3:
        return _accented(rng, name)
    if how == 4 and len(letters(name)) > 5:
        middle = rng.randint(2, len(name) - 3)
        return f"{name[:middle]}-\n{name[middle:]}"
    return name


WAYS: dict[str, Callable[[random.Random, Facts], str]] = {
    "street": _street, "street in web": _street_in_web, "agency": _agency, "agency in web": _agency_in_web,
    "postcode": _postcode, "mobile": _mobile, "landline": _landline, "mailbox": _mailbox, "title and name": _titled,
    "title and initial": _initial, "initial and name": _initialled, "full name": _full, "name in web": _full_in_web,
    "name alone": _alone,
}  # fmt: skip
# What tells of a hidden person only where nobody else bears the name.
ONLY_ALONE = frozenset({"title and initial", "name alone"})


def _disguised(rng: random.Random, text: str, *, run: bool = True) -> str:
    """Return a text of several words with one or two of the things that hide it."""
    ways: list[Callable[[random.Random, str], str]] = [_unseen, _gaps, _accented, _cased, _hyphenated]
    if run:
        ways += [_run_together, _spelt]
    for way in rng.sample(ways, k=rng.choice((0, 1, 1, 2))):
        text = way(rng, text)
    return _wide(text) if rng.random() < 0.05 else text


def _unseen(rng: random.Random, text: str) -> str:
    for _ in range(rng.randint(1, 4)):
        at = rng.randint(0, len(text))
        text = text[:at] + rng.choice(UNSEEN) + text[at:]
    return text


def _gaps(rng: random.Random, text: str) -> str:
    return re.sub(r" +", lambda _: rng.choice(GAPS[:-1]), text)


def _accented(rng: random.Random, text: str) -> str:
    places = [at for at, letter in enumerate(text) if letter in PAIRS]
    if not places:
        return text
    at = rng.choice(places)
    text = text[:at] + PAIRS[text[at]] + text[at + 1 :]
    return unicodedata.normalize("NFD", text) if rng.random() < 0.5 else text


def _cased(rng: random.Random, text: str) -> str:
    return text.upper() if rng.random() < 0.5 else text.title().replace("'S", "'s").replace("’S", "’s")


def _hyphenated(rng: random.Random, text: str) -> str:
    places = [found.start() + 3 for found in re.finditer(r"[A-Za-z]{7,}", text)]
    if not places:
        return text
    at = rng.choice(places)
    return f"{text[:at]}{rng.choice(('-', chr(0x2010), chr(0xAD)))}\n{text[at:]}"


def _run_together(rng: random.Random, text: str) -> str:
    run = re.sub(r"[\s,.]+", "", text.title() if rng.random() < 0.5 else text)
    return run if rng.random() < 0.5 else run.lower()


def _spelt(rng: random.Random, text: str) -> str:
    return rng.choice((" ", ".", "-")).join(text) if rng.random() < 0.3 else text


def _wide(text: str) -> str:
    return "".join(chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" else sign for sign in text)
