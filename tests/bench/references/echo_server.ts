/** A bare server: whatever frame comes goes back. What it takes is what the socket itself takes. */
const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: announce }, (request) => {
  const { socket, response } = Deno.upgradeWebSocket(request, { idleTimeout: 0 });
  socket.binaryType = "arraybuffer";
  socket.onmessage = ({ data }) => socket.send(data);
  return response;
});

function announce({ port }: Deno.NetAddr): void {
  const ready = JSON.stringify({ result: `ws://127.0.0.1:${port}/` });
  Deno.stdout.writeSync(new TextEncoder().encode(`@bench ${ready}\n`));
}

for await (const _ of Deno.stdin.readable) {
  /* Nothing is asked; the end of it is the end of us. */
}
await server.shutdown();
