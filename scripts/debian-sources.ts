/** This machine's own entries for its release, each asked for sources as well as for packages. */
export function withSourcePackages(file: AptSourcesFile, release: string): string {
  return file.name.endsWith(".sources")
    ? stanzas(file.text, release)
    : oneLiners(file.text, release);
}

export type AptSourcesFile = { readonly name: string; readonly text: string };

function stanzas(text: string, release: string): string {
  return text
    .split(/\n\s*\n/)
    .filter((stanza) => suitesOf(stanza).some((suite) => isOf(release, suite)))
    .map((stanza) => `${stanza.trim().replace(/^Types:.*$/m, "Types: deb deb-src")}\n`)
    .join("\n");
}

function suitesOf(stanza: string): readonly string[] {
  return (/^Suites:(.*)$/m.exec(stanza)?.[1] ?? "").trim().split(/\s+/);
}

function oneLiners(text: string, release: string): string {
  return text
    .split("\n")
    .filter((line) => /^deb\s/.test(line))
    .filter((line) =>
      isOf(release, line.replace(/^deb\s+(\[[^\]]*\]\s+)?/, "").split(/\s+/)[1] ?? ""),
    )
    .map((line) => `${line}\n${line.replace(/^deb/, "deb-src")}\n`)
    .join("");
}

// Other vendors call their suites otherwise, and have no sources.
function isOf(release: string, suite: string): boolean {
  return suite === release || suite === `${release}-updates` || suite === `${release}-security`;
}
