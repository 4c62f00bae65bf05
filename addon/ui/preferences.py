"""The extension's preferences: when to connect, and where to if not to this computer."""

import bpy
from bpy.props import BoolProperty, StringProperty

from ..scene import connection

HERE = "Left empty, the server on this computer is found by itself"
OFFLINE = (
    "Online access is off in the System preferences",
    "The address above is used all the same, as you entered it",
)


class OUTBOARD_AP_preferences(bpy.types.AddonPreferences):
    """Connection settings; kept with Blender's own preferences, never in a scene."""

    bl_idname = connection.ROOT

    connect_at_start: BoolProperty(
        name="Connect at Start-Up",
        description="Look for a server as soon as Blender starts, and connect when there is one",
        default=True,
    )
    address: StringProperty(
        name="Address", description="The server's address, such as wss://host:8470/ws. " + HERE
    )
    token: StringProperty(
        name="Token",
        description="The token that the server printed when it started",
        subtype="PASSWORD",
    )

    def draw(self, _context: bpy.types.Context) -> None:
        """Draw the settings."""
        layout = self.layout
        layout.use_property_split = True
        layout.prop(self, "connect_at_start")
        column = layout.column()
        column.prop(self, "address", placeholder="This computer")
        row = column.row()
        row.active = bool(self.address.strip())
        row.prop(self, "token")
        if not bpy.app.online_access and self.address.strip():
            hint = layout.column(align=True)
            for line, icon in zip(OFFLINE, ("INFO", "BLANK1"), strict=True):
                hint.label(text=line, icon=icon)


CLASSES = (OUTBOARD_AP_preferences,)
