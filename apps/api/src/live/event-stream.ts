import type { FastifyReply, FastifyRequest } from "fastify";

/** A server-sent event stream to one reader. */
export type EventStream = {
  /** False when the reader does not keep up; `onDrain` tells when it does again. */
  readonly send: (event: string, data: string, id?: string) => boolean;
  readonly onDrain: (listener: () => void) => void;
  readonly onClose: (listener: () => void) => void;
  /** Lets what was sent arrive. */
  readonly end: () => void;
  /** Cuts the connection; the reader comes back by itself. */
  readonly destroy: () => void;
  readonly isClosed: () => boolean;
};

/** Takes the answer over from Fastify. `no-transform` keeps proxies from collecting events to compress them. */
export function openEventStream(request: FastifyRequest, reply: FastifyReply): EventStream {
  reply.hijack();
  const { raw } = reply;
  for (const [name, value] of Object.entries(reply.getHeaders()))
    if (value !== undefined) raw.setHeader(name, value);
  raw.writeHead(200, {
    "content-type": "text/event-stream; charset=utf-8",
    "cache-control": "no-cache, no-transform",
    "x-accel-buffering": "no",
  });
  raw.flushHeaders();
  request.raw.socket.setNoDelay(true);
  let closed = false;
  raw.on("close", () => {
    closed = true;
  });
  return {
    send: (event, data, id) => {
      if (closed) return true;
      return raw.write(
        `${id === undefined ? "" : `id: ${id}\n`}event: ${event}\ndata: ${data}\n\n`,
      );
    },
    onDrain: (listener) => void raw.on("drain", listener),
    onClose: (listener) => void raw.on("close", listener),
    end: () => void raw.end(),
    destroy: () => void raw.destroy(),
    isClosed: () => closed,
  };
}
