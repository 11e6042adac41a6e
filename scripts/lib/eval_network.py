"""Figures for addresses of devices, facts about persons, and what presidio and libphonenumber plant. See eval.py.

A planted value counts as found when a finding that is acted on overlaps it. A finding is false when it overlaps no planted
value of its type.
"""

import base64
import collections
import ipaddress
import re

IP = ("pii.network.ipv4", "pii.network.ipv6")
PHONE = ("pii.contact.phone", "pii.contact.phone-national")

# Of presidio-research: name, type, rules, least recall, least precision.
RESEARCH = [
    ("card", "CREDIT_CARD", ("financial.card",), 0.99, 0.995),
    ("e-mail", "EMAIL_ADDRESS", ("pii.contact.email",), 1, 1),
    ("IBAN", "IBAN_CODE", ("financial.iban",), 0.99, 1),
    ("IP address", "IP_ADDRESS", IP, 1, 1),
    ("SSN", "US_SSN", ("pii.id.us-ssn",), 1, 0.98),
    ("phone", "PHONE_NUMBER", PHONE, 0.92, 0.95),
    ("driving licence", "US_DRIVER_LICENSE", ("pii.profile.driving-licence",), None, None),
]

PASSPORT = ("pii.profile.passport",)
LICENCE = ("pii.profile.driving-licence",)

# Of presidio's own tests: type, rules.
TESTS = {
    "ip": IP,
    "mac": ("pii.network.mac",),
    "phone": PHONE,
    "ph_mobile_number": PHONE,
    "tr_phone_number": PHONE,
    "email": ("pii.contact.email",),
    "credit_card": ("financial.card",),
    "crypto": ("financial.crypto-address",),
    "iban": ("financial.iban",),
    "aba_routing": ("financial.us-aba",),
    "us_bank": ("financial.bank-account",),
    "us_ssn": ("pii.id.us-ssn",),
    "us_itin": ("pii.id.us-itin",),
    "uk_driving_licence": ("pii.profile.gb-driving-licence",),
    "us_driver_license": LICENCE,
    "kr_driver_license": LICENCE,
    "it_driver_license": LICENCE,
    "us_passport": PASSPORT,
    "uk_passport": PASSPORT,
    "es_passport": PASSPORT,
    "in_passport": PASSPORT,
    "it_passport": PASSPORT,
    "kr_passport": PASSPORT,
    "de_passport": PASSPORT,
}

# A number of these has no structure of its own: it is judged where a word names it.
NEED_A_WORD = {*PASSPORT, *LICENCE, "financial.bank-account", "financial.us-aba", "pii.contact.phone-national"}
WORD = re.compile(r"pass?port|pasaporte|licen[cs]e|lizenz|account|routing|phone|tel|call|mobil|cep |fax", re.I)


def overlaps(finding, value):
    return finding["start"] < value["end"] and value["start"] < finding["end"]


def in_bytes(row):
    """The planted values with offsets in bytes, as findings have them."""
    text = row["text"]
    for one in row["expected"]:
        if "start" in one:
            start = len(text[:one["start"]].encode())
            yield {**one, "start": start, "end": start + len(one["value"].encode())}
        elif one["value"] in text:
            start = len(text[:text.index(one["value"])].encode())
            yield {**one, "start": start, "end": start + len(one["value"].encode())}


def scanned(tool, rows):
    """Each row with all of its findings."""
    rows = [row for row in rows if row.get("text")]
    asked = [{"id": row["id"], "text": row["text"]} for row in rows]
    for row, answer in zip(rows, tool.answers(["scan", "--all"], asked)):
        yield row, answer["findings"]


def of(findings, rules):
    return [one for one in findings if one["rule"] in rules and one["confidence"] != "low"]


def share(part, whole):
    return f"{part} of {whole} ({100 * part / whole:.1f} %)" if whole else "0 of 0"


def presidio_research(tool, table):
    rows = table.counted("pii_presidio_research")
    if rows is None:
        return
    answers = list(scanned(tool, rows))
    for name, kind, rules, recall, precision in RESEARCH:
        planted = caught = told = right = 0
        notes = []
        for row, findings in answers:
            values = [one for one in in_bytes(row) if one["type"] == kind]
            found = of(findings, rules)
            planted += len(values)
            told += len(found)
            missed = [one for one in values if not any(overlaps(finding, one) for finding in found)]
            false = [one for one in found if not any(overlaps(one, value) for value in values)]
            caught += len(values) - len(missed)
            right += len(found) - len(false)
            text = row["text"].encode()
            notes += [f"missed: {row['id']}: {one['value']}" for one in missed]
            notes += [f"false: {row['id']}: {text[one['start']:one['end']].decode(errors='replace')}" for one in false]
        passes = None
        if recall is not None:
            passes = planted > 0 and caught >= recall * planted and right >= precision * told
        table.add("pii_presidio_research", f"{name}: recall {share(caught, planted)}, precision {share(right, told)}",
                  recall and f"recall {recall}, precision {precision}", passes, notes[:12])


def deviation(kind, value, text):
    """Why a planted value is not acted on, on purpose."""
    rules = TESTS[kind]
    if kind == "ip":
        try:
            address = ipaddress.ip_interface(value.split("%")[0]).ip
        except ValueError:
            return None
        if address.is_unspecified or address.is_loopback:
            return "an address that is nobody's"
        if re.search(rf"\d\.{re.escape(value)}|{re.escape(value)}\.\d", text):
            return "more than four numbers with points: an object identifier or a version"
    if kind == "mac" and not set(value.upper()) - set("0:-.") | set(value.upper()) - set("F:-."):
        return "the null or the broadcast address"
    if set(rules) & NEED_A_WORD and not WORD.search(text.replace(value, "")):
        return "no word that names it"
    return None


def presidio_tests(tool, table):
    rows = table.counted("pii_presidio_tests")
    if rows is None:
        return
    right, judged = collections.Counter(), collections.Counter()
    wrong, deviations = [], collections.Counter()
    for row, findings in scanned(tool, rows):
        kind = row["source"].split(":")[1]
        if kind not in TESTS or row["label"] == "pos" and not row["expected"]:
            continue
        found = of(findings, TESTS[kind])
        values = list(in_bytes(row))
        missed = [one for one in values if not any(overlaps(finding, one) for finding in found)]
        false = [one for one in found if not any(overlaps(one, value) for value in values)]
        why = [deviation(kind, one["value"], row["text"]) for one in missed]
        if missed and all(why) and not false:
            deviations.update({why[0]: 1})
            continue
        judged[kind] += 1
        if missed or false:
            wrong.append(f"{row['id']} ({kind}): {row['text'][:80]!r}")
        else:
            right[kind] += 1
    notes = [", ".join(f"{kind} {right[kind]}/{count}" for kind, count in sorted(judged.items()))]
    notes += [f"on purpose not found, {why}: {count}" for why, count in deviations.most_common()]
    notes += [f"wrong: {one}" for one in wrong]
    total, good = sum(judged.values()), sum(right.values())
    table.add("pii_presidio_tests", f"network, profile, contact, financial: {share(good, total)} right", "98 %",
              total > 0 and good >= 0.98 * total, notes)


def libphonenumber(tool, table):
    """Numbers with a plus, each alone in its row. Those in a national form need a word and are not asked for here."""
    rows = table.counted("pii_libphonenumber")
    if rows is None:
        return
    forms = {"E.164": re.compile(r"\+\d+$"), "RFC 3966": re.compile(r"tel:\+"), "international": re.compile(r"\+")}
    planted, caught, missed, false = collections.Counter(), collections.Counter(), [], []
    for row, findings in scanned(tool, rows):
        found = of(findings, PHONE)
        if row["label"] == "neg":
            false += [row["text"]] if found else []
            continue
        form = next((name for name, form in forms.items() if form.match(row["text"])), None)
        if form is None:
            continue
        planted[form] += 1
        # All of its digits.
        digits = lambda text: re.sub(r"\D", "", text)
        text = row["text"].encode()
        whole = any(digits(text[one["start"]:one["end"]].decode()) == digits(row["text"]) for one in found)
        caught[form] += whole
        missed += [] if whole else [row["text"]]
    for form, count in planted.items():
        table.add("pii_libphonenumber", f"{form}: {share(caught[form], count)} found whole", "99 %",
                  caught[form] >= 0.99 * count)
    negatives = sum(row["label"] == "neg" for row in rows)
    table.add("pii_libphonenumber", f"invalid numbers found: {share(len(false), negatives)}",
              notes=[f"missed: {missed[:10]}"] if missed else [])


def validatorjs(tool, table):
    """Bare values, so also what is low counts as found."""
    rows = table.counted("pii_validatorjs")
    if rows is None:
        return
    kinds = {"isIP": IP, "isMACAddress": ("pii.network.mac",), "isPassportNumber": PASSPORT,
             "isBtcAddress": ("financial.crypto-address",)}
    right, judged, wrong = collections.Counter(), collections.Counter(), collections.defaultdict(list)
    for row, findings in scanned(tool, rows):
        kind = row["source"].split(":")[1]
        # Options and versions of the check make other questions; a country of passports does not.
        if kind not in kinds or kind != "isPassportNumber" and row["source"].count(":") > 1:
            continue
        length = len(row["text"].encode())
        is_found = any(one["rule"] in kinds[kind] and (one["start"], one["end"]) == (0, length) for one in findings)
        judged[kind] += 1
        if is_found == (row["label"] == "pos"):
            right[kind] += 1
        else:
            wrong[kind].append(f"{row['label']} {row['text'][:40]}")
    for kind in kinds:
        table.add("pii_validatorjs", f"{kind}: {share(right[kind], judged[kind])} agree",
                  notes=[f"not: {wrong[kind][:16]}"] if wrong[kind] else [])


def benign(tool, table):
    """In how many harmless documents each of these rules acts."""
    for name in ("ben_prompts", "ben_fp_text"):
        rows = table.counted(name)
        if rows is None:
            continue
        documents, examples = collections.Counter(), {}
        asked = [{"id": row["id"], **({"b64": row["b64"]} if row.get("b64") is not None else {"text": row["text"]})}
                 for row in rows]
        for row, answer in zip(rows, tool.answers(["scan", "--all"], asked)):
            text = base64.b64decode(row["b64"]) if row.get("b64") is not None else row["text"].encode()
            rules = {}
            for one in answer["findings"]:
                if one["confidence"] != "low" and one["rule"].startswith(("pii.network", "pii.profile", "financial.")):
                    rules.setdefault(one["rule"], text[one["start"]:one["end"]].decode(errors="replace"))
            documents.update(rules.keys())
            for rule, value in rules.items():
                examples.setdefault(rule, []).append(f"{row['id']}: {value}")
        figure = ", ".join(f"{rule} {count}" for rule, count in documents.most_common()) or "none"
        table.add(name, f"documents of {len(rows)} by rule: {figure}",
                  notes=[f"{rule}: {values[:12]}" for rule, values in examples.items()])


FIGURES = {
    "network_presidio_research": presidio_research,
    "network_presidio_tests": presidio_tests,
    "network_libphonenumber": libphonenumber,
    "network_validatorjs": validatorjs,
    "network_benign": benign,
}
