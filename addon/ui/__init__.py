"""What the user sees: panel, operators, preferences. Each class calls one function of scene."""
