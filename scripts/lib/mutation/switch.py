"""Puts many mutants into one build: each function that has some gets a copy of its body for each, and the one that is told runs."""

import re
from collections import defaultdict
from dataclasses import dataclass, field


@dataclass
class Mutant:
    number: int
    name: str
    file: str
    start: int
    end: int
    replacement: str
    outcome: str = ""


@dataclass
class Function:
    """The span of its body in the file, without the braces, and the mutants in it."""

    start: int
    end: int
    mutants: list = field(default_factory=list)


class Source:
    """A file as it is written, with the places that cargo-mutants gives as lines and columns."""

    def __init__(self, text):
        self.text = text
        self.lines = [0]
        for line in text.splitlines(keepends=True):
            self.lines.append(self.lines[-1] + len(line))

    def offset(self, place):
        return self.lines[place["line"] - 1] + place["column"] - 1

    def body(self, span):
        """Of a function whose body may be copied; None where it may not: in a `const`, and where its type has no name."""
        start, end = self.offset(span["start"]), self.offset(span["end"])
        signature = re.match(r"(?:\s*(?://|#\[)[^\n]*\n)*[^{]*\{", self.text[start:end])
        head = signature[0].splitlines() if signature else []
        head = " ".join(line for line in head if not line.strip().startswith(("//", "#[")))
        if not signature or re.search(r"\bconst fn\b|->.*\bimpl\b", head):
            return None
        return start + signature.end(), end - 1


def functions(source, listed):
    """Outermost functions with the mutants in them, and the mutants that are in none that can be copied."""
    found, alone = {}, []
    for mutant, span in listed:
        body = source.body(span) if span else None
        if body:
            found.setdefault(body, Function(*body)).mutants.append(mutant)
        else:
            alone.append(mutant)
    outermost = []
    for function in sorted(found.values(), key=lambda one: (one.start, -one.end)):
        if outermost and function.end <= outermost[-1].end:
            outermost[-1].mutants += function.mutants
        else:
            outermost.append(function)
    return outermost, alone


def switched(source, outermost):
    """The file with all mutants that are still possible, and which lines belong to which."""
    pieces, lines, at, owners = [], 1, 0, []

    def add(text):
        nonlocal lines
        pieces.append(text)
        lines += text.count("\n")

    for function in outermost:
        add(source.text[at:function.start])
        body, first = source.text[function.start:function.end], lines
        mutants = [one for one in function.mutants if not one.outcome]
        if mutants:
            add("match crate::mutation::number() {\n")
        for one in mutants:
            begin = lines
            changed = source.text[function.start:one.start] + one.replacement + source.text[one.end:function.end]
            add(f"{one.number}u32 => {{\n{changed}\n}}\n")
            owners.append((begin, lines - 1, [one]))
        add(f"_ => {{\n{body}\n}}\n}}" if mutants else body)
        # What is wrong with the function as a whole is the fault of any of its mutants.
        owners.append((first, lines, mutants))
        at = function.end
    add(source.text[at:])
    return "".join(pieces), owners


def blamed(owners, places):
    """Which mutants a fault of the compiler is about: those of the narrowest lines around it."""
    for file, line in places:
        around = [owner for owner in owners.get(file, []) if owner[0] <= line <= owner[1] and owner[2]]
        if around:
            return min(around, key=lambda owner: owner[1] - owner[0])[2]
    return []


def by_file(mutants):
    grouped = defaultdict(list)
    for mutant, span in mutants:
        grouped[mutant.file].append((mutant, span))
    return grouped
