"""Figures for identity, tax and bank numbers of the West: Europe, the Americas, Australia and New Zealand. See eval.py.

Oracle rows are bare numbers: what counts is whether the rule of the row's own type finds the whole number (at any
confidence), and finds nothing in a number of the same shape that is wrong. Planted numbers stand in sentences: there only
findings that are acted on (medium and high) count.
"""

import collections

CREDIT = ["financial.card"]
VAT = ["pii.id.eu-vat"]

# The type of a row in the corpora, and the rules of which one should find it.
TABLE = {
    "at.vnr": ["pii.id.at-vnr"],
    "au.abn": ["pii.id.au-abn"],
    "au.acn": ["pii.id.au-acn"],
    "au.medicare": ["pii.id.au-medicare"],
    "au.tfn": ["pii.id.au-tfn"],
    "be.nn": ["pii.id.be-nn"],
    "bic": ["financial.bic"],
    "br.cnpj": ["pii.id.br-cnpj"],
    "br.cpf": ["pii.id.br-cpf"],
    "ca.sin": ["pii.id.ca-sin"],
    "ch.ssn": ["pii.id.ch-ahv"],
    "cz.rc": ["pii.id.cz-rc"],
    "de.idnr": ["pii.id.de-idnr"],
    "de.vat": VAT,
    "dk.cpr": ["pii.id.dk-cpr"],
    "es.dni": ["pii.id.es-dni"],
    "es.nie": ["pii.id.es-nie"],
    "eu.vat": VAT,
    "fi.hetu": ["pii.id.fi-hetu"],
    "fr.nir": ["pii.id.fr-nir"],
    "fr.tva": ["pii.id.fr-tva", *VAT],
    "gb.nhs": ["pii.id.gb-nhs"],
    "gb.nino": ["pii.id.gb-nino"],
    "gb.utr": ["pii.id.gb-utr"],
    "gb.vat": ["pii.id.gb-vat", *VAT],
    "iban": ["financial.iban"],
    "ie.pps": ["pii.id.ie-pps"],
    "it.codicefiscale": ["pii.id.it-codice-fiscale"],
    "it.iva": VAT,
    "nl.bsn": ["pii.id.nl-bsn"],
    "nl.btw": ["pii.id.nl-btw", *VAT],
    "no.fodselsnummer": ["pii.id.no-fodselsnummer"],
    "nz.ird": ["pii.id.nz-ird"],
    "pl.pesel": ["pii.id.pl-pesel"],
    "pt.nif": ["pii.id.pt-nif"],
    "ro.cnp": ["pii.id.ro-cnp"],
    "se.orgnr": ["pii.id.se-orgnr"],
    "se.personnummer": ["pii.id.se-personnummer"],
    "us.ein": ["pii.id.us-ein"],
    "us.itin": ["pii.id.us-itin"],
    "us.ptin": ["pii.id.us-ptin"],
    "us.rtn": ["financial.us-aba"],
    "us.ssn": ["pii.id.us-ssn"],
}

# The recognisers of presidio's tests.
PRESIDIO = {
    "aba_routing": ["financial.us-aba"],
    "au_abn": ["pii.id.au-abn"],
    "au_acn": ["pii.id.au-acn"],
    "au_medicare": ["pii.id.au-medicare"],
    "au_tfn": ["pii.id.au-tfn"],
    "ca_sin": ["pii.id.ca-sin"],
    "credit_card": CREDIT,
    "de_tax_id": ["pii.id.de-idnr"],
    "de_vat_id": VAT,
    "es_nie": ["pii.id.es-nie"],
    "es_nif": ["pii.id.es-dni"],
    "fi_personal_identity_code": ["pii.id.fi-hetu"],
    "iban": ["financial.iban"],
    "it_fiscal_code": ["pii.id.it-codice-fiscale"],
    "it_vat_code": ["pii.id.it-iva"],
    "pl_pesel": ["pii.id.pl-pesel"],
    "se_organisationsnummer": ["pii.id.se-orgnr"],
    "se_personnummer": ["pii.id.se-personnummer"],
    "uk_nhs": ["pii.id.gb-nhs"],
    "uk_nino": ["pii.id.gb-nino"],
    "us_itin": ["pii.id.us-itin"],
    "us_ssn": ["pii.id.us-ssn"],
}

# What validator.js checks.
VALIDATORJS = {
    "isIBAN": ["financial.iban"],
    "isBIC": ["financial.bic"],
    "isCreditCard": CREDIT,
    "isIdentityCard:PL": ["pii.id.pl-pesel"],
    "isIdentityCard:ES": ["pii.id.es-dni", "pii.id.es-nie"],
    "isIdentityCard:FI": ["pii.id.fi-hetu"],
    "isIdentityCard:NO": ["pii.id.no-fodselsnummer"],
    "isTaxID:bg-BG": ["pii.id.bg-egn"],
    "isTaxID:cs-CZ": ["pii.id.cz-rc"],
    "isTaxID:de-DE": ["pii.id.de-idnr"],
    "isTaxID:dk-DK": ["pii.id.dk-cpr"],
    "isTaxID:en-GB": ["pii.id.gb-utr", "pii.id.gb-nino"],
    "isTaxID:en-CA": ["pii.id.ca-sin"],
    "isTaxID:en-IE": ["pii.id.ie-pps"],
    "isTaxID:en-US": ["pii.id.us-ein"],
    "isTaxID:es-AR": ["pii.id.ar-cuit"],
    "isTaxID:es-ES": ["pii.id.es-dni", "pii.id.es-nie"],
    "isTaxID:et-EE": ["pii.id.ee-isikukood"],
    "isTaxID:fi-FI": ["pii.id.fi-hetu"],
    "isTaxID:hr-HR": ["pii.id.hr-oib"],
    "isTaxID:it-IT": ["pii.id.it-codice-fiscale"],
    "isTaxID:lt-LT": ["pii.id.ee-isikukood"],
    "isTaxID:nl-BE": ["pii.id.be-nn"],
    "isTaxID:nl-NL": ["pii.id.nl-bsn"],
    "isTaxID:pl-PL": ["pii.id.pl-pesel", "pii.id.pl-nip"],
    "isTaxID:pt-BR": ["pii.id.br-cpf", "pii.id.br-cnpj"],
    "isTaxID:pt-PT": ["pii.id.pt-nif"],
    "isTaxID:ro-RO": ["pii.id.ro-cnp"],
    "isTaxID:sv-SE": ["pii.id.se-personnummer"],
}

# Rows that are not as labelled, by type and text, with the reason.
DEVIATIONS = {
    key: reason
    for reason, rows in {
        "the IRS gives out ITINs with 50 to 65, which the oracle does not know": [
            ("us.itin", "914-57-3452"), ("us.itin", "922-51-3478"),
        ],
        "spaces inside of a BIC": [("bic", "ABNA BE 2A")],
        "country code not in capitals": [("fr.tva", "Fr 40 303 255 442")],
        "all seven digits written as letters: nothing to begin at": [("it.codicefiscale", "DXRMRAQRCMNFNLRG")],
        "spaces and a dash that nobody writes": [
            ("br.cnpj", "12. ABC.345 /01DE\u201335"), ("br.cnpj", "12. AEC.345 /01DB\u201335"),
        ],
        "its check digit or letter is wrong": [
            ("de_vat_id", "DE123456789"), ("de_vat_id", "DE100000001"), ("it_fiscal_code", "AAAAAA00B11C333N"),
            ("it_fiscal_code", "AAAAAA00B11C333Y and AAAAAA00B11C333N"),
        ],
        "no digit of the first ten is repeated, as section 139b asks": [("de_tax_id", "12345678903")],
        "glued to a word": [("se_personnummer", "My swedish id code is199003052397.")],
    }.items()
    for key in rows
}

# A BIC is looked for behind a word only: without one it is a word of eight letters. Its rows are asked behind one.
CARRIER = {"bic": "BIC ", "isBIC": "BIC "}


def judged(tool, table, corpus, types, kind, strict):
    """For each row of a known type: the type, the row, whether it is as labelled, and what the rules found.

    A positive is found whole, at any confidence. In a negative nothing is found that would be acted on; `strict`: nothing at
    all.
    """
    rows = [(kind(row), row) for row in table.counted(corpus) or []]
    rows = [(name, row) for name, row in rows if name in types]
    asked = [{"id": row["id"], "text": CARRIER.get(name, "") + row["text"]} for name, row in rows]
    for (name, row), line, answer in zip(rows, asked, tool.answers(["scan", "--all"], asked)):
        text = line["text"].encode()
        found = [one for one in answer["findings"] if one["rule"] in types[name]]
        value = lambda one: text[one["start"]:one["end"]].decode(errors="replace")
        sure = [value(one) for one in found if one["confidence"] != "low"]
        found = [value(one) for one in found]
        wanted = [one["value"].strip() for one in row["expected"]] if row["label"] == "pos" else []
        # A right number without the wrong code in front of it is no mistake.
        if row["label"] == "pos":
            right = set(wanted) <= set(found) if wanted else bool(found)
        else:
            right = row["text"].strip() not in (found if strict else sure)
        yield name, row, right, found


def agreement(corpus, types, kind, bar=None, strict=False):
    """How many rows the rule of their own type judges as they are labelled."""
    def figure(tool, table):
        counts, wrong, known = collections.defaultdict(lambda: [0, 0]), [], collections.Counter()
        for name, row, right, found in judged(tool, table, corpus, types, kind, strict):
            reason = None if right else DEVIATIONS.get((name, row["text"]))
            known[reason] += bool(reason)
            counts[name][0] += right
            counts[name][1] += 1
            if not right and not reason:
                wrong.append(f"{name}: {row['label']} {row['text']!r}, found {found} ({row['id']})")
        right, total = (sum(count[at] for count in counts.values()) for at in (0, 1))
        if total:
            explained = sum(count for reason, count in known.items() if reason)
            passes = right + explained >= bar * total if bar else None
            table.add(corpus, f"{right} of {total} rows of {len(counts)} types in the West as labelled, {explained} deviate",
                      f">= {100 * bar:g} % but for deviations" if bar else None, passes,
                      [f"deviates: {reason}: {count}" for reason, count in known.items() if reason] + wrong)
    return figure


def faker(tool, table):
    """IBANs and cards in sentences of other languages."""
    rows = table.counted("pii_faker")
    if rows is None:
        return
    counts = collections.defaultdict(lambda: [0, 0])
    notes = []
    for row, answer in zip(rows, tool.answers(["scan", "--all"], [{"id": row["id"], "text": row["text"]} for row in rows])):
        text = row["text"].encode()
        for one in row["expected"]:
            rule = {"iban": "financial.iban", "credit_card_number": "financial.card"}.get(one["type"].split(":")[1])
            if rule:
                found = [text[at["start"]:at["end"]].decode(errors="replace") for at in answer["findings"]
                         if at["rule"] == rule and at["confidence"] != "low"]
                counts[rule][0] += one["value"] in found
                counts[rule][1] += 1
                notes += [] if one["value"] in found else [f"missed {one['value']} ({row['id']})"]
    for rule, (caught, planted) in sorted(counts.items()):
        table.add("pii_faker", f"{rule}: {caught} of {planted} found whole")
    if notes:
        table.add("pii_faker", f"{len(notes)} missed", notes=notes)


def source_type(row):
    return row["source"].split(":")[1]


def validator(row):
    return ":".join(row["source"].split(":")[1:3])


def recogniser(row):
    return row["source"].split(":")[-1].removeprefix("test_").removesuffix(".py").removesuffix("_recognizer")


FIGURES = {
    "ids_west_stdnum": agreement("pii_stdnum_oracle", TABLE, source_type, 1, strict=True),
    "ids_west_npm": agreement("pii_npm_oracle", TABLE, source_type, 1, strict=True),
    "ids_west_presidio_tests": agreement("pii_presidio_tests", PRESIDIO, recogniser, 0.98),
    "ids_west_faker": faker,
    "ids_west_validatorjs": agreement("pii_validatorjs", VALIDATORJS, validator),
}
