"""Figures about secrets for scripts/eval: what others' test cases hold, and what harmless text does not.

`sec_gitleaks` counts a row as found where any rule of the class `secret` would act on something in it; a negative is one for
its own rule only, so what is found in negatives is listed for a reader to judge.
"""

import collections

BENIGN = ["ben_prompts", "ben_fp_text"]
PERSONAL = ["pii_stdnum_oracle", "pii_npm_oracle", "pii_npm_stdnum", "pii_sg_nric", "pii_validatorjs", "pii_libphonenumber",
            "pii_presidio_tests", "pii_presidio_research", "pii_faker"]


def acted_on(tool, rows):
    """For each row the rules of secrets that would act on it."""
    asked = ({"id": row["id"], **({"b64": row["b64"]} if row.get("b64") is not None else {"text": row["text"]})}
             for row in rows)
    for row, answer in zip(rows, tool.answers(["scan", "--all"], asked)):
        yield row, [one for one in answer["findings"] if one["class"] == "secret" and one["confidence"] != "low"]


def sec_gitleaks(tool, table):
    rows = table.counted("sec_gitleaks")
    if rows is None:
        return
    missed, told, positives = collections.Counter(), [], 0
    for row, found in acted_on(tool, rows):
        kind = row["source"].removeprefix("gitleaks:")
        if row["label"] == "pos":
            positives += 1
            missed[kind] += not found
        elif found:
            told.append(f"{row['id']} ({kind}): {', '.join(one['rule'] for one in found)}")
    caught = positives - missed.total()
    kinds = {row["source"] for row in rows if row["label"] == "pos"}
    table.add("sec_gitleaks", f"{caught} of {positives} found ({100 * caught / positives:.1f} %) of {len(kinds)} rules", ">= 99 %",
              caught >= 0.99 * positives, [f"missed: {dict(+missed)}"] if missed.total() else [])
    table.add("sec_gitleaks", f"{len(told)} of {len(rows) - positives} negatives with a finding of any rule", notes=told)


def without(names, bar):
    """How many findings of secrets corpora without secrets have."""
    def figure(tool, table):
        told, documents = [], 0
        for name in names:
            rows = table.counted(name)
            if rows is None:
                return
            documents += len(rows)
            for row, found in acted_on(tool, rows):
                told += [f"{row['id']}: {one['rule']}" for one in found]
        table.add("+".join(names) if len(names) < 3 else "pii_*", f"{len(told)} secrets in {documents} documents",
                  f"<= {bar}", len(told) <= bar, told)
    return figure


secrets_benign = without(BENIGN, 1)
# One row of pii_validatorjs is a JSON Web Token.
secrets_personal = without(PERSONAL, 1)
