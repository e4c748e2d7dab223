"""Make troubles: entries with errors of their own, and pastes in which such an error recurs elsewhere."""

from __future__ import annotations

import random
from dataclasses import dataclass

NOUNS = """invoice basket ledger parcel tenant voucher courier shelf ticket roster meter sensor badge
refund quota lease branch catalog pallet docket session journal tariff beacon manifest socket
replica shard cursor bundle digest anchor gasket turbine orchard harbor lantern marble piston
""".split()
VERBS = """load store merge parse render fetch sign seal split route price pack scan weigh settle
reserve release rotate publish archive resolve encode decode compress verify replay mount seed
""".split()
FAULTS = (
    "{noun} {id} has no {other}",
    "cannot {verb} {noun} '{name}': {other} is locked",
    "{other} of {noun} {id} does not fit the {third}",
    "unexpected {noun} in {other}: expected {third}, got '{name}'",
    "{third} refused to {verb} {noun} {id} after {count} tries",
    "{noun} '{name}' was {verb}ed twice by {other}",
)
SHAPES = ("python", "java", "node")


@dataclass(frozen=True, slots=True)
class Trouble:
    """One kind of error: how it speaks, where it crashes, and in which runtime."""

    number: int
    runtime: str
    type: str
    message: str
    calls: tuple[tuple[str, str], ...]


def make_trouble(number: int) -> Trouble:
    """Make the trouble of this number; the same number always gives the same one."""
    dice = random.Random(number)
    noun, other, third = dice.sample(NOUNS, 3)
    verb = dice.choice(VERBS)
    fault = dice.choice(FAULTS)
    kind = dice.choice(("Error", "Exception", "Failure", "Timeout"))
    calls = tuple(
        (dice.choice(NOUNS), f"{dice.choice(VERBS)}_{dice.choice(NOUNS)}") for _ in range(6)
    )
    words = {"noun": noun, "other": other, "third": third, "verb": verb}
    message = fault.format(**words, id="{id}", name="{name}", count="{count}")
    kind = f"{noun.title()}{other.title()}{kind}" if dice.random() < 0.5 else "RuntimeError"
    return Trouble(number, dice.choice(SHAPES), kind, message, calls)


def print_error(trouble: Trouble, seed: int) -> str:
    """Print the trouble as its runtime would, with values and line numbers of this occasion."""
    dice = random.Random(seed)
    values = {
        "id": str(dice.randrange(10_000, 99_999)),
        "name": f"{dice.randrange(16**8):08x}",
        "count": str(dice.randrange(2, 9)),
    }
    message = trouble.message
    for name, value in values.items():
        message = message.replace("{" + name + "}", value)
    return {"python": _python, "java": _java, "node": _node}[trouble.runtime](
        trouble, message, dice
    )


def _python(trouble: Trouble, message: str, dice: random.Random) -> str:
    root = dice.choice(("/srv/app", "/var/task", "/home/deploy/current"))
    lines = ["Traceback (most recent call last):"]
    for module, function in reversed(trouble.calls):
        lines += [f'  File "{root}/{module}.py", line {dice.randrange(1, 400)}, in {function}']
        lines += [f"    {function}(request)"]
    return "\n".join([*lines, f"{trouble.type}: {message}"])


def _java(trouble: Trouble, message: str, dice: random.Random) -> str:
    lines = [f"com.example.{trouble.calls[0][0]}.{trouble.type}: {message}"]
    for module, function in trouble.calls:
        line = dice.randrange(1, 400)
        lines += [
            f"\tat com.example.{module}.{module.title()}.{function}({module.title()}.java:{line})"
        ]
    return "\n".join(lines)


def _node(trouble: Trouble, message: str, dice: random.Random) -> str:
    kind = trouble.type if trouble.type.endswith(("Error", "Exception")) else f"{trouble.type}Error"
    lines = [f"{kind}: {message}"]
    for module, function in trouble.calls:
        where = f"{dice.randrange(1, 400)}:{dice.randrange(1, 80)}"
        lines += [f"    at {function} (/srv/app/lib/{module}.js:{where})"]
    return "\n".join(lines)


def write_entry(trouble: Trouble) -> str:
    """Write the post-mortem of a trouble, of realistic size, as a team would."""
    dice = random.Random(f"entry {trouble.number}")
    noun, verb = dice.choice(NOUNS), dice.choice(VERBS)
    sentence = f"The {noun} service could not {verb} the {dice.choice(NOUNS)} while the {dice.choice(NOUNS)}"
    prose = " ".join(
        f"{sentence} was {dice.choice(VERBS)}ed by {dice.choice(NOUNS)}." for _ in range(5)
    )
    return f"""---
title: The {noun} cannot {verb} the {dice.choice(NOUNS)} (case {trouble.number})
tags: [{noun}, {trouble.runtime}]
status: validated
---

## Error

```text
{print_error(trouble, trouble.number)}
```

## Cause

{prose}

## Fix

1. Stop the {noun} worker.
2. Run `{noun}ctl {verb} --all` and start it again.

```bash
{noun}ctl {verb} --all --since yesterday
```

## Lessons

- {prose}
"""


def write_log(lines: int, seed: int) -> list[str]:
    """Write so many ordinary log lines, all of level INFO."""
    dice = random.Random(seed)
    return [
        f"2026-11-22 18:{at // 60 % 60:02d}:{at % 60:02d},{dice.randrange(1000):03d} INFO "
        f"[worker-{dice.randrange(8)}] app.{dice.choice(NOUNS)}: {dice.choice(VERBS)}ed "
        f"{dice.choice(NOUNS)} {dice.randrange(99_999)} in {dice.randrange(900)} ms"
        for at in range(lines)
    ]


def bury(error: str, lines: int, seed: int) -> str:
    """Bury an error in so many ordinary log lines."""
    log = write_log(lines, seed)
    at = random.Random(seed).randrange(len(log)) if log else 0
    return "\n".join([*log[:at], error, *log[at:]])
