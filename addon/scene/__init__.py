"""The scene side of the extension: reads arrays from Blender and applies results. bpy and numpy."""
