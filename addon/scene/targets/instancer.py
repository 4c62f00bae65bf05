"""The geometry-nodes modifier that shows something at each point of a mesh."""

import bpy

# `instance_transform` would be an attribute of Blender's own.
ROTATION, SCALE, TRANSFORM = "instance_rotation", "instance_scale", "instance_matrix"

MODIFIER = "Outboard Instances"
# A custom property of the node groups made here: what the group does, so that it is used again.
MADE_FOR = "outboard_instancer"

Shown = bpy.types.Object | bpy.types.Collection | None


def attach(ob: bpy.types.Object, names: set[str], shown: Shown, size: float) -> None:
    """Let `ob` show `shown` at each of its points, or a small cone where nothing is chosen.

    Parameters
    ----------
    ob : bpy.types.Object
        A mesh of points.
    names : set of str
        The attributes it has.
    shown : bpy.types.Object, bpy.types.Collection or None
        What is shown; the objects of a collection come in turn.
    size : float
        Of the cones.
    """
    modifier = ob.modifiers.get(MODIFIER)
    if modifier is None or modifier.type != "NODES":
        modifier = ob.modifiers.new(MODIFIER, "NODES")
    kind = "Cone"
    if shown is not None:
        kind = "Object" if isinstance(shown, bpy.types.Object) else "Collection"
    modifier.node_group = _group(kind, sorted(names & {ROTATION, SCALE, TRANSFORM}))
    value = size if shown is None else shown
    inputs = modifier.node_group.interface.items_tree
    key = next(it for it in inputs if it.name == kind and it.in_out == "INPUT").identifier
    if "properties" in modifier.bl_rna.properties:
        # Blender 5.2 and newer.
        getattr(modifier.properties.inputs, key).value = value
    else:
        modifier[key] = value
    ob.update_tag()


def _group(kind: str, names: list[str]) -> bpy.types.NodeTree:
    made_for = " ".join([kind, *names])
    for group in bpy.data.node_groups:
        if group.get(MADE_FOR) == made_for and group.is_editable:
            return group
    return _build(kind, names, made_for)


def _build(kind: str, names: list[str], made_for: str) -> bpy.types.NodeTree:
    tree = bpy.data.node_groups.new(MODIFIER, "GeometryNodeTree")
    tree[MADE_FOR] = made_for
    tree.is_modifier = True
    tree.interface.new_socket("Geometry", in_out="INPUT", socket_type="NodeSocketGeometry")
    socket = "NodeSocketFloat" if kind == "Cone" else f"NodeSocket{kind}"
    tree.interface.new_socket(kind, in_out="INPUT", socket_type=socket)
    tree.interface.new_socket("Geometry", in_out="OUTPUT", socket_type="NodeSocketGeometry")
    start = _node(tree, "NodeGroupInput", 0, 0)
    on_points = _node(tree, "GeometryNodeInstanceOnPoints", 600, 0)
    tree.links.new(start.outputs["Geometry"], on_points.inputs["Points"])
    shown = _shown(tree, kind, start.outputs[kind])
    tree.links.new(shown, on_points.inputs["Instance"])
    on_points.inputs["Pick Instance"].default_value = kind == "Collection"
    if ROTATION in names:
        values = _attribute(tree, ROTATION, "QUATERNION", -250)
        tree.links.new(values, on_points.inputs["Rotation"])
    if SCALE in names:
        tree.links.new(_attribute(tree, SCALE, "FLOAT_VECTOR", -450), on_points.inputs["Scale"])
    last = on_points.outputs["Instances"]
    if TRANSFORM in names:
        put = _node(tree, "GeometryNodeSetInstanceTransform", 850, 0)
        tree.links.new(last, put.inputs["Instances"])
        values = _attribute(tree, TRANSFORM, "FLOAT4X4", -650)
        tree.links.new(values, put.inputs["Transform"])
        last = put.outputs["Instances"]
    end = _node(tree, "NodeGroupOutput", 1100, 0)
    tree.links.new(last, end.inputs["Geometry"])
    return tree


def _shown(
    tree: bpy.types.NodeTree, kind: str, chosen: bpy.types.NodeSocket
) -> bpy.types.NodeSocket:
    if kind == "Object":
        node = _node(tree, "GeometryNodeObjectInfo", 300, -150)
        node.inputs["As Instance"].default_value = True
        tree.links.new(chosen, node.inputs["Object"])
        return node.outputs["Geometry"]
    if kind == "Collection":
        node = _node(tree, "GeometryNodeCollectionInfo", 300, -150)
        node.inputs["Separate Children"].default_value = True
        node.inputs["Reset Children"].default_value = True
        tree.links.new(chosen, node.inputs["Collection"])
        return node.outputs["Instances"]
    node = _node(tree, "GeometryNodeMeshCone", 300, -150)
    node.inputs["Vertices"].default_value = 6
    half = _node(tree, "ShaderNodeMath", 100, -200)
    half.operation = "MULTIPLY"
    half.inputs[1].default_value = 0.3
    tree.links.new(chosen, half.inputs[0])
    tree.links.new(half.outputs[0], node.inputs["Radius Bottom"])
    tree.links.new(chosen, node.inputs["Depth"])
    return node.outputs["Mesh"]


def _attribute(
    tree: bpy.types.NodeTree, name: str, data_type: str, y: float
) -> bpy.types.NodeSocket:
    node = _node(tree, "GeometryNodeInputNamedAttribute", 300, y)
    node.data_type = data_type
    node.inputs["Name"].default_value = name
    return next(it for it in node.outputs if it.name == "Attribute" and it.enabled)


def _node(tree: bpy.types.NodeTree, kind: str, x: float, y: float) -> bpy.types.Node:
    node = tree.nodes.new(kind)
    node.location = x, y
    return node
