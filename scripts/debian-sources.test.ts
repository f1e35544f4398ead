import { describe, expect, it } from "vitest";
import { withSourcePackages } from "./debian-sources.ts";

describe("this machine's package sources", () => {
  it("asks the distribution's own stanzas for sources too", () => {
    const text = [
      "Types: deb",
      "URIs: http://mirror.example/debian",
      "Suites: bookworm bookworm-updates",
      "Components: main",
      "",
      "Types: deb",
      "URIs: http://vendor.example",
      "Suites: nodistro",
      "Components: main",
    ].join("\n");
    expect(withSourcePackages({ name: "debian.sources", text }, "bookworm")).toBe(
      "Types: deb deb-src\nURIs: http://mirror.example/debian\nSuites: bookworm bookworm-updates\nComponents: main\n",
    );
  });

  it("asks one-line entries for sources too, options included", () => {
    const text = [
      "# deb http://mirror.example/debian bookworm main",
      "deb [signed-by=/k.gpg] http://mirror.example/debian bookworm-security main",
      "deb http://vendor.example sdk-bookworm main",
    ].join("\n");
    expect(withSourcePackages({ name: "sources.list", text }, "bookworm")).toBe(
      "deb [signed-by=/k.gpg] http://mirror.example/debian bookworm-security main\ndeb-src [signed-by=/k.gpg] http://mirror.example/debian bookworm-security main\n",
    );
  });
});
