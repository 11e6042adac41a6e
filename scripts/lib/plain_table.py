#!/usr/bin/env python3
"""Writes the table of what characters read as: src/detect/plain/table.rs.

    python3 scripts/lib/plain_table.py > src/detect/plain/table.rs

Sources: the Unicode Character Database as Python has it (decompositions, names, categories), with what later versions
added written below; look-alikes chosen by hand from the confusables of UTS #39 (confusables.txt, version 18.0.0).
"""

import unicodedata as ucd

LIMIT, ROW = 0x20000, 64
SAME, NOTHING, MARK, LETTER, SEVERAL, ALIKE = 0, 1, 2, 3, 4, 0x80

# Digit zero of the sets of decimal digits (Nd) of Unicode 15 and 16; nine more follow each.
ZEROS = [0x10D40, 0x116D0, 0x116DA, 0x11BF0, 0x11DE0, 0x11F50, 0x16130, 0x16D70, 0x1CCF0, 0x1E4F0, 0x1E5F1]

# Default_Ignorable_Code_Point (DerivedCoreProperties.txt) below LIMIT.
IGNORABLE = [
    (0xAD, 0xAD), (0x34F, 0x34F), (0x61C, 0x61C), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F),
    (0x200B, 0x200F), (0x202A, 0x202E), (0x2060, 0x206F), (0x3164, 0x3164), (0xFE00, 0xFE0F), (0xFEFF, 0xFEFF),
    (0xFFA0, 0xFFA0), (0xFFF0, 0xFFF8), (0x1BCA0, 0x1BCA3), (0x1D173, 0x1D17A),
]

# Combining marks that Latin letters have: the blocks of combining diacritical marks, and half marks.
MARKS = [(0x300, 0x36F), (0x1AB0, 0x1AFF), (0x1DC0, 0x1DFF), (0x20D0, 0x20FF), (0xFE20, 0xFE2F)]

# Blocks whose compatibility forms stay: units and eras of East Asian text, and letters of flags.
STAY = [(0x32CC, 0x32CF), (0x32FF, 0x33FF), (0x1F1E6, 0x1F1FF)]

# Characters that have no decomposition, or another one.
BY_HAND = {
    " ": "\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000",
    "-": "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2043\u02d7\ufe63",
    "'": "\u2018\u2019\u201a\u201b\u2032\u00b4\u02b9\u02bb\u02bc\u02bd\u02c8",
    '"': "\u201c\u201d\u201e\u201f\u2033",
    "<": "\u2039\u27e8\u2329", ">": "\u203a\u27e9\u232a", "|": "\u01c0\u2223\u2758\uffe8", "/": "\u2044\u2215",
    ":": "\u2236\ua789", "~": "\u223c", "*": "\u2217", "@": "\ufe6b",
    "a": "\u0251", "b": "\u0185", "d": "\u00f0\u0256", "D": "\u00d0\u0189", "e": "\u025b", "g": "\u0261", "i": "\u0131\u0269",
    "j": "\u0237", "k": "\u0138", "n": "\u014b", "N": "\u014a", "u": "\u028b", "y": "\u0263", "s": "\u017f",
    "ss": "\u00df", "SS": "\u1e9e", "ae": "\u00e6\u01e3\u01fd", "AE": "\u00c6\u01e2\u01fc", "oe": "\u0153",
    "OE": "\u0152", "th": "\u00fe", "TH": "\u00de", "...": "\u2026",
}

# Letters that look like a Latin one, each with it (UTS #39; by way of the small capitals where these are the prototype).
ALIKES = (
    "ЅS ІI ЈJ АA ВB ЕE КK МM НH ОO РP СC ТT УY ХX Ьb аa вb гr еe кk мm нh оo рp сc тt уy хx шw ьb ѕs іi јj ѡw ѴV ѵv "
    "ҮY үy Һh һh ҽe ӀI ӏl ԁd ԌG ԍg ԚQ ԛq ԜW ԝw ꙇi "
    "ͿJ ΑA ΒB ΕE ΖZ ΗH ΙI ΚK ΜM ΝN ΟO ΡP ΤT ΥY ΧX αa γy ιi κk νv οo ρp σo τt υu ϒY ϜF ϰk ϱp ϲc ϳj ϸp ϹC ϺM "
    "ՍU ՏS ՕO աw գq զq հh յj ոn ռn սu ցg ւi քf օo "
    "ᎠD ᎡR ᎢT Ꭵi ᎩY ᎪA ᎫJ ᎬE ᎳW ᎷM ᎻH ᎽY ᏀG Ꮒh ᏃZ Ꮟb ᏒR ᏔW ᏕS ᏙV ᏚS ᏞL ᏟC ᏢP ᏦK Ꮷd ᏳG ᏴB ᏻg ᏼb "
    "ꭰd ꭱr ꭲt ꭵi ꭺa ꭻj ꭼe ꮁr ꮃw ꮋh ꮐg ꮓz ꮢr ꮤw ꮩv ꮪs ꮮl ꮯc ꮲp ꮶk "
    "ⲂB ⲃb ⲅr ⲌZ ⲍz ⲎH ⲏh ⲒI ⲓi ⲔK ⲕk ⲘM ⲚN ⲛn ⲞO ⲟo ⲢP ⲣp ⲤC ⲥc ⲦT ⲧt ⲨY ⲩy ⲬX ⲽw "
    "ꓐB ꓑP ꓒd ꓓD ꓔT ꓖG ꓗK ꓙJ ꓚC ꓜZ ꓝF ꓟM ꓠN ꓡL ꓢS ꓣR ꓦV ꓧH ꓪW ꓫX ꓬY ꓮA ꓰE ꓲI ꓳO ꓴU"
)
SCRIPTS = ("CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "COPTIC", "LISU")


def runs():
    """Letters and numbers in rings and boxes that have no decomposition, and Unicode 16's outlined letters."""
    yield from ((0x1F150 + n, chr(65 + n)) for n in range(26))
    yield from ((0x1F170 + n, chr(65 + n)) for n in range(26))
    yield from ((0x1CCD6 + n, chr(65 + n)) for n in range(26))
    for first in (0x2776, 0x2780, 0x278A, 0x24F5):
        yield from ((first + n, str(1 + n)) for n in range(10))
    yield from ((0x24EB + n, str(11 + n)) for n in range(10))
    yield from [(0x24FF, "0"), (0x1F10B, "0"), (0x1F10C, "0")]


def within(code, ranges):
    return any(first <= code <= last for first, last in ranges)


def by_name(char):
    """The letter that a name tells: a stroke, hook or bar is no decomposition."""
    words = ucd.name(char, "").split()
    for start, lower in (("LATIN SMALL LETTER", True), ("LATIN CAPITAL LETTER", False), ("LATIN LETTER SMALL CAPITAL", True)):
        count = len(start.split())
        if words[:count] == start.split() and len(words) > count and len(words[count]) == 1:
            if len(words) == count + 1 or words[count + 1] == "WITH":
                return words[count].lower() if lower else words[count]
    return None


def decomposed(char, by_hand):
    text = "".join(c for c in ucd.normalize("NFKD", char) if not ucd.category(c).startswith("M"))
    if not text or text == char or text.isspace() or text.startswith(" "):
        return None
    text = "".join(by_hand.get(c, by_name(c) or c) for c in text)
    # A letter or number in brackets, or with a stop, is that letter or number.
    if len(text) > 1 and ord(char) in range(0x2474, 0x24B6) or ord(char) in range(0x1F100, 0x1F12F):
        text = "".join(c for c in text if c.isalnum())
    return text if text and all(" " <= c <= "~" for c in text) else None


def table():
    by_hand = {char: text for text, chars in BY_HAND.items() for char in chars} | {chr(c): t for c, t in runs()}
    alike = {pair[0]: pair[1] for pair in ALIKES.split()}
    values, several = [SAME] * LIMIT, []
    for code in range(0x20, 0x7F):
        values[code] = code
    for code in range(0x80, LIMIT):
        char = chr(code)
        base = ucd.normalize("NFKD", char)[:1]
        text = None
        if within(code, IGNORABLE):
            values[code] = NOTHING
        elif within(code, MARKS):
            values[code] = MARK
        elif ucd.category(char) == "Nd" or any(zero <= code < zero + 10 for zero in ZEROS):
            zero = next((zero for zero in ZEROS if zero <= code < zero + 10), None)
            values[code] = 0x30 + (code - zero if zero else ucd.decimal(char))
        elif char in by_hand:
            text = by_hand[char]
        elif char in alike:
            values[code] = ALIKE | ord(alike[char])
        elif not within(code, STAY):
            text = decomposed(char, by_hand) or by_name(char)
            if text is None and ucd.name(char, "").split()[:1] and ucd.name(char).split()[0] in SCRIPTS:
                if ucd.category(char)[0] in "LM":
                    values[code] = ALIKE | ord(alike[base]) if base in alike else LETTER
        if text is not None and len(text) == 1:
            values[code] = ord(text)
        elif text is not None:
            values[code] = SEVERAL
            several.append((code, text))
    return values, several


def literal(values):
    def one(value, following):
        if 0x20 <= value < 0x7F:
            return ("\\" if chr(value) in '"\\' else "") + chr(value)
        # Before a digit, `\0` looks like the octal number that it is elsewhere.
        is_short = value == 0 and not 0x30 <= following <= 0x39
        return "\\0" if is_short else f"\\x{value:02x}"

    return "".join(map(one, values, [*values[1:], 0]))


def main():
    values, several = table()
    rows, index, firsts = [[SAME] * ROW], [], [None]
    for first in range(0, LIMIT, ROW):
        row = values[first : first + ROW]
        if row not in rows:
            rows.append(row)
            firsts.append(first)
        index.append(rows.index(row))
    assert len(rows) <= 256
    print("//! Written by `scripts/lib/plain_table.py`, which names the sources; not by hand.\n")
    print(f"/// Code points that the table covers.\npub(super) const LIMIT: u32 = {LIMIT:#x};\n")
    print("/// The row of each 64 code points.\n#[rustfmt::skip]")
    print(f"pub(super) static INDEX: [[u8; 64]; {len(index) // 64}] = [")
    for at in range(0, len(index), 64):
        print(f'    *b"{literal(index[at : at + 64])}",')
    print("];\n\n/// What each reads as, see `Reads::new`.\n#[rustfmt::skip]")
    print(f"pub(super) static ROWS: [[u8; 64]; {len(rows)}] = [")
    for first, row in zip(firsts, rows):
        print(f'    *b"{literal(row)}",' + (f" // U+{first:04X}" if first is not None else ""))
    print("];\n\n/// Those that read as more than one character, by code point.\n#[rustfmt::skip]")
    print(f"pub(super) static SEVERAL: [(u32, &str); {len(several)}] = [")
    quoted = [f'({code:#x}, "{text}"),' for code, text in several]
    for at in range(0, len(quoted), 6):
        print("    " + " ".join(quoted[at : at + 6]))
    print("];")


main()
