import { assertEquals } from "@std/assert/equals.js";
import { runProbe } from "./probe.ts";

/** Metrics go out often, to an address where nobody listens. */
const TELEMETRY = {
  OTEL_DENO: "true",
  OTEL_METRIC_EXPORT_INTERVAL: "200",
  OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:9",
};

Deno.test("the process ends although telemetry is on", async () => {
  const { code } = await runProbe("./telemetry_probe.ts", ["pool"], {
    env: TELEMETRY,
    withinMs: 30_000,
  });
  assertEquals(code, 0);
});

Deno.test("with piscina's default way of waiting it hangs: atomics must stay disabled", async () => {
  const { code } = await runProbe("./telemetry_probe.ts", ["sync"], {
    env: TELEMETRY,
    withinMs: 6000,
  });
  assertEquals(code, undefined);
});
