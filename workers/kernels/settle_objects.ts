import type Rapier from "@dimforge/rapier3d-compat";
import type { BodyShape, Quaternion } from "./body_shapes.ts";
import type { FloatArray, Vector3 } from "./float_array.ts";

export interface Scene {
  /** One for each object; undefined for what has no size and stays out of it. */
  shapes: readonly (BodyShape | undefined)[];
  /** (h, 3) points about the shape's middle, for objects that are no boxes. */
  hulls: ReadonlyMap<number, Float32Array>;
  /** Objects that others land on but that do not move. */
  isFixed(row: number): boolean;
  /** A mesh that does not move, in world space. */
  obstacle: { points: FloatArray; triangles: Uint32Array } | undefined;
  /** The height of an endless floor. */
  ground: number | undefined;
}

export interface Physics {
  /** The longest time to simulate, in seconds; the run ends before it when all lie still. */
  seconds: number;
  stepsPerSecond: number;
  /** Downwards, in lengths per second squared. */
  gravity: number;
  friction: number;
  bounce: number;
}

/** Where a body is: how its points about the middle turn, and where the middle is. */
export interface Pose {
  rotation: Quaternion;
  /** Where the middle was, as the simulation had it, and where it is. */
  from: Vector3;
  to: Vector3;
}

/** Lets bodies fall until they lie still.
 * Shapes: one shape and one returned pose for each object; undefined for those that stay.
 * Units:  lengths as in the shapes, world space, Z up; seconds; masses by volume.
 * Method: rigid bodies by npm:@dimforge/rapier3d-compat (Apache-2.0), loaded at the first call:
 *         boxes or convex hulls, continuous collisions, fixed steps of time, float32 about the
 *         objects' middle. WebAssembly without threads, bodies in the given order: the same bits
 *         on every machine.
 * Cost:   O(objects and contacts) for each step, about 20 us per body that moves; loading takes
 *         about 150 ms once per thread. Inputs are not modified.
 * Special: no objects give no poses; hulls must not be flat; bodies that begin within each other are pushed apart.
 * @param onStep Called after every step with the simulated seconds; what it throws ends the run
 * @example Usage
 * ```ts
 * const box = { half: [1, 1, 1], rotation: [0, 0, 0, 1] } as const;
 * const shape = { center: [0, 0, 5], box, points: new Float32Array(24), size: 2 } as const;
 * const physics = { seconds: 5, stepsPerSecond: 60, gravity: 9.81, friction: 0.5, bounce: 0 };
 * const scene = { shapes: [shape], hulls: new Map(), isFixed: () => false, ground: 0 };
 * const [pose] = await settleObjects({ ...scene, obstacle: undefined }, physics, () => {});
 * if (Math.abs(pose!.to[2] - 1) > 0.01) throw new Error("not on the ground");
 * ```
 */
export async function settleObjects(
  scene: Scene,
  physics: Physics,
  onStep: (seconds: number) => void,
): Promise<(Pose | undefined)[]> {
  const { default: rapier } = await import("@dimforge/rapier3d-compat");
  await rapier.init();
  const middle = middleOf(scene.shapes);
  const world = new rapier.World({ x: 0, y: 0, z: -physics.gravity });
  try {
    world.timestep = 1 / physics.stepsPerSecond;
    world.lengthUnit = typicalSize(scene.shapes);
    world.numSolverIterations = 8;
    addSurroundings(rapier, world, scene, physics, middle);
    const bodies = scene.shapes.map((shape, row) =>
      shape && addBody(rapier, world, { scene, physics, middle, shape, row })
    );
    const moving = bodies.filter((body) => body?.isDynamic());
    const steps = Math.round(physics.seconds * physics.stepsPerSecond);
    for (let step = 1; step <= steps; step++) {
      world.step();
      onStep(step / physics.stepsPerSecond);
      if (moving.every((body) => body!.isSleeping())) break;
    }
    return bodies.map((body, row) => {
      if (!body?.isDynamic()) return undefined;
      const [at, turn] = [body.translation(), body.rotation()];
      const from = relative(scene.shapes[row]!.center, middle);
      return {
        rotation: unitQuaternion([turn.x, turn.y, turn.z, turn.w]),
        from: [from.x + middle[0], from.y + middle[1], from.z + middle[2]],
        to: [at.x + middle[0], at.y + middle[1], at.z + middle[2]],
      };
    });
  } finally {
    world.free();
  }
}

type Engine = typeof Rapier;

function addSurroundings(
  rapier: Engine,
  world: Rapier.World,
  { obstacle, ground }: Scene,
  { friction, bounce }: Physics,
  middle: Vector3,
): void {
  if (ground !== undefined) {
    const floor = new rapier.ColliderDesc(new rapier.HalfSpace({ x: 0, y: 0, z: 1 }))
      .setTranslation(0, 0, ground - middle[2]);
    world.createCollider(floor.setFriction(friction).setRestitution(bounce));
  }
  if (obstacle === undefined || obstacle.triangles.length === 0) return;
  const points = Float32Array.from(obstacle.points, (x, i) => x - middle[i % 3]!);
  const mesh = rapier.ColliderDesc.trimesh(points, obstacle.triangles);
  world.createCollider(mesh.setFriction(friction).setRestitution(bounce));
}

function addBody(
  rapier: Engine,
  world: Rapier.World,
  { scene, physics, middle, shape, row }: {
    scene: Scene;
    physics: Physics;
    middle: Vector3;
    shape: BodyShape;
    row: number;
  },
): Rapier.RigidBody {
  const kind = scene.isFixed(row) ? rapier.RigidBodyDesc.fixed() : rapier.RigidBodyDesc.dynamic();
  const { x, y, z } = relative(shape.center, middle);
  const body = world.createRigidBody(kind.setTranslation(x, y, z).setCcdEnabled(true));
  const hull = scene.hulls.get(row);
  let collider = hull === undefined ? null : rapier.ColliderDesc.convexHull(hull);
  if (collider === null && shape.box !== undefined) {
    const { half, rotation: [qx, qy, qz, qw] } = shape.box;
    collider = rapier.ColliderDesc.cuboid(...half).setRotation({ x: qx, y: qy, z: qz, w: qw });
  }
  collider ??= rapier.ColliderDesc.convexHull(shape.points);
  if (collider === null) throw new TypeError(`The hull of object ${row} cannot be made`);
  world.createCollider(collider.setFriction(physics.friction).setRestitution(physics.bounce), body);
  return body;
}

/** A place as the simulation has it: about the middle, in float32. */
function relative(place: Vector3, middle: Vector3): Rapier.Vector3 {
  const [x, y, z] = place.map((value, axis) => Math.fround(value - middle[axis]!));
  return { x: x!, y: y!, z: z! } as Rapier.Vector3;
}

function middleOf(shapes: Scene["shapes"]): Vector3 {
  const sum = [0, 0, 0];
  let count = 0;
  for (const shape of shapes) {
    if (shape === undefined) continue;
    shape.center.forEach((x, axis) => sum[axis]! += x);
    count++;
  }
  return sum.map((x) => x / Math.max(1, count)) as unknown as Vector3;
}

/** Tolerances grow with it, so that dice and houses settle alike. */
function typicalSize(shapes: Scene["shapes"]): number {
  const sizes = shapes.flatMap((shape) => shape?.size ?? []).sort((a, b) => a - b);
  return Math.min(Math.max(sizes[sizes.length >> 1] ?? 1, 1e-3), 1e3);
}

function unitQuaternion(q: Quaternion): Quaternion {
  const length = Math.sqrt(q.reduce((sum, part) => sum + part * part, 0));
  return q.map((part) => part / length) as unknown as Quaternion;
}
