import { expect, test } from "vitest";
import { parseNews, parseObservation, parseTransferLog } from "./transfer-log.ts";

test.each([
  [
    "    1,234,567  45%    1.23MB/s    0:00:12 (xfr#3, to-chk=1/5)",
    { bytes: 1_234_567, percent: 45, rate: "1.23MB/s" },
  ],
  [
    "     1234567 100%   400.00MB/s    0:00:00  ",
    { bytes: 1_234_567, percent: 100, rate: "400.00MB/s" },
  ],
])("reads the progress in %j", (line, observation) => {
  expect(parseObservation(line)).toEqual(observation);
});

test("takes other lines for what they are", () => {
  expect(parseObservation("Number of files: 5 (reg: 4, dir: 1)")).toBeUndefined();
});

test("hears what a transfer waits for, and that it goes on", () => {
  expect(parseNews("drover-waiting for the transfer server to answer.")).toEqual({
    waitsFor: "Waiting for the transfer server to answer.",
  });
  expect(parseNews("     10 100%    1.00kB/s    0:00:00 ")?.seen).toMatchObject({ bytes: 10 });
  expect(parseNews("Number of files: 5 (reg: 4, dir: 1)")).toBeUndefined();
});

test("reads figures and verdict from the end of a transfer", () => {
  const report = parseTransferLog([
    "     10 100%    1.00kB/s    0:00:00 (xfr#1, to-chk=0/2)",
    'drover-result {"result":"copied","exitCode":0,"entries":2,"bytes":10,"copiedFiles":1,"copiedBytes":10}',
    "drover-differs .f....o.... file with blanks",
    'drover-result {"result":"differs","exitCode":90,"proof":"metadata","entries":2,"bytes":10,"differences":1}',
  ]);
  expect(report.copied).toMatchObject({ entries: 2, copiedBytes: 10 });
  expect(report.proof).toMatchObject({ result: "differs", differences: 1 });
  expect(report.differingPaths).toEqual([".f....o.... file with blanks"]);
  expect(report.failure).toBeUndefined();
});

test("does not take a line that was cut off for a result", () => {
  const report = parseTransferLog(['drover-result {"result":"copied","exitC']);
  expect(report.copied).toBeUndefined();
});

test("keeps the last words of a failure", () => {
  const report = parseTransferLog([
    "drover-waiting for the transfer server to answer.",
    "     10  10%    1.00kB/s    0:00:00",
    'rsync: write failed on "data/x": No space left on device (28)',
    'drover-result {"result":"failed","exitCode":11,"message":"Reading or writing a file failed."}',
  ]);
  expect(report.failure).toMatchObject({ exitCode: 11 });
  expect(report.tail).toMatch(/^rsync: .*No space left/);
});
