import type * as Recast from "@recast-navigation/core";
import { OutboardError } from "../errors.ts";
import type { FloatArray } from "./float_array.ts";

type Engine = typeof Recast;

export interface Agent {
  radius: number;
  height: number;
  /** The steepest slope to walk on, in radians. */
  slope: number;
  /** The highest step to climb. */
  step: number;
}

interface Options {
  agent: Agent;
  /** The size of the cells that space is cut into; they are half as high. */
  cellSize: number;
}

export interface NavMesh {
  points: Float64Array;
  triangles: Uint32Array;
}

/** More cells would take more memory than the package can have. */
const MOST_CELLS = 9_000_000;
/** How far a side may stray from the cells' outline, in cells. */
const OUTLINE_ERROR = 1.3;
/** Heights are sampled every so many cells. */
const HEIGHT_SAMPLES = 6;

/** Makes the mesh of where an agent can stand.
 * Shapes: points (n, 3) float32 or float64; triangles (t, 3) uint32, indices within range. Returns
 *         points (m, 3) float64 and triangles (k, 3) uint32, facing up.
 * Units:  those of points, Z up; the slope in radians.
 * Method: Recast by npm:@recast-navigation/core (MIT), loaded at the first call: the triangles are
 *         cut into cells, those too steep, too low or too near to an edge are left out, the rest is
 *         outlined, cut into polygons and put at the height of the cells. Float32, without random
 *         numbers; corners in one place are made one.
 * Cost:   about 0.5 us per cell and per triangle; some 60 bytes per cell of WebAssembly's memory;
 *         loading takes about 50 ms once per thread. Inputs are not modified.
 * Special: no triangles, or nothing to stand on, give an empty mesh; outlines keep to whole cells
 *         and stay one more away from where it goes down; the mesh lies on what it was made of or
 *         up to half a cell above it.
 * @param onStage Called before every stage with the part that is done; what it throws ends the run
 * @throws {OutboardError} TOO_LARGE if there would be too many cells; `data.cellSize` would do
 * @throws {OutboardError} INVALID_VALUE if the result has more corners or parts than Recast can count
 * @example Usage
 * ```ts
 * const points = Float32Array.of(0, 0, 0, 4, 0, 0, 4, 4, 0, 0, 4, 0);
 * const agent = { radius: 0.5, height: 2, slope: 0.8, step: 0.3 };
 * const floor = Uint32Array.of(0, 1, 2, 0, 2, 3);
 * const { triangles } = await buildNavmesh(points, floor, { agent, cellSize: 0.1 }, () => {});
 * if (triangles.length !== 6) throw new Error("not a square");
 * ```
 */
export async function buildNavmesh(
  points: FloatArray,
  triangles: Uint32Array,
  { agent, cellSize }: Options,
  onStage: (fraction: number) => void,
): Promise<NavMesh> {
  if (triangles.length === 0) return { points: new Float64Array(0), triangles };
  const cellHeight = cellSize / 2;
  const turned = upright(points, triangles);
  const { low, high } = boundsOf(turned);
  const [width, depth] = cellsOf(low, high, cellSize);
  const recast = await import("@recast-navigation/core");
  await recast.init();
  const frees: (() => void)[] = [];
  /** What is made outside of JavaScript's memory is given back at the end. */
  const made = <Thing>(thing: Thing, free: (thing: Thing) => void): Thing => {
    frees.push(() => free(thing));
    return thing;
  };
  const context = new recast.RecastBuildContext(false);
  const field = made(recast.allocHeightfield(), recast.freeHeightfield);
  const compact = made(recast.allocCompactHeightfield(), recast.freeCompactHeightfield);
  const contours = made(recast.allocContourSet(), recast.freeContourSet);
  const polygons = made(recast.allocPolyMesh(), recast.freePolyMesh);
  const detail = made(recast.allocPolyMeshDetail(), recast.freePolyMeshDetail);
  const stands = Math.ceil(agent.height / cellHeight);
  const climbs = Math.floor(agent.step / cellHeight);
  const longest = Math.ceil(12 / cellSize);
  const stages: (() => boolean | void)[] = [
    () => recast.createHeightfield(context, field, width, depth, low, high, cellSize, cellHeight),
    () => rasterize(recast, { context, field, turned, slope: agent.slope, climbs }),
    () => recast.filterLowHangingWalkableObstacles(context, climbs, field),
    () => recast.filterLedgeSpans(context, stands, climbs, field),
    () => recast.filterWalkableLowHeightSpans(context, stands, field),
    () => recast.buildCompactHeightfield(context, stands, climbs, field, compact),
    () => recast.erodeWalkableArea(context, Math.ceil(agent.radius / cellSize), compact),
    () => recast.buildDistanceField(context, compact),
    () => recast.buildRegions(context, compact, 0, 64, 400),
    () =>
      recast.buildContours(
        context,
        compact,
        OUTLINE_ERROR,
        longest,
        contours,
        recast.Recast.RC_CONTOUR_TESS_WALL_EDGES,
      ),
    () => recast.buildPolyMesh(context, contours, 6, polygons),
    () =>
      recast.buildPolyMeshDetail(
        context,
        polygons,
        compact,
        HEIGHT_SAMPLES * cellSize,
        cellHeight,
        detail,
      ),
  ];
  try {
    for (const [index, stage] of stages.entries()) {
      onStage(index / stages.length);
      if (stage() === false) throw tooFine(cellSize);
    }
    return welded(detail, cellHeight);
  } finally {
    for (const free of frees.toReversed()) free();
  }
}

function tooFine(cellSize: number): OutboardError {
  return new OutboardError(
    "INVALID_VALUE",
    `Cannot build the mesh: wanted one of fewer parts and corners than cells of ${cellSize} give`,
    { cellSize },
  );
}

/** The triangles' corners, (3 t, 3), with Y up as Recast has it. */
function upright(points: FloatArray, triangles: Uint32Array): Float32Array {
  const turned = new Float32Array(3 * triangles.length);
  triangles.forEach((index, corner) => {
    turned[3 * corner] = points[3 * index]!;
    turned[3 * corner + 1] = points[3 * index + 2]!;
    turned[3 * corner + 2] = -points[3 * index + 1]!;
  });
  return turned;
}

type Corner = [number, number, number];

function boundsOf(corners: Float32Array): { low: Corner; high: Corner } {
  const low: Corner = [Infinity, Infinity, Infinity];
  const high: Corner = [-Infinity, -Infinity, -Infinity];
  corners.forEach((x, i) => {
    low[i % 3] = Math.min(low[i % 3]!, x);
    high[i % 3] = Math.max(high[i % 3]!, x);
  });
  return { low, high };
}

function cellsOf(low: Corner, high: Corner, cellSize: number): [number, number] {
  const sides = [high[0] - low[0], high[2] - low[2]] as const;
  const cells = sides.map((side) => Math.floor(side / cellSize + 0.5)) as [number, number];
  if (cells[0] * cells[1] <= MOST_CELLS) return cells;
  // A little more than the root, so that rounding to two digits never comes out too small.
  const enough = Number((1.06 * Math.sqrt(sides[0] * sides[1] / MOST_CELLS)).toPrecision(2));
  throw new OutboardError(
    "TOO_LARGE",
    `Cannot cut the mesh into ${cells[0]} x ${cells[1]} cells: wanted at most ${MOST_CELLS} in ` +
      `all, so cells of ${enough} or more`,
    { limit: MOST_CELLS, came: cells[0] * cells[1], cellSize: enough },
  );
}

function rasterize(
  recast: Engine,
  { context, field, turned, slope, climbs }: {
    context: Recast.RecastBuildContext;
    field: Recast.RecastHeightfield;
    turned: Float32Array;
    slope: number;
    climbs: number;
  },
): boolean {
  const count = turned.length / 9;
  const vertices = new recast.VerticesArray();
  const rows = new recast.TrianglesArray();
  const areas = new recast.TriangleAreasArray();
  try {
    vertices.copy(turned);
    rows.copy(Int32Array.from({ length: 3 * count }, (_, i) => i));
    areas.copy(new Uint8Array(count));
    const degrees = slope * 180 / Math.PI;
    recast.markWalkableTriangles(context, degrees, vertices, 3 * count, rows, count, areas);
    return recast.rasterizeTriangles(
      context,
      vertices,
      3 * count,
      rows,
      areas,
      count,
      field,
      climbs,
    );
  } finally {
    for (const array of [vertices, rows, areas]) array.destroy();
  }
}

/** The polygons' triangles, Z up again and a cell lower, as Recast lifts them; corners in one place are one. */
function welded(detail: Recast.RecastPolyMeshDetail, lifted: number): NavMesh {
  const found = new Map<string, number>();
  const points: number[] = [];
  const triangles: number[] = [];
  for (let polygon = 0; polygon < detail.nmeshes(); polygon++) {
    const [vertex, , row, rows] = [0, 1, 2, 3].map((k) => detail.meshes(4 * polygon + k));
    for (let i = row!; i < row! + rows!; i++) {
      const corners = [0, 1, 2].map((k) => {
        const at = 3 * (vertex! + detail.tris(4 * i + k));
        const [x, y, z] = [detail.verts(at), detail.verts(at + 1), detail.verts(at + 2)];
        const key = `${x} ${y} ${z}`;
        const known = found.get(key);
        if (known !== undefined) return known;
        found.set(key, points.length / 3);
        return points.push(x, -z, y - lifted) / 3 - 1;
      });
      if (new Set(corners).size === 3) triangles.push(...corners);
    }
  }
  return { points: Float64Array.from(points), triangles: Uint32Array.from(triangles) };
}
