/** What an AWS credentials file says of one profile. */
export type AwsCredentials = { readonly accessKey: string; readonly secretKey: string };

/** The settings of one section of an ini file, names in lower case. */
function sectionValues(text: string, wanted: string): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  let section = "";
  for (const line of text.split("\n").map((raw) => raw.trim())) {
    const heading = /^\[(.+)\]$/.exec(line)?.[1];
    if (heading !== undefined) section = heading.trim();
    const [, name, value] = /^([a-z_]+)\s*=\s*(.+)$/i.exec(line) ?? [];
    if (name && value && section === wanted) values.set(name.toLowerCase(), value);
  }
  return values;
}

/** Reads a profile from the text of an AWS credentials file; throws a sentence that says what is missing. */
export function parseAwsCredentials(text: string, profile = "default"): AwsCredentials {
  const values = sectionValues(text, profile);
  const accessKey = values.get("aws_access_key_id");
  const secretKey = values.get("aws_secret_access_key");
  if (accessKey === undefined || secretKey === undefined) {
    throw new Error(
      `The credentials have no profile [${profile}] with aws_access_key_id and aws_secret_access_key.`,
    );
  }
  return { accessKey, secretKey };
}
