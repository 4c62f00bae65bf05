"""Writes files of operations with random parameters, as an author could."""

import json
import random
from collections.abc import Callable
from pathlib import Path

KEYS = [
    *("name", "class", "job", "draw", "properties", "is_open", "_hidden", "1st", "x-y", "rna_type"),
    *("fooBar", "foo_bar", "FOOBar", "länge", "数", "a" * 80, "a" * 81, "count", "radius", "seed"),
]
FILE = """import {{ defineOperation, z }} from "outboard";
export default defineOperation({{
  title: "{name}",
  description: "Made at random",
  params: {params},
  inputs: {{}},
  outputs: {{ out: {{ kind: "vectors", dtype: "float32", shape: [1, 3] }} }},
  run({{ allocate }}) {{ allocate("out"); }},
}});
"""


class Author:
    """Writes one random schema in zod; `write` gives its source and a value that it accepts."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def operation(self, name: str) -> str:
        source, _ = self.object(depth=0)
        return FILE.format(name=name, params=source)

    def part(self, depth: int) -> tuple[str, object]:
        kinds: list[Callable[[int], tuple[str, object]]] = [
            *(self.integer, self.number, self.boolean, self.string, self.enum, self.literal),
            *(self.vector, self.mixed, self.matrix, self.other),
        ]
        if depth < 2:
            kinds += [self.object, self.union, self.rows] * 2
        source, value = self.random.choice(kinds)(depth)
        return self.wrapped(source, value)

    def wrapped(self, source: str, value: object) -> tuple[str, object]:
        wrap = self.random.choice(["", "", "default", "optional", "nullable", "both", "null"])
        text = json.dumps(value)
        if wrap == "default":
            return f"{source}.default({text})", value
        if wrap in ("optional", "nullable"):
            return f"{source}.{wrap}()", value
        if wrap == "both":
            return f"{source}.nullable().optional()", value
        return (f"{source}.nullable().default(null)", None) if wrap == "null" else (source, value)

    def object(self, depth: int) -> tuple[str, object]:
        keys = self.random.sample(KEYS, self.random.randint(0 if depth else 4, 6))
        parts = {key: self.part(depth + 1) for key in keys}
        inside = ", ".join(f"{json.dumps(key)}: {source}" for key, (source, _) in parts.items())
        return f"z.strictObject({{{inside}}})", {key: value for key, (_, value) in parts.items()}

    def union(self, depth: int) -> tuple[str, object]:
        sources, values = [], []
        for kind in self.random.sample(["one", "two", "on_sphere", "three dots"], 3):
            source, value = self.object(depth + 1)
            key = f"kind: z.literal({json.dumps(kind)})"
            sources.append(source.replace("{", "{" + key + ", ", 1))
            values.append({"kind": kind, **value})
        return f'z.discriminatedUnion("kind", [{", ".join(sources)}])', self.random.choice(values)

    def rows(self, depth: int) -> tuple[str, object]:
        """Write an array of objects; its value has as many rows as it needs, or one more."""
        source, value = self.random.choice([self.object, self.union])(depth + 1)
        least, most = self.random.choice([(0, 3), (1, 2), (2, 2), (0, 0), (2, 9)])
        count = min(most, least + self.random.choice([0, 1]))
        return f"z.array({source}).min({least}).max({most})", [value] * count

    def integer(self, _depth: int) -> tuple[str, object]:
        low = self.random.choice([-(2**53 - 1), -(2**31), -7, 0, 1, 2**31 - 3, 2**40])
        high = min(low + self.random.choice([0, 3, 1000, 2**33, 2**53]), 2**53 - 1)
        return f"z.int().min({low}).max({high})", self.random.choice([low, high])

    def number(self, _depth: int) -> tuple[str, object]:
        return self.random.choice(
            [
                ("z.number()", 0.1),
                ("z.number().positive()", 1e-9),
                ("z.number().positive().lt(1e-7)", 1e-8),
                ("z.number().min(0.1).max(0.3)", 0.3),
                ("z.number().gt(0.1).lt(0.3)", 0.2),
                ("z.number().negative()", -3),
                ("z.number().min(-1e300).max(1e300)", 1e200),
                ("z.number().min(0).max(Math.PI).meta({outboard: {unit: 'angle'}})", 3),
                ("z.number().multipleOf(0.1).min(0).max(1)", 0.3),
                ("z.number().max(1).meta({outboard: {unit: 'factor', step: 0.1}})", 0.5),
                ("z.number().meta({outboard: {unit: 'time', precision: 9, softMin: 1}})", 2),
            ]
        )

    def boolean(self, _depth: int) -> tuple[str, object]:
        return "z.boolean()", self.random.choice([True, False])

    def string(self, _depth: int) -> tuple[str, object]:
        return self.random.choice([("z.string()", "ä"), ("z.string().max(3)", "abc")])

    def enum(self, _depth: int) -> tuple[str, object]:
        return self.random.choice(
            [
                ('z.enum(["float32", "own_origin", "z"])', "own_origin"),
                ('z.literal([1, 2.5, "1", ""])', ""),
                ('z.union([z.literal("a"), z.literal(true)])', True),
            ]
        )

    def literal(self, _depth: int) -> tuple[str, object]:
        return self.random.choice([('z.literal("fixed")', "fixed"), ("z.literal(5)", 5)])

    def vector(self, _depth: int) -> tuple[str, object]:
        count = self.random.choice([1, 2, 3, 4, 16, 32, 33])
        kind = self.random.choice(["z.number().min(-1).max(0.7)", "z.int().min(0).max(9)"])
        return f"z.array({kind}).length({count})", [0] * count

    def mixed(self, _depth: int) -> tuple[str, object]:
        return self.random.choice(
            [
                ("z.tuple([z.int().min(1).max(5), z.number().gt(0).max(1)])", [2, 0.1]),
                ("z.tuple([z.boolean(), z.boolean()])", [True, False]),
                ("z.tuple([z.boolean(), z.number()])", [True, 1]),
                (
                    "z.tuple([z.number(), z.number(), z.number()])"
                    ".meta({outboard: {subtype: 'color'}})",
                    [1, 0.5, 0],
                ),
            ]
        )

    def matrix(self, _depth: int) -> tuple[str, object]:
        side = self.random.choice([2, 3, 4])
        if self.random.random() < 0.3:
            meta = "meta({outboard: {subtype: 'matrix'}})"
            return f"z.array(z.number()).length({side**2}).{meta}", list(range(side**2))
        rows = [[row * 10 + column for column in range(side)] for row in range(side)]
        return f"z.array(z.array(z.number()).length({side})).length({side})", rows

    def other(self, _depth: int) -> tuple[str, object]:
        return self.random.choice(
            [
                ("z.array(z.number())", [1, 2]),
                ("z.record(z.string(), z.number())", {"a": 1}),
                ("z.array(z.strictObject({a: z.number()}))", [{"a": 1}]),
                ("z.union([z.string(), z.array(z.number()).length(3)]).default('x')", "y"),
            ]
        )


def write(folder: Path, seed: int, count: int) -> None:
    """Write `count` files into `folder`."""
    for index in range(count):
        name = f"made_{index}"
        (folder / f"{name}.ts").write_text(Author(seed * 1000 + index).operation(name))
