"""Figures for injections and hidden text: how many attacks are found, and how many harmless texts too. See eval.py.

Level 1 is what may block, level 2 what flags. A row counts as found where a rule of the class `injection` finds something;
rows whose disguise or markup is another class's (`hidden_text`, `exfiltration`) are told apart in the notes.
"""

import collections

# Disguises that are hidden text by themselves.
HIDDEN = ["tag-chars", "emoji-variation-selectors", "sneaky-bits", "bidi-override"]
# Disguises that the phrase matcher undoes: judged as the text itself is.
PHRASE = ["leet", "spaced", "base64", "hex"]


def judged(tool, rows):
    """For each row the lowest level of its injections (None without), and the classes found."""
    asked = [{"id": row["id"], **{name: row[name] for name in ("text", "b64") if name in row}} for row in rows]
    for row, answer in zip(rows, tool.answers(["scan", "--all"], asked)):
        acted = [one for one in answer["findings"] if one["confidence"] != "low"]
        levels = [level(tool, one) for one in acted if one["class"] == "injection"]
        yield row, min(levels, default=None), {one["class"] for one in acted}


def level(tool, finding):
    """The level of a finding: as the tool says it, else by the rule's name."""
    return finding.get("level") or (2 if finding["rule"].endswith("-hint") else 1)


def share(part, whole):
    return f"{part} of {whole} ({100 * part / whole:.2f} %)" if whole else "0 of 0"


def injection_benign(tool, table):
    """Level 1 in harmless documents."""
    for name, most in [("ben_prompts", 0.2), ("ben_fp_text", 0.1)]:
        rows = table.counted(name)
        if rows is None:
            continue
        found = list(judged(tool, rows))
        first = [row["id"] for row, lowest, _ in found if lowest == 1]
        second = sum(lowest is not None for _, lowest, _ in found)
        hidden = sum("hidden_text" in classes for _, _, classes in found)
        table.add(name, f"injection level 1: {share(len(first), len(rows))}", f"<= {most} %",
                  100 * len(first) <= most * len(rows),
                  [f"level 1 or 2: {share(second, len(rows))}; hidden text: {hidden}", f"level 1: {first}"])
        trigger = [one for one in found if one[0]["source"].startswith("notinject:")]
        if trigger:
            counts = [sum(lowest in levels for _, lowest, _ in trigger) for levels in ((1,), (1, 2))]
            table.add(name, f"NotInject: level 1 {share(counts[0], len(trigger))}, level 1 or 2 "
                      f"{share(counts[1], len(trigger))}", "<= 1 %, <= 10 %",
                      100 * counts[0] <= len(trigger) and 100 * counts[1] <= 10 * len(trigger))


def injection_attacks(tool, table):
    """Attacks, by what is fair to ask of phrases."""
    scopes = collections.defaultdict(collections.Counter)
    for name in ["inj_garak", "inj_attacks"]:
        rows = table.counted(name)
        for row, lowest, classes in judged(tool, rows or []):
            count = scopes[row["scope"].removesuffix("-out-of-scope")]
            count["rows"] += 1
            count["first"] += lowest == 1
            count["any"] += lowest is not None
            count["other"] += lowest is None and bool(classes & {"hidden_text", "exfiltration"})
    for scope, count in sorted(scopes.items()):
        whole = count["rows"]
        is_barred = scope == "marker"
        passes = 2 * count["first"] >= whole and 100 * count["any"] >= 85 * whole
        table.add("inj_garak + inj_attacks", f"{scope}: level 1 {share(count['first'], whole)}, level 1 or 2 "
                  f"{share(count['any'], whole)}", ">= 50 %, >= 85 %" if is_barred else None,
                  passes if is_barred else None,
                  [f"only as hidden text or exfiltration: {count['other']}"])


def injection_evasion(tool, table):
    """Disguises: hidden text is found as such, the others as their plain text is."""
    rows = table.counted("inj_evasion")
    if rows is None:
        return
    bases = sorted({row["base"] for row in rows})
    plain = [{"id": base, "text": base} for base in bases]
    plain = {row["id"]: lowest for row, lowest, _ in judged(tool, plain)}
    right, all_rows, wrong = collections.Counter(), collections.Counter(), collections.defaultdict(list)
    for row, lowest, classes in judged(tool, rows):
        kind = row["source"].removeprefix("evasion:")
        good = "hidden_text" in classes if kind in HIDDEN else lowest == plain[row["base"]]
        right[kind] += good
        all_rows[kind] += 1
        if not good:
            wrong[kind].append(row["id"])
    for kind in HIDDEN + PHRASE:
        table.add("inj_evasion", f"{kind}: {right[kind]} of {all_rows[kind]}", "all", right[kind] == all_rows[kind],
                  [f"wrong: {wrong[kind]}"] if wrong[kind] else [])
    others = ", ".join(f"{kind} {right[kind]} of {all_rows[kind]}" for kind in sorted(all_rows)
                       if kind not in HIDDEN + PHRASE)
    missed = [base for base, lowest in plain.items() if lowest is None]
    table.add("inj_evasion", "as the plain text is judged", notes=[others, f"plain texts without a finding: {missed}"])


def injection_llmguard(tool, table):
    rows = table.counted("inj_llmguard_tests")
    if rows is None:
        return
    counts = collections.Counter()
    for row, lowest, classes in judged(tool, rows):
        found = bool(classes & {"injection", "hidden_text", "secret"} or {one for one in classes if "pii" in one})
        counts[(row["source"].split(":")[1], row["label"], found)] += 1
    told = ", ".join(f"{source} {label} {'found' if found else 'not found'} {count}"
                     for (source, label, found), count in sorted(counts.items()))
    table.add("inj_llmguard_tests", told)
