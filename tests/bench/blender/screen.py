"""A screen without a monitor, until there is no more input."""

import json
import os
import subprocess
import sys

SIZE = "1360x900x24"

reader, writer = os.pipe()
command = ["Xvfb", "-displayfd", str(writer), "-screen", "0", SIZE, "-nolisten", "tcp"]
with subprocess.Popen(command, pass_fds=[writer], stderr=subprocess.DEVNULL) as screen:
    os.close(writer)
    with os.fdopen(reader) as pipe:
        display = ":" + pipe.readline().strip()
    print("@bench " + json.dumps({"result": display}), flush=True)
    sys.stdin.read()
    screen.terminate()
