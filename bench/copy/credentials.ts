import { randomBytes } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createAuthority, issueCertificate } from "@drover/lab";

/** What the client checks in the server's certificate. */
export const SERVER_NAME = "transfer-server";

/** Writes what each end needs for mutual TLS, as the files of the Secret that is mounted into a transfer pod. */
export async function writeCredentials(directories: readonly [string, string]): Promise<void> {
  const authority = await createAuthority("bench");
  const password = randomBytes(24).toString("base64url");
  for (const [index, directory] of directories.entries()) {
    const name = index === 0 ? SERVER_NAME : "transfer-client";
    const pair = await issueCertificate(authority, { commonName: name, hosts: [name] });
    await mkdir(directory, { recursive: true });
    const files = {
      "ca.crt": authority.certPem,
      "tls.crt": pair.certPem,
      "tls.key": pair.keyPem,
      password,
    };
    for (const [file, text] of Object.entries(files)) {
      await writeFile(join(directory, file), text, { mode: 0o600 });
    }
  }
}
