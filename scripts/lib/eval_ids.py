"""Figures for the numbers that Asian states give out: each rule against the oracles of its type. See eval.py.

An oracle's row is one number. A positive one must be found whole by the type's own rule, a negative one must not be found by
it; what other rules say of it does not count, as one in six negatives is a valid number of another type.
"""

import base64
import collections

# Corpus type -> the rules that together are its own. A taxpayer of Thailand is a person or a company.
TABLE = {
    "cn.ric": ["pii.id.cn-ric"],
    "cn.uscc": ["pii.id.cn-uscc"],
    "hk.hkid": ["pii.id.hk-hkid"],
    "id.nik": ["pii.id.id-nik"],
    "id.npwp": ["pii.id.id-npwp"],
    "il.idnr": ["pii.id.il-idnr"],
    "in_.aadhaar": ["pii.id.in-aadhaar"],
    "in_.epic": ["pii.id.in-epic"],
    "in_.gstin": ["pii.id.in-gstin"],
    "in_.pan": ["pii.id.in-pan"],
    "in_.vid": ["pii.id.in-vid"],
    "jp.cn": ["pii.id.jp-corporate-number"],
    "jp.in_": ["pii.id.jp-my-number"],
    "kr.brn": ["pii.id.kr-brn"],
    "kr.rrn": ["pii.id.kr-rrn"],
    "my.nric": ["pii.id.my-nric"],
    "pk.cnic": ["pii.id.pk-cnic"],
    "sg.nric": ["pii.id.sg-nric"],
    "sg.uen": ["pii.id.sg-uen"],
    "th.moa": ["pii.id.th-moa"],
    "th.pin": ["pii.id.th-pin"],
    "th.tin": ["pii.id.th-pin", "pii.id.th-moa"],
    "tr.tckimlik": ["pii.id.tr-tckimlik"],
    "tw.natid": ["pii.id.tw-natid"],
    "tw.natid(resident)": ["pii.id.tw-resident"],
    "tw.ubn": ["pii.id.tw-ubn"],
    "vn.mst": ["pii.id.vn-mst"],
}

# Types of generators and of format validators, which know less of the numbers than the oracles do.
OTHER = {
    "pii_faker": {
        "en_IN:aadhaar_id": ["pii.id.in-aadhaar"],
        "en_PH:philhealth": ["pii.id.ph-philhealth"],
        "en_PH:ssn": ["pii.id.ph-umid"],
        "en_PH:sss": ["pii.id.ph-sss"],
        "en_PH:umid": ["pii.id.ph-umid"],
        "fil_PH:philhealth": ["pii.id.ph-philhealth"],
        "fil_PH:ssn": ["pii.id.ph-umid"],
        "fil_PH:sss": ["pii.id.ph-sss"],
        "fil_PH:umid": ["pii.id.ph-umid"],
        "ko_KR:ssn": ["pii.id.kr-rrn", "pii.id.kr-rrn-2020"],
        "th_TH:ssn": ["pii.id.th-pin"],
        "zh_CN:ssn": ["pii.id.cn-ric"],
        "zh_TW:ssn": ["pii.id.tw-natid"],
    },
    "pii_validatorjs": {
        "isIdentityCard:IN": ["pii.id.in-aadhaar"],
        "isIdentityCard:IR": ["pii.id.ir-nid"],
        "isIdentityCard:LK": ["pii.id.lk-nic"],
        "isIdentityCard:PK": ["pii.id.pk-cnic"],
        "isIdentityCard:TH": ["pii.id.th-pin"],
        "isIdentityCard:he-IL": ["pii.id.il-idnr"],
        "isIdentityCard:zh-CN": ["pii.id.cn-ric", "pii.id.cn-ric-15"],
        "isIdentityCard:zh-HK": ["pii.id.hk-hkid"],
        "isIdentityCard:zh-TW": ["pii.id.tw-natid"],
        "isTaxID:en-IN": ["pii.id.in-pan"],
        "isVAT:ID": ["pii.id.id-npwp"],
        "isVAT:PH": ["pii.id.ph-tin"],
    },
}


# Rows that are not as labelled, by type and text, with the reason.
DEVIATIONS = {
    ("cn.ric", "310115196009037740"): "the oracle refuses a district that is younger than who lives there: codes are those of"
    " the first registration (GB 11643-1999)",
}


def id_oracles(tool, table):
    """The oracles' rows: agreement, type by type."""
    for corpus in ["pii_stdnum_oracle", "pii_npm_oracle", "pii_sg_nric"]:
        rows = table.counted(corpus)
        if rows is not None:
            agreement(tool, table, corpus, rows, TABLE, "100 % but for deviations")


def id_generated(tool, table):
    """Rows of generators and format validators; without a bar."""
    for corpus, types in OTHER.items():
        rows = table.counted(corpus)
        if rows is not None:
            agreement(tool, table, corpus, rows, types, None)


def agreement(tool, table, corpus, rows, types, bar):
    """One figure for all types of a corpus; a note for each type that has rows on which its rules do not agree."""
    judged = [(row, kind) for row in rows for kind in [kind_of(row)] if kind in types]
    agreed, total, acted = collections.Counter(), collections.Counter(), collections.Counter()
    known = []
    wrong = collections.defaultdict(list)
    asked = [line(row) for row, _ in judged]
    for (row, kind), answer in zip(judged, tool.answers(["scan", "--all"], asked)):
        own = [one for one in answer["findings"] if one["rule"] in types[kind]]
        agrees = any(is_whole(row, one) for one in own) if row["label"] == "pos" else not own
        total[kind] += 1
        agreed[kind] += agrees
        acted[kind] += row["label"] == "pos" and any(one["confidence"] != "low" for one in own)
        reason = None if agrees else DEVIATIONS.get((kind, row["text"]))
        if reason:
            known.append(f"{row['id']} deviates: {reason}")
        elif not agrees:
            wrong[kind].append(row["id"])
    notes = [f"{kind}: {agreed[kind]} of {total[kind]}; not {', '.join(wrong[kind][:8])}" for kind in sorted(wrong)]
    notes += known
    missing = sorted(set(types) - set(total)) if types is not TABLE else []
    notes += [f"no rows: {', '.join(missing)}"] if missing else []
    figure = f"{sum(agreed.values())} of {sum(total.values())} rows of {len(total)} types agree"
    deviating = f", {len(known)} deviates" if known else ""
    table.add(corpus, f"{figure}{deviating}; {sum(acted.values())} would be acted on", bar, (not wrong) if bar else None, notes)


def kind_of(row):
    """The type that a row's source names; rows of Singapore's own corpus have one type."""
    name = row["source"].partition(":")[2]
    return name if name else "sg.nric" if row["id"].startswith("pii_sg_nric") else None


def is_whole(row, finding):
    """Whether a finding is a row's number, but for blanks at its ends."""
    for one in row["expected"]:
        value = one["value"].strip().encode()
        # Rows with a place count it in characters.
        start = len(row["text"][:one["start"]].encode()) if "start" in one else content(row).find(value)
        if (finding["start"], finding["end"]) == (start, start + len(value)):
            return True
    return False


def content(row):
    return base64.b64decode(row["b64"]) if row.get("b64") is not None else row["text"].encode()


def line(row):
    body = {"b64": row["b64"]} if row.get("b64") is not None else {"text": row["text"]}
    return {"id": row["id"], **body}
