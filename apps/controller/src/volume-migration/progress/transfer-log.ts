import { z } from "zod";

const Figures = z.object({
  result: z.enum(["copied", "verified", "differs", "failed"]),
  exitCode: z.number(),
  message: z.string().optional(),
  proof: z.enum(["metadata", "checksum"]).optional(),
  entries: z.number().optional(),
  bytes: z.number().optional(),
  copiedFiles: z.number().optional(),
  copiedBytes: z.number().optional(),
  differences: z.number().optional(),
});
type Figures = z.infer<typeof Figures>;

/** What rsync says about itself while it copies. */
export type Observation = {
  readonly bytes: number;
  readonly percent: number;
  readonly rate: string;
};

/** What a line of a running transfer tells: how far it is, or what it waits for before it begins. */
export type News =
  | { readonly seen: Observation; readonly waitsFor?: undefined }
  | { readonly seen?: undefined; readonly waitsFor: string };

/** What the log of an ended transfer says. */
export type TransferReport = {
  readonly copied: Figures | undefined;
  readonly proof: Figures | undefined;
  readonly failure: Figures | undefined;
  /** At most 100, each with what differs, as rsync itemizes it. */
  readonly differingPaths: readonly string[];
  readonly lastObservation: Observation | undefined;
  readonly tail: string;
};

const RESULT = "drover-result ";
const DIFFERS = "drover-differs ";
const WAITING = "drover-waiting ";
const PROGRESS = /^\s*([\d,]+)\s+(\d{1,3})%\s+([\d.]+[A-Za-z]*\/s)\s/;
const TAIL_LINES = 5;
const TAIL_WIDTH = 200;

export function parseObservation(line: string): Observation | undefined {
  const match = PROGRESS.exec(line);
  if (!match) return undefined;
  const [, bytes = "0", percent = "0", rate = ""] = match;
  return { bytes: Number(bytes.replaceAll(",", "")), percent: Number(percent), rate };
}

export function parseNews(line: string): News | undefined {
  if (line.startsWith(WAITING)) return { waitsFor: `Waiting ${line.slice(WAITING.length)}` };
  const seen = parseObservation(line);
  return seen === undefined ? undefined : { seen };
}

export function parseTransferLog(lines: readonly string[]): TransferReport {
  const results = lines.flatMap(parseResult);
  const find = (...words: readonly string[]) =>
    results.findLast(({ result }) => words.includes(result));
  return {
    copied: find("copied"),
    proof: find("verified", "differs"),
    failure: find("failed"),
    differingPaths: lines
      .filter((line) => line.startsWith(DIFFERS))
      .map((line) => line.slice(DIFFERS.length)),
    lastObservation: lines
      .map(parseObservation)
      .findLast((observation) => observation !== undefined),
    tail: tailOf(lines),
  };
}

function parseResult(line: string): Figures[] {
  if (!line.startsWith(RESULT)) return [];
  try {
    const parsed = Figures.safeParse(JSON.parse(line.slice(RESULT.length)));
    return parsed.success ? [parsed.data] : [];
  } catch (error) {
    // A line that was cut off is no result.
    if (error instanceof SyntaxError) return [];
    throw error;
  }
}

/** The last words before the end, without the lines only we read. */
function tailOf(lines: readonly string[]): string {
  return lines
    .filter((line) => line.trim() !== "")
    .filter((line) => ![RESULT, DIFFERS, WAITING].some((word) => line.startsWith(word)))
    .filter((line) => parseObservation(line) === undefined)
    .slice(-TAIL_LINES)
    .map((line) => line.slice(0, TAIL_WIDTH))
    .join("\n");
}
