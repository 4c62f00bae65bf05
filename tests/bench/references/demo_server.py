"""What people write today: a Python WebSocket server that answers JSON with numpy.

Requests are `{"id": 1, "do": "random_vector"}` and `{"id": 1, "do": "transform_points", "points":
[[x, y, z], ...], "matrix": 3 x 3, "translation": [x, y, z]}`.
"""

import asyncio
import json
import sys

import numpy as np
from websockets.asyncio.server import ServerConnection, serve

SEED = 20261122


async def answer(connection: ServerConnection) -> None:
    # One stream of numbers for each client, so that a client can draw the same ones and compare.
    random = np.random.default_rng(SEED)
    async for text in connection:
        request = json.loads(text)
        if request["do"] == "random_vector":
            rows = random.random(3)
        else:
            points = np.array(request["points"], np.float32)
            rows = points @ np.array(request["matrix"], np.float32).T
            rows += np.array(request["translation"], np.float32)
        await connection.send(json.dumps({"id": request["id"], "result": rows.tolist()}))


async def main() -> None:
    async with serve(answer, "127.0.0.1", 0, max_size=None, compression=None) as server:
        port = server.sockets[0].getsockname()[1]
        print("@bench " + json.dumps({"result": f"ws://127.0.0.1:{port}/"}), flush=True)
        # The end of standard input is our end.
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


asyncio.run(main())
