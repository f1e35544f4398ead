import { freePort } from "@drover/lab";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { SERVER_NAME, writeCredentials } from "./credentials.ts";
import { runToEnd, type Servers } from "./processes.ts";

export type Copier = {
  /** Copies a directory into a destination that nothing was copied into yet. */
  copy(from: string, to: string): Promise<void>;
};

type Ports = { readonly daemon: number; readonly server: number; readonly client: number };

/** rsync as a person would start it: a daemon, stunnel in front of it, stunnel before the client, `rsync -a`. */
export async function copierByHand(directory: string, servers: Servers): Promise<Copier> {
  const [serverSecrets, clientSecrets] = [join(directory, "server"), join(directory, "client")];
  await writeCredentials([serverSecrets, clientSecrets]);
  const ports = { daemon: await freePort(), server: await freePort(), client: await freePort() };
  const data = join(directory, "data");
  await mkdir(data);
  const write = async (name: string, lines: readonly string[]): Promise<string> => {
    await writeFile(join(directory, name), `${lines.join("\n")}\n`, { mode: 0o600 });
    return join(directory, name);
  };
  const daemon = await write(
    "rsyncd.conf",
    daemonSettings(directory, { data, port: ports.daemon }),
  );
  const server = await write("server.conf", serverSettings(serverSecrets, ports));
  const client = await write("client.conf", clientSettings(clientSecrets, ports));
  const daemonArgs = ["--daemon", "--no-detach", `--config=${daemon}`];
  await servers.start({ command: "rsync", args: daemonArgs }, ports.daemon);
  await servers.start({ command: "stunnel", args: [server] }, ports.server);
  await servers.start({ command: "stunnel", args: [client] }, ports.client);
  return {
    async copy(from, to) {
      await mkdir(join(data, to), { recursive: true });
      const url = `rsync://127.0.0.1:${ports.client}/data/${to}/`;
      await runToEnd({ command: "rsync", args: ["-a", `${from}/`, url] });
    },
  };
}

function daemonSettings(
  directory: string,
  { data, port }: { readonly data: string; readonly port: number },
): string[] {
  return [
    `port = ${port}`,
    "address = 127.0.0.1",
    "use chroot = no",
    "uid = 0",
    "gid = 0",
    `log file = ${join(directory, "rsyncd.log")}`,
    "[data]",
    `path = ${data}`,
    "read only = no",
  ];
}

function serverSettings(secrets: string, { server, daemon }: Ports): string[] {
  return [
    ...tlsSettings(secrets),
    "[rsync]",
    `accept = 127.0.0.1:${server}`,
    `connect = 127.0.0.1:${daemon}`,
  ];
}

function clientSettings(secrets: string, { client, server }: Ports): string[] {
  return [
    ...tlsSettings(secrets),
    "[rsync]",
    "client = yes",
    `accept = 127.0.0.1:${client}`,
    `connect = 127.0.0.1:${server}`,
    `checkHost = ${SERVER_NAME}`,
  ];
}

function tlsSettings(secrets: string): string[] {
  return [
    "foreground = yes",
    "pid =",
    "syslog = no",
    "TIMEOUTclose = 0",
    "socket = l:TCP_NODELAY=1",
    "socket = r:TCP_NODELAY=1",
    `cert = ${join(secrets, "tls.crt")}`,
    `key = ${join(secrets, "tls.key")}`,
    `CAfile = ${join(secrets, "ca.crt")}`,
    "verifyChain = yes",
  ];
}
