/** docs/operations.md, made of the catalogue. */
import type { CatalogueEntry } from "../../workers/catalogue.ts";
import type { DType } from "../../workers/array.ts";
import type { InputSpec, OutputSpec, Shape } from "../../workers/operation.ts";
import { parameterRows } from "./parameter_rows.ts";
import { sourceInWords, targetInWords } from "./places.ts";

const HEAD = `# Operations

What a server can do as it comes. In Blender each of them is a panel, an entry of the search
(<kbd>F3</kbd>) and an operator; from Python it takes and gives numpy arrays as well, without a
scene. Operations of your own stand beside them: see
[adding_an_operation.md](adding_an_operation.md).

\`\`\`python
import bpy
from bl_ext.user_default.outboard import run

bpy.ops.outboard.smooth_mesh(iterations=20)  # the active mesh, one step for Ctrl-Z
run("smooth_mesh", {"iterations": 20}, points=points, triangles=triangles).outputs["points"]
\`\`\`

What stands below _In the scene_ is where an array comes from and goes to unless another place is
chosen, in _From / To_ in the panel. Lengths are in Blender's units. Angles are shown in degrees here and in Blender; Python and the
server take radians. Where two ranges stand, the first is that of the slider, the other what can be
typed in. A default that is _drawn_ is a seed: each run draws another one and tells it. The fields of
the operators have the parameters' names in small letters with \`_\` between words, those of a union
its kind too: \`distribution_spaced_distance\`.

This page is made by \`deno task docs\`, the pictures by \`deno task pictures\`.
`;

/** What the page says beside the catalogue: an operation's name -> what its picture shows. */
export type Captions = Readonly<Record<string, string>>;

/** The page as Markdown, not formatted yet. */
export function operationsPage(entries: readonly CatalogueEntry[], captions: Captions): string {
  const categories = Map.groupBy(entries, ({ category }) => category);
  const contents = [...categories].map(([category, those]) =>
    `- **${category}**: ${those.map(({ title }) => `[${title}](#${anchor(title)})`).join(", ")}`
  );
  const parts = [...categories].map(([category, those]) =>
    [`## ${category}`, ...those.map((entry) => section(entry, captions[entry.name]))].join("\n\n")
  );
  return [HEAD, contents.join("\n"), ...parts].join("\n\n");
}

function anchor(title: string): string {
  return title.toLowerCase().replaceAll(" ", "-");
}

function section(entry: CatalogueEntry, caption = ""): string {
  const { name, title, description } = entry;
  return [
    `### ${title}`,
    description,
    `![${caption}](operations/${name}.png)`,
    parameters(entry),
    arrays(entry),
    permissions(entry),
    "```python\n" + calls(entry) + "\n```",
  ].filter((part) => part !== "").join("\n\n");
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

function parameters({ params }: CatalogueEntry): string {
  const rows = parameterRows(params).map(({ name, of, values, preset, help }) => [
    of === undefined ? `\`${name}\`` : `\`${name}\` of \`${of}\``,
    values,
    preset,
    help,
  ]);
  return table(["Parameter", "Values", "Default", "What it is"], rows);
}

function arrays({ inputs, outputs }: CatalogueEntry): string {
  const rows = [
    ...Object.entries(inputs).map(([name, spec]) => [
      `${spec.optional ? "May take" : "Takes"} \`${name}\``,
      layout(spec),
      sourceInWords(spec.source),
      spec.description ?? "",
    ]),
    ...Object.entries(outputs).map(([name, spec]) => [
      `Gives \`${name}\``,
      layout(spec),
      targetInWords(spec.target),
      spec.description ?? "",
    ]),
  ];
  return table(["Array", "Type, shape", "In the scene", "What it is"], rows);
}

function layout({ dtype, shape }: InputSpec | OutputSpec): string {
  const shapes = (Array.isArray(shape[0]) ? shape : [shape]) as readonly Shape[];
  const sizes = shapes.map((each) => `(${each.join(", ")}${each.length === 1 ? "," : ""})`);
  return `${elements(dtype)} ${sizes.join(" or ")}`;
}

function elements(dtype: InputSpec["dtype"] | OutputSpec["dtype"]): string {
  if (typeof dtype === "string") return dtype;
  if ("like" in dtype) return `as \`${dtype.like}\``;
  if ("param" in dtype) return `by \`${dtype.param}\``;
  return (dtype as readonly DType[]).join(", ");
}

function permissions({ permissions: { net = [], read = [] } = {} }: CatalogueEntry): string {
  const flags = [
    ...net.map((host) => `--allow-net=${host}`),
    ...read.map((path) => `--allow-read=${path}`),
  ];
  return flags.length === 0
    ? ""
    : `It needs a server that was started with \`${flags.join(" ")}\`.`;
}

function calls({ name, inputs, outputs }: CatalogueEntry): string {
  const needed = Object.entries(inputs).filter(([, spec]) => !spec.optional);
  const choices = [
    ...(needed.some(([, { source }]) => source === "file") ? ['file="table.csv"'] : []),
    ...(needed.some(([, { source }]) => source?.startsWith("second."))
      ? ['second_object="Sphere"']
      : []),
    ...(Object.values(outputs).some(({ target }) => target === "instances")
      ? ['instance_of="Tree"']
      : []),
  ];
  const arrays = needed.map(([input]) => `, ${input}=${snakeCase(input)}`).join("");
  const [output] = Object.keys(outputs);
  return `bpy.ops.outboard.${name}(${choices.join(", ")})\n` +
    `run("${name}", {}${arrays}).outputs["${output}"]`;
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
