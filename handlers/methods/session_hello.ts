import { z } from "zod";
import { OutboardError } from "../../workers/errors.ts";
import { NAME, PROTOCOL, VERSION } from "../version.ts";
import { printable } from "../wording.ts";
import { defineMethod } from "./method.ts";

export const sessionHello = defineMethod({
  params: z.strictObject({
    protocol: z.int(),
    client: z.strictObject({ name: z.string().max(100), version: z.string().max(50) }),
  }),
  handle(session, { protocol, client }) {
    if (protocol !== PROTOCOL) {
      const older = protocol < PROTOCOL ? `update ${client.name}` : "update the server";
      throw new OutboardError(
        "UNSUPPORTED_VERSION",
        `Cannot speak protocol ${protocol} with ${client.name} ${client.version}: ` +
          `${NAME} ${VERSION} speaks protocol ${PROTOCOL}; ${older}`,
        { wanted: PROTOCOL, came: protocol },
      );
    }
    session.client = client;
    const { core } = session;
    core.log({
      event: "hello",
      message: `${session.clientName} ${printable(client.version)} connected`,
      session: session.id,
    });
    return {
      result: {
        protocol: PROTOCOL,
        server: { name: NAME, version: VERSION },
        session: session.id,
        limits: core.limits,
        threads: core.scheduler.pool.size,
        catalogue: { revision: core.catalogue.revision },
        ...(core.lane === undefined || !session.local
          ? {}
          : { lane: { folder: core.lane.folder } }),
      },
    };
  },
});
