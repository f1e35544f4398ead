import { createAuthority, issueCertificate, startApiServer } from "@drover/lab";

/** What a benched server says of itself once it is ready. */
export type LabServerReport = { readonly url: string; readonly caPem: string };

type Order = { readonly directory: string; readonly token: string };

/** The lab's API server in a process of its own, durable as in a lab. */
async function serve({ directory, token }: Order): Promise<LabServerReport> {
  const authority = await createAuthority("bench");
  const tls = await issueCertificate(authority, { commonName: "api", hosts: ["127.0.0.1"] });
  const { url, caPem } = await startApiServer({
    name: "bench",
    dataDir: directory,
    tls: { caPem: authority.certPem, ...tls },
    staticTokens: { [token]: { username: "bench", groups: ["system:masters"] } },
  });
  return { url, caPem };
}

process.once("message", (order) => {
  void serve(order as Order).then((report) => process.send?.(report));
});
process.once("disconnect", () => process.exit(0));
