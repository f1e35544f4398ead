/** What an AWS credentials file says of one profile. */
export type AwsCredentials = { readonly accessKey: string; readonly secretKey: string };

/** Reads a profile from the text of an AWS credentials file; throws a sentence that says what is missing. */
export function parseAwsCredentials(text: string, profile = "default"): AwsCredentials {
  let section = "";
  const values = new Map<string, string>();
  for (const rawLine of text.split("\n")) {
    const line = rawLine.trim();
    const heading = /^\[(.+)\]$/.exec(line);
    if (heading) section = (heading[1] ?? "").trim();
    const pair = /^([a-z_]+)\s*=\s*(.*)$/i.exec(line);
    if (pair && section === profile) values.set((pair[1] ?? "").toLowerCase(), pair[2] ?? "");
  }
  const accessKey = values.get("aws_access_key_id");
  const secretKey = values.get("aws_secret_access_key");
  if (accessKey === undefined || accessKey === "" || secretKey === undefined || secretKey === "") {
    throw new Error(
      `The credentials have no profile [${profile}] with aws_access_key_id and aws_secret_access_key.`,
    );
  }
  return { accessKey, secretKey };
}
